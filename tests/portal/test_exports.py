"""Orders of a period or a place, and orders and the ledger as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import make_order
from tests.factories.people import Cast
from tests.factories.receipts import make_invoice
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import BuyerRole, Membership, User
from wholesale.billing.receivables import balance
from wholesale.customers.models import Address, AddressKind
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.orders.models import Order
from wholesale.portal.spreadsheets import table_file

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def orders(cast: Cast) -> tuple[Order, Order]:
    """One of a fortnight ago to another place, one of today."""
    sku = make_sku(code="TK-1", jan="4580000110320")
    put_on_shelf(sku, 80)
    old, new = make_order(cast.nordwind, {sku: 3}), make_order(cast.nordwind, {sku: 9})
    branch = Address(
        customer_id=cast.nordwind.id, code="BRANCH", kind=AddressKind.SHIP_TO, name="支店",
        country="JP", postal_code="100-0001", region="13", address="千代田",
    )  # fmt: skip
    session.add(branch)
    session.flush()
    old.placed_at -= timedelta(days=14)
    old.ship_to_id, old.po_number = branch.id, "=1+1"
    session.flush()
    return old, new


def rows_of(reply: object) -> list[list[str]]:
    return list(csv.reader(io.StringIO(reply.data.decode("utf-8-sig"))))  # type: ignore[attr-defined]


def test_orders_are_narrowed_to_a_period_and_a_place(
    client_of: ClientOf, cast: Cast, orders: tuple[Order, Order]
) -> None:
    old, new = (one.number for one in orders)
    today = clock.today()
    week = (today - timedelta(days=7)).isoformat()
    browser = client_of(cast.alma)
    for asked, shown in (
        (f"from={week}", [new]), (f"to={week}", [old]), ("place=BRANCH", [old]),
        (f"from={today}&to={today}", [new]), ("place=NONE", []), ("from=soon&to=", [old, new]),
        ("to=9999-12-31", [old, new]),
    ):  # fmt: skip
        for page in (browser.get(f"/orders?{asked}"), browser.part(f"/orders?{asked}")):
            assert page.status_code == 200
            assert [one for one in (old, new) if f"/orders/{one}" in page.text] == shown, asked
            kept = asked.replace("&", "&amp;").removesuffix("&amp;to=")
            assert not shown or "soon" in asked or f"export?{kept}&amp;as=csv" in page.text


def test_the_shown_orders_go_out_as_csv_and_excel_with_own_prices_alone(
    client_of: ClientOf, cast: Cast, orders: tuple[Order, Order]
) -> None:
    old, new = orders
    browser = client_of(cast.alma)
    heads, *rows = rows_of(browser.get("/orders/export?as=csv"))
    goods = [row for row in rows if row[5] == "TK-1"]
    assert [row[0] for row in goods] == [new.number, old.number]
    told = dict(zip(heads, goods[1], strict=True))
    assert "4580000110320" in goods[0] and "'=1+1" in told.values()
    assert Decimal(goods[0][10]) == 600 and Decimal(goods[0][11]) == 5400
    assert "1000" not in goods[0]
    reply = browser.get("/orders/export?as=xlsx&place=BRANCH")
    assert reply.headers["Cache-Control"] == "no-store"
    page = openpyxl.load_workbook(io.BytesIO(reply.data)).active
    assert {row[0] for row in page.iter_rows(min_row=2, values_only=True)} == {old.number}
    assert page["B2"].value == "=1+1" and page["B2"].data_type == "s"
    assert rows_of(client_of(cast.cleo).get("/orders/export"))[1:] == []


def test_who_sees_no_prices_takes_none_away(
    client_of: ClientOf, cast: Cast, orders: tuple[Order, Order]
) -> None:
    session.scalars(
        select(Membership).where(Membership.user_id == cast.bo.id)
    ).one().sees_prices = False
    browser = client_of(cast.bo)
    heads, *rows = rows_of(browser.get("/orders/export"))
    assert len(heads) == 10 and len(rows) == 2 and {len(row) for row in rows} == {10}
    assert "600" not in str(rows) and "5400" not in str(rows)
    assert browser.get("/invoices/ledger").status_code == 403
    assert browser.get("/invoices/ledger/export").status_code == 403


def test_the_ledger_adds_up_from_the_balance_before_to_the_balance_after(
    client_of: ClientOf, cast: Cast
) -> None:
    invoice = make_invoice(cast.nordwind)
    browser = client_of(cast.alma)
    owed = balance(cast.nordwind.id, "JPY")
    assert owed == invoice.total
    page = browser.get("/invoices/ledger")
    assert page.status_code == 200 and invoice.number in page.text
    assert f"{owed:,.0f}" in page.text.split('id="ledger-left"')[1][:200]
    part = browser.part("/invoices/ledger?from=2026-01-01")
    assert part.text.lstrip().startswith("<div") and invoice.number in part.text
    tomorrow = clock.today() + timedelta(days=1)
    later = browser.get(f"/invoices/ledger?from={tomorrow}&to={tomorrow}").text
    assert invoice.number not in later and f"{owed:,.0f}" in later
    _heads, before, row = rows_of(browser.get("/invoices/ledger/export?as=csv"))
    assert Decimal(before[5]) == 0 and row[2] == invoice.number
    assert Decimal(row[3]) == Decimal(row[5]) == owed and row[4] == ""
    book = openpyxl.load_workbook(
        io.BytesIO(browser.get("/invoices/ledger/export?as=xlsx").data)
    ).active
    assert book["D3"].value == int(owed)
    assert invoice.number not in client_of(cast.cleo).get("/invoices/ledger").text


def test_a_viewer_reads_the_files_and_staff_do_not(client_of: ClientOf, cast: Cast) -> None:
    session.query(Membership).filter_by(user_id=cast.bo.id).one().role = BuyerRole.VIEWER
    for url in ("/orders/export", "/invoices/ledger", "/invoices/ledger/export"):
        assert client_of(cast.bo).get(url).status_code == 200
        assert client_of(None).get(url).status_code == 303
        assert client_of(cast.dana).get(url).status_code in {303, 403}


@pytest.mark.parametrize("told", ["=1", "+1", "-1", "@x", "\t=1"])
def test_a_text_that_would_be_reckoned_with_stays_a_text(told: str) -> None:
    assert rows_of(table_file("csv", "x", ["a"], [[told]]))[1] == [f"'{told}"]
