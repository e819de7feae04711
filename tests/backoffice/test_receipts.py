"""Receipts in the office: the bank's file, the workbench, undo."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.people import Cast
from tests.factories.receipts import bank_csv, make_bank_lines, make_invoice
from wholesale.accounts.models import User
from wholesale.kernel.db import session
from wholesale.payments.models import BankLine, BankLineState, PayerName, Receipt

ClientOf = Callable[[User | None], Browser]


def how_many(model: type[BankLine | Receipt]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_file_is_looked_at_first_and_then_brought_in(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.egon)
    seen = browser.post(
        "/office/bank/preview",
        {"file": (BytesIO(bank_csv(("ﾀﾞﾚｶ", 1234))), "nov.csv"), "account": "MIYAKO"},
    )
    assert seen.status_code == 200
    assert "1,234" in seen.text
    assert how_many(BankLine) == 0
    sha256 = seen.text.split('name="sha256" value="')[1].split('"')[0]
    assert browser.post("/office/bank", {"sha256": sha256, "account": "MIYAKO"}).status_code == 303
    assert how_many(BankLine) == 1
    browser.post("/office/bank", {"sha256": sha256, "account": "MIYAKO"})
    assert how_many(BankLine) == 1


def test_a_file_that_cannot_be_read_is_refused(client_of: ClientOf, cast: Cast) -> None:
    answer = client_of(cast.egon).post("/office/bank/preview", {"file": (BytesIO(b""), "x.csv")})
    assert answer.status_code == 422
    assert how_many(BankLine) == 0
    assert client_of(cast.egon).post("/office/bank/preview", {}).status_code == 422


def test_the_bench_clears_an_invoice_and_learns_the_name(client_of: ClientOf, cast: Cast) -> None:
    invoice = make_invoice(cast.nordwind)
    (line,) = make_bank_lines(("ﾏﾂﾓﾄ", invoice.total))
    browser = client_of(cast.egon)
    page = browser.get(f"/office/match?line={line.id}&customer=nordwind")
    assert page.status_code == 200
    assert invoice.number in page.text
    answer = browser.post_part(
        f"/office/match/{line.id}/settlement",
        {
            "customer": "nordwind",
            "invoice": invoice.number,
            f"amount-{invoice.number}": f"{int(invoice.total):,}",
        },
    )
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="match-bench"')
    assert f"{int(invoice.total):,} " in answer.text.split("bench-toast")[1]
    session.expire_all()
    assert invoice.is_paid
    assert line.state is BankLineState.SETTLED
    assert session.scalars(select(PayerName)).one().customer_id == cast.nordwind.id
    number = session.scalars(select(Receipt.number)).one()
    assert browser.post(f"/office/receipts/{number}/reversal").status_code == 303
    session.expire_all()
    assert not invoice.is_paid
    assert browser.post(f"/office/receipts/{number}/reversal").status_code == 409


def test_a_missing_fee_must_be_named(client_of: ClientOf, cast: Cast) -> None:
    invoice = make_invoice(cast.nordwind)
    (line,) = make_bank_lines(("ﾏﾂﾓﾄ", invoice.total - 660))
    browser = client_of(cast.egon)
    form = {
        "customer": "nordwind",
        "invoice": invoice.number,
        f"amount-{invoice.number}": str(int(invoice.total)),
    }
    refused = browser.post_part(f"/office/match/{line.id}/settlement", form)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert how_many(Receipt) == 0
    named = browser.post(f"/office/match/{line.id}/settlement", {**form, "difference": "fee"})
    assert named.status_code == 303
    session.expire_all()
    assert invoice.is_paid
    again = browser.post(f"/office/match/{line.id}/settlement", {**form, "difference": "fee"})
    assert again.status_code == 409


def test_an_amount_that_is_no_number_is_refused(client_of: ClientOf, cast: Cast) -> None:
    invoice = make_invoice(cast.nordwind)
    (line,) = make_bank_lines(("ﾏﾂﾓﾄ", invoice.total))
    answer = client_of(cast.egon).post(
        f"/office/match/{line.id}/settlement",
        {"customer": "nordwind", "invoice": invoice.number, f"amount-{invoice.number}": "many"},
    )
    assert answer.status_code == 422
    assert how_many(Receipt) == 0


def test_a_line_is_put_on_account_or_set_apart_and_taken_up(
    client_of: ClientOf, cast: Cast
) -> None:
    first, second = make_bank_lines(("ﾏﾂﾓﾄ", 5000), ("ﾀﾞﾚｶ", 7000))
    browser = client_of(cast.egon)
    assert browser.post(f"/office/match/{first.id}/on-account").status_code == 422
    browser.post(f"/office/match/{first.id}/on-account", {"customer": "nordwind"})
    browser.post(f"/office/match/{second.id}/hold")
    session.expire_all()
    assert (first.state, second.state) == (BankLineState.ON_ACCOUNT, BankLineState.SET_APART)
    browser.post(f"/office/match/{second.id}/reopening")
    session.expire_all()
    assert second.state is BankLineState.OPEN


def test_the_certain_are_cleared_in_one_act(client_of: ClientOf, cast: Cast) -> None:
    cast.nordwind.kana = "ノルドヴィント"
    invoice = make_invoice(cast.nordwind)
    make_bank_lines(("ﾉﾙﾄﾞｳﾞｲﾝﾄ(ｶ", invoice.total), ("ﾀﾞﾚｶ", 7))
    browser = client_of(cast.egon)
    assert "certain" in browser.get("/office/match", headers={"Accept-Language": "en"}).text.lower()
    assert browser.post("/office/match/certain").status_code == 303
    session.expire_all()
    assert invoice.is_paid
    assert how_many(Receipt) == 1


def test_who_may_not_is_refused_and_looking_writes_nothing(client_of: ClientOf, cast: Cast) -> None:
    (line,) = make_bank_lines(("ﾏﾂﾓﾄ", 5000))
    assert client_of(cast.alma).get("/office/match").status_code == 404
    assert client_of(cast.dana).get("/office/match").status_code == 403
    assert client_of(cast.dana).post("/office/match/certain").status_code == 403
    assert client_of(cast.egon).get("/office/match?line=999999").status_code == 404
    assert client_of(cast.egon).get("/office/bank").status_code == 200
    assert client_of(cast.egon).part("/office/match").text.lstrip().startswith("<div id=")
    session.expire_all()
    assert line.state is BankLineState.OPEN


def test_clearing_without_a_tick_is_refused(client_of: ClientOf, cast: Cast) -> None:
    (line,) = make_bank_lines(("ﾏﾂﾓﾄ", 5000))
    form = {"customer": "nordwind"}
    answer = client_of(cast.egon).post_part(f"/office/match/{line.id}/settlement", form)
    assert answer.status_code == 422
    session.expire_all()
    assert line.state is BankLineState.OPEN


def test_a_long_list_comes_in_pages(client_of: ClientOf, cast: Cast) -> None:
    make_bank_lines(*((f"ﾀﾞﾚｶ{number}", 1000 + number) for number in range(70)))
    browser = client_of(cast.egon)
    first = browser.get("/office/match").text
    assert first.count("data-row") == 60
    older = first.split("older=")[1].split('"')[0].split("&")[0]
    assert browser.get(f"/office/match?older={older}").text.count("data-row") == 10


def test_a_payer_is_looked_for_by_name(client_of: ClientOf, cast: Cast) -> None:
    (line,) = make_bank_lines(("ﾏﾂﾓﾄ", 5000))
    page = client_of(cast.egon).get(f"/office/match?line={line.id}&q=ライバル")
    assert "customer=rival" in page.text
