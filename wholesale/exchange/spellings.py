"""Figures, shares and days as people and old systems spell them; None for what is none of them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

FIRST_SERIAL, LAST_SERIAL = 10_000, 99_999
_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet's serial days
_ERAS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925}
_ERA_DAY = re.compile(r"(令和|平成|昭和|[rhs])(元|\d{1,2})[年./-](\d{1,2})[月./-](\d{1,2})日?")
_TIME = r"(?:[t ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?)?"
_DAY = re.compile(rf"(\d{{4}})[年./-](\d{{1,2}})[月./-](\d{{1,2}})日?{_TIME}")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_WEEKDAY = re.compile(r"\((?:[月火水木金土日](?:曜日?)?|mon|tue|wed|thu|fri|sat|sun)\)")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MONTH = r"([a-z]{3,9})\.?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[ ./-]?{_MONTH}[ ,./-]*(\d{{4}})")
_MONTH_FIRST = re.compile(rf"{_MONTH}[ ./-]?(\d{{1,2}})(?:st|nd|rd|th)?[ ,./-]+(\d{{4}})")
_YEAR_FIRST = re.compile(rf"(\d{{4}})[ ./-]?{_MONTH}[ ./-]?(\d{{1,2}})")

_NUMBER = re.compile(r"\d+(\.\d*)?|\d{1,3}(,\d{3})+(\.\d+)?|\.\d+")
_YEN = re.compile(r"[¥\\円]|jpy|yen|日元")
_MINUS = "▲△-−‐–"
_BY_TENTHS = re.compile(r"(\d(?:\.\d+)?|\d{2}(?:\.\d)?)掛け?(半)?")
_BY_WARI = re.compile(r"(\d)割(?:(\d)分)?(?:(\d)厘)?(半)?")
_KANJI_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
_NOTHING = frozenset(
    {"-", "--", "−", "―", "—", "–", "ー", "n/a", "na", "#n/a", "なし", "無し", "無"}
)
_UNITS = re.compile(
    r"(個|ヶ|ケ|コ|枚|本|点|組|セット|冊|足|着|袋|箱|缶|pcs?\.?|pieces?|ea|units?|sets?|件|只|套|把|张|瓶|盒"
    r"|g|グラム|日|days?|天)$"
)


def uniform(told: str) -> str:
    """Half width, lower case, without blanks around."""
    return unicodedata.normalize("NFKC", told).lower().strip()


def says_nothing(told: str) -> bool:
    """A dash, N/A or なし where others write a value."""
    return uniform(told) in _NOTHING


def figure(told: str, signs: tuple[str, ...] = ()) -> Decimal | None:
    """A figure with commas, yen signs, 円, or one of `signs`; negative as -1, ▲1, (1) or 1-."""
    text = "".join(uniform(told).split())
    bare = _YEN.sub("", text)
    is_yen = bare != text
    for sign in signs:
        bare = bare.replace(sign, "", 1)
    if is_yen and bare.endswith("-") and bare[:1] not in _MINUS:
        bare = bare.rstrip("-")  # ¥1,280- is a price written to its end, not a negative one
    is_minus = bare[:1] in _MINUS or bare[-1:] == "-" or bare[:1] + bare[-1:] == "()"
    bare = bare.strip(_MINUS + "+()") if bare else ""
    if not _NUMBER.fullmatch(bare):
        return None
    found = Decimal(bare.replace(",", ""))
    return -found if is_minus and found else found


def without_unit(told: str) -> str:
    """A quantity without its counting word: 12個, 6 pcs, 350g."""
    return _UNITS.sub("", uniform(told)).strip()


def share(told: str) -> Decimal | None:
    """A rate as it is spoken of, as a share: 58%, 5.8掛, 58掛, 六掛, 5割8分."""
    text = "".join(uniform(told).translate(_KANJI_DIGITS).split())
    if text.endswith("%"):
        found = figure(text.removesuffix("%"))
        return None if found is None else found / 100
    if by_tenths := _BY_TENTHS.fullmatch(text):
        value = Decimal(by_tenths[1])
        value = value if value < 10 else value / 10  # noqa: PLR2004 - 58掛 is 5.8掛
        return (value + (Decimal("0.5") if by_tenths[2] else 0)) / 10
    if by_wari := _BY_WARI.fullmatch(text):
        parts = (by_wari[1], by_wari[2] or ("5" if by_wari[4] else "0"), by_wari[3] or "0")
        return Decimal(f"0.{''.join(parts)}")
    return None


def day(told: str) -> date | None:
    """2026-11-20 in any separator, 20261120, 令和8年, R8.1.1, 1 Apr 2026, or a serial number.

    Days of which month and day could be exchanged (4/5/2026) are none.
    """
    text = _WEEKDAY.sub("", uniform(told)).strip()
    try:
        if era := _ERA_DAY.fullmatch("".join(text.split())):
            year = 1 if era[2] == "元" else int(era[2])
            return date(_ERAS[era[1]] + year, int(era[3]), int(era[4])) if year else None
        if plain := _DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text):
            return date(int(plain[1]), int(plain[2]), int(plain[3]))
        if (serial := _SERIAL.fullmatch(text)) and int(serial[1]) >= FIRST_SERIAL:
            return _EPOCH + timedelta(days=int(serial[1]))
        return _named_month(text)
    except ValueError:
        return None


def _named_month(text: str) -> date | None:
    """Raises ValueError for a day that does not exist."""
    if found := _DAY_FIRST.fullmatch(text):
        number, month, year = found.groups()
    elif found := _MONTH_FIRST.fullmatch(text):
        month, number, year = found.groups()
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, number = found.groups()
    else:
        return None
    known = _MONTHS.get(month[:3])
    return date(int(year), known, int(number)) if known else None
