"""CSV files of any length, record by record, in whatever encoding they are."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from wholesale.kernel import text_sheets
from wholesale.kernel.book_stream import LARGEST_STREAMED, MOST_TIMES
from wholesale.kernel.raw_sheets import HEADER_WITHIN, LARGEST_UNPACKED, FileRefused, RawRow

LONGEST_LINE = 1 << 20
_PIECE = 1 << 18
_MARKED = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which the file may be meant. An encoding that is marked holds for all of it, others are looked at line by line."""

    path: Path
    encoding: str
    delimiter: str = ","

    def rows(self) -> Iterator[RawRow]:
        """The filled records, numbered by their first line. Raises FileRefused."""
        bad: set[int] = set()
        return text_sheets.records(self.lines(bad), bad, self.delimiter)

    def lines(self, bad: set[int]) -> Iterator[str]:
        """The lines of text; the numbers of those in another encoding are put into `bad`."""
        if self.encoding in _MARKED:
            yield from self._marked_lines()
            return
        number = 0
        for line in _lines(self.path):
            text, is_bad = text_sheets.decoded(line, self.encoding)
            for part in io.StringIO(text, newline=""):
                number += 1
                if is_bad:
                    bad.add(number)
                yield part

    def _marked_lines(self) -> Iterator[str]:
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                for line in file:
                    if text := line.rstrip("\x1a"):
                        yield text
        except UnicodeError as trouble:
            raise FileRefused("encoding") from trouble


def readings(path: Path) -> Iterator[Reading]:
    """The file as it may be meant, the likeliest first. Raises FileRefused where nothing fits."""
    for encoding in _encodings(path):
        head = list(islice(Reading(path, encoding).lines(set()), HEADER_WITHIN))
        for sign in text_sheets.delimiters(head):
            yield Reading(path, encoding, sign)


def unpack(path: Path, target: Path) -> None:
    """What a gzip file holds, never more than a file may have. Raises FileRefused."""
    most = max(LARGEST_UNPACKED, min(LARGEST_STREAMED, path.stat().st_size * MOST_TIMES))
    reader, size = zlib.decompressobj(wbits=31), 0
    try:
        with path.open("rb") as source, target.open("wb") as sink:
            while piece := source.read(_PIECE):
                while piece:
                    told = reader.decompress(piece, _PIECE)
                    size += len(told)
                    if size > most:
                        raise FileRefused("too_large_unpacked", limit=most >> 20)
                    sink.write(told)
                    piece = reader.unconsumed_tail
    except zlib.error as trouble:
        raise FileRefused("not_a_spreadsheet") from trouble


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, without the signs that end the file in old systems."""
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                raise FileRefused("not_a_spreadsheet")
            if line.endswith(b"\x1a"):
                line = line.rstrip(b"\x1a")
            if line:
                yield line


def _encodings(path: Path) -> list[str]:
    """By mark, else UTF-8, else the older ones by how many lines they fail on."""
    with path.open("rb") as file:
        marked = text_sheets.marked(file.read(4096))
    if marked:
        return [marked]
    tried = ("utf-8", *text_sheets.OLD_ENCODINGS)
    bad = dict.fromkeys(tried, 0)
    strange = 0
    for line in _lines(path):
        if line.isascii():
            continue
        strange += 1
        for encoding in tried:
            bad[encoding] += text_sheets.decoded(line, encoding)[1]
    if not bad["utf-8"]:
        return ["utf-8"]
    fitting = sorted((one for one in tried if bad[one] <= strange / 2), key=lambda one: bad[one])
    if not fitting:
        raise FileRefused("encoding")
    return fitting
