"""A page of the catalogue costs the same number of statements, however many rules there are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import func, insert, select

from tests.factories.goods import make_category, make_product, make_sku
from tests.factories.people import Cast
from tests.pricing.counting import statements
from wholesale.catalog.models import Catalog
from wholesale.customers.models import Customer, CustomerGroup
from wholesale.kernel import clock, db
from wholesale.kernel.db import session
from wholesale.offers.listing import Asked, catalogue_page
from wholesale.pricing.models import (
    OwnerKind,
    PriceRule,
    RuleKind,
    Scope,
    object_key,
    owner_key,
)

PAGE, MANY = 48, 20_000


def add_rules(owner: tuple[OwnerKind, int], objects: list[tuple[Scope, int]], count: int) -> None:
    """So many rates of one owner on these objects in turn, each from another quantity on."""
    rows = []
    for number in range(count):
        scope, thing = objects[number % len(objects)]
        rows.append({
            "owner_key": owner_key(*owner), "object_key": object_key(scope, thing),
            "owner_kind": owner[0], "owner_id": owner[1], "kind": RuleKind.RATE, "scope": scope,
            "object_id": thing, "value": Decimal("0.5"), "minimum": 1 + number // len(objects),
            "valid_from": date(2025, 1, 1),
        })  # fmt: skip
    session.execute(insert(PriceRule), rows)


def test_a_page_of_the_catalogue_costs_the_same_with_ten_rules_or_twenty_thousand(
    cast: Cast,
) -> None:
    ware = make_category("器")
    products = [make_product(f"鉢 {n}", category=ware) for n in range(PAGE)]
    skus = [make_sku(product) for product in products]
    if not session.scalar(select(func.count()).select_from(Catalog)):
        session.add(Catalog(code="ALL", name={"ja": "標準"}, holds_everything=True))
    rank = CustomerGroup(code="A", name={"ja": "A"})
    session.add(rank)
    session.flush()
    cast.nordwind.group_id = rank.id
    objects = [
        (Scope.CATEGORY, ware.id), *((Scope.PRODUCT, one.id) for one in products),
        *((Scope.SKU, one.id) for one in skus),
    ]  # fmt: skip
    counts = []
    mine = (OwnerKind.CUSTOMER, cast.nordwind.id)
    # the first look fills what the program keeps for a minute
    for owner, rules in (((OwnerKind.GROUP, rank.id), 10), (mine, 0), (mine, MANY)):
        if rules:
            add_rules(owner, objects, rules)
        counts.append(statements_of_a_page(cast.nordwind.id))
    assert counts[1] == counts[2], counts


def statements_of_a_page(customer_id: int) -> int:
    """How many statements one page costs in a unit of its own, every item with its price."""
    session.commit()
    session.expunge_all()
    session.info.clear()
    db.acts_as(db.Principal.system("test"))
    customer = session.get_one(Customer, customer_id)
    with statements() as sent:
        page = catalogue_page(customer, Asked(), at=clock.now(), size=PAGE)
    assert len(page.offers) == PAGE
    assert all(offer.price is not None for offer in page.offers)
    return len(sent)
