"""What carriage costs: the nearest rule, its thresholds to the yen, and one fee per day as ordered."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from tests.factories.freight import make_rule, rule_values
from tests.factories.goods import make_sku
from tests.factories.orders import BY, ship_to_of
from tests.factories.people import Cast
from tests.portal.test_statements import statements
from wholesale.company.models import TaxClass
from wholesale.customers.models import Customer, PaymentMeans
from wholesale.customers.queries import MoneyTerms, forget_terms, money_terms, terms_on
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.offers import freight, freight_rules
from wholesale.offers.freight import Delivery, charges, missing_to_free
from wholesale.offers.models import FreightRule
from wholesale.orders.checkout import Requested, review
from wholesale.orders.models import LineKind, OrderSource
from wholesale.orders.placing import OrderRequest, place_request

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _fresh(database: None) -> Iterator[None]:
    for once in (True, False):
        freight.forget_rules()
        forget_terms()
        session.info.pop("company", None)
        if once:
            yield


def terms_of(customer: Customer) -> MoneyTerms:
    forget_terms()
    return money_terms(customer, TODAY)


def delivery(net: int, **more) -> Delivery:
    return Delivery(**{"net": Decimal(net), "country": "JP", "region": "京都府", **more})


def cost(terms: MoneyTerms, *parts: Delivery, is_export: bool = False) -> list[tuple[str, int]]:
    made = charges(terms, parts, on=TODAY, is_export=is_export)
    return [(one.kind.value, int(one.amount)) for one in made]


@pytest.mark.parametrize(("net", "fee"), [(1, 1200), (29_999, 1200), (30_000, 0), (0, 0)])
def test_the_companys_freight_is_free_from_thirty_thousand(cast: Cast, net: int, fee: int) -> None:
    terms = terms_of(cast.nordwind)
    assert cost(terms, delivery(net)) == ([("freight", fee)] if fee else [])
    missing = missing_to_free(terms, [delivery(net)], on=TODAY)
    assert missing == (30_000 - net if fee else (0 if net else 30_000))


def test_the_customers_own_terms_are_nearest(cast: Cast) -> None:
    make_rule(fee="800", regions="京都府")
    assert cost(terms_of(cast.nordwind), delivery(100)) == [("freight", 800)]
    row = terms_on(cast.nordwind.id, TODAY)
    assert row is not None
    row.freight_fee, row.freight_free_from = Decimal(500), Decimal(5000)
    session.flush()
    terms = terms_of(cast.nordwind)
    assert cost(terms, delivery(4999)) == [("freight", 500)]
    assert cost(terms, delivery(5000)) == []


def test_the_nearest_place_then_the_highest_threshold_counts(cast: Cast) -> None:
    terms = terms_of(cast.nordwind)
    make_rule(fee="1500")
    make_rule(fee="900", country="JP")
    make_rule(fee="2500", regions="北海道,沖縄県")
    make_rule(fee="700", country="JP", min_amount="10000")
    make_rule(fee="3000", country="JP", min_weight_grams=20_000)
    assert cost(terms, delivery(9_999)) == [("freight", 900)]
    assert cost(terms, delivery(10_000)) == [("freight", 700)]
    assert cost(terms, delivery(9_999, weight_grams=19_999)) == [("freight", 900)]
    assert cost(terms, delivery(9_999, weight_grams=20_000)) == [("freight", 3000)]
    assert cost(terms, delivery(10_000, region="沖縄県")) == [("freight", 2500)]
    assert cost(terms, delivery(100, country="US", region="CA"), is_export=True) == [
        ("freight", 1500)
    ]


def test_equals_are_told_apart_by_order_then_start_then_row(cast: Cast) -> None:
    terms = terms_of(cast.nordwind)
    make_rule(fee="100")
    make_rule(fee="200")
    assert cost(terms, delivery(1)) == [("freight", 200)]
    make_rule(fee="300", valid_from=date(2019, 1, 1))
    assert cost(terms, delivery(1)) == [("freight", 200)]
    make_rule(fee="400", position=1)
    assert cost(terms, delivery(1)) == [("freight", 200)]


def test_rules_of_other_days_and_currencies_never_count(cast: Cast) -> None:
    terms = terms_of(cast.nordwind)
    make_rule(fee="1", currency="USD")
    make_rule(fee="2", valid_from=date(2026, 11, 21))
    make_rule(fee="3", valid_until=date(2026, 11, 19))
    make_rule(fee="4", is_active=False)
    assert cost(terms, delivery(1)) == [("freight", 1200)]


@pytest.mark.parametrize(
    ("basis", "fee"), [("delivery", 100), ("kilogram", 300), ("piece", 1200), ("carton", 200)]
)
def test_a_fee_is_counted_by_begun_units(cast: Cast, basis: str, fee: int) -> None:
    make_rule(fee="100", basis=basis)
    one = delivery(1, weight_grams=2001, quantity=12, cartons=2)
    assert cost(terms_of(cast.nordwind), one) == [("freight", fee)]


def test_fees_stand_beside_the_freight(cast: Cast) -> None:
    make_rule(kind="cash_on_delivery", fee="330")
    make_rule(kind="cash_on_delivery", fee="440", min_amount="10000")
    make_rule(kind="handling", fee="150", free_from="20000")
    row = terms_on(cast.nordwind.id, TODAY)
    assert row is not None
    assert cost(terms_of(cast.nordwind), delivery(9_999)) == [("freight", 1200), ("handling", 150)]
    row.payment_means = PaymentMeans.CASH_ON_DELIVERY
    session.flush()
    terms = terms_of(cast.nordwind)
    assert cost(terms, delivery(9_999)) == [
        ("freight", 1200), ("cash_on_delivery", 330), ("handling", 150),
    ]  # fmt: skip
    assert cost(terms, delivery(30_000)) == [("cash_on_delivery", 440)]


def test_each_delivery_day_pays_for_itself(cast: Cast) -> None:
    terms = terms_of(cast.nordwind)
    parts = (delivery(29_999), delivery(30_000), delivery(1))
    assert cost(terms, *parts) == [("freight", 1200), ("freight", 1200)]
    assert missing_to_free(terms, parts, on=TODAY) == 1


def test_a_split_that_is_ours_costs_nothing_more_and_one_that_is_wished_does(cast: Cast) -> None:
    there, later = make_sku(list_price="1000"), make_sku(list_price="1000")
    wish = date(2026, 12, 10)

    def seen(*lines: Requested) -> list[int]:
        made = review(
            cast.nordwind, lines, ship_to=ship_to_of(cast.nordwind), wished_on=None,
            at=clock.now(), portal=False,
        )  # fmt: skip
        return [int(one.amount) for one in made.charges]

    assert seen(Requested(there.id, 10), Requested(later.id, 10)) == [1200]
    assert seen(Requested(there.id, 10), Requested(later.id, 10, wished_on=wish)) == [1200, 1200]
    assert seen(Requested(there.id, 50), Requested(later.id, 10, wished_on=wish)) == [1200]


def test_the_order_keeps_its_charges_with_their_tax(cast: Cast) -> None:
    rule = make_rule(fee="800", country="JP")
    make_rule(kind="handling", fee="100", name={"ja": "梱包料"}, tax_class="exempt")
    sku = make_sku(list_price="1000")
    order = place_request(
        OrderRequest(
            customer=cast.nordwind, lines=[Requested(sku.id, 10)], source=OrderSource.STAFF,
            ship_to=ship_to_of(cast.nordwind),
        ),
        BY,
    )  # fmt: skip
    fees = [line for line in order.lines if line.kind is not LineKind.GOODS]
    assert [(line.kind, line.code, int(line.amount), line.tax_class) for line in fees] == [
        (LineKind.FREIGHT, "FREIGHT", 800, TaxClass.STANDARD),
        (LineKind.FEE, "HANDLING", 100, TaxClass.EXEMPT),
    ]
    assert fees[0].price_rule == f"freight:rule:{rule.id}"
    assert (order.amount_net, order.tax_estimate) == (Decimal(6900), Decimal(680))
    freight_rules.save_rule(rule, rule_values(fee="1", country="JP"), rule.version, BY)
    session.expire_all()
    assert [int(line.amount) for line in order.lines][1:] == [800, 100]


def test_what_makes_no_sense_is_refused(cast: Cast) -> None:
    rule = make_rule(fee="1")
    with pytest.raises(freight_rules.RuleEndsEarly):
        make_rule(fee="1", valid_until=date(2019, 12, 31))
    with pytest.raises(freight_rules.FeeBelowZero):
        make_rule(fee="-1")
    with pytest.raises(Conflict):
        freight_rules.save_rule(rule, rule_values(fee="2"), rule.version + 1, BY)


def test_a_thousand_rules_cost_one_statement(cast: Cast) -> None:
    terms = terms_of(cast.nordwind)
    session.add_all(FreightRule(**rule_values(fee=str(n), min_amount=str(n))) for n in range(1000))
    session.flush()
    with statements() as seen:
        assert cost(terms, delivery(500), delivery(20)) == [("freight", 500), ("freight", 20)]
    assert len(seen) == 1


def slowly(rules: list[FreightRule], one: Delivery) -> int:
    """The obvious way: narrow the rules down, criterion by criterion."""
    left = [
        rule for rule in rules
        if rule.country in ("", one.country)
        and (rule.regions == "" or one.region in rule.regions.split(","))
        and rule.min_amount <= one.net and rule.min_weight_grams <= one.weight_grams
        and rule.min_quantity <= one.quantity and rule.min_cartons <= one.cartons
    ]  # fmt: skip
    if not left:
        return 1200 if one.net < 30_000 else 0
    for best in (
        lambda r: r.regions != "", lambda r: r.country != "", lambda r: r.min_amount,
        lambda r: r.min_weight_grams, lambda r: r.min_quantity, lambda r: r.min_cartons,
        lambda r: -r.position, lambda r: r.valid_from, lambda r: r.id,
    ):  # fmt: skip
        top = max(best(rule) for rule in left)
        left = [rule for rule in left if best(rule) == top]
    (rule,) = left
    return 0 if rule.free_from is not None and one.net >= rule.free_from else int(rule.fee)


def test_random_tables_agree_with_the_obvious_way(cast: Cast) -> None:
    random, terms = Random(7), terms_of(cast.nordwind)
    numbers = itertools.count(1)
    for _ in range(60):
        rules = [
            FreightRule(
                id=next(numbers),
                **rule_values(
                    fee=str(random.randrange(1, 3000)), country=random.choice(["", "JP", "US"]),
                    regions=random.choice(["", "京都府", "京都府,大阪府", "北海道"]),
                    min_amount=str(random.choice([0, 10_000, 20_000])),
                    min_weight_grams=random.choice([0, 0, 5000]),
                    min_quantity=random.choice([0, 0, 10]), min_cartons=random.choice([0, 0, 2]),
                    position=random.randrange(2), free_from=random.choice([None, "15000", "30000"]),
                    valid_from=date(2020 + random.randrange(2), 1, 1),
                ),
            )
            for _ in range(random.randrange(12))
        ]  # fmt: skip
        session.info["freight_rules"] = {("JPY", TODAY): rules}
        for _ in range(40):
            one = replace(
                delivery(random.choice([9_999, 10_000, 14_999, 15_000, 29_999, 30_000])),
                country=random.choice(["JP", "US", "FR"]), weight_grams=random.choice([0, 5000]),
                region=random.choice(["京都府", "大阪府", "北海道", "東京都"]),
                quantity=random.choice([1, 10]), cartons=random.choice([1, 2]),
            )  # fmt: skip
            fee = slowly(rules, one)
            assert cost(terms, one) == ([("freight", fee)] if fee else [])
