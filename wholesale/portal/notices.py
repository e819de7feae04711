"""Notices by mail: switched on beside an item, listed in the account, switched off by a letter's link."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from wholesale.accounts import inviting
from wholesale.accounts.permissions import Permission
from wholesale.catalog.models import Product
from wholesale.catalog.queries import SkuFacts
from wholesale.kernel.errors import DomainError
from wholesale.offers import watching
from wholesale.offers.watch_tables import Watch, WatchKind
from wholesale.offers.watching import Thing
from wholesale.portal import lookups
from wholesale.portal.blueprints import portal
from wholesale.portal.cart import way_back
from wholesale.web.answers import Answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs, public
from wholesale.web.signing_in import bp


def things_of(product: Product, facts: SkuFacts) -> list[Thing]:
    """What a person may be told of beside an item: of itself, of its category and its brand."""
    item = [WatchKind.BACK, *([WatchKind.PRICE] if the_visitor().sees_prices else [])]
    found = [Thing(kind, facts.code, facts.full_name(), facts.id) for kind in item]
    if product.category is not None:
        found.append(Thing(WatchKind.CATEGORY, product.category.code, product.category.name))
    if product.brand is not None:
        found.append(Thing(WatchKind.BRAND, product.brand.code, product.brand.name))
    return found


def switched_on(customer_id: int) -> set[tuple[WatchKind, str]]:
    """What the person has switched on, by kind and code."""
    mine = watching.watches_of(customer_id, the_visitor().user_id)
    return {(one.kind, one.code) for one in mine}


@portal.post("/notices")
@needs(Permission.CATALOG_READ)
def set_notices() -> Answer:
    """Switch the notices beside an item (`item` is its code) on and off, as they are ticked.

    Raises TooManyNotices.
    """
    code = request.form.get("item", "")
    product, facts = lookups.visible_sku(code)
    ticked = set(request.form.getlist("tell"))
    wanted = {one: one.kind.value in ticked for one in things_of(product, facts)}
    watching.set_notices(lookups.own_customer(), lookups.own_user(), wanted, the_visitor().actor)
    back = way_back() or url_for(".product", code=code)
    return moved(back, said=_("Saved. We write once a day at most."))


@portal.post("/notices/<int:number>/end")
@needs(Permission.CATALOG_READ)
def end_notice(number: int) -> Answer:
    """Switch one of one's own notices off."""
    one = lookups.own_watch(number)
    watching.switch_off(the_visitor().user_id, [one.id])
    return moved(url_for(".account") + "#notices", said=_("Switched off."))


@bp.get("/notices/off/<word>")
@public()
def notices_by_link(word: str) -> ResponseReturnValue:
    """What the person behind a letter's link has switched on; looking changes nothing."""
    try:
        _link, user = inviting.open_link(word, watching.PURPOSE)
    except inviting.LinkExpired as error:
        return _closed(error)
    return _page(word, watching.of_person(user.id))


@bp.post("/notices/off/<word>")
@public()
def end_by_link(word: str) -> ResponseReturnValue:
    """Switch the ticked ones off, or all (act=all); the link is used up."""
    try:
        _link, user = inviting.open_link(word, watching.PURPOSE)
        inviting.use_up(word, watching.PURPOSE)
    except inviting.LinkExpired as error:
        return _closed(error)
    mine = {one.id for one in watching.of_person(user.id)}
    ticked = {int(one) for one in request.form.getlist("end") if one.isascii() and one.isdecimal()}
    chosen = mine if request.form.get("act") == "all" else mine & ticked
    watching.switch_off(user.id, chosen)
    return render_template("signing/notices_off.html", word="", watches=[], ended=len(chosen), refusal="")  # fmt: skip


def _page(word: str, watches: list[Watch]) -> ResponseReturnValue:
    return render_template(
        "signing/notices_off.html", word=word, watches=watches, ended=None, refusal=""
    )


def _closed(error: DomainError) -> ResponseReturnValue:
    return refused("signing/notices_off.html", error=error, word="", watches=[], ended=None)
