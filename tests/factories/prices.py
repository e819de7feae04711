"""Price lists for tests."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.factories.people import BY
from wholesale.catalog.models import Sku
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.pricing.listing import make_list
from wholesale.pricing.models import OwnerKind, PriceList, PriceRule, RuleKind, Scope


def make_price_rule(
    owner: tuple[OwnerKind, int], scope: Scope, thing: int, value: str, *, days: int = -365,
    **more: object,
) -> PriceRule:  # fmt: skip
    """A rate (up to 1) or a fixed price in yen, beginning in so many days from today."""
    kind = RuleKind.RATE if Decimal(value) <= 1 else RuleKind.FIXED
    rule = PriceRule(
        owner_kind=owner[0], owner_id=owner[1], kind=kind, scope=scope, object_id=thing,
        currency="" if kind is RuleKind.RATE else "JPY", value=Decimal(value),
        valid_from=clock.today() + timedelta(days=days), **more,
    )  # fmt: skip
    session.add(rule)
    session.flush()  # prices are read by Core
    return rule


def make_price_list(sku: Sku, code: str = "STD") -> tuple[PriceList, PriceRule]:
    """A list with a rate that begins in ten days."""
    prices = make_list(code, {"ja": "標準価格表", "en": "Standard"}, BY)
    rule = make_price_rule(
        (OwnerKind.PRICE_LIST, prices.id), Scope.PRODUCT, sku.product_id, "0.58", days=10
    )
    return prices, rule
