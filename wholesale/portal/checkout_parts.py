"""Dividing a checkout: several addresses and days, an address typed for once, or whole again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from wholesale.accounts.permissions import Permission
from wholesale.customers.addressing import free_code, save_address
from wholesale.customers.models import AddressKind, Customer
from wholesale.kernel.db import savepoint
from wholesale.kernel.errors import DomainError
from wholesale.offers.dates import forget_ways
from wholesale.orders.models import Cart
from wholesale.orders.splitting import MOST_PARTS, Part, Plan, keep_plan
from wholesale.portal import baskets, lookups, parts
from wholesale.portal.blueprints import portal
from wholesale.portal.cart import check_same_cart
from wholesale.portal.parts import TypedPart, TypedPlan
from wholesale.portal.standard_lists import rows_of
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs

PAGE = "portal/checkout/parts.html"


@portal.get("/checkout/parts")
@needs(Permission.ORDERS_PLACE)
def checkout_parts() -> Answer:
    """Which pieces go where and when."""
    cart = lookups.own_cart()
    if cart is None or not cart.lines:
        return moved(url_for(".cart"))
    return answer(PAGE, refusal="", **_shown(cart, parts.shown_plan(cart, lookups.own_places())))


@portal.post("/checkout/parts")
@needs(Permission.ORDERS_PLACE)
def divide_checkout() -> Answer:
    """Keep the division; or add a part, take one out, fill in an address, and go on typing."""
    cart, typed = lookups.cart_to_fill(), parts.typed_plan(request.form)
    if changed := _changed(typed):
        return answer(PAGE, refusal="", **_shown(cart, changed))
    try:
        with savepoint():  # a refusal keeps neither the division nor an address
            check_same_cart(cart)
            plan = parts.understood(typed, cart, lookups.own_places(), may_type=_may_type())
            if not typed.is_good:
                return refused(PAGE, **_shown(cart, typed))
            keep_plan(cart, _with_kept_places(plan, typed, lookups.own_customer()))
    except DomainError as error:
        return refused(PAGE, error=error, **_shown(cart, typed))
    return moved(url_for(".checkout"))


@portal.post("/checkout/whole")
@needs(Permission.ORDERS_PLACE)
def checkout_whole() -> Answer:
    """Everything to one address on one day again."""
    cart = lookups.cart_to_fill()
    check_same_cart(cart)
    keep_plan(cart, Plan())
    return moved(url_for(".checkout"), said=_("Everything goes to one address again."))


def _changed(typed: TypedPlan) -> TypedPlan | None:
    """The page after one of its buttons that don't save; None when it is to be kept."""
    form = request.form
    if form.get("add"):
        typed.add()
    elif "away" in form:
        typed.take_away(_index("away"))
    elif "complete" in form:
        at = _index("complete")
        if at < len(typed.parts):
            typed.parts[at].complete()
    else:
        return None
    return typed


def _index(name: str) -> int:
    told = request.form.get(name, "")
    return int(told) if told.isascii() and told.isdecimal() else MOST_PARTS


def _may_type() -> bool:
    """Who is kept to some ship-tos types no other one."""
    return the_visitor().ship_to_ids is None


def _with_kept_places(plan: Plan, typed: TypedPlan, customer: Customer) -> Plan:
    """Addresses that were typed and are to be kept become ship-tos, by whoever looks after these."""
    kept = the_visitor().may(Permission.BUYERS_EDIT)
    found = [
        _kept(part, customer) if kept and told.keeps and part.once else part
        for part, told in zip(plan.parts, typed.parts, strict=True)
    ]
    return replace(plan, parts=tuple(found))


def _kept(part: Part, customer: Customer) -> Part:
    once = part.once
    assert once is not None  # noqa: S101 - asked for by the caller
    values = {
        "code": free_code(customer), "kind": AddressKind.SHIP_TO,
        "name": once.name, "country": once.country, "postal_code": once.postal_code,
        "region": once.region, "address": once.address, "phone": once.phone,
        "attention": once.attention, "is_default": False, "is_active": True,
    }  # fmt: skip
    place = save_address(customer, None, values, 0, the_visitor().actor)
    forget_ways()
    return replace(part, to=place.id, once=None)


def _shown(cart: Cart, typed: TypedPlan) -> dict[str, Any]:
    for_rest = {
        line.sku.code: _rest(line.quantity, typed.pieces.get(line.sku.code, []))
        for line in cart.lines
    }
    return {
        "cart": cart, "typed": typed, "places": lookups.own_places(), "may_type": _may_type(),
        "may_keep": the_visitor().may(Permission.BUYERS_EDIT), "most": MOST_PARTS,
        "rows": rows_of(cart.lines), "rest": for_rest, "labels": [_label(one) for one in typed.parts],
    }  # fmt: skip


def _rest(whole: int, told: list[str]) -> int:
    """What is left for the first part; below 0 where too much is spread."""
    read = [baskets.pieces_in(text) or 0 for text in told]
    return whole - sum(read)


def _label(typed: TypedPart) -> str:
    """What a part is called above its column."""
    named = next((one.name for one in lookups.own_places() if one.code == typed.to), "")
    place = typed.name if typed.is_once else named or lookups.own_customer().name
    return f"{place} {typed.day}".strip()
