"""Prices below the floor are for those who may go there."""

from __future__ import annotations

from wholesale.accounts.permissions import Permission
from wholesale.pricing import editing
from wholesale.pricing.editing import Plan
from wholesale.pricing.effects import effect
from wholesale.pricing.floors import price_floor
from wholesale.web.door import the_visitor


def keep_above_floor(plan: Plan) -> None:
    """Whether the visitor may do what a plan does. Raises BelowFloor."""
    if the_visitor().may(Permission.PRICES_UNDERCUT) or price_floor() is None:
        return
    made = effect(plan)
    if made.below_first is not None:
        code = made.facts[made.below_first.sku_id].code
        raise editing.BelowFloor(count=made.below, sku=code)
