"""Which characters the bytes of a bank file mean."""

from __future__ import annotations

import codecs

from wholesale.payments.formats.statement import EmptyStatementFile, UnknownEncoding

EBCDIC_ONE = 0xF1
_HALF_WIDTH_KANA = range(0xFF61, 0xFFA0)


def decode(data: bytes) -> str:
    """The text of a CSV file: UTF-16 or UTF-8 by its mark, else UTF-8, else CP932.

    Raises EmptyStatementFile, and UnknownEncoding naming the first line that can't be read.
    """
    if not data.strip(b"\x00\x1a \t\r\n"):
        raise EmptyStatementFile
    data = data.rstrip(b"\x1a")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16")
    if data.startswith(codecs.BOM_UTF8):
        return _strictly(data, "utf-8-sig")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(data, "cp932")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnknownEncoding(line=line) from error


def is_ebcdic(data: bytes) -> bool:
    """A fixed-length file begins with the digit 1, which is 0xF1 there and never in Shift_JIS."""
    return data[:1] == bytes([EBCDIC_ONE])


def is_utf8_kana(data: bytes) -> bool:
    """Half-width kana as UTF-8: three bytes each, where the bank wrote one."""
    if data.startswith(codecs.BOM_UTF8):
        return True
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return any(ord(character) in _HALF_WIDTH_KANA for character in text)
