"""Tables of rates and list prices as they come back from their forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from flask import request
from flask_babel import gettext

from wholesale.company.queries import digits_of
from wholesale.kernel import clock
from wholesale.kernel.errors import Conflict
from wholesale.pricing.editing import HIGHEST_RATE, ShareOutOfRange
from wholesale.pricing.rate_matrix import Matrix, Place
from wholesale.web.forms import WrongField, folded, read_day

PLACES, MOST_SIGNS, LARGEST = 2, 9, Decimal(10) ** 9


def percent(value: Decimal | None) -> str:
    """0.585 → 58.5; "" where nothing stands."""
    return "" if value is None else f"{(value * 100).normalize():f}"


def read_start() -> date:
    """From which day the changes count: today where nothing is typed. Raises WrongField."""
    text = request.form.get("day", "")
    day = read_day(text, clock.today()) if text.strip() else clock.today()
    if day is None:
        why = gettext("Enter a day such as 11/27 or +3.")
        raise WrongField(field=gettext("Changes count from"), why=why)
    return day


def read_cells(seen: Matrix) -> dict[Place, Decimal | None]:
    """The cells `rate-<rank>-<category>` that differ from what was shown; None where one is emptied.

    Raises Conflict when a cell is no longer as it was shown, WrongField, ShareOutOfRange.
    """
    wanted: dict[Place, Decimal | None] = {}
    for name, text in request.form.items():
        word, _, key = name.partition("-")
        rank, _, category = key.partition("-")
        is_cell = word == "rate" and rank.isdecimal() and (category or "0").isdecimal()
        if not is_cell or len(key) > 2 * MOST_SIGNS:
            continue
        cell = seen.cells.get((int(rank), int(category or 0)))
        shown = request.form.get(f"seen-{key}", "")
        if cell is None or percent(cell.value) != shown:
            raise Conflict
        if folded(text) == shown:
            continue
        wanted[int(rank), int(category or 0)] = _share(text, request.form.get(f"of-{key}", ""))
    return wanted


def read_amounts(currency: str) -> dict[int, Decimal]:
    """The filled fields `list-<SKU>`, net in a currency. Raises WrongField."""
    found: dict[int, Decimal] = {}
    for name, text in request.form.items():
        word, _, sku = name.partition("-")
        if word != "list" or not sku.isdecimal() or len(sku) > MOST_SIGNS or not text.strip():
            continue
        value = _number(text, request.form.get(f"of-{sku}", ""))
        if not 0 <= value < LARGEST or value != round(value, digits_of(currency)):
            raise WrongField(
                field=request.form.get(f"of-{sku}", ""), why=gettext("Enter a number.")
            )
        found[int(sku)] = value
    return found


def _share(text: str, label: str) -> Decimal | None:
    if not text.strip():
        return None
    value = _number(text, label)
    if value != round(value, PLACES):
        raise WrongField(field=label, why=gettext("Enter a number."))
    if not 0 < value / 100 <= HIGHEST_RATE:
        raise ShareOutOfRange
    return value / 100


def _number(text: str, label: str) -> Decimal:
    try:
        value = Decimal(folded(text).removesuffix("%"))
    except InvalidOperation as trouble:
        raise WrongField(field=label, why=gettext("Enter a number.")) from trouble
    if not value.is_finite():
        raise WrongField(field=label, why=gettext("Enter a number."))
    return value
