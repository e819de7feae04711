"""Freight rules for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from wholesale.company.models import TaxClass
from wholesale.kernel.access import Actor
from wholesale.offers.freight_rules import save_rule
from wholesale.offers.models import Basis, ChargeKind, FreightRule

BY = Actor.system("test")
PLAIN: dict[str, Any] = {
    "kind": ChargeKind.FREIGHT, "name": {}, "currency": "JPY", "country": "", "regions": "",
    "min_amount": Decimal(0), "min_weight_grams": 0, "min_quantity": 0, "min_cartons": 0,
    "basis": Basis.DELIVERY, "fee": Decimal(0), "free_from": None, "tax_class": TaxClass.STANDARD,
    "position": 0, "valid_from": date(2020, 1, 1), "valid_until": None, "is_active": True,
}  # fmt: skip
MONEY = {"fee", "free_from", "min_amount"}


def rule_values(**values: Any) -> dict[str, Any]:
    """Columns of a rule; money as text, kinds by their values."""
    told = {k: Decimal(v) if k in MONEY and v is not None else v for k, v in values.items()}
    kinds = {"kind": ChargeKind, "basis": Basis, "tax_class": TaxClass}
    return {**PLAIN, **told, **{k: kinds[k](v) for k, v in values.items() if k in kinds}}


def make_rule(**values: Any) -> FreightRule:
    """A rule of the table since 2020."""
    return save_rule(None, rule_values(**values), 0, BY)
