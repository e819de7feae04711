"""The demo's masters: goods, customers, prices, people and the first stock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from wholesale.accounts import inviting
from wholesale.accounts.models import BuyerRole
from wholesale.catalog.models import Brand, Category, Picture, Product, Sku
from wholesale.catalog.publishing import ProductDraft, SkuDraft, save_products
from wholesale.company import scheduling
from wholesale.company.models import TaxClass
from wholesale.customers import noting
from wholesale.customers.models import Customer, CustomerGroup, FeeBearer
from wholesale.customers.registering import AddressDraft, CustomerDraft, save_customers
from wholesale.demo.accounts import ACCOUNTS
from wholesale.demo.wording import called, rows
from wholesale.exchange.founding import found_demo_profile
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.payments import learning
from wholesale.pricing.models import OwnerKind, RuleKind, Scope
from wholesale.pricing.revising import RuleDraft, save_rules, set_list_prices
from wholesale.stock import ledger
from wholesale.stock.models import Location, Shelf

GROUPS = {
    "A": {"ja": "A ランク", "en": "Rank A", "zh": "A 级"},
    "B": {"ja": "B ランク", "en": "Rank B", "zh": "B 级"},
    "C": {"ja": "C ランク", "en": "Rank C", "zh": "C 级"},
    "D": {"ja": "百貨店・宿", "en": "Department stores and hotels", "zh": "百货与酒店"},
    "X": {"ja": "海外", "en": "Export", "zh": "海外"},
}
# What a unit of our currency is worth in export lists, rounded to half a unit of theirs.
EXPORT_LISTS = {"USD": Decimal("0.0048"), "EUR": Decimal("0.0044")}
KEPT_SCARCE = 6
AISLES = 6
PAID = {"1": "翌月末", "2": "翌々月末"}
MEMOS = {
    "K0231": "春の改装で器の棚が 1.5倍になる予定。灰白の次の窯出しは早めに声をかける。",
    "K0118": "検品所は平日 8:00〜11:00、前日までに予約。分納は 1回まで。",
}
COLOUR_PARTS = 4  # name, code, swatch, picture


def lay(by: Actor, since: date) -> None:
    """Everything the first day of the story needs."""
    found_demo_profile(by)
    _calendar(by, since)
    _goods(by)
    _prices(by, since)
    _customers(by, since)
    _people(by)
    _stock(by)


def _calendar(by: Actor, since: date) -> None:
    """Two carriers, and the summer break of each year of the story."""
    for code, name, cut_off in (("YAMATO", "ヤマト運輸", "14:00"), ("SAGAWA", "佐川急便", "15:00")):
        values = {"code": code, "name": {"ja": name}, "weekdays": "0123456", "cut_off": cut_off,
                  "is_default": code == "YAMATO", "is_active": True}  # fmt: skip
        scheduling.save_carrier(None, values, 0, by)
    for year in range(since.year, since.year + 4):
        for day in (13, 14):
            scheduling.save_special_day(date(year, 8, day), by, is_working=False, label="夏季休業")


def _goods(by: Actor) -> None:
    number = 0
    drafts = []
    for position, row in enumerate(rows("goods.csv"), 1):
        colours = [_colour(text) for text in row["colours"].split("|") if text]
        sizes = [tuple(text.split(":")) for text in row["sizes"].split("|") if text]
        skus = []
        for place, (colour, size) in enumerate(
            (c, s) for c in _or_none(colours) for s in _or_none(sizes)
        ):
            number += 1
            skus.append(
                _sku(
                    row,
                    colour,
                    size,
                    number,
                    place,
                    is_first=size in {None, sizes[0] if sizes else None},
                )
            )
        axes = [axis for axis, has in (
            ({"ja": "色", "en": "Colour", "zh": "颜色"}, colours),
            ({"ja": "大きさ", "en": "Size", "zh": "尺寸"}, sizes),
        ) if has]  # fmt: skip
        drafts.append(
            ProductDraft(
                row["code"],
                {
                    "name": {"ja": row["ja"], "en": row["en"], "zh": row["zh"]},
                    "reading": row["reading"], "axes": axes, "position": position, "origin": "JP",
                    "tax_class": TaxClass.REDUCED if row["reduced"] else TaxClass.STANDARD,
                },
                brand=row["brand"], category=row["category"], skus=skus,
            )
        )  # fmt: skip
    save_products(drafts, by)
    _pictures()
    _category_tree()
    for brand in session.scalars(select(Brand)):
        brand.name = called(brand.code)
    told = {row["code"]: row for row in rows("descriptions.csv")}
    for product in session.scalars(select(Product).where(Product.code.in_(told))):
        product.description = {tongue: told[product.code][tongue] for tongue in ("ja", "en", "zh")}


def _or_none(values: Sequence[tuple[str, ...]]) -> Sequence[tuple[str, ...] | None]:
    return values or [None]


def _colour(text: str) -> tuple[str, ...]:
    return tuple(text.split(":"))


def _sku(
    row: dict[str, str], colour: tuple[str, ...] | None, size: tuple[str, ...] | None,
    number: int, place: int, *, is_first: bool,
) -> SkuDraft:  # fmt: skip
    values: dict[str, Any] = {
        "jan": _jan(number), "multiple": int(row["multiple"]), "minimum": int(row["multiple"]),
        "carton_quantity": int(row["carton"]), "position": place, "leads": not colour or is_first,
        "weight_grams": 150 + 40 * (number % 9),
    }  # fmt: skip
    parts = [row["code"]]
    if colour:
        values |= {"option_1": called(colour[0]), "option_1_code": colour[1], "swatch": colour[2]}
        parts.append(colour[1])
    if size:
        axis = "2" if colour else "1"
        values |= {f"option_{axis}": called(size[0]), f"option_{axis}_code": size[1]}
        values["leads"] = values["leads"] if colour else True
        parts.append(size[1])
    return SkuDraft("-".join(parts), values)


def _jan(number: int) -> str:
    """A JAN of a maker's code that is kept for examples, with its check digit (JIS X 0501)."""
    twelve = f"4999999{number:05d}"
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return twelve + str(-weighed % 10)


