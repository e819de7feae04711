"""Approval inside the customer: what waits for a colleague, and deciding on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import StringField
from wtforms.validators import Length

from wholesale.accounts.permissions import Permission
from wholesale.kernel.db import savepoint, session
from wholesale.kernel.errors import DomainError
from wholesale.orders import approving, carting
from wholesale.orders.approving import RequestMovedOn
from wholesale.orders.models import Cart, CartState
from wholesale.orders.splitting import PlaceGone
from wholesale.portal import lookups
from wholesale.portal.blueprints import portal
from wholesale.portal.cart import problems, version_of
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.errors import words
from wholesale.web.forms import HouseForm, Required
from wholesale.web.gate import needs

INDEX, PAGE = "portal/approvals/index.html", "portal/approvals/show.html"
CLOSED = "portal/approvals/closed.html"


class RefusalForm(HouseForm):
    """Why a request is refused."""

    reason = StringField(_l("Reason"), [Required(), Length(max=500)])


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits: for the person to decide, and of the person's own; and what came back refused."""

    to_decide: list[Cart]
    own: list[Cart]
    refused: list[Cart]

    @property
    def is_any(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.to_decide or self.own or self.refused)


def asked() -> Asked:
    """The requests that concern the person. Two questions to the database, and their lines."""
    someone = the_visitor()
    shown = [one for one in approving.waiting(someone.customer_id or 0) if lookups.may_see(one)]
    own = [one for one in shown if one.user_id == someone.user_id]
    back = session.scalars(
        select(Cart).where(
            Cart.customer_id == someone.customer_id, Cart.user_id == someone.user_id,
            Cart.state == CartState.OPEN, Cart.refusal != "",
        )
    )  # fmt: skip
    others = [one for one in shown if one.user_id != someone.user_id]
    return Asked(others if someone.may(Permission.ORDERS_APPROVE) else [], own, list(back))


@portal.get("/orders/approvals")
@needs(Permission.ORDERS_PLACE)
def approvals() -> Answer:
    """The requests that wait, oldest first."""
    return answer(INDEX, asked=asked())


@portal.get("/orders/approvals/<int:number>")
@needs(Permission.ORDERS_PLACE)
def approval(number: int) -> Answer:
    """One request as the order it would be now, beside what has changed since it was asked for."""
    cart = lookups.asked_cart(number)
    if cart.state is not CartState.AWAITING_APPROVAL:
        return answer(CLOSED, cart=cart, refusal="")
    return answer(PAGE, refusal="", **_shown(cart, RefusalForm(request.args)))


@portal.post("/orders/approvals/<int:number>/approval")
@needs(Permission.ORDERS_APPROVE)
def approve_request(number: int) -> Answer:
    """Agree to what is shown: it becomes the asker's order."""
    cart = lookups.asked_cart(number)
    try:
        with savepoint():  # a refusal leaves the request waiting for the page that says so
            orders = approving.approve(
                cart,
                lookups.own_customer(),
                version=version_of(request.form),
                fingerprint=request.form.get("fingerprint", ""),
                member=lookups.own_membership(),
                by=the_visitor().actor,
            )
    except DomainError as error:
        return _refused(cart, error)
    numbers = ", ".join(order.number for order in orders)
    said = _("%(number)s is ordered for %(name)s.", number=numbers, name=orders[0].placed_by)
    return moved(url_for(".order", number=orders[0].number), said=said)


@portal.post("/orders/approvals/<int:number>/refusal")
@needs(Permission.ORDERS_APPROVE)
def refuse_request(number: int) -> Answer:
    """Send it back to the asker with a reason."""
    cart, form = lookups.asked_cart(number), RefusalForm()
    if not form.validate():
        return _refused(cart, None, form)
    try:
        with savepoint():  # as above
            approving.refuse(
                cart,
                reason=form.reason.data,
                version=version_of(request.form),
                by=the_visitor().actor,
            )
    except DomainError as error:
        return _refused(cart, error, form)
    return moved(url_for(".approvals"), said=_("%(name)s is told why.", name=cart.user.name))


@portal.post("/orders/approvals/<int:number>/withdrawal")
@needs(Permission.ORDERS_PLACE)
def take_back_request(number: int) -> Answer:
    """The asker takes it back into the cart."""
    cart = lookups.own_asked_cart(number)
    try:
        with savepoint():  # as above
            approving.take_back(cart, version=version_of(request.form), by=the_visitor().actor)
    except DomainError as error:
        return _refused(cart, error)
    return moved(url_for(".cart"), said=_("The items are in your cart again."))


def _refused(cart: Cart, error: DomainError | None, form: RefusalForm | None = None) -> Answer:
    """The request as it stands, with what was said no to."""
    session.refresh(cart)  # a colleague may have been faster
    if cart.state is not CartState.AWAITING_APPROVAL:
        return refused(CLOSED, error=error or RequestMovedOn(), cart=cart)
    return refused(PAGE, error=error, **_shown(cart, form or RefusalForm(data={})))


def _shown(cart: Cart, form: RefusalForm) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "cart": cart, "form": form, "is_own": cart.user_id == the_visitor().user_id, "review": None,
    }  # fmt: skip
    try:
        now = approving.look(cart, lookups.own_customer())
    except PlaceGone as gone:
        return {**shown, "gone": words(gone)}
    return {
        **shown, "review": now, "kept": carting.names_known(cart), "legs": list(zip(now.legs, now.reviews, strict=True)),
        "changes": approving.changes(cart, now),
        "problems": problems(now),
        "is_beyond": approving.must_ask(lookups.own_membership(), now.net),
    }  # fmt: skip
