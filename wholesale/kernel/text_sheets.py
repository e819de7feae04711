"""CSV files of old systems: any usual encoding, comma, tab or semicolon, numbered by their lines."""

from __future__ import annotations

import codecs
import csv
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence

from wholesale.kernel.raw_sheets import (
    HEADER_WITHIN,
    LARGEST_FILE,
    FileRefused,
    RawRow,
    RawSheet,
    check_row_count,
    fault_of,
)

GZIP = b"\x1f\x8b"
_DELIMITERS = ",\t;"
# What an unmarked file may be written in when it is no UTF-8, the likelier first.
OLD_ENCODINGS = ("cp932", "gb18030", "big5", "euc_jp")
_MOST_LINES_OF_A_RECORD = 20
_RECKONED = ("=", "+", "-", "@", "\t", "\r")  # what an apostrophe keeps a spreadsheet from
_MANY_ZEROS = 16  # every sixteenth byte or more: kanji with some commas, two bytes a character


def unpacked(data: bytes) -> bytes:
    """What a gzip file holds, never more than a file may have. Raises FileRefused."""
    reader = zlib.decompressobj(wbits=31)
    try:
        content = reader.decompress(data, LARGEST_FILE + 1)
    except zlib.error as trouble:
        raise FileRefused("not_a_spreadsheet") from trouble
    if len(content) > LARGEST_FILE:
        raise FileRefused("too_large_unpacked", limit=LARGEST_FILE >> 20)
    return content


def looks_binary(data: bytes) -> bool:
    """Pictures, papers, archives, and whatever holds many zero bytes without being UTF-16."""
    head = data[:4096]
    magic = (b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"GIF8", GZIP, b"7z\xbc\xaf", b"Rar!")
    if head.startswith(magic):
        return True
    return not _utf_16(data) and head.count(0) > len(head) // 10 + 3


def readings(data: bytes) -> Iterator[RawSheet]:
    """The file as it may be meant, the likeliest first: by encoding, then by delimiter.

    Raises FileRefused when no encoding fits, or the rows can't be told apart.
    """
    for text, bad_lines in _texts(data.rstrip(b"\x1a")):
        for sign in delimiters(text.split("\n", HEADER_WITHIN)[:HEADER_WITHIN]):
            yield _sheet(text, bad_lines, sign)


def delimiters(head: Sequence[str]) -> list[str]:
    """The signs that may part the cells of these first lines, the likeliest first."""
    counts = {sign: sum(line.count(sign) for line in head) for sign in _DELIMITERS}
    return sorted((one for one in counts if counts[one]), key=lambda one: -counts[one]) or [","]


def _sheet(text: str, bad_lines: set[int], delimiter: str) -> RawSheet:
    rows: list[RawRow] = []
    for raw in records(io.StringIO(text, newline=""), bad_lines, delimiter):
        rows.append(raw)
        check_row_count(len(rows))
    return RawSheet("", rows, is_text=True)


def records(lines: Iterable[str], bad_lines: set[int], delimiter: str) -> Iterator[RawRow]:
    """The filled records of lines, each with the number of its first line. Raises FileRefused.

    `bad_lines` are the numbers of lines in another encoding; they may be found while reading.
    """
    reader = csv.reader(lines, delimiter=delimiter)
    last = 0
    try:
        for record in reader:
            cells = tuple(_told(cell) for cell in record)
            numbers = range(last + 1, reader.line_num + 1)
            if len(numbers) > _MOST_LINES_OF_A_RECORD:
                raise FileRefused("open_quote", line=numbers.start)
            last = reader.line_num
            fault = "encoding" if bad_lines.intersection(numbers) else fault_of(cells)
            raw = RawRow(numbers.start, cells, fault)
            if not raw.is_blank:
                yield raw
    except csv.Error as trouble:
        raise FileRefused("open_quote", line=last + 1) from trouble


def _told(cell: str) -> str | None:
    """The text of a cell; `="0123"` and `'0123` are how a spreadsheet is kept from counting it."""
    text = cell.strip()
    if text.startswith('="') and text.endswith('"') and len(text) > len('=""'):
        return text[2:-1]
    if text.startswith("'") and (text[1:].isalnum() or text[1:2] in _RECKONED):
        return text[1:]
    return cell if text else None


def _texts(data: bytes) -> Iterator[tuple[str, set[int]]]:
    """The text, and the lines that are not in its encoding: by mark, else UTF-8, else older ones."""
    if encoding := marked(data):
        try:
            yield data.decode(encoding), set()
        except UnicodeDecodeError as trouble:
            raise FileRefused("encoding") from trouble
        return
    lines = data.split(b"\n")
    text, bad = _line_by_line(lines, "utf-8")
    if not bad:
        yield text, bad
        return
    told = [(text, bad), *(_line_by_line(lines, encoding) for encoding in OLD_ENCODINGS)]
    most = sum(not line.isascii() for line in lines) / 2
    fitting = [(text, bad) for text, bad in told if len(bad) <= most]
    if not fitting:
        raise FileRefused("encoding")
    yield from sorted(fitting, key=lambda one: len(one[1]))


def marked(data: bytes) -> str:
    """The encoding that a file names by its first bytes, or "" for none."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return _utf_16(data)


def _utf_16(data: bytes) -> str:
    """The form of UTF-16 that a mark, or zeros in every other place, speak of; else ""."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = data[:4096]
    for first, encoding, end in ((1, "utf-16-le", b"\n\x00"), (0, "utf-16-be", b"\x00\n")):
        zeros, others = head[first::2].count(0), head[1 - first :: 2].count(0)
        if zeros * _MANY_ZEROS > len(head) and others * 4 <= zeros and end in head:
            return encoding
    return ""


def _line_by_line(lines: list[bytes], encoding: str) -> tuple[str, set[int]]:
    """The text, where lines of another encoding stay as far as they are ASCII; their numbers."""
    found: list[str] = []
    bad: set[int] = set()
    for number, line in enumerate(lines, 1):
        text, is_bad = decoded(line, encoding)
        found.append(text)
        if is_bad:
            bad.add(number)
    return "\n".join(found), bad


def decoded(line: bytes, encoding: str) -> tuple[str, bool]:
    """A line's text, and whether it is written in another encoding than this."""
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError:
        return line.decode("ascii", "replace"), True
    return text, encoding != "utf-8" and not line.isascii() and _is_utf8_line(line)


def _is_utf8_line(line: bytes) -> bool:
    """A line saved as UTF-8 among older ones: it reads as three-byte signs, which those never do."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return any(sign >= "\u0800" for sign in text)
