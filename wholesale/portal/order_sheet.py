"""The customer's own catalogue, or what a filter leaves of it, as an Excel sheet to order with."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from wholesale.accounts.permissions import Permission
from wholesale.company.queries import company
from wholesale.exchange.order_sheet_writer import PICTURE, SheetHead, written
from wholesale.kernel import clock, thumbnails
from wholesale.kernel.errors import DomainError
from wholesale.kernel.tables import XLSX
from wholesale.kernel.text import N_, localized
from wholesale.offers.line_sheets import picture_bytes
from wholesale.offers.listing import catalogue_page, with_sizes
from wholesale.portal import lookups
from wholesale.portal.blueprints import portal
from wholesale.portal.catalog import asked_for
from wholesale.web.door import the_visitor
from wholesale.web.filters import language
from wholesale.web.gate import needs

MOST_ITEMS = 150


class TooManyForASheet(DomainError):
    """More items than one sheet holds."""

    message = N_("An order sheet holds at most %(most)s items. Choose a category or a brand first.")


@portal.get("/catalogue/order-sheet")
@needs(Permission.CARTS_EDIT)
def order_sheet() -> Response:
    """The items of the catalogue's filter, whatever page is open; raises TooManyForASheet."""
    customer, now, locale = lookups.own_customer(), clock.now(), language()
    page = catalogue_page(customer, asked_for(whole=True), at=now, size=MOST_ITEMS)
    if page.next_offset is not None:
        raise TooManyForASheet(most=MOST_ITEMS)
    shown = with_sizes(customer, page.offers, at=now)
    head = SheetHead(
        title=_("%(house)s order sheet", house=localized(company().name, locale)),
        customer_code=customer.code, customer_name=customer.display_name(locale), locale=locale,
        currency=next((one.price.currency for one in shown if one.price), ""),
        with_prices=the_visitor().sees_prices,
    )  # fmt: skip
    reply = Response(written(head, shown, pictures=_small), mimetype=XLSX)
    name = f"order-sheet-{clock.today().isoformat()}.xlsx"
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _small(path: str) -> bytes:
    return thumbnails.as_png(picture_bytes(path), PICTURE)
