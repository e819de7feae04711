"""What the customer was told of price revisions: its own old and new prices, as letter and as table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from flask import Response
from sqlalchemy import select
from werkzeug.exceptions import Forbidden

from wholesale.accounts.permissions import Permission
from wholesale.kernel import clock, files
from wholesale.kernel.db import session
from wholesale.kernel.tables import XLSX
from wholesale.portal import lookups
from wholesale.portal.blueprints import portal
from wholesale.portal.invoices import paper_answer
from wholesale.pricing.notices import told
from wholesale.pricing.revision_models import PriceNotice, PriceRevision, RevisionState
from wholesale.trade_docs.price_notices import facts_of_paper
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs
from wholesale.web.lookups import found

SHOWN, AFTERWARDS = 3, timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the list, net: list price and own price, old and new; None where there is none."""

    code: str
    description: str
    list_before: Decimal | None
    list_after: Decimal | None
    before: Decimal | None
    after: Decimal | None
    change: str


def newest() -> list[tuple[PriceNotice, PriceRevision]]:
    """What the front page tells: revisions to come, and those of the last weeks; no sums, no news."""
    someone = the_visitor()
    if not someone.sees_prices or someone.customer_id is None:
        return []
    return told([someone.customer_id], clock.today() - AFTERWARDS, SHOWN)


@portal.get("/price-notices/<number>")
@needs(Permission.CATALOG_READ)
def price_notice(number: str) -> Answer:
    """One revision: the customer's own old and new prices, as they were sent."""
    notice, revision = _own(number)
    facts = facts_of_paper(lookups.own_paper(notice.paper_id))
    return answer(
        "portal/price_notices/show.html", notice=notice, facts=facts,
        lines=[_line(one) for one in facts["lines"]],
        is_withdrawn=revision.state is RevisionState.CANCELLED,
    )  # fmt: skip


@portal.get("/price-notices/<number>/pdf")
@needs(Permission.CATALOG_READ)
def price_notice_pdf(number: str) -> Response:
    """The letter itself."""
    return paper_answer(lookups.own_paper(_own(number)[0].paper_id))


@portal.get("/price-notices/<number>/xlsx")
@needs(Permission.CATALOG_READ)
def price_notice_table(number: str) -> Response:
    """The same list as an Excel file."""
    notice, _ = _own(number)
    reply = Response(files.read(notice.table_sha256), mimetype=XLSX)
    reply.headers["Content-Disposition"] = f'attachment; filename="{notice.number}.xlsx"'
    return reply


def _own(number: str) -> tuple[PriceNotice, PriceRevision]:
    """What the customer was told under this number. Raises Forbidden, NotFound."""
    someone = the_visitor()
    if not someone.sees_prices:
        raise Forbidden
    row = session.execute(
        select(PriceNotice, PriceRevision)
        .join(PriceRevision, PriceRevision.id == PriceNotice.revision_id)
        .where(PriceNotice.number == number, PriceNotice.customer_id == someone.customer_id)
    ).one_or_none()
    notice, revision = found(row)
    return notice, revision


def _line(one: dict[str, str]) -> Line:
    names = ("list_before", "list_after", "before", "after")
    figures = {name: Decimal(one[name]) if one[name] else None for name in names}
    return Line(one["code"], one["description"], change=one["change"], **figures)