def _pictures() -> None:
    ids = dict(session.execute(select(Product.code, Product.id)).all())
    for row in rows("goods.csv"):
        shown = {"": row["picture"]} | {
            c[1]: c[3] for c in map(_colour, row["colours"].split("|")) if len(c) == COLOUR_PARTS
        }
        for place, (colour, picture) in enumerate(shown.items()):
            session.add(
                Picture(
                    product_id=ids[row["code"]], option_1_code=colour, position=place,
                    asset=f"img/products/{picture}.svg",
                )
            )  # fmt: skip


def _category_tree() -> None:
    """器, 紙, 衣 and 食 above the categories of the file."""
    above = {"器": ("飯碗・鉢", "湯呑・急須", "皿", "花器・道具"), "紙": ("ノート・帳面", "便箋・封筒", "文具"),
             "衣": ("シャツ", "前掛け・袋", "手ぬぐい"), "食": ("茶・菓子",)}  # fmt: skip
    known = {category.code: category for category in session.scalars(select(Category))}
    for place, (root, below) in enumerate(above.items()):
        parent = Category(code=root, name=called(root), path="", position=place)
        session.add(parent)
        session.flush()  # the paths hold the ids
        parent.path = f"/{parent.id}/"
        for place_within, name in enumerate(below):
            child = known[name]
            child.name, child.position = called(name), place_within
            child.parent_id, child.path = parent.id, f"/{parent.id}/{child.id}/"


def _prices(by: Actor, since: date) -> None:
    prices = {row["code"]: Decimal(row["list_price"]) for row in rows("goods.csv")}
    steps = {
        "S": "0.9",
        "L": "1.2",
        "XL": "1.2",
        "18": "0.8",
        "24": "1.2",
        "26": "1.2",
        "B5": "1.2",
        "150": "1.7",
        "36": "1.2",
        "30": "1.4",
    }
    wanted = []
    for sku in session.scalars(select(Sku)):
        base = prices[sku.product.code]
        factor = Decimal(steps.get(sku.option_2_code or sku.option_1_code, "1"))
        home = (base * factor / 10).to_integral_value() * 10
        wanted.append((sku.id, "JPY", home, since))
        for currency, worth in EXPORT_LISTS.items():
            wanted.append((sku.id, currency, (home * worth * 2).to_integral_value() / 2, since))
    set_list_prices(wanted)
    groups = {}
    for code, name in GROUPS.items():
        groups[code] = CustomerGroup(code=code, name=name)
        session.add(groups[code])
    session.flush()  # rules name the groups
    categories = {c.code: c.id for c in session.scalars(select(Category))}
    rules = [
        RuleDraft(OwnerKind.GROUP, groups[group].id, RuleKind.RATE, Scope.CATEGORY, categories[category], Decimal(rate), since)
        for group, category, rate in (
            ("A", "紙", "0.60"), ("A", "衣", "0.62"), ("B", "衣", "0.65"),
            ("D", "紙", "0.58"), ("C", "食", "0.75"), ("B", "食", "0.72"),
        )
    ]  # fmt: skip
    rules += [  # more pieces of one product, all colours and sizes together
        RuleDraft(
            OwnerKind.GROUP, groups[group].id, RuleKind.RATE, Scope.CATEGORY, categories["シャツ"],
            Decimal(rate), since, minimum=minimum,
        )
        for group, minimum, rate in (
            ("A", 1, "0.62"), ("A", 10, "0.60"), ("A", 30, "0.58"), ("B", 1, "0.65"), ("B", 30, "0.62"),
        )
    ]  # fmt: skip
    rules.append(
        RuleDraft(
            OwnerKind.GROUP, groups["X"].id, RuleKind.RATE, Scope.ALL, 0, Decimal("0.5"), since
        )
    )
    save_rules(rules, by)


