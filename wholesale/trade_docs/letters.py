"""Which characters our fonts hold, and what is printed in place of the others."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from wholesale.kernel.config import ASSETS

FONTS: Path = ASSETS / "templates" / "documents" / "fonts"
# What Japanese printers set where a sort is missing.
GETA = "〓"
_MARKED = re.compile(r".[\u0300-\u036f\u3099\u309a]+")
_BREAKS = re.compile(r"[\t\n\v\f\r\u0085\u2028\u2029]+")


def printable(value: Any) -> Any:
    """The same facts (dicts, lists, texts) with only characters that our fonts can print.

    Controls, direction marks and variation selectors go; letters with loose marks are composed;
    a character no font holds becomes a 〓, so that a paper shows the gap and is still printed.
    """
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {key: printable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [printable(part) for part in value]
    return value


def _text(text: str) -> str:
    composed = _MARKED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    spaced = _BREAKS.sub(" ", composed)
    held = characters()
    return "".join(sign if ord(sign) in held else GETA for sign in spaced if not _is_silent(sign))


def _is_silent(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category in {"Cc", "Cf", "Cs"} or unicodedata.name(sign, "").startswith(
        "VARIATION SELECTOR"
    )


@cache
def characters() -> frozenset[int]:
    """Every code point that one of our fonts holds."""
    points: set[int] = set()
    for line in (FONTS / "characters.txt").read_text(encoding="ascii").split():
        first, _, last = line.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(points)
