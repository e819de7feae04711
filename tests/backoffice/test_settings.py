"""The settings of the house: seen, changed, refused, closed to those without the right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.company.models import BankAccount, Company, Currency, Office, TaxRate
from wholesale.kernel import numbering
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry

ClientOf = Callable[[User | None], Browser]
PAGES = ("", "/offices", "/offices/new", "/offices/KYOTO", "/banks", "/banks/new", "/banks/MIYAKO",
         "/tax", "/currencies", "/numbers")  # fmt: skip


@pytest.fixture(autouse=True)
def _forget(database: None) -> Iterator[None]:
    yield
    for kept in ("tax_rates", "currency_digits", "company"):
        session.info.pop(kept, None)


def form_of(page: str) -> dict[str, str]:
    """What the first posting form of a page would send when nothing is changed."""
    body = page[page.index('<form class="body stack"') :]
    body = body[: body.index("</form>")]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", body):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            fields[name[1]] = value[1] if value else "y"
    for name, options in re.findall(
        r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', body, re.DOTALL
    ):
        chosen = re.search(r'<option selected[^>]*value="([^"]*)"', options)
        fields[name] = chosen[1] if chosen else ""
    return {
        name: value for name, value in fields.items() if name not in {"csrf_token", "form_token"}
    }


def entries() -> int:
    return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def test_every_part_opens_and_looking_writes_nothing(client_of: ClientOf, cast: Cast) -> None:
    gil = client_of(cast.gil)
    session.commit()
    before = entries()
    for page in PAGES:
        assert gil.get(f"/office/settings{page}").status_code == 200, page
    assert entries() == before


def test_only_those_with_the_right_come_in(client_of: ClientOf, cast: Cast) -> None:
    posts = ("", "/offices", "/banks", "/tax", "/currencies", "/languages", "/numbers/SO")
    for user, status in ((cast.dana, 403), (cast.egon, 403), (cast.alma, 404)):
        browser = client_of(user)
        for page in PAGES:
            assert browser.get(f"/office/settings{page}").status_code == status
        for page in posts:
            assert browser.post(f"/office/settings{page}").status_code == status


def test_the_company_is_changed_and_the_page_tells_what(client_of: ClientOf, cast: Cast) -> None:
    gil, url = client_of(cast.gil), "/office/settings"
    form = form_of(gil.get(url).text)
    assert gil.post(url, {**form, "name_en": "Earth & Paper", "cut_off": "1530"}).status_code == 303
    ours = session.scalars(select(Company)).one()
    assert (ours.name["en"], ours.cut_off, ours.few_left) == ("Earth & Paper", "15:30", 50)
    page = gil.get(url).text
    assert "<del>14:00</del> → <ins>15:30</ins>" in page
    assert gil.post(url, {**form, "few_left": "9"}).status_code == 409


def test_the_company_as_a_part(client_of: ClientOf, cast: Cast) -> None:
    gil, url = client_of(cast.gil), "/office/settings"
    form = form_of(gil.get(url).text)
    part = gil.post_part(url, {**form, "registration_number": "1234567890123"})
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div class="stack" id="settings-company"')
    assert "T1234567890123" in part.text
    again = form_of(part.text)
    assert gil.post_part(url, {**again, "few_left": "7"}).status_code == 200
    assert 'data-tone="wait"' in part.text


def test_what_makes_no_sense_is_kept_as_typed(client_of: ClientOf, cast: Cast) -> None:
    gil, url = client_of(cast.gil), "/office/settings"
    form = form_of(gil.get(url).text)
    wrong = gil.post(url, {**form, "cut_off": "25:00", "few_left": "many"})
    assert wrong.status_code == 422
    assert 'value="25:00"' in wrong.text
    assert 'value="many"' in wrong.text
    short = gil.post_part(url, {**form, "registration_number": "T12"})
    assert short.status_code == 422
    assert 'role="alert"' in short.text


def test_an_office_is_added_and_closed(client_of: ClientOf, cast: Cast) -> None:
    gil, url = client_of(cast.gil), "/office/settings/offices"
    fields = {"code": "PARIS", "name_ja": "パリ支店", "name_en": "Paris", "address_ja": "パリ",
              "locales": ["en", "zh"], "is_active": "y"}  # fmt: skip
    assert gil.post(url, {**fields, "code": "paris!"}).status_code == 422
    assert gil.post(url, fields).status_code == 303
    assert gil.post(url, fields).status_code == 409
    office = session.scalars(select(Office).where(Office.code == "PARIS")).one()
    assert (office.locales, office.name) == ("en,zh", {"ja": "パリ支店", "en": "Paris"})
    form = form_of(gil.get(f"{url}/PARIS").text)
    form.pop("is_active")
    assert gil.post(f"{url}/PARIS", form).status_code == 303
    session.expire_all()
    assert not office.is_active
    assert gil.post(f"{url}/PARIS", form).status_code == 409
    assert gil.get(f"{url}/NOWHERE").status_code == 404


def test_a_bank_account_with_a_wrong_iban_is_refused(client_of: ClientOf, cast: Cast) -> None:
    gil, url = client_of(cast.gil), "/office/settings/banks"
    fields = {"code": "MUC", "currency": "EUR", "holder": "TSUCHI", "kind": "1", "number": "1",
              "bank_name": "B", "iban": "DE89370400440532013001", "on_invoices": "y",
              "prints_for": ["CHF"], "is_active": "y"}  # fmt: skip
    wrong = gil.post_part(url, fields)
    assert wrong.status_code == 422
    assert wrong.text.lstrip().startswith('<div class="stack" id="settings-edit"')
    assert gil.post(url, {**fields, "iban": "DE89370400440532013000"}).status_code == 303
    account = session.scalars(select(BankAccount).where(BankAccount.code == "MUC")).one()
    assert account.paid_in == ["EUR", "CHF"]
    assert "DE89370400440532013000" in gil.get(url).text


def test_a_tax_rate_to_come_is_stated_and_withdrawn(client_of: ClientOf, cast: Cast) -> None:
    gil, url = client_of(cast.gil), "/office/settings/tax"
    fields = {"tax_class": "standard", "percent": "12", "valid_from": "2027-04-01"}
    assert gil.post(url, {**fields, "valid_from": "2026-11-20"}).status_code == 422
    assert gil.post(url, {**fields, "percent": "120"}).status_code == 422
    part = gil.post_part(url, fields)
    assert part.status_code == 200
    assert "12%" in part.text
    assert gil.post(url, fields).status_code == 409
    row = session.scalars(select(TaxRate).order_by(TaxRate.valid_from.desc()).limit(1)).one()
    first = session.scalars(select(TaxRate).order_by(TaxRate.valid_from).limit(1)).one()
    assert gil.post(f"{url}/{first.id}/withdrawal").status_code == 422
    assert gil.post(f"{url}/{row.id}/withdrawal").status_code == 303
    assert gil.post(f"{url}/{row.id}/withdrawal").status_code == 404


def test_currencies_are_switched_and_the_second_of_two_is_refused(
    client_of: ClientOf, cast: Cast
) -> None:
    gil, url = client_of(cast.gil), "/office/settings/currencies"
    fields = {"seen-TWD": "1-0", "digits-TWD": "2", "enabled-TWD": "on", "seen-BHD": "1-3",
              "digits-BHD": "3"}  # fmt: skip
    assert gil.post(url, fields).status_code == 303
    rows = {row.code: row for row in session.scalars(select(Currency))}
    assert (rows["TWD"].digits, rows["BHD"].enabled) == (2, False)
    assert gil.post(url, fields).status_code == 409
    assert gil.post(url, {"seen-JPY": "1-0", "digits-JPY": "0"}).status_code == 422


def test_languages_that_are_switched_off_are_not_offered(client_of: ClientOf, cast: Cast) -> None:
    gil, url = client_of(cast.gil), "/office/settings"
    version = form_of(gil.get(url).text)["version"]
    fields = {"languages": ["ja", "en"], "default_language": "en", "version": version}
    assert gil.post(f"{url}/languages", {**fields, "default_language": "zh"}).status_code == 422
    assert gil.post(f"{url}/languages", fields).status_code == 303
    stranger = client_of(None).get("/login").text
    assert 'lang="en"' in stranger
    assert 'value="zh"' not in stranger


def test_the_form_of_a_number_is_free_until_it_is_drawn(client_of: ClientOf, cast: Cast) -> None:
    gil, url = client_of(cast.gil), "/office/settings/numbers"
    fields = {"letters": "ord", "year": "YYYY", "length": "6", "seen": "SO-{yy}-{counter:05d}"}
    part = gil.post_part(f"{url}/SO", fields)
    assert part.status_code == 200
    assert "ORD-2026-000001" in part.text
    assert gil.post(f"{url}/SO", fields).status_code == 409
    assert gil.post(f"{url}/QT", {**fields, "seen": "QT-{yy}-{counter:05d}"}).status_code == 422
    numbering.next_number("SH", numbering.date(2026, 11, 20))
    drawn = {**fields, "letters": "SHIP", "seen": "SH-{yy}-{counter:05d}"}
    assert gil.post(f"{url}/SH", drawn).status_code == 409
    assert gil.post(f"{url}/XX", fields).status_code == 404
