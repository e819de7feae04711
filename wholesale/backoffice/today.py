"""The today page: what waits for whom, and how the week goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from flask import request, url_for
from flask_babel import gettext, ngettext

from wholesale.backoffice import figures, queues
from wholesale.backoffice.blueprints import office
from wholesale.kernel import clock
from wholesale.kernel.keeping import for_a_minute
from wholesale.kernel.text import N_
from wholesale.offers import dates
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.filters import day, language
from wholesale.web.gate import signed_in
from wholesale.web.rendering import has

Sheet = TypeVar("Sheet")
DESKS = (("sales", N_("Sales")), ("warehouse", N_("Warehouse")), ("accounts", N_("Accounts")))


@dataclass(frozen=True, slots=True)
class Work:
    """One queue as the page shows it: its word, its figure, what to know about it, where it leads."""

    name: str
    word: str
    count: int
    meta: str
    url: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """The queues of one room."""

    name: str
    word: str
    meta: str
    works: tuple[Work, ...]


@office.get("/")
@signed_in()
def today() -> Answer:
    """Queues of open work, sales, what is owed, what runs out."""
    asked = request.args.get("desk", "")
    known = queues.figures()
    desks = [desk for desk in _desks(known) if desk.works]
    chosen = [desk for desk in desks if desk.name == asked] or desks
    return answer(
        "backoffice/today/show.html",
        desks=chosen,
        choices=[(desk.name, desk.word) for desk in desks],
        asked=asked if len(chosen) < len(desks) else "",
        on=clock.today(),
        **_sheets(),
    )


def _sheets() -> dict[str, Any]:
    """The drawings below the desks; what a role may not see isn't asked for."""
    someone, on = the_visitor(), clock.today()
    money = someone.may("invoices:read")
    customers = money and someone.may("customers:read")
    return {
        "sales": _kept("sales", figures.sales, on) if money else None,
        "ageing": _kept("ageing", figures.ageing, on) if money else None,
        "customers": _kept("customers", figures.best_customers, on) if customers else None,
        "alerts": figures.alerts(on) if someone.may("stock:read") else None,
    }


def _kept(name: str, sheet: Callable[[date], Sheet], on: date) -> Sheet:
    """A sheet over months of entries: drawn once a minute for everybody who may see it."""
    return for_a_minute((name, on, language()), lambda: sheet(on))


def _desks(known: dict[str, Any]) -> list[Desk]:
    words = {name: gettext(word) for name, word in DESKS}
    cut_off = gettext("Orders until %(time)s leave today", time=dates.cut_off())
    return [
        Desk("sales", words["sales"], "", _shown(_sales_works(known))),
        Desk("warehouse", words["warehouse"], cut_off, _shown(_warehouse_works(known))),
        Desk("accounts", words["accounts"], "", _shown(_account_works(known))),
    ]


def _shown(works: list[Work | None]) -> tuple[Work, ...]:
    return tuple(work for work in works if work is not None)


def _work(
    known: dict[str, Any],
    name: str,
    word: str,
    endpoint: str,
    *,
    meta: str = "",
    tone: str = "",
    **query: str,
) -> Work | None:
    """A queue, unless the visitor may not see it or this house has no page for it."""
    if name not in known or not has(endpoint):
        return None
    count = known[name]
    where: dict[str, Any] = dict(query)
    return Work(name, word, count, meta, url_for(endpoint, **where), tone if count else "")


def _sales_works(known: dict[str, Any]) -> list[Work | None]:
    wished = known.get("promises_wished")
    lines = known.get("promise_lines", 0)
    told = ngettext("%(num)s line", "%(num)s lines", lines)
    if wished:
        told = gettext("%(lines)s · oldest wish %(day)s", lines=told, day=day(wished))
    skus = known.get("backorder_skus", 0)
    return [
        _work(known, "promises", gettext("Delivery dates to answer"), "office.orders",
              meta=told, tone="wait", view="promises"),
        _work(known, "to_confirm", gettext("Orders to confirm"), "office.orders",
              meta=gettext("Placed and waiting for us"), view="to_confirm"),
        _work(known, "questions", gettext("Questions of customers"), "office.orders",
              meta=gettext("Waiting for our answer"), tone="wait", view="questions"),
        _work(known, "on_hold", gettext("Orders on hold"), "office.orders",
              meta=gettext("Credit, prepayment or a check"), tone="wait", view="on_hold"),
        _work(known, "backorders", gettext("Backorders"), "office.orders",
              meta=ngettext("%(num)s item is short", "%(num)s items are short", skus),
              tone="wait", view="short"),
    ]  # fmt: skip


def _warehouse_works(known: dict[str, Any]) -> list[Work | None]:
    first = known.get("arrivals_from")
    coming = (
        gettext("The next on %(day)s", day=day(first)) if first else gettext("Nothing this week")
    )
    return [
        _work(known, "to_pick", gettext("Shipments to pick"), "office.shipments",
              meta=gettext("Planned, nobody has begun"), state="planned"),
        _work(known, "to_pack", gettext("Shipments to pack"), "office.shipments",
              meta=gettext("Somebody is at the shelves"), state="picking"),
        _work(known, "to_dispatch", gettext("Shipments to dispatch"), "office.shipments",
              meta=gettext("Packed, waiting for the carrier"), tone="wait", state="packed"),
        _work(known, "arrivals", gettext("Expected arrivals"), "office.stock",
              meta=coming, view="coming"),
    ]  # fmt: skip


def _account_works(known: dict[str, Any]) -> list[Work | None]:
    since, payers = known.get("overdue_since"), known.get("overdue_customers", 0)
    late = ngettext("%(num)s customer", "%(num)s customers", payers)
    if since:
        late = gettext(
            "%(customers)s · longest %(days)s days",
            customers=late, days=(clock.today() - since).days,
        )  # fmt: skip
    certain = known.get("proposed", 0)
    return [
        _work(known, "to_bill", gettext("Shipped, not invoiced"), "office.shipments",
              meta=gettext("Dispatched and on no invoice"), tone="wait", state="to_bill"),
        _work(known, "unmatched", gettext("Receipts to match"), "office.match",
              meta=ngettext("%(num)s with a proposal", "%(num)s with proposals", certain)),
        _work(known, "overdue", gettext("Overdue invoices"), "office.invoices",
              meta=late, tone="stop", view="overdue"),
        _work(known, "checks_due", gettext("Checks of customers"), "office.checks_due",
              meta=gettext("Failed, to be reviewed, or a contract that ends"), tone="wait"),
    ]  # fmt: skip
