"""Standard lists: usual quantities under a name, put into the cart whole or in part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from wholesale.accounts.permissions import Permission
from wholesale.catalog.queries import sku_ids_by_code
from wholesale.kernel import clock
from wholesale.kernel.db import Names, savepoint
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.offers.offering import Offer, offers
from wholesale.orders import keeping_carts, standard_lists
from wholesale.orders.carting import NotOrderable
from wholesale.orders.list_tables import StandardList
from wholesale.portal import baskets, lookups, words
from wholesale.portal.blueprints import portal
from wholesale.portal.cart import check_same_cart, version_of
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs

INDEX, PAGE = "portal/standard_lists/index.html", "portal/standard_lists/show.html"


class NoLineTicked(DomainError):
    """No line is ticked."""

    message = N_("Tick the lines you want to put into the cart.")


class Unreadable(DomainError):
    """A quantity nobody can read."""

    message = N_("%(code)s: enter a whole number of pieces.")


class Kept(Protocol):
    """An SKU that was put somewhere under a name it had then: into a list, a cart, among favourites."""

    @property
    def sku_id(self) -> int:
        """Which."""

    @property
    def known_as(self) -> Names:
        """Its name as it was then."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kept SKU as it is offered now, or in a word what became of it."""

    kept: Kept
    offer: Offer | None
    gone: str = ""


def rows_of(kept: Iterable[Kept]) -> list[Row]:
    """What was kept, with today's offers. A fixed number of statements."""
    kept = list(kept)
    ids = dict.fromkeys((one.sku_id for one in kept), 0)
    shown = offers(lookups.own_customer(), ids, at=clock.now()) if ids else {}
    return [_row(one, shown[one.sku_id]) for one in kept]


def _row(kept: Kept, offer: Offer) -> Row:
    return Row(kept, None, words.gone(offer)) if offer.is_gone else Row(kept, offer)


@portal.get("/standard-lists")
@needs(Permission.CARTS_EDIT)
def all_lists() -> Answer:
    """The customer's lists, and those deleted a while ago."""
    return answer(INDEX, refusal="", name="", lists=_lists())


@portal.post("/standard-lists")
@needs(Permission.CARTS_EDIT)
def make_list() -> Answer:
    """Begin an empty list."""
    return _made({})


@portal.post("/orders/<number>/list")
@needs(Permission.CARTS_EDIT)
def list_from_order(number: str) -> Answer:
    """Make a standard list of what an order held."""
    pieces: dict[int, int] = {}
    for line in lookups.own_order(number).lines:
        if line.sku_id is not None:
            pieces[line.sku_id] = pieces.get(line.sku_id, 0) + line.quantity
    return _made(pieces, called=number)


def _made(pieces: dict[int, int], called: str = "") -> Answer:
    name = request.form.get("name", "").strip() or called
    try:
        with savepoint():  # a refusal makes no list
            made = standard_lists.make_list(
                lookups.own_customer(), name, pieces, the_visitor().actor
            )
    except DomainError as error:
        return refused(INDEX, error=error, name=name, lists=_lists())
    return moved(url_for(".standard_list", number=made.id), said=_("The list is made."))


@portal.get("/standard-lists/<int:number>")
@needs(Permission.CARTS_EDIT)
def standard_list(number: int) -> Answer:
    """One list at today's prices and stock."""
    return answer(PAGE, refusal="", **_shown(lookups.standard_list(number)))


@portal.post("/standard-lists/<int:number>")
@needs(Permission.CARTS_EDIT)
def use_list(number: int) -> Answer:
    """Put all or the ticked lines into the cart, or (act=save) keep what was typed as usual."""
    one = lookups.standard_list(number)
    try:
        with savepoint():  # a refusal changes neither list nor cart
            act = request.form.get("act", "all")
            return _saved(one) if act == "save" else _ordered(one, only_ticked=act == "ticked")
    except DomainError as error:
        return refused(PAGE, error=error, **_shown(one, baskets.typed(request.form)))


