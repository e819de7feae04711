"""What is typed on the page of a price revision."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from flask import request
from flask_babel import gettext
from sqlalchemy import select

from wholesale.catalog.models import Sku
from wholesale.company.queries import digits_of, enabled_currencies
from wholesale.customers.models import Customer
from wholesale.customers.queries import customer_by_code
from wholesale.kernel import clock
from wholesale.kernel.db import Names, session
from wholesale.kernel.money import Rounding
from wholesale.kernel.text import N_
from wholesale.pricing import naming
from wholesale.pricing.editing import Listed, Owner
from wholesale.pricing.models import Basis, OwnerKind, Scope
from wholesale.pricing.revision_filling import Rounded
from wholesale.web.forms import WrongField, folded, read_day

BASES = {
    Basis.ORDER: N_("Day of the order"), Basis.SHIP: N_("Day of shipping"),
    Basis.WISHED: N_("Wished date"),
}  # fmt: skip
MODES = {Rounding.UP: N_("up"), Rounding.HALF_UP: N_("to the nearest"), Rounding.DOWN: N_("down")}
LANGUAGES = {"ja": N_("Message in Japanese"), "en": N_("Message in English"), "zh": N_("Message in Chinese")}  # fmt: skip
LONGEST, MOST_SIGNS = 1_000, 9


def read_head() -> tuple[str, date, Basis, Names]:
    """Title, first day, basis and message. Raises WrongField."""
    basis = next((one for one in Basis if one.value == _text("basis")), Basis.ORDER)
    message = {key: _text(f"message_{key}")[:LONGEST] for key in LANGUAGES}
    return (
        _text("title"), _needed_day("effective_on", gettext("New prices from")), basis,
        {key: text for key, text in message.items() if text},
    )  # fmt: skip


def read_raise() -> tuple[Scope, int, str, Decimal, Rounded]:
    """Scope, object, currency, percent and rounding of a change over many. Raises WrongField."""
    scope = next((one for one in Scope if one.value == _text("scope")), Scope.ALL)
    object_id = naming.look_up(scope, _text("object"))
    if object_id is None:
        raise WrongField(field=gettext("Code"), why=gettext("We have nothing with this code."))
    mode = next((one for one in Rounding if one.value == _text("mode")), Rounding.UP)
    step = _number("round_to", gettext("Round to"))
    return (
        scope,
        object_id,
        _currency(),
        _number("percent", gettext("Percent")),
        Rounded(step, mode),
    )


def read_prices() -> list[Listed]:
    """The list prices as the table has them, and the one below it. Raises WrongField."""
    rows = []
    for name, text in request.form.items():
        word, _, key = name.partition("-")
        sku, _, rest = key.partition("-")
        if word == "list" and sku.isdecimal() and len(sku) <= MOST_SIGNS:
            currency, _, incoterm = rest.partition("-")
            label = request.form.get(f"of-{key}", "")
            rows.append(Listed(int(sku), currency[:3], incoterm[:8], _price(text, label, currency)))
    if _text("sku"):
        sku_id = session.scalar(select(Sku.id).where(Sku.code == _text("sku")))
        if sku_id is None:
            why = gettext("There is no item with this code")
            raise WrongField(field=_text("sku"), why=why)
        currency = _currency()
        amount = _price(_text("amount"), _text("sku"), currency)
        rows.append(Listed(sku_id, currency, _text("incoterm").upper()[:8], amount))
    return rows


def read_move() -> tuple[Owner, Decimal, Decimal]:
    """Whose rates move, by how many points, and its unit prices by how many percent."""
    kind, _, code = _text("owner").partition(":")
    found = next((one for one in OwnerKind if one.value == kind), None)
    owner = naming.owner_of(found, code.strip()) if found else None
    if found is None or owner is None:
        raise WrongField(field=gettext("Of"), why=gettext("We have nothing with this code."))
    points = _number("points", gettext("Points"), Decimal(0))
    return (found, owner.id), points, _number("percent", gettext("Percent"), Decimal(0))


def read_left_out() -> tuple[Customer, date | None]:
    """Who is left out, until which day; None takes it back. Raises WrongField."""
    customer = customer_by_code(_text("customer"))
    if customer is None:
        why = gettext("There is no customer with this code")
        raise WrongField(field=_text("customer") or gettext("Customer"), why=why)
    if request.form.get("back"):
        return customer, None
    return customer, _needed_day("starts_on", gettext("New prices from"))


def read_ids(name: str) -> list[int]:
    """The ticked rows."""
    ticked = request.form.getlist(name)
    return [int(one) for one in ticked if one.isdecimal() and len(one) <= MOST_SIGNS]


def _text(name: str) -> str:
    return request.form.get(name, "").strip()


def _currency() -> str:
    currency = _text("currency")
    if currency not in enabled_currencies():
        raise WrongField(field=currency[:3], why=gettext("We don't trade in this currency."))
    return currency


def _needed_day(name: str, label: str) -> date:
    day = read_day(_text(name), clock.today())
    if day is None:
        raise WrongField(field=label, why=gettext("Enter a day such as 11/27 or +3."))
    return day


def _number(name: str, label: str, default: Decimal | None = None) -> Decimal:
    text = folded(_text(name)).removesuffix("%")
    if not text and default is not None:
        return default
    try:
        value = Decimal(text)
    except InvalidOperation as trouble:
        raise WrongField(field=label, why=gettext("Enter a number.")) from trouble
    if not value.is_finite() or abs(value) >= 10**6 or value != round(value, 2):
        raise WrongField(field=label, why=gettext("Enter a number."))
    return value


def _price(text: str, label: str, currency: str) -> Decimal:
    try:
        value = Decimal(folded(text))
    except InvalidOperation as trouble:
        raise WrongField(field=label, why=gettext("Enter a number.")) from trouble
    is_kept = (
        value.is_finite() and 0 <= value < 10**9 and value == round(value, digits_of(currency))
    )
    if not is_kept:
        raise WrongField(field=label, why=gettext("Enter a number."))
    return value
