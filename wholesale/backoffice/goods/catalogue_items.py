"""What is in a catalogue and whom it names; what a customer sees of it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import lookups
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.forms.catalogues import rows_of
from wholesale.backoffice.goods import catalogue_figures as figures
from wholesale.backoffice.goods.catalogues import SORTS, act
from wholesale.catalog import admitting, selecting
from wholesale.catalog.models import Catalog
from wholesale.catalog.queries import sku_ids_by_code
from wholesale.customers.models import Customer
from wholesale.customers.queries import NoTerms, customer_by_code
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.web.answers import Answer, answer, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs

PREVIEW, LOOK = "backoffice/catalogues/preview.html", "backoffice/catalogues/_preview.html"


class UnknownSort(DomainError):
    """A button that no page has."""

    message = N_("Items can be put in order by code, as in the general catalogue, or newest first.")


@office.post("/catalogues/<code>/items")
@needs(Permission.CATALOGS_EDIT)
def add_items(code: str) -> Answer:
    """Add items: by pasted codes, else all of a brand, category or tag."""
    by, form = the_visitor().actor, request.form

    def verb(row: Catalog, seen: int) -> None:
        if form.get("codes", "").strip():
            selecting.add_codes(row, form["codes"], seen, by)
            return
        selecting.add_matching(
            row, seen, by, brand=form.get("brand", ""), category=form.get("category", ""),
            tag=form.get("tag", "").strip(),
        )  # fmt: skip

    return act(code, verb, gettext("The items are in the catalogue"))


@office.post("/catalogues/<code>/rows")
@needs(Permission.CATALOGS_EDIT)
def change_items(code: str) -> Answer:
    """Change places and rules of a page of items, take some out, or put all of them in order."""
    by, form, order = the_visitor().actor, request.form, request.form.get("sort", "")
    named = [name.removeprefix("place-") for name in form if name.startswith("place-")]
    codes = sku_ids_by_code([*named, *form.getlist("remove")])

    def verb(row: Catalog, seen: int) -> None:
        if not order:
            wanted, removed = rows_of(form, codes)
            selecting.change_rows(row, wanted, removed, seen, by)
        elif order in SORTS:
            selecting.sort_rows(row, order, seen, by)
        else:
            raise UnknownSort

    return act(code, verb)


@office.post("/catalogues/<code>/audience")
@needs(Permission.CATALOGS_EDIT)
def admit_to_catalogue(code: str) -> Answer:
    """Name customers by their codes, and price groups."""
    by, codes = the_visitor().actor, request.form.get("customers", "")
    groups = request.form.getlist("groups", type=int)
    return act(code, lambda row, seen: admitting.admit(row, codes, groups, seen, by))


@office.post("/catalogues/<code>/audience/<int:number>/removal")
@needs(Permission.CATALOGS_EDIT)
def dismiss_from_catalogue(code: str, number: int) -> Answer:
    """Take a customer or a price group off."""
    by = the_visitor().actor
    return act(code, lambda row, seen: admitting.dismiss(row, number, seen, by))


@office.get("/catalogues/<code>/preview")
@needs(Permission.PRICES_READ)
def preview_catalogue(code: str) -> Answer:
    """What one customer sees of it now, at which price; or why nothing."""
    row, asked = lookups.catalog(code), request.args.get("customer", "").strip()
    customer = customer_by_code(asked) if asked else None
    values: dict[str, Any] = {"catalog": row, "asked": asked, "customer": customer}
    try:
        return answer(PREVIEW, LOOK, refusal="", **values, **_seen(row, customer))
    except NoTerms as error:
        return refused(PREVIEW, LOOK, error=error, **values, **_seen(row, None))


def _seen(row: Catalog, customer: Customer | None) -> dict[str, Any]:
    start = max(request.args.get("from", 0, type=int), 0)
    seen = figures.seen_by(row, customer, start) if customer else None
    whose = {one.id: one for one in figures.of_offers(seen.offers)} if seen else {}
    return {
        "seen": seen, "start": start, "size": figures.PAGE, "others": whose,
        "why_not": {code: gettext(word) for code, word in figures.WHY_NOT.items()},
    }  # fmt: skip
