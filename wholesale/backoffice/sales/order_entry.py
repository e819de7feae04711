"""Entering an order for a customer on the telephone: who, what at their price, where to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import or_, select
from werkzeug.datastructures import MultiDict

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.forms.orders import EntryForm
from wholesale.catalog import searching
from wholesale.catalog.models import Sku
from wholesale.catalog.queries import SkuFacts, sku_facts
from wholesale.customers.models import Address, Customer, CustomerState
from wholesale.customers.queries import customer_by_code, ship_tos
from wholesale.kernel import clock, db
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.orders import checkout, placing
from wholesale.orders.checkout import Requested, Review
from wholesale.orders.models import OrderSource
from wholesale.orders.placing import OrderRequest
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.forms import folded
from wholesale.web.gate import needs

PAGE, PART = "backoffice/orders/new.html", "backoffice/orders/_entry.html"
ROWS, MATCHES, MOST = 8, 8, 400

PROBLEMS = {
    "no_price": N_("No price in this customer's currency."),
    "only_left": N_("Not enough in stock."),
    "after_last_day": N_("The last day to order it has passed."),
}


class CustomerMissing(DomainError):
    """Nobody is chosen."""

    message = N_("Choose a customer first.")


class LinesUnclear(DomainError):
    """A line names no item, or several, or its quantity is no number."""

    message = N_("Some lines are not clear. Look at the marked ones.")


@dataclass(frozen=True, slots=True)
class Typed:
    """One line as it was typed and what was found: one item, several to choose from, or none."""

    what: str
    pieces: str
    sku: SkuFacts | None
    choices: tuple[SkuFacts, ...]
    quantity: int

    @property
    def is_wrong(self) -> bool:
        """Whether something was typed that makes no line."""
        return bool(self.what or self.pieces) and (self.sku is None or self.quantity <= 0)


@office.get("/orders/new")
@needs(Permission.ORDERS_PLACE)
def new_order() -> Answer:
    """The entry; what was typed stands in the address, so that looking at prices writes nothing."""
    return answer(PAGE, PART, **_page(request.args), refusal="")


@office.post("/orders")
@needs(Permission.ORDERS_PLACE)
def place() -> Answer:
    """Place the order as it was looked at."""
    page = _page(request.form)
    try:
        order = _place(page)
    except DomainError as error:
        db.session.rollback()  # what the verb had begun must not be shown
        return refused(PAGE, PART, error=error, **_page(request.form))
    said = gettext("%(number)s is placed", number=order.number)
    return moved(url_for("office.order", number=order.number), said=said)


def _place(page: dict[str, Any]) -> Any:
    customer: Customer | None = page["customer"]
    if customer is None:
        raise CustomerMissing
    form: EntryForm = page["form"]
    if any(line.is_wrong for line in page["lines"]) or not form.validate():
        raise LinesUnclear
    by = the_visitor().actor
    asked = OrderRequest(
        customer=customer,
        lines=_requested(page["lines"]),
        ship_to=page["ship_to"],
        source=OrderSource.STAFF,
        wished_on=form.wished_on.data,
        po_number=(form.po_number.data or "").strip(),
        note=(form.note.data or "").strip(),
        forced_because=_reason(form),
    )
    return placing.place_request(asked, by)


def _reason(form: EntryForm) -> str:
    """Why goods are ordered after their last day, from whoever may do so; "" from everybody else."""
    if not the_visitor().may(Permission.ORDERS_FORCE):
        return ""
    return (form.forced_because.data or "").strip()


def _page(typed: MultiDict[str, str]) -> dict[str, Any]:
    form = EntryForm(typed)
    valid = form.validate()
    asked = typed.get("customer", "").strip()
    customer, found = _customer(asked)
    places = ship_tos(customer.id) if customer else []
    chosen = typed.get("ship_to", "")
    ship_to = next((one for one in places if one.code == chosen), places[0] if places else None)
    lines = _lines(typed)
    review = _review(customer, lines, ship_to, form) if customer and valid else None
    return {
        "asked": asked,
        "customer": customer,
        "found": found,
        "places": places,
        "ship_to": ship_to,
        "lines": lines,
        "blank": max(ROWS - len(lines), 2),
        "review": review,
        "problems": {code: gettext(word) for code, word in PROBLEMS.items()},
        "form": form,
    }


def _customer(asked: str) -> tuple[Customer | None, list[Customer]]:
    """The customer of a code or of a name that only one has; otherwise those to choose from."""
    if not asked:
        return None, []
    exact = customer_by_code(asked)
    if exact is not None:
        return exact, []
    like = [Customer.name, Customer.name_en, Customer.kana, Customer.code]
    found = list(
        session.scalars(
            select(Customer)
            .where(
                Customer.state == CustomerState.ACTIVE,
                or_(*(column.icontains(asked, autoescape=True) for column in like)),
            )
            .order_by(Customer.code)
            .limit(MATCHES)
        )
    )
    return (found[0], []) if len(found) == 1 else (None, found)


def _lines(typed: MultiDict[str, str]) -> list[Typed]:
    texts = [text.strip() for text in typed.getlist("what")[:MOST]]
    counts = [text.strip() for text in typed.getlist("pieces")[:MOST]]
    pairs = [
        (what, counts[n] if n < len(counts) else "")
        for n, what in enumerate(texts)
        if what or (n < len(counts) and counts[n])
    ]
    known = {
        code: sku
        for sku, code in session.execute(
            select(Sku.id, Sku.code).where(Sku.code.in_({what for what, _ in pairs}))
        )
    }
    found = {what: [known[what]] if what in known else _matching(what) for what, _ in pairs}
    facts = sku_facts([sku for ids in found.values() for sku in ids])
    lines = []
    for what, pieces in pairs:
        choices = [facts[sku] for sku in found[what] if sku in facts]
        one = choices[0] if len(choices) == 1 else None
        plain = folded(pieces)
        quantity = int(plain) if plain.isdigit() else 0
        rest = () if one else tuple(choices)
        lines.append(Typed(one.code if one else what, pieces, one, rest, quantity))
    return lines


def _matching(what: str) -> list[int]:
    matching = searching.matches(what)
    return list(session.scalars(matching.limit(MATCHES))) if matching is not None else []


def _requested(lines: list[Typed]) -> list[Requested]:
    return [
        Requested(line.sku.id, line.quantity) for line in lines if line.sku and line.quantity > 0
    ]


def _review(
    customer: Customer, lines: list[Typed], ship_to: Address | None, form: EntryForm
) -> Review | None:
    asked = _requested(lines)
    if not asked:
        return None
    return checkout.review(
        customer, asked, ship_to=ship_to, wished_on=form.wished_on.data, at=clock.now(),
        portal=False, forced=bool(_reason(form)),
    )  # fmt: skip
