"""Japanese postal codes: from seven digits to the prefecture and the address up to the street."""

from __future__ import annotations

import lzma
import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "postal_codes.tsv.xz"


@dataclass(frozen=True, slots=True)
class Place:
    """What a postal code says: the code as it is written, the prefecture, town and quarter."""

    code: str
    region: str
    address: str


def read_code(typed: str) -> str:
    """Seven digits in whatever width, with or without 〒 and hyphen → 604-0001; "" for others."""
    plain = re.sub(r"[\s〒‐-―−ー-]", "", unicodedata.normalize("NFKC", typed))
    if not re.fullmatch(r"[0-9]{7}", plain):
        return ""
    return f"{plain[:3]}-{plain[3:]}"


def place_of(typed: str) -> Place | None:
    """The place of a postal code; None when it can't be read or nobody has it."""
    code = read_code(typed)
    wanted = code.replace("-", "")
    lines = _lines()
    at = bisect_left(lines, wanted)
    if not wanted or at == len(lines) or not lines[at].startswith(wanted):
        return None
    _digits, region, address = lines[at].split("\t")
    return Place(code, region, address)


def completed(typed: str, region: str, address: str) -> tuple[str, str, str]:
    """(postal code, prefecture, address) with what the code says filled in.

    A house number that was typed is kept behind it; words that were typed are never overwritten.
    """
    place = place_of(typed)
    if place is None:
        return typed, region, address
    rest = address.strip()
    if not rest or re.match(r"[0-9０-９]", rest):
        rest = f"{place.address}{rest}"
    return place.code, place.region or region, rest


@cache
def _lines() -> list[str]:
    """The list as it lies in the package, read once at the first question."""
    return lzma.decompress(_DATA.read_bytes()).decode().splitlines()
