"""Any bank file: which format it is, and its statements."""

from __future__ import annotations

from datetime import date

from wholesale.payments.formats import bank_csv, camt, mt940, zengin
from wholesale.payments.formats.statement import Statement


def read_statements(data: bytes, *, imported_on: date) -> list[Statement]:
    """Recognise the format by its first bytes and read the file, whole or not at all.

    Fixed-length files (01, 03), camt.053, MT940, else a bank's CSV. Raises a StatementRefused.
    """
    if zengin.looks_like(data):
        return zengin.read(data, imported_on=imported_on)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return camt.read(data)
    if mt940.looks_like(data):
        return mt940.read(data)
    return [bank_csv.read(data, near=imported_on)]
