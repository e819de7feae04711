"""Order links: the list, and one link with its address and what came by it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import func, select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.form_desk import FormDesk
from wholesale.backoffice.forms.order_links import ORDERS_AS, OrderLinkForm
from wholesale.catalog import presenting
from wholesale.kernel import clock, config
from wholesale.kernel.db import session
from wholesale.offers import links
from wholesale.offers.models import OrderLink
from wholesale.orders.models import Order
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs
from wholesale.web.lookups import found

MOST_ORDERS = 20


@office.get("/order-links")
@needs(Permission.CATALOGS_EDIT)
def order_links() -> Answer:
    """Every link, the newest first."""
    rows = links.all_links()
    counted = (
        select(Order.link_id, func.count())
        .where(Order.link_id.in_([row.id for row in rows]))
        .group_by(Order.link_id)
    )
    return answer(
        "backoffice/order_links/index.html", rows=rows, visits=links.visits_of(rows),
        orders={row[0]: row[1] for row in session.execute(counted)}, orders_as=ORDERS_AS,
        today=clock.today(), is_open=links.is_open,
    )  # fmt: skip


@office.get("/order-links/new")
@needs(Permission.CATALOGS_EDIT)
def new_order_link() -> Answer:
    """An empty form."""
    return _desk(None).show()


@office.get("/order-links/<int:link_id>")
@needs(Permission.CATALOGS_EDIT)
def order_link(link_id: int) -> Answer:
    """One link."""
    return _desk(_row(link_id)).show()


@office.post("/order-links")
@needs(Permission.CATALOGS_EDIT)
def add_order_link() -> Answer:
    """Make a link."""
    return _save(None)


@office.post("/order-links/<int:link_id>")
@needs(Permission.CATALOGS_EDIT)
def change_order_link(link_id: int) -> Answer:
    """Change a link; orders that came by it keep their prices and terms."""
    return _save(_row(link_id))


def _row(link_id: int) -> OrderLink:
    return found(session.scalar(select(OrderLink).where(OrderLink.id == link_id)))


def _save(row: OrderLink | None) -> Answer:
    form, by, catalogs = OrderLinkForm(), the_visitor().actor, presenting.catalogs()
    form.offer(catalogs)
    return _desk(row).save(
        form,
        lambda: links.save_link(row, form.values(catalogs), form.code(row), form.seen, by),
        gettext("Saved"), "" if row else url_for("office.order_links"),
    )  # fmt: skip


def _desk(row: OrderLink | None) -> FormDesk:
    back = url_for("office.order_links")
    url = f"{back}/{row.id}" if row else back

    def shown(form: Any) -> dict[str, Any]:
        blank = OrderLinkForm(data={"shows_prices": True, "is_on": True})
        stored = OrderLinkForm.of(row) if row else blank
        orders = select(Order).where(Order.link_id == row.id) if row else None
        return {
            "form": (form or stored).offer(presenting.catalogs()), "own_url": url, "back": back, "row": row,
            "address": config.current().url + url_for("links.show", link=row.word) if row else "",
            "orders": [] if orders is None else session.scalars(
                orders.order_by(Order.id.desc()).limit(MOST_ORDERS)).all(),
            "visits": links.visits_of([row]).get(row.id, 0) if row else 0,
            "changes": settings_history.newest(["order_links"], row.id) if row else [],
        }  # fmt: skip

    return FormDesk(
        "backoffice/order_links/show.html", "backoffice/order_links/_link.html", url, shown
    )
