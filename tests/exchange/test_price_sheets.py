"""Prices by Excel: what goes out comes back as no change at all, and a changed cell as that change."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.factories.goods import make_brand, make_category, make_product, make_sku
from tests.factories.people import make_customer
from tests.factories.prices import make_price_list, make_price_rule
from tests.pricing.world import make_world
from wholesale.catalog.models import Catalog
from wholesale.customers.models import CustomerGroup
from wholesale.exchange import price_sheets
from wholesale.exchange.price_sheets import COLUMNS, TooManyForSheet
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.tables import Cell, workbook
from wholesale.kernel.text import in_language
from wholesale.pricing.effects import effect
from wholesale.pricing.models import ListPrice, OwnerKind, PriceRule, Scope
from wholesale.pricing.resolving import PLACES
from wholesale.pricing.revision_filling import skus_within

Rows = list[list[Cell]]


def sheets_of(content: bytes) -> dict[str, Rows]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: [list(row) for row in book.get_sheet_by_name(name).to_python()]
        for name in book.sheet_names
    }


def changed(content: bytes, sheet: int, row: int, column: int, value: Cell) -> bytes:
    """The same workbook with another cell; rows count from 1, the heads being 0."""
    sheets = sheets_of(content)
    name = list(sheets)[sheet]
    sheets[name][row][column] = value
    return workbook(
        (
            title,
            [str(head) for head in rows[0]],
            [[Decimal(repr(c)) if isinstance(c, float) else c or None for c in line] for line in rows[1:]],
        )
        for title, rows in sheets.items()
    )  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en", "zh", "zh-Hant"])
def test_every_rule_and_list_price_goes_out_and_comes_back_as_nothing(
    database: None, language: str
) -> None:
    """All owners of a made-up trade: categories, breaks, special prices, terms, dates, currencies."""
    world = make_world(21, density=0.06)
    by_group = PriceRule.owner_kind == OwnerKind.GROUP
    session.execute(PriceRule.__table__.update().where(by_group).values(value=Decimal("1.125")))
    translate = in_language(language)
    rows = 0
    for kind, owner in world.rules:
        wanted = price_sheets.of_owner((OwnerKind(kind), owner))
        content = price_sheets.export_rules(wanted, language, translate)
        if sum(len(sheet) for sheet in sheets_of(content).values()) == 2:
            continue
        brought = price_sheets.read(content, "prices.xlsx", clock.today())
        counts_nowhere = {one.reason for one in brought.report.refused}
        assert counts_nowhere <= {"counts_nowhere"}, brought.report.refused[:3]
        assert brought.together(clock.today()).is_empty
        rows += brought.report.unchanged
    today = clock.today()
    standing = session.scalars(select(PriceRule)).all()
    counting = [
        rule
        for rule in standing
        if (rule.valid_until is None or rule.valid_until >= today)
        and (rule.owner_kind, rule.kind, list(Scope).index(rule.scope)) in PLACES
    ]
    assert rows == len(counting) > 100
    lists = price_sheets.export_lists(skus_within(Scope.ALL, 0), language, translate)
    brought = price_sheets.read(lists, "lists.xlsx", clock.today())
    assert brought.report.refused == []
    assert brought.report.unchanged == brought.report.rows > 50
    assert brought.listed == []


def test_a_changed_cell_is_that_change_and_a_wrong_row_is_refused_with_its_place(
    database: None,
) -> None:
    ware = make_category("器")
    bowl = make_sku(make_product("鉢", category=ware), code="BOWL-1", list_price="2200")
    rank = CustomerGroup(code="A", name={"ja": "A"})
    session.add_all([rank, Catalog(code="KATA", name={"ja": "秋"})])
    session.flush()
    make_customer("yama", "山").group_id = rank.id
    rule = make_price_rule((OwnerKind.GROUP, rank.id), Scope.CATEGORY, ware.id, "0.58")
    wanted = price_sheets.of_owner((OwnerKind.GROUP, rank.id))
    content = price_sheets.export_rules(wanted, "ja", in_language("ja"))
    rate = COLUMNS["rates"].index("rate")
    day = clock.today() + timedelta(days=9)
    brought = price_sheets.read(changed(content, 0, 1, rate, Decimal(61)), "a.xlsx", day)
    (plan,) = brought.plans.values()
    assert [row["value"] for row in plan.added] == [Decimal("0.61")]
    assert plan.added[0]["valid_from"] == day
    seen = effect(brought.together(day))
    assert (seen.customers, seen.rise.before, seen.rise.after) == (1, 1276, 1342)
    session.refresh(rule)
    assert rule.value == Decimal("0.58")  # nothing is written
    heads = [in_language("ja")(price_sheets.HEADS[name]) for name in COLUMNS["rates"]]
    good = ["ランク", "A", "SKU", "BOWL-1", "", 55, "", 12, "", "", None, None]
    wrong: dict[int, tuple[str, dict[int, Cell]]] = {
        3: ("unknown_owner", {1: "Z"}), 4: ("unknown_word", {0: "惑星"}),
        5: ("unknown_sku", {3: "NONE"}), 6: ("rate_out_of_range", {5: 201}),
        7: ("counts_nowhere", {0: "カタログ", 1: "KATA", 2: "分類", 3: "器"}),
        8: ("date_order", {7: 24, 11: clock.today()}), 9: ("duplicate_row", {}),
    }  # fmt: skip
    lines = [
        good,
        *([changes.get(n, cell) for n, cell in enumerate(good)] for _, changes in wrong.values()),
    ]
    brought = price_sheets.read(workbook([("掛け率", heads, lines)]), "b.xlsx", day)
    assert {one.row: one.reason for one in brought.report.refused} == {
        row: reason for row, (reason, _) in wrong.items()
    }
    assert brought.report.created == 1
    lists = price_sheets.export_lists(skus_within(Scope.SKU, bowl.id), "ja", in_language("ja"))
    column = COLUMNS["lists"].index("list_price")
    brought = price_sheets.read(changed(lists, 0, 1, column, Decimal(2300)), "c.xlsx", day)
    assert [(one.sku_id, one.amount) for one in brought.listed] == [(bowl.id, 2300)]


def test_a_brands_sheet_holds_whose_rules_speak_of_it(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand = make_brand("土と火")
    bowl = make_sku(make_product("鉢", brand=brand), code="BOWL-1")
    _, rule = make_price_list(bowl)
    yama = make_customer("yama", "山")
    make_price_rule((OwnerKind.CUSTOMER, yama.id), Scope.BRAND, brand.id, "0.5")
    make_price_rule((OwnerKind.CUSTOMER, yama.id), Scope.SKU, make_sku().id, "0.4")
    content = price_sheets.export_rules(price_sheets.of_brand(brand.id), "en", in_language("en"))
    rates = next(iter(sheets_of(content).values()))
    assert [(row[1], row[3], row[5]) for row in rates[1:]] == [
        ("yama", "土と火", 50), ("STD", bowl.product.code, 58)
    ]  # fmt: skip
    assert rule.scope is Scope.PRODUCT
    assert session.scalar(select(ListPrice.id).where(ListPrice.sku_id == bowl.id))
    monkeypatch.setattr(price_sheets, "MOST_RULES", 1)
    with pytest.raises(TooManyForSheet):
        price_sheets.export_rules(price_sheets.of_brand(brand.id), "en", in_language("en"))
