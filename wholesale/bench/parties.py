"""The bench's customers: terms, addresses, groups, and the price rules that hang on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from wholesale.bench import words
from wholesale.bench.goods import BRANDS, LEAVES, LONG_AGO, ROOTS, YEN
from wholesale.bench.sizes import SEED, Size
from wholesale.bench.writing import Writer
from wholesale.pricing.models import OwnerKind, Scope, object_key, owner_key

LIMIT = 200_000_000  # yen; far above what anybody of the set owes


@dataclass(frozen=True, slots=True)
class Party:
    """What the history needs to know of one customer."""

    id: int
    bill_to: int
    group: int
    currency: str
    percent: int
    months: int
    region: str
    warehouse: int
    limit: int | None


def party(number: int, size: Size) -> Party:
    """The customer with this number (from 1); every tenth is a store billed through the one before."""
    is_store = number % 10 == 0
    payer = number - 1 if is_store else number
    region = words.PREFECTURES[number % len(words.PREFECTURES)]
    warehouse = 3 if region in {"福岡県", "広島県", "沖縄県"} else (
        2 if region in {"東京都", "愛知県", "静岡県", "神奈川県"} else 1)  # fmt: skip
    return Party(
        id=number,
        bill_to=payer,
        group=number % size.groups + 1,
        currency="USD" if payer % 13 == 0 else "JPY",
        percent=50 + number % 20,
        months=2 if payer % 4 == 0 else 1,
        region=region,
        warehouse=warehouse,
        limit=None if payer % 3 == 0 else LIMIT,
    )


def write(out: Writer, size: Size) -> list[Party]:
    """Write customers and all that prices need; the customers, by number from 1."""
    parties = [party(number, size) for number in range(1, size.customers + 1)]
    out.rows(
        "customer_groups", "id code name",
        ((n, f"G{n:02d}", words.names(f"ランク{n}", f"Rank {n}", f"等级{n}"))
         for n in range(1, size.groups + 1)),
    )  # fmt: skip
    out.rows(
        "customers",
        "id code name name_en kana country locale state group_id bill_to_id registration_number "
        "postal_code region address building phone invoice_email priority notes since version",
        (_customer(one) for one in parties),
    )
    out.rows(
        "terms",
        "customer_id valid_from currency incoterm incoterm_place default_rate amount_basis billing "
        "closing_days payment_months payment_day payment_text fee_bearer credit_limit "
        "approval_needed",
        (_terms(one) for one in parties),
    )
    out.rows(
        "addresses",
        "id customer_id code kind name country postal_code region address phone attention "
        "receiving_hours is_default is_active",
        (_address(one) for one in parties),
    )
    _rules(out, size)
    return parties


def _customer(one: Party) -> tuple[Any, ...]:
    name, english, kana = words.firm(one.id)
    abroad = one.currency == "USD"
    return (
        one.id, f"C{one.id:05d}", name, english, kana, "US" if abroad else "JP",
        "en" if abroad else "ja", "active", one.group,
        one.bill_to if one.bill_to != one.id else None, "", "604-0001",
        "" if abroad else one.region, "中京区土紙町1-1", "", "075-000-0000",
        f"keiri{one.id}@example.jp", 5, "", LONG_AGO, 1,
    )  # fmt: skip


def _terms(one: Party) -> tuple[Any, ...]:
    return (
        one.id, LONG_AGO, one.currency, "", "", one.percent * YEN // 100, "unit_price",
        "per_shipment", "31", one.months, 31, "末締め",
        "payee" if one.id % 5 == 0 else "payer",
        one.limit * YEN if one.limit is not None else None, False,
    )  # fmt: skip


def _address(one: Party) -> tuple[Any, ...]:
    abroad = one.currency == "USD"
    return (
        one.id, one.id, f"C{one.id:05d}-1", "ship_to", f"{words.firm(one.id)[0]} 本店",
        "US" if abroad else "JP", "604-0001", "" if abroad else one.region, "中京区土紙町1-1",
        "075-000-0000", "", "", True, True,
    )  # fmt: skip


def _rules(out: Writer, size: Size) -> None:
    """A million price rows with the list prices: 200 owners with thousands, customers with tens."""
    random = Random(SEED + 1)
    lists = range(1, size.price_lists + 1)
    out.rows(
        "price_lists", "id code name",
        ((n, f"P{n:03d}", words.names(f"価格表{n}", f"Price list {n}", f"价目表{n}")) for n in lists),
    )  # fmt: skip
    out.rows(
        "customer_price_lists", "customer_id price_list_id position",
        ((customer, (customer * 7 + k * 31) % size.price_lists + 1, k)
         for customer in range(1, size.customers + 1) for k in range(1 + customer % 2)),
    )  # fmt: skip
    columns = (
        "owner_key object_key owner_kind owner_id kind scope object_id currency incoterm value "
        "minimum break_scope is_special valid_from valid_until"
    )
    for n in lists:
        out.rows("price_rules", columns,
                 _of_owner(OwnerKind.PRICE_LIST, n, size.rules_per_owner, size, random))  # fmt: skip
    for n in range(1, size.groups + 1):
        out.rows("price_rules", columns,
                 _of_owner(OwnerKind.GROUP, n, size.rules_per_owner, size, random))  # fmt: skip
    out.rows(
        "price_rules", columns,
        (row for n in range(1, size.customers + 1)
         for row in _of_owner(OwnerKind.CUSTOMER, n, size.rules_per_customer, size, random)),
    )  # fmt: skip


def _of_owner(
    kind: OwnerKind, owner: int, count: int, size: Size, random: Random
) -> Iterator[tuple[Any, ...]]:
    """Two thirds on SKUs, a quarter on products, the rest on categories and brands."""
    skus = min(count * 2 // 3, size.skus)
    products = min(count // 4, size.products)
    key = owner_key(kind, owner)
    for sku in random.sample(range(1, size.skus + 1), skus):
        if sku % 4:
            yield _rule(key, kind, owner, Scope.SKU, sku, random.randrange(45, 75))
        else:  # a quantity break: cheaper from twelve pieces on
            yield _rule(key, kind, owner, Scope.SKU, sku, random.randrange(40, 60), minimum=12)
    for product in random.sample(range(1, size.products + 1), products):
        yield _rule(key, kind, owner, Scope.PRODUCT, product, random.randrange(45, 75))
    rest = count - skus - products
    leaves = range(ROOTS + 1, ROOTS + ROOTS * LEAVES + 1)
    for category in random.sample(leaves, min(rest // 2, len(leaves))):
        yield _rule(key, kind, owner, Scope.CATEGORY, category, random.randrange(50, 75))
    for brand in random.sample(range(1, BRANDS + 1), min(rest - rest // 2, BRANDS)):
        yield _rule(key, kind, owner, Scope.BRAND, brand, random.randrange(50, 75))


def _rule(
    key: int, kind: OwnerKind, owner: int, scope: Scope, target: int, percent: int, minimum: int = 1
) -> tuple[Any, ...]:
    return (
        key, object_key(scope, target), kind.value, owner, "rate", scope.value, target, "", "",
        percent * YEN // 100, minimum, "product", False, LONG_AGO, None,
    )  # fmt: skip
