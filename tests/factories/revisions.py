"""Price revisions for tests."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from tests.factories.people import BY
from wholesale.catalog.models import Sku
from wholesale.customers.models import Customer
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.money import Rounding
from wholesale.pricing import editing, revision_filling, revisions
from wholesale.pricing.editing import Addition
from wholesale.pricing.models import Basis, OwnerKind, RuleKind, Scope
from wholesale.pricing.revision_filling import Rounded
from wholesale.pricing.revision_models import PriceNotice, PriceRevision
from wholesale.trade_docs import price_notices, printing

_numbers = itertools.count(1)
NEW_YEAR = date(2027, 1, 5)


def make_revision(
    basis: Basis = Basis.ORDER, *, percent: str = "10", effective_on: date = NEW_YEAR
) -> PriceRevision:
    """A draft that raises every list price in yen, rounded up to 10 yen."""
    revision = revisions.make_revision("2027年1月改定", effective_on, basis, BY)
    rounded = Rounded(Decimal(10), Rounding.UP)
    revision_filling.raise_list_prices(revision, Scope.ALL, 0, "JPY", Decimal(percent), rounded, BY)
    return revision


def make_price_notice(customer: Customer, sku: Sku) -> str:
    """A revision of one customer's own price alone, told to it; its number."""
    day = clock.today() + timedelta(days=40)
    revision = revisions.make_revision("特別価格の改定", day, Basis.ORDER, BY)
    price = Addition(
        RuleKind.FIXED, Scope.SKU, sku.id, Decimal(900 + next(_numbers)), currency="JPY"
    )
    plan = editing.plan(OwnerKind.CUSTOMER, customer.id, [], [price], day)
    revision_filling.take_plan(revision, plan, BY)
    revisions.announce(revision, revision.version, BY)
    facts = price_notices.draw_up(revision.id, customer.id)
    price_notices.post(revision.id, customer.id, facts, BY)
    session.flush()  # the notice is read by a query
    mine = PriceNotice.revision_id == revision.id
    notice = session.scalars(select(PriceNotice).where(mine)).one()
    printing.print_paper(notice.paper_id)
    return revision.number
