"""Customers as a table: cells in place, and Excel down and up again without a loss."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.orders import BY
from tests.factories.people import Cast
from wholesale.accounts import looking_after
from wholesale.accounts.models import User
from wholesale.customers.models import Customer, CustomerGroup, PaymentMeans, Terms
from wholesale.customers.trading import history
from wholesale.exchange import customer_table
from wholesale.exchange.customer_cells import COLUMNS, BadCell
from wholesale.exchange.customer_table import (
    LookAgain,
    Merged,
    NotYourRight,
    Typed,
    UnknownName,
    apply,
    plan,
    read,
    sheet,
)
from wholesale.kernel.db import session

TABLE, UP = "/office/customers/table", "/office/customers/sheet"
ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def rich(cast: Cast) -> Customer:
    """Nordwind with something in every column."""
    one = cast.nordwind
    group = CustomerGroup(code="A", name={"ja": "A ランク"})
    session.add(group)
    session.flush()
    one.group_id, one.tags, one.kana, one.phone = group.id, ["器", "紙"], "ノルド", "075-123"
    row = session.scalars(select(Terms).where(Terms.customer_id == one.id)).one()
    row.payment_means, row.deposit_share = PaymentMeans.PREPAYMENT, Decimal("0.3")
    row.price_digits, row.approval_needed, row.credit_limit = 1, True, Decimal(500_000)
    looking_after.state_reps(one, [cast.dana.id], BY)
    session.flush()
    return one


def test_down_and_up_again_loses_nothing(cast: Cast, rich: Customer) -> None:
    for locale in ("ja", "en", "zh", "zh-Hant"):
        rows = read(sheet([cast.nordwind, cast.rival], locale), "customers.xlsx")
        assert [row.code for row in rows] == ["nordwind", "rival"]
        assert set(rows[0].cells) == {column.name for column in COLUMNS}
        same = plan(rows, may_limit=False)
        assert (same.changes, same.troubles, same.unchanged) == ([], [], 2)


def test_each_cell_goes_by_the_verb_of_its_part(cast: Cast, rich: Customer) -> None:
    cells = {"tags": "布", "reps": "Dana、Gil", "default_rate": "５５", "payment_means": "口座振替",
             "credit_limit": "¥600,000", "group": ""}  # fmt: skip
    fresh = {"name": "新しい店", "closing_days": "20", "default_rate": "60", "billing": "periodic"}
    rows = [Typed("nordwind", cells), Typed("NEW-1", fresh), Typed("GONE", {"tags": "x"})]
    wanted = plan(rows, may_limit=True)
    assert [(one.code, type(one.why)) for one in wanted.troubles] == [("GONE", UnknownName)]
    with pytest.raises(LookAgain):
        apply(wanted, "old", BY)
    assert apply(wanted, wanted.digest(), BY) == 2
    now = history(rich.id)[0]
    assert now.valid_from == date(2026, 11, 20)
    assert (now.default_rate, now.payment_means) == (Decimal("0.55"), PaymentMeans.DIRECT_DEBIT)
    assert (now.credit_limit, now.deposit_share) == (Decimal(600_000), Decimal("0.3"))
    assert (rich.tags, rich.group_id) == (["布"], None)
    assert [user.name for user in looking_after.reps_of(rich.id)] == ["Dana", "Gil"]
    made = session.scalars(select(Customer).where(Customer.code == "NEW-1")).one()
    assert (made.name, history(made.id)[0].closing_days) == ("新しい店", "20")


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"default_rate": "viel"}, BadCell),
        ({"payment_day": "32"}, BadCell),
        ({"invoice_email": "niemand"}, BadCell),
        ({"registration_number": "T12"}, BadCell),
        ({"group": "Z"}, UnknownName),
        ({"reps": "Niemand"}, UnknownName),
        ({"credit_limit": "1"}, NotYourRight),
    ],
)
def test_what_can_not_stand_in_a_cell(cast: Cast, cells: dict[str, str], why: Any) -> None:
    (trouble,) = plan([Typed("nordwind", cells)], may_limit=False).troubles
    assert isinstance(trouble.why, why)


def test_a_merged_code_is_told(cast: Cast) -> None:
    cast.rival.merged_into_id = cast.nordwind.id
    session.flush()
    (trouble,) = plan([Typed("rival", {"tags": "x"})], may_limit=True).troubles
    assert isinstance(trouble.why, Merged)


def seen(text: str, code: str) -> str:
    found = re.search(f'name="seen@{code}" value="([0-9a-f]+)"', text)
    assert found
    return found[1]


def test_cells_in_place(client_of: ClientOf, cast: Cast, rich: Customer) -> None:
    dana = client_of(cast.dana)
    page = dana.get(TABLE)
    assert page.status_code == 200
    stamp = {"seen@nordwind": seen(page.text, "nordwind")}
    wrong = dana.post(TABLE, {**stamp, "tags@nordwind": "漆", "default_rate@nordwind": "abc"})
    assert wrong.status_code == 422
    assert 'value="abc"' in wrong.text
    assert 'value="漆"' in wrong.text
    assert rich.tags == ["器", "紙"]
    part = dana.post_part(TABLE, {**stamp, "tags@nordwind": "漆", "group@nordwind": "A"})
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div class="stack" id="customer-table">')
    session.expire_all()
    assert rich.tags == ["漆"]
    late = dana.post(TABLE, {**stamp, "tags@nordwind": "竹"})
    assert late.status_code == 409
    assert 'value="竹"' in late.text
    assert dana.get(f"{TABLE}?view=terms&q=nordwind").status_code == 200
    assert client_of(cast.egon).get(TABLE).status_code == 403
    assert client_of(cast.egon).post(TABLE, {}).status_code == 403


def test_a_file_is_looked_at_before_it_counts(
    client_of: ClientOf, cast: Cast, rich: Customer
) -> None:
    dana = client_of(cast.dana)
    down = dana.get(f"{UP}/file?q=nordwind")
    assert read(down.data, "x.xlsx")[0].code == "nordwind"
    file = 'Code,"Tags, with commas",Reading\nnordwind,漆,ノルドヴィント\n'.encode()
    seen_ = dana.post_part(f"{UP}/preview", {"file": (BytesIO(file), "k.csv")})
    assert seen_.status_code == 200
    assert "ノルドヴィント" in seen_.text
    assert rich.kana == "ノルド"
    form = dict(re.findall(r'name="(sha256|name|looked)" value="([^"]*)"', seen_.text))
    assert dana.post(UP, {**form, "looked": "x"}).status_code == 409
    assert dana.post(UP, form).headers["Location"] == UP
    session.expire_all()
    assert (rich.kana, rich.tags) == ("ノルドヴィント", ["漆"])
    assert dana.post(UP, {**form, "sha256": "0"}).status_code == 422
    assert dana.post(f"{UP}/preview", {}).status_code == 422
    assert client_of(cast.egon).get(f"{UP}/file").status_code == 403
    assert customer_table.MOST >= 1000
