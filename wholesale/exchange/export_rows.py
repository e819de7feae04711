"""What exports tell of each product, customer, price, stock level and order line, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlalchemy.sql import Executable

from wholesale.catalog.models import Brand, Category, Product, Sku, SkuState
from wholesale.company.models import TaxClass
from wholesale.company.queries import company
from wholesale.customers.models import (
    Address,
    AddressKind,
    Billing,
    Customer,
    FeeBearer,
    Terms,
)
from wholesale.exchange.payment_words import payment_words
from wholesale.exchange.products import PRICE
from wholesale.kernel import clock
from wholesale.kernel.db import Names, session
from wholesale.kernel.money import Rounding, plain
from wholesale.kernel.tables import Cell
from wholesale.orders.models import LineKind, Order, OrderLine
from wholesale.payments.models import PayerName
from wholesale.pricing.models import BreakScope, ListPrice, OwnerKind, PriceRule, RuleKind, Scope
from wholesale.stock.models import Balance, Location, LocationKind, Lot, Shelf

PART = 1000
Told = dict[str, Cell]
MONTH_END = "31"

# The words of a sheet in Japanese and in English, as its import reads them.
TAX_WORDS = {
    TaxClass.STANDARD: ("標準10%", "standard 10%"), TaxClass.REDUCED: ("軽減8%", "reduced 8%"),
    TaxClass.EXEMPT: ("非課税", "exempt"), TaxClass.EXPORT: ("輸出免税", "export"),
}  # fmt: skip
STATE_WORDS = {
    SkuState.SELLING: ("販売中", "selling"), SkuState.HIDDEN: ("非公開", "hidden"),
    SkuState.DISCONTINUED: ("廃番", "discontinued"),
}  # fmt: skip
FEE_WORDS = {FeeBearer.PAYER: ("先方", "payer"), FeeBearer.PAYEE: ("当方", "payee")}
ROUNDING_WORDS = {
    Rounding.DOWN: ("切り捨て", "down"), Rounding.UP: ("切り上げ", "up"),
    Rounding.HALF_UP: ("四捨五入", "half up"),
}  # fmt: skip
SCOPE_WORDS = {
    Scope.SKU: ("SKU", "SKU"), Scope.PRODUCT: ("商品", "product"),
    Scope.CATEGORY: ("分類", "category"), Scope.BRAND: ("ブランド", "brand"),
    Scope.ALL: ("全商品", "all products"),
}  # fmt: skip
_OBJECTS: Mapping[Scope, Any] = {
    Scope.SKU: Sku, Scope.PRODUCT: Product, Scope.CATEGORY: Category, Scope.BRAND: Brand,
}  # fmt: skip

Rows = Callable[[int], Iterator[Told]]


def _parts(asked: Executable) -> Iterator[Sequence[Any]]:
    """The rows of a question, some at a time, whatever their number."""
    yield from session.execute(asked, execution_options={"yield_per": PART}).partitions()


def _name(names: Names | None, language: str) -> str:
    """A name in a language; the Japanese one falls back to any, since a row needs it."""
    if not names:
        return ""
    found = names.get(language, "")
    return found or (next(iter(names.values())) if language == "ja" else "")


def _exact(value: Decimal | None) -> Decimal | None:
    return None if value is None else plain(value)


def products(word: int) -> Iterator[Told]:
    """One row per SKU with its model and list prices in force."""
    asked = (
        select(Sku, Product, Brand.code, Category.code)
        .join(Product, Product.id == Sku.product_id)
        .outerjoin(Brand, Brand.id == Product.brand_id)
        .outerjoin(Category, Category.id == Product.category_id)
        .order_by(Product.position, Product.code, Sku.position, Sku.id)
    )
    home = company().currency
    for part in _parts(asked):
        prices = _list_prices([sku.id for sku, *_ in part])
        for sku, product, brand, category in part:
            told = _product(sku, product, word)
            told["brand"], told["category"] = brand, category
            for currency, amount in prices.get(sku.id, {}).items():
                told["list_price" if currency == home else PRICE + currency] = amount
            yield told


def _list_prices(sku_ids: Sequence[int]) -> dict[int, dict[str, Decimal]]:
    asked = (
        select(ListPrice.sku_id, ListPrice.currency, ListPrice.amount)
        .where(
            ListPrice.sku_id.in_(sku_ids), ListPrice.incoterm == "",
            ListPrice.valid_from <= clock.today(),
        )
        .order_by(ListPrice.valid_from, ListPrice.id)
    )  # fmt: skip
    found: dict[int, dict[str, Decimal]] = {}
    for sku, currency, amount in session.execute(asked):
        found.setdefault(sku, {})[currency] = plain(amount)
    return found


def _product(sku: Sku, product: Product, word: int) -> Told:
    told: Told = {
        "sku": sku.code, "product": product.code, "name": _name(product.name, "ja"),
        "name_en": _name(product.name, "en"), "name_zh": _name(product.name, "zh"),
        "reading": product.reading, "jan": sku.jan, "cost": _exact(sku.cost),
        "tax_class": TAX_WORDS[product.tax_class][word], "hs_code": product.hs_code,
        "origin": product.origin, "weight": sku.weight_grams, "carton": sku.carton_quantity,
        "multiple": sku.multiple, "minimum": sku.minimum, "launched_on": product.launched_on,
        "shelf_life": sku.shelf_life_days, "state": STATE_WORDS[sku.state][word],
    }  # fmt: skip
    for n in (1, 2, 3):
        if len(product.axes) >= n:
            told[f"axis_{n}"] = _name(product.axes[n - 1], "ja")
        option: Names | None = getattr(sku, f"option_{n}")
        told[f"option_{n}_code"] = getattr(sku, f"option_{n}_code")
        told[f"option_{n}"] = _name(option, "ja")
        told[f"option_{n}_en"], told[f"option_{n}_zh"] = _name(option, "en"), _name(option, "zh")
    return told


def customers(word: int) -> Iterator[Told]:
    """One row per customer with its terms in force today."""
    bill_to, pays_for = aliased(Customer), aliased(Customer)
    asked = (
        select(Customer, bill_to.code, pays_for.code)
        .outerjoin(bill_to, bill_to.id == Customer.bill_to_id)
        .outerjoin(pays_for, pays_for.id == Customer.pays_for_id)
        .where(Customer.merged_into_id.is_(None))
        .order_by(Customer.code)
    )
    for part in _parts(asked):
        ids = [one.id for one, *_ in part]
        terms = {
            row.customer_id: row
            for row in session.scalars(
                select(Terms)
                .where(Terms.customer_id.in_(ids), Terms.valid_from <= clock.today())
                .order_by(Terms.valid_from)
            )
        }
        names: dict[int, list[str]] = {}
        registered = PayerName.customer_id.in_(ids) & PayerName.is_registered
        for name in session.scalars(select(PayerName).where(registered).order_by(PayerName.id)):
            names.setdefault(name.customer_id, []).append(name.raw)
        for one, payer, group in part:
            told = _customer(one, payer, group)
            told["payer_names"] = ";".join(dict.fromkeys(names.get(one.id, [])))
            if one.id in terms:
                told |= _terms(terms[one.id], word)
            yield told


def _customer(one: Customer, payer: str | None, group: str | None) -> Told:
    return {
        "code": one.code, "name": one.name, "name_en": one.name_en, "kana": one.kana,
        "bill_to": payer, "pays_for": group, "country": one.country, "locale": one.locale,
        "postal_code": one.postal_code, "region": one.region, "address": one.address,
        "building": one.building, "phone": one.phone, "email": one.invoice_email,
        "registration": one.registration_number, "notes": one.notes,
    }  # fmt: skip


def _terms(terms: Terms, word: int) -> Told:
    modes = [
        ROUNDING_WORDS[mode][word] if mode else "" for mode in (terms.amount_mode, terms.tax_mode)
    ]
    per_shipment = ("都度", "per shipment")[word]
    return {
        "currency": terms.currency,
        "incoterm": terms.incoterm or ("国内卸", "domestic")[word], "place": terms.incoterm_place,
        "closing": _closing(terms, word) if terms.billing is Billing.PERIODIC else per_shipment,
        "payment": payment_words(terms), "fee": FEE_WORDS[terms.fee_bearer][word],
        "rate": _exact(terms.default_rate * 100) if terms.default_rate is not None else None,
        "rounding": modes[0] if modes[0] == modes[1] else "/".join(modes),
        "limit": _exact(terms.credit_limit), "minimum": _exact(terms.minimum_amount),
    }  # fmt: skip


def _closing(terms: Terms, word: int) -> str:
    end = ("末", "end")[word]
    days = [end if day == MONTH_END else day for day in terms.closing_days.split(",") if day]
    return "・".join(days) if word == 0 else ",".join(days)


def ship_tos(_: int) -> Iterator[Told]:
    """One row per address that receives."""
    asked = (
        select(Customer.code, Address)
        .join(Address, Address.customer_id == Customer.id)
        .where(
            Address.kind == AddressKind.SHIP_TO,
            Address.is_active,
            Customer.merged_into_id.is_(None),
        )
        .order_by(Customer.code, Address.code)
    )
    for part in _parts(asked):
        for code, one in part:
            yield {
                "code": code, "ship_to": one.code, "name": one.name, "attention": one.attention,
                "country": one.country, "postal_code": one.postal_code, "region": one.region,
                "address": one.address, "phone": one.phone,
            }  # fmt: skip


def rates(word: int) -> Iterator[Told]:
    """One row per rate of a customer: a share of the list price."""
    return _rules(RuleKind.RATE, word)


def fixed_prices(word: int) -> Iterator[Told]:
    """One row per fixed price of a customer."""
    return _rules(RuleKind.FIXED, word)


def _rules(kind: RuleKind, word: int) -> Iterator[Told]:
    """What a sheet can say: no special prices, no breaks of another scope than the product."""
    asked = (
        select(Customer.code, PriceRule)
        .join(Customer, Customer.id == PriceRule.owner_id)
        .where(
            PriceRule.owner_kind == OwnerKind.CUSTOMER, PriceRule.kind == kind,
            PriceRule.incoterm == "", PriceRule.is_special.is_(False),
            PriceRule.break_scope == BreakScope.PRODUCT,
        )
        .order_by(Customer.code, PriceRule.scope, PriceRule.object_id, PriceRule.minimum,
                  PriceRule.valid_from, PriceRule.id)
    )  # fmt: skip
    for part in _parts(asked):
        codes = _codes([rule for _, rule in part])
        for customer, rule in part:
            told: Told = {
                "customer": customer, "scope": SCOPE_WORDS[rule.scope][word],
                "object": codes.get((rule.scope, rule.object_id), ""), "minimum": rule.minimum,
                "valid_from": rule.valid_from, "valid_until": rule.valid_until,
            }  # fmt: skip
            if kind is RuleKind.RATE:
                told["rate"] = plain(rule.value * 100)
            else:
                told["currency"], told["price"] = rule.currency, plain(rule.value)
            yield told


def _codes(rules: Sequence[PriceRule]) -> dict[tuple[Scope, int], str]:
    found = {}
    for scope, model in _OBJECTS.items():
        ids = {rule.object_id for rule in rules if rule.scope is scope}
        if ids:
            for row_id, code in session.execute(
                select(model.id, model.code).where(model.id.in_(ids))
            ):
                found[scope, row_id] = code
    return found


def stock(_: int) -> Iterator[Told]:
    """One row per SKU, warehouse and lot with what is on hand."""
    asked = (
        select(Location.code, Location.name, Sku.code, Balance.on_hand, Shelf.code, Lot.code,
               Lot.best_before)
        .join(Location, Location.id == Balance.location_id)
        .join(Sku, Sku.id == Balance.sku_id)
        .outerjoin(Lot, Lot.id == Balance.lot)
        .outerjoin(
            Shelf,
            (Shelf.sku_id == Balance.sku_id) & (Shelf.location_id == Balance.location_id),
        )
        .where(Location.kind == LocationKind.WAREHOUSE, Location.is_own)
        .order_by(Location.code, Sku.code, Balance.lot)
    )  # fmt: skip
    for part in _parts(asked):
        for place, names, sku, on_hand, shelf, lot, best_before in part:
            yield {
                "location": place, "location_name": _name(names, "ja"), "sku": sku,
                "quantity": on_hand, "shelf": shelf, "lot": lot, "best_before": best_before,
            }  # fmt: skip


def orders(_: int) -> Iterator[Told]:
    """One row per line of goods of every order, the newest order first."""
    asked = (
        select(
            Order.number,
            Order.placed_at,
            Order.state,
            Order.currency,
            Order.ship_to,
            Customer.code,
            Customer.name,
            OrderLine.code,
            OrderLine.description,
            OrderLine.quantity,
            OrderLine.dropped,
            OrderLine.shipped,
            OrderLine.unit_price,
            OrderLine.amount,
            OrderLine.wished_on,
            OrderLine.promised_on,
            OrderLine.po_number,
            OrderLine.note,
        )
        .join(Order, Order.id == OrderLine.order_id)
        .join(Customer, Customer.id == Order.customer_id)
        .where(OrderLine.kind == LineKind.GOODS)
        .order_by(Order.id.desc(), OrderLine.position)
    )
    for part in _parts(asked):
        for line in part:
            yield _order_line(line)


def _order_line(line: Any) -> Told:
    (number, placed_at, state, currency, ship_to, customer, name, sku, description, quantity,
     dropped, shipped, price, amount, wished_on, promised_on, po_number, note) = line  # fmt: skip
    return {
        "number": number, "ordered_on": clock.local(placed_at).date(), "customer": customer,
        "customer_name": name, "ship_to": ship_to.get("code", ""), "po_number": po_number,
        "sku": sku, "description": _name(description, "ja"), "quantity": quantity,
        "shipped": shipped, "open": quantity - dropped - shipped, "price": plain(price),
        "amount": plain(amount), "currency": currency, "wished_on": wished_on,
        "promised_on": promised_on, "state": state.value, "note": note,
    }  # fmt: skip
