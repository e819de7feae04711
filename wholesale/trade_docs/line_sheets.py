"""A line sheet as PDF: pictures, codes, prices of one customer, and boxes to write quantities in."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst

from wholesale.kernel import thumbnails
from wholesale.kernel.money import plain
from wholesale.kernel.text import N_, in_language
from wholesale.kernel.zones import local_end, zone_name
from wholesale.offers.line_sheets import Gathered, SheetLine, picture_bytes
from wholesale.trade_docs.letters import printable
from wholesale.trade_docs.rendering import STANDARD, TEMPLATES, fonts
from wholesale.trade_docs.setting import currency_sign, figure, long_day

PICTURE = 240  # pixels of its longest side
WORDS = {
    "code": N_("Code"), "list": N_("List price (net)"), "price": N_("Your price (net)"),
    "minimum": N_("MOQ"), "multiple": N_("In lots of"), "carton": N_("Pieces per carton"),
    "quantity": N_("Quantity"), "deadline": N_("Order deadline"), "page": N_("Page"),
    "net": N_("All prices are net, without tax."),
    "line_sheet": N_("Line sheet"),
}  # fmt: skip


def drawn(sheet: Gathered) -> bytes:
    """The PDF (PDF/A-2a). The same facts on the same day give the same bytes."""
    told = in_language(sheet.locale)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copy(TEMPLATES / "line_sheet.typ", root / "line_sheet.typ")
        pictures = _put(root, sheet.lines)
        facts = {
            "locale": sheet.locale,
            "title": sheet.title,
            "issuer": sheet.issuer,
            "customer": sheet.customer_name,
            "drawn": long_day(_day(sheet).isoformat(), sheet.locale),
            "drawn_on": _day(sheet).isoformat(),
            "deadline": _deadline(sheet),
            "with_prices": sheet.with_prices,
            "words": {key: told(word) for key, word in WORDS.items()},
            "lines": [_line(line, sheet, pictures) for line in sheet.lines],
        }
        made = typst.compile(
            root / "line_sheet.typ", root=root, font_paths=fonts(), format="pdf",
            sys_inputs={"sheet": json.dumps(printable(facts), ensure_ascii=False)},
            pdf_standards=STANDARD, timestamp=datetime.combine(_day(sheet), time(), UTC), ignore_system_fonts=True,
        )  # fmt: skip
    assert isinstance(made, bytes)  # noqa: S101 - only pictures come as several files
    return made


def _put(root: Path, lines: Sequence[SheetLine]) -> dict[str, str]:
    """The pictures beside the template, each once {path of the offer: file}."""
    found: dict[str, str] = {}
    for path in dict.fromkeys(line.picture for line in lines if line.picture):
        small = thumbnails.as_png(picture_bytes(path), PICTURE)
        if small:
            found[path] = f"{len(found)}.png"
            (root / found[path]).write_bytes(small)
    return found


def _day(sheet: Gathered) -> date:
    return local_end(sheet.drawn_at, sheet.time_zone).day


def _deadline(sheet: Gathered) -> str:
    if sheet.closes_at is None:
        return ""
    end = local_end(sheet.closes_at, sheet.time_zone)
    day = long_day(end.day.isoformat(), sheet.locale)
    return f"{day} {end.time} ({zone_name(sheet.time_zone, sheet.locale)})"


def _line(line: SheetLine, sheet: Gathered, pictures: dict[str, str]) -> dict[str, Any]:
    return {
        "code": line.code, "jan": line.jan, "name": line.name, "variant": line.variant,
        "size": f"{line.size} mm" if line.size else "", "list_price": _price(line.list_price, sheet),
        "unit_price": _price(line.unit_price, sheet), "minimum": figure(str(line.minimum), 0),
        "multiple": figure(str(line.multiple), 0),
        "carton": figure(str(line.carton), 0) if line.carton else "",
        "picture": pictures.get(line.picture, ""),
    }  # fmt: skip


def _price(value: Decimal | None, sheet: Gathered) -> str:
    if value is None:
        return "–"
    digits = 0 if plain(value) == value.to_integral_value() and sheet.currency == "JPY" else 2
    return currency_sign(sheet.currency, sheet.locale) + figure(str(value), digits)
