"""Invoice numbers in what the payer wrote beside the transfer."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from wholesale.payments.open_book import OpenBook, OpenInvoice

_RUN = re.compile(r"[0-9A-Z]+(?:-[0-9A-Z]+)*")


@dataclass(frozen=True, slots=True)
class Named:
    """What a reference names: open invoices by exact number, cleared ones, and look-alikes."""

    invoices: tuple[OpenInvoice, ...]
    closed: tuple[str, ...]
    alike: tuple[OpenInvoice, ...]


def named_in(reference: str, book: OpenBook) -> Named:
    """Look up every token of the reference in the book, exactly and then without hyphens."""
    text = unicodedata.normalize("NFKC", reference).upper()
    tokens = dict.fromkeys([*text.split(), *_RUN.findall(text)])
    invoices: dict[str, OpenInvoice] = {}
    closed: dict[str, None] = {}
    alike: dict[str, OpenInvoice] = {}
    for token in tokens:
        if invoice := book.find(token):
            invoices[invoice.number] = invoice
        elif book.knows(token):
            closed[token] = None
        elif near := book.find_plain(token):
            alike[near.number] = near
    return Named(
        tuple(invoices.values()),
        tuple(closed),
        tuple(each for each in alike.values() if each.number not in invoices),
    )
