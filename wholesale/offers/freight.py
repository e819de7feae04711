"""What carriage and its fees cost an order: per ship-to and ship date, as ordered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from sqlalchemy import or_, select

from wholesale.company.models import TaxClass
from wholesale.customers.queries import MoneyTerms
from wholesale.kernel.db import Names, session
from wholesale.kernel.money import ZERO, Rounding, plain, round_to
from wholesale.offers.models import Basis, ChargeKind, FreightRule

NAMES: dict[ChargeKind, Names] = {
    ChargeKind.FREIGHT: {"ja": "送料", "en": "Freight", "zh": "运费"},
    ChargeKind.CASH_ON_DELIVERY: {"ja": "代引手数料", "en": "Cash on delivery", "zh": "货到付款手续费"},
    ChargeKind.HANDLING: {"ja": "取扱手数料", "en": "Handling", "zh": "处理费"},
}  # fmt: skip
GRAMS = 1000


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes to one ship-to on one day, as it was ordered. `net` is after line discounts."""

    net: Decimal
    country: str
    region: str
    weight_grams: int = 0
    quantity: int = 0
    cartons: int = 0
    wished_on: date | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """One fee of one delivery, net. `rule` says where it comes from: terms, rule:7, company."""

    kind: ChargeKind
    name: Names
    amount: Decimal
    tax_class: TaxClass
    rule: str
    wished_on: date | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """What a rule states of one delivery: the fee, and from which net sum on it is free."""

    name: Names
    fee: Decimal
    free_from: Decimal | None
    tax_class: TaxClass
    rule: str


def charges(
    terms: MoneyTerms, deliveries: Sequence[Delivery], *, on: date, is_export: bool
) -> tuple[Charge, ...]:
    """Freight and fees of every delivery. One statement, whatever the number of rules."""
    rules = _rules(terms.currency, on)
    found = []
    for delivery in deliveries:
        if not delivery.net:
            continue
        for kind in _kinds(terms):
            stated = stated_for(terms, rules, kind, delivery)
            if stated is None or _is_free(stated, delivery.net) or not stated.fee:
                continue
            tax_class = TaxClass.EXPORT if is_export else stated.tax_class
            found.append(
                Charge(kind, stated.name, stated.fee, tax_class, stated.rule, delivery.wished_on)
            )
    return tuple(found)


def missing_to_free(terms: MoneyTerms, deliveries: Sequence[Delivery], *, on: date) -> Decimal:
    """How much more must be ordered for free carriage; 0 where it is free or never is.

    Of several deliveries, the first that still pays.
    """
    rules = _rules(terms.currency, on)
    for delivery in deliveries:
        stated = stated_for(terms, rules, ChargeKind.FREIGHT, delivery)
        if stated and stated.fee and stated.free_from and not _is_free(stated, delivery.net):
            return stated.free_from - delivery.net
    return ZERO


def stated_for(
    terms: MoneyTerms, rules: Iterable[FreightRule], kind: ChargeKind, delivery: Delivery
) -> Stated | None:
    """The nearest rule: the customer's own terms, then the table, then the company's default."""
    if kind is ChargeKind.FREIGHT and terms.freight_is_own:
        return _of_terms(terms, "terms")
    fitting = [rule for rule in rules if rule.kind is kind and _fits(rule, delivery)]
    if fitting:
        rule = max(fitting, key=lambda one: one.nearness)
        fee = plain(round_to(rule.fee * _units(rule, delivery), terms.amount_digits, Rounding.DOWN))
        name = rule.name or NAMES[kind]
        return Stated(name, fee, rule.free_from, rule.tax_class, f"rule:{rule.id}")
    return _of_terms(terms, "company") if kind is ChargeKind.FREIGHT else None


def _of_terms(terms: MoneyTerms, rule: str) -> Stated:
    free_from = terms.freight_free_from
    name = NAMES[ChargeKind.FREIGHT]
    return Stated(name, terms.freight_fee, free_from, TaxClass.STANDARD, rule)


def _kinds(terms: MoneyTerms) -> list[ChargeKind]:
    if terms.cash_on_delivery:
        return list(ChargeKind)
    return [kind for kind in ChargeKind if kind is not ChargeKind.CASH_ON_DELIVERY]


def _is_free(stated: Stated, net: Decimal) -> bool:
    return stated.free_from is not None and net >= stated.free_from


def _fits(rule: FreightRule, delivery: Delivery) -> bool:
    return (
        rule.country in {"", delivery.country}
        and (not rule.regions or delivery.region in rule.regions.split(","))
        and delivery.net >= rule.min_amount
        and delivery.weight_grams >= rule.min_weight_grams
        and delivery.quantity >= rule.min_quantity
        and delivery.cartons >= rule.min_cartons
    )


def _units(rule: FreightRule, delivery: Delivery) -> Decimal:
    kilograms = (Decimal(delivery.weight_grams) / GRAMS).to_integral_value(ROUND_CEILING)
    return {
        Basis.DELIVERY: Decimal(1), Basis.KILOGRAM: kilograms,
        Basis.PIECE: Decimal(delivery.quantity), Basis.CARTON: Decimal(delivery.cartons),
    }[rule.basis]  # fmt: skip


def _rules(currency: str, on: date) -> list[FreightRule]:
    """The rules in force on a day, in one currency; read once per session."""
    kept: dict[tuple[str, date], list[FreightRule]] = session.info.setdefault("freight_rules", {})
    if (currency, on) not in kept:
        kept[currency, on] = list(
            session.scalars(
                select(FreightRule).where(
                    FreightRule.currency == currency,
                    FreightRule.is_active,
                    FreightRule.valid_from <= on,
                    or_(FreightRule.valid_until.is_(None), FreightRule.valid_until >= on),
                )
            )
        )
    return kept[currency, on]


def forget_rules() -> None:
    """Rules have changed in this unit of work: read them again."""
    session.info.pop("freight_rules", None)
