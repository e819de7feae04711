"""Price revisions for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.factories.people import BY
from wholesale.kernel.money import Rounding
from wholesale.pricing import revision_filling, revisions
from wholesale.pricing.models import Basis, Scope
from wholesale.pricing.revision_filling import Rounded
from wholesale.pricing.revision_models import PriceRevision

NEW_YEAR = date(2027, 1, 5)


def make_revision(
    basis: Basis = Basis.ORDER, *, percent: str = "10", effective_on: date = NEW_YEAR
) -> PriceRevision:
    """A draft that raises every list price in yen, rounded up to 10 yen."""
    revision = revisions.make_revision("2027年1月改定", effective_on, basis, BY)
    rounded = Rounded(Decimal(10), Rounding.UP)
    revision_filling.raise_list_prices(revision, Scope.ALL, 0, "JPY", Decimal(percent), rounded, BY)
    return revision
