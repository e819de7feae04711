"""Makes the fonts of the papers: subsets of full Noto faces, small enough to live in the tree.

Usage: python tools/fonts.py FOLDER [TARGET]

FOLDER holds, at any depth, the full static faces of Noto Sans, Noto Sans JP, SC and TC, Regular and
Bold, each beside its licence. Needs fonttools, which the program itself never does. A list of the
characters that can be printed is written beside the faces.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

TARGET = Path(__file__).resolve().parent.parent / "templates" / "documents" / "fonts"
WEIGHTS = ("Regular", "Bold")
# Signs any paper may carry: punctuation, currencies, letterlike and circled signs, full-width forms.
SIGNS = (
    (0x0020, 0x007E), (0x00A0, 0x00FF), (0x2000, 0x206F), (0x20A0, 0x20CF), (0x2100, 0x22FF),
    (0x2460, 0x24FF), (0x2500, 0x257F), (0x25A0, 0x26FF), (0x3000, 0x30FF), (0x3200, 0x33FF),
    (0xFF00, 0xFFEF),
)  # fmt: skip
# Letters of partners abroad: Latin with every mark, Greek, Cyrillic, Vietnamese.
LETTERS = (
    (0x0020, 0x007E), (0x00A0, 0x024F), (0x0370, 0x03FF), (0x0400, 0x045F), (0x1E00, 0x1EFF),
    (0x2000, 0x206F), (0x20A0, 0x20CF), (0x2212, 0x2212),
)  # fmt: skip
# Kanji of family and place names that no JIS character set holds.
NAMES = "𠮷𠘨𣘺𥔎𩸽𡈽"
# Where the fourth level of JIS X 0213 begins in Shift_JIS-2004.
FOURTH_LEVEL = 0xF0
# Where the second level of Big5 begins: characters of old books, not of orders.
BIG5_SECOND = 0xC9
# Papers are set in lines, so nothing of vertical setting is kept.
FEATURES = ("ccmp", "kern", "liga", "locl", "mark", "palt", "halt", "pwid", "fwid", "hwid", "tnum")
UNUSED = ("DSIG", "vhea", "vmtx", "VORG", "BASE", "STAT")
NAME_RECORDS = (0, 1, 2, 3, 4, 5, 6, 13, 14)


@dataclass(frozen=True, slots=True)
class Family:
    """What is cut out of one family."""

    name: str
    ranges: tuple[tuple[int, int], ...]
    codecs: tuple[str, ...] = ()
    extra: str = ""

    def characters(self, weight: str) -> set[int]:
        """The code points a face of this weight keeps."""
        points = set(map(ord, self.extra))
        for first, last in self.ranges:
            points.update(range(first, last + 1))
        for codec in self.codecs:
            points.update(_encodable(codec, with_rare=weight == "Regular"))
        return points


FAMILIES = (
    Family("NotoSansJP", SIGNS, ("cp932", "shift_jis_2004"), NAMES),
    Family("NotoSansSC", SIGNS, ("gb2312",)),
    Family("NotoSansTC", SIGNS, ("big5",)),
    Family("NotoSans", LETTERS),
)


def main(arguments: list[str]) -> int:
    """Write the faces, their licence and the list of their characters."""
    if not arguments:
        print(__doc__)
        return 2
    source, target = [*map(Path, arguments), TARGET][:2]
    target.mkdir(parents=True, exist_ok=True)
    held: set[int] = set()
    owners: list[str] = []
    terms = ""
    for family in FAMILIES:
        for weight in WEIGHTS:
            full = _find(source, family.name, weight)
            made = target / f"{family.name}-{weight}.ttf"
            characters = _cut(full, family.characters(weight), made)
            held |= characters
            print(f"{made.name}: {len(characters):,} characters, {made.stat().st_size:,} bytes")
        owner, terms = _licence(full)
        owners.append(f"{family.name}: {owner}\n")
    (target / "OFL.txt").write_text("".join(owners) + terms, encoding="utf-8")
    (target / "characters.txt").write_text("".join(_runs(held)), encoding="ascii")
    return 0


def _find(folder: Path, family: str, weight: str) -> Path:
    for pattern in (f"{family}_?00{weight}.ttf", f"{family}-{weight}.ttf"):
        for found in sorted(folder.rglob(pattern)):
            return found
    raise SystemExit(f"No {weight} of {family} below {folder}.")


def _licence(face: Path) -> tuple[str, str]:
    """The copyright line of a face and the terms that follow it."""
    for folder in (face.parent, face.parent.parent):
        for name in ("OFL.txt", "LICENSE_FONT"):
            if (folder / name).exists():
                owner, rest = (folder / name).read_text(encoding="utf-8").split("\n", 1)
                return owner, "\n".join(line.rstrip() for line in rest.splitlines()) + "\n"
    raise SystemExit(f"No licence (OFL.txt or LICENSE_FONT) beside {face}.")


def _encodable(codec: str, *, with_rare: bool) -> Iterator[int]:
    for point in range(0x20, 0x30000):
        try:
            code = chr(point).encode(codec)
        except UnicodeEncodeError:
            continue
        if codec == "big5" and code[0] >= BIG5_SECOND:
            continue
        # The bold leaves the fourth level of JIS X 0213 to the regular face: rare, and 0.8 MB.
        if with_rare or codec != "shift_jis_2004" or code[0] < FOURTH_LEVEL:
            yield point


def _cut(source: Path, wanted: set[int], target: Path) -> set[int]:
    options = subset.Options()
    options.layout_features = list(FEATURES)
    options.drop_tables += list(UNUSED)
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = list(NAME_RECORDS)
    options.recalc_timestamp = False
    font = subset.load_font(source, options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    subset.save_font(font, target, options)
    return set(TTFont(target).getBestCmap())


def _runs(points: Iterable[int]) -> Iterator[str]:
    """Hexadecimal lines, one character or run of characters each: 3041-3096."""
    first = last = -2
    for point in [*sorted(points), -2]:
        if point == last + 1:
            last = point
            continue
        if first >= 0:
            yield f"{first:X}-{last:X}\n" if last > first else f"{first:X}\n"
        first = last = point


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
