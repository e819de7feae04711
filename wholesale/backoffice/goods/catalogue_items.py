"""What is in a catalogue and whom it names; what a customer sees of it."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
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
from wholesale.offers import line_sheets
from wholesale.web import line_sheets as answers
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs
from wholesale.web.lookups import found

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
        "is_large": line_sheets.is_large(line_sheets.count(row)),
        "seen": seen, "start": start, "size": figures.PAGE, "others": whose,
        "why_not": {code: gettext(word) for code, word in figures.WHY_NOT.items()},
    }  # fmt: skip


@office.get("/catalogues/<code>/line-sheet/<customer>")
@needs(Permission.PRICES_READ)
def catalogue_line_sheet(code: str, customer: str) -> Response:
    """The catalogue for one customer, at its prices and in its language, as Excel or PDF."""
    row, whose = lookups.catalog(code), found(customer_by_code(customer))
    line_sheets.check_size(line_sheets.count(row))
    sheet = line_sheets.gather(whose, row, whose.locale, with_prices=True)
    return answers.at_once(sheet, answers.asked_kind(), f"{row.code}-{whose.code}")


@office.post("/catalogues/<code>/line-sheets/<customer>")
@needs(Permission.PRICES_READ)
def ask_catalogue_line_sheet(code: str, customer: str) -> Answer:
    """Have a large one drawn."""
    row, whose = lookups.catalog(code), found(customer_by_code(customer))
    sheet = line_sheets.ask(
        whose, row, answers.asked_kind(), whose.locale, the_visitor().actor, with_prices=True
    )
    return moved(url_for("office.asked_line_sheet", number=sheet.id))


@office.get("/line-sheets/<int:number>")
@needs(Permission.PRICES_READ)
def asked_line_sheet(number: int) -> Answer:
    """Whether it is drawn."""
    sheet, row = lookups.line_sheet(number)
    return answer(
        "backoffice/catalogues/line_sheet.html", "backoffice/catalogues/_line_sheet.html",
        sheet=sheet, catalog=row,
    )  # fmt: skip


@office.get("/line-sheets/<int:number>/file")
@needs(Permission.PRICES_READ)
def line_sheet_file(number: int) -> Response:
    """The line sheet as the worker drew it."""
    sheet, row = lookups.line_sheet(number)
    return answers.kept(found(sheet.sha256), sheet.kind, row.code)
