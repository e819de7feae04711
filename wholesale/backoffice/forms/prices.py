"""The table of prices as it comes back from its form."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from flask import request
from flask_babel import gettext

from wholesale.kernel import clock
from wholesale.kernel.text import N_
from wholesale.pricing import naming
from wholesale.pricing.editing import Addition, Edit
from wholesale.pricing.models import BreakScope, PriceRule, RuleKind, Scope
from wholesale.web.forms import WrongField, folded, read_day

FRESH = 4
KINDS = {RuleKind.RATE: N_("Rate"), RuleKind.FIXED: N_("Fixed price")}
SCOPES = {
    Scope.CATEGORY: N_("Category"), Scope.BRAND: N_("Brand"), Scope.PRODUCT: N_("Product"),
    Scope.SKU: N_("Item"), Scope.ALL: N_("Everything"),
}  # fmt: skip
BREAKS = {
    BreakScope.PRODUCT: N_("all variants"), BreakScope.SKU: N_("this item"),
    BreakScope.ORDER: N_("the whole order"),
}  # fmt: skip


def shown_value(kind: RuleKind, value: Decimal) -> str:
    """A rate as percent, a price as it is, without needless zeros."""
    plain = value * 100 if kind is RuleKind.RATE else value
    return f"{plain.normalize():f}"


def seen_of(rule: PriceRule) -> str:
    """What the table says of a rule, to tell whether it is still so when the form comes back."""
    until = rule.valid_until.isoformat() if rule.valid_until else ""
    return f"{rule.value.normalize():f}|{until}"


def read_percent(text: str, label: str) -> Decimal:
    """15 → 0.15. Raises WrongField."""
    return _value(RuleKind.RATE, text, label)


def read_start() -> date:
    """From which day the changes count: today where nothing is typed. Raises WrongField."""
    return _day(request.form.get("day", ""), gettext("Changes count from")) or clock.today()


def read_edits() -> list[Edit]:
    """Every rule of the table as it shall be. Raises WrongField."""
    edits = []
    for name, text in request.form.items():
        word, _, number = name.partition("-")
        if word != "value" or not number.isdecimal() or len(number) > 9:  # noqa: PLR2004 - an id
            continue
        value, _, until = request.form.get(f"seen-{number}", "").partition("|")
        kind = RuleKind.RATE if request.form.get(f"kind-{number}") == "rate" else RuleKind.FIXED
        label = request.form.get(f"of-{number}", "")
        try:
            seen = Decimal(value), date.fromisoformat(until) if until else None
        except (InvalidOperation, ValueError) as trouble:
            raise WrongField(field=label, why=gettext("Load the page again.")) from trouble
        edits.append(
            Edit(int(number), seen, _value(kind, text, label),
                 _day(request.form.get(f"until-{number}", ""), label))
        )  # fmt: skip
    return edits


def read_additions() -> list[Addition]:
    """The rows below the table that were filled in. Raises WrongField."""
    return [
        _addition(number) for number in range(FRESH) if _typed(number, "value") or _typed(number, "object")
    ]  # fmt: skip


def _addition(number: int) -> Addition:
    label = _typed(number, "object") or gettext("New row")
    kind = RuleKind.FIXED if _typed(number, "kind") == "fixed" else RuleKind.RATE
    scope = next((one for one in Scope if one.value == _typed(number, "scope")), Scope.PRODUCT)
    object_id = naming.look_up(scope, _typed(number, "object"))
    if object_id is None:
        raise WrongField(field=label, why=gettext("We have nothing with this code."))
    pieces = folded(_typed(number, "minimum")) or "1"
    if not pieces.isdecimal() or len(pieces) > 9:  # noqa: PLR2004 - fits the column
        raise WrongField(field=label, why=gettext("Enter a whole number of pieces."))
    breaks = {one.value: one for one in BreakScope}
    return Addition(
        kind, scope, object_id, _value(kind, _typed(number, "value"), label),
        currency=_typed(number, "currency")[:3] if kind is RuleKind.FIXED else "",
        incoterm=_typed(number, "incoterm").upper()[:8], minimum=int(pieces),
        break_scope=breaks.get(_typed(number, "break"), BreakScope.PRODUCT),
        is_special=bool(_typed(number, "special")),
        valid_until=_day(_typed(number, "until"), label),
    )  # fmt: skip


def _typed(number: int, what: str) -> str:
    return request.form.get(f"new-{number}-{what}", "").strip()


def _value(kind: RuleKind, text: str, label: str) -> Decimal:
    try:
        value = Decimal(folded(text).removesuffix("%"))
    except InvalidOperation as trouble:
        raise WrongField(field=label, why=gettext("Enter a number.")) from trouble
    places = 2 if kind is RuleKind.RATE else 4  # what is kept: 0.5825, 12.3456
    if not value.is_finite() or abs(value) >= 10**9 or value != round(value, places):
        raise WrongField(field=label, why=gettext("Enter a number."))
    return value / 100 if kind is RuleKind.RATE else value


def _day(text: str, label: str) -> date | None:
    if not text.strip():
        return None
    day = read_day(text, clock.today())
    if day is None:
        raise WrongField(field=label, why=gettext("Enter a day such as 11/27 or +3."))
    return day