@portal.post("/standard-lists/<int:number>/deletion")
@needs(Permission.CARTS_EDIT)
def delete_list(number: int) -> Answer:
    """Put a list away; for a month it can be brought back."""
    one = lookups.standard_list(number)
    try:
        standard_lists.delete_list(one, version=version_of(request.form), by=the_visitor().actor)
    except DomainError as error:
        return refused(PAGE, error=error, **_shown(one))
    said = _("The list “%(name)s” is deleted. Below you can bring it back.", name=one.name)
    return moved(url_for(".all_lists"), said=said)


@portal.post("/standard-lists/<int:number>/restoration")
@needs(Permission.CARTS_EDIT)
def restore_list(number: int) -> Answer:
    """Bring a deleted list back."""
    one = lookups.standard_list(number)
    standard_lists.restore_list(one, the_visitor().actor)
    said = _("The list “%(name)s” is there again.", name=one.name)
    return moved(url_for(".standard_list", number=number), said=said)


def _ordered(one: StandardList, *, only_ticked: bool) -> Answer:
    """The lines of a list into the cart, as typed or as usual; says what can't be had."""
    typed = _readable()
    ticked = set(request.form.getlist("tick"))
    if only_ticked and not ticked:
        raise NoLineTicked
    pieces = {
        line.sku_id: typed.get(line.code, line.quantity)
        for line in one.lines
        if not only_ticked or line.code in ticked
    }
    cart = lookups.cart_to_fill()
    check_same_cart(cart)
    wanted = {sku: n for sku, n in pieces.items() if n}
    done = keeping_carts.refill(cart, lookups.own_customer(), wanted, the_visitor().actor)
    said = ngettext(
        "%(num)s item of the list is in the cart.", "%(num)s items of the list are in the cart.",
        len(done.put),
    )  # fmt: skip
    return moved(url_for(".cart"), said=words.left_out(said, done.left_out))


def _saved(one: StandardList) -> Answer:
    typed = _readable()
    code = request.form.get("code", "").strip()
    standard_lists.save_list(
        one, lookups.own_customer(),
        name=request.form.get("name", one.name),
        pieces={line.sku_id: typed[line.code] for line in one.lines if line.code in typed},
        added=_added(code) if code else {},
        version=version_of(request.form), by=the_visitor().actor,
    )  # fmt: skip
    return moved(url_for(".standard_list", number=one.id), said=_("Saved."))


def _added(code: str) -> dict[int, int]:
    """The item to add to a list, and how many. Raises NotOrderable, Unreadable."""
    ids = sku_ids_by_code([code])
    pieces = baskets.pieces_in(request.form.get("usual", "") or "1")
    if code not in ids:
        raise NotOrderable(sku=code)
    if not pieces:
        raise Unreadable(code=code)
    return {ids[code]: pieces}


def _readable() -> dict[str, int]:
    typed = baskets.typed(request.form)
    for code in typed.unread:
        raise Unreadable(code=code)
    return typed.pieces


def _shown(one: StandardList, typed: baskets.Typed | None = None) -> dict[str, Any]:
    rows = rows_of(one.lines)
    can_be_had = {row.kept.sku_id for row in rows if row.offer and row.offer.orderable}
    pieces = {line.sku_id: line.quantity for line in one.lines if line.sku_id in can_be_had}
    said = {**(typed.pieces if typed else {}), **(typed.unread if typed else {})}
    return {
        "list": one, "rows": rows, "sums": baskets.basket_of(lookups.own_customer(), pieces),
        "typed": said, "name": request.form.get("name", one.name),
        "code": request.form.get("code", ""), "usual": request.form.get("usual", ""),
    }  # fmt: skip


def _lists() -> list[StandardList]:
    return standard_lists.lists_of(the_visitor().customer_id or 0)