def _customers(by: Actor, since: date) -> None:
    groups = dict(session.execute(select(CustomerGroup.code, CustomerGroup.id)).all())
    listed = list(rows("customers.csv"))
    drafts = []
    for row in listed:
        values: dict[str, Any] = {
            name: row[name]
            for name in (
                "name",
                "name_en",
                "kana",
                "country",
                "locale",
                "region",
                "address",
                "postal_code",
                "phone",
            )
        }
        values |= {
            "group_id": groups[row["group"]],
            "invoice_email": f"keiri@{row['code'].lower()}.example",
        }
        terms: dict[str, Any] = {
            "currency": row["currency"], "closing_days": row["closing"],
            "default_rate": Decimal(row["rate"]) if row["rate"] else None,
            "payment_months": int(row["months"]), "fee_bearer": FeeBearer(row["fee_bearer"]),
            "credit_limit": Decimal(row["limit"]) if row["limit"] else None,
        }  # fmt: skip
        if row["closing"].isdigit():
            last = "末" if row["closing"] == "31" else f"{row['closing']}日"
            terms["payment_text"] = f"{last}締め {PAID[row['months']]}払い"
        if row["country"] != "JP":
            terms["payment_text"] = "Net 30 days"
            terms |= {"incoterm": "EXW", "payment_days": 30}
        address = {
            name: row[name]
            for name in ("name", "country", "region", "address", "postal_code", "phone")
        }
        ship_to = AddressDraft("1", address | {"receiving_hours": "9:00–17:00"})
        drafts.append(
            CustomerDraft(
                row["code"], values, terms, row["bill_to"], ship_tos=(ship_to, *_shops(row["code"]))
            )
        )
    save_customers(drafts, by, first_day=since)
    for customer in session.scalars(select(Customer)):
        if customer.code in MEMOS:
            noting.write_memo(customer, MEMOS[customer.code], by)
        if customer.kana and customer.code not in {"K0402", "K0448"}:
            learning.register(customer, customer.kana)


def _shops(code: str) -> tuple[AddressDraft, ...]:
    """The other places some customers are delivered to."""
    if code != "K0231":
        return ()
    shop = {
        "name": "北浜ライフスタイル 堀江店", "country": "JP", "region": "大阪府",
        "address": "大阪市西区南堀江 0-0-0", "postal_code": "550-0015", "phone": "06-0000-0232",
        "receiving_hours": "10:00–19:00",
    }  # fmt: skip
    return (AddressDraft("2", shop),)


def _people(by: Actor) -> None:
    customers = {c.code: c for c in session.scalars(select(Customer))}
    for account in ACCOUNTS:
        if account.role:
            inviting.add_staff(
                account.email,
                account.name,
                account.role,
                by,
                password=account.password,
                locale=account.locale,
            )
        else:
            inviting.add_buyer(
                account.email,
                account.name,
                customers[account.customer],
                by,
                role=BuyerRole.ADMIN,
                password=account.password,
            )


def _stock(by: Actor) -> None:
    for number, sku in enumerate(session.scalars(select(Sku).order_by(Sku.id))):
        scarce = number % 17 == KEPT_SCARCE
        ledger.opening(sku.id, "W1", 48 if scarce else 1200, by)
        if number % 3 == 0 and not scarce:
            ledger.opening(sku.id, "W2", 240, by)
        if number % 7 == 0 and not scarce:
            ledger.opening(sku.id, "W3", 120, by)
    _shelves()


def _shelves() -> None:
    """Aisle by category, bay and level by the order of the goods: B-02-3."""
    places = {place.code: place.id for place in session.scalars(select(Location))}
    for number, (sku, category) in enumerate(
        session.execute(
            select(Sku.id, Product.category_id)
            .join(Product, Product.id == Sku.product_id)
            .order_by(Sku.id)
        )
    ):
        aisle = chr(ord("A") + (category or 0) % AISLES)
        for place in ("W1", "W2", "W3"):
            shelf = f"{aisle}-{number // 4 % 9 + 1:02d}-{number % 4 + 1}"
            session.add(Shelf(sku_id=sku, location_id=places[place], code=shelf))
