"""Our firm's own rows: what may change, what may not, and what is kept of each change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.factories.goods import make_sku
from tests.factories.orders import BY, make_order, ship_to_of
from tests.factories.people import make_cast
from wholesale.company import changing, currencies, tax_table
from wholesale.company.currencies import Wanted
from wholesale.company.models import Currency, TaxClass
from wholesale.company.queries import accounts_for, company, digits_of, main_office
from wholesale.company.registration import (
    BadRegistrationNumber,
    is_sound,
    read_registration_number,
)
from wholesale.company.taxing import rate_of
from wholesale.kernel import numbering
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.journal import JournalEntry
from wholesale.kernel.numbering import SeriesYear
from wholesale.orders.checkout import Requested
from wholesale.orders.models import OrderSource
from wholesale.orders.placing import OrderRequest, place_request

ACCOUNT = {
    "code": "MUC", "currency": "EUR", "holder": "TSUCHI TO KAMI", "kind": "1", "number": "0532013000",
    "bank_name": "Commerzbank", "bank_code": "", "branch_name": "", "branch_code": "",
    "iban": "DE89 3704 0044 0532 0130 00", "bic": "cobadeffxxx", "on_invoices": True,
    "is_active": True, "prints_for": "CHF,EUR",
}  # fmt: skip
OFFICE = {
    "code": "PARIS", "name": {"ja": "パリ支店", "en": "Paris"}, "postal_code": "75003", "phone": "",
    "address": {"ja": "パリ", "en": "1 rue du Temple, Paris"}, "is_main": False, "locales": "en",
    "registration_number": "", "mark": "", "is_active": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _clean(database: None) -> Iterator[None]:
    """Figures kept per session are read anew by each test."""
    session.info.clear()
    from wholesale.kernel import db  # noqa: PLC0415 - the principal goes with them

    db.acts_as(db.Principal.system("test"))
    yield
    session.info.pop("tax_rates", None)
    session.info.pop("currency_digits", None)


def told() -> list[tuple[str, dict]]:
    session.commit()
    rows = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence))
    return [(row.did, json.loads(row.details).get("changes", {})) for row in rows]


@pytest.mark.parametrize(
    ("number", "sound"),
    [("T7123456789012", True), ("T4011001098993", True), ("T7000012050002", True),
     ("T1180301018771", True), ("T9999999999999", True), ("T1234567890123", False), ("", True)],
)  # fmt: skip
def test_the_check_digit_of_a_registration_number(number: str, sound: bool) -> None:
    assert is_sound(number) is sound


@pytest.mark.parametrize(
    "typed",
    ["Ｔ７１２３４５６７８９０１２", "t7123-4567-89012", "7123456789012", " T7123456789012 "],
)
def test_a_registration_number_is_read_as_people_write_it(typed: str) -> None:
    assert read_registration_number(typed) == "T7123456789012"


def test_a_registration_number_has_thirteen_digits() -> None:
    with pytest.raises(BadRegistrationNumber) as trouble:
        read_registration_number("T712345678901")
    assert trouble.value.values == {"count": 12}


def test_a_change_keeps_old_and_new_and_the_second_of_two_is_refused() -> None:
    ours = company()
    version = ours.version
    changing.change_company({"few_left": 20, "cut_off": "14:00"}, version, BY)
    session.flush()
    assert told()[-1] == ("company:changed", {"few_left": [50, 20]})
    with pytest.raises(Conflict):
        changing.change_company({"few_left": 30}, version, BY)


def test_the_fiscal_year_moves_until_an_invoice_is_numbered() -> None:
    changing.change_company({"fiscal_month": 1}, company().version, BY)
    session.flush()
    months = {one.code: one.first_month for one in numbering.all_series()}
    assert (months["INV"], months["CN"], months["SO"]) == (1, 1, 1)
    numbering.next_number("INV", date(2026, 11, 20))
    with pytest.raises(changing.FiscalYearCounts):
        changing.change_company({"fiscal_month": 4}, company().version, BY)


def test_the_office_of_a_language_is_printed_on_its_papers() -> None:
    changing.save_office(None, OFFICE, 0, BY)
    session.flush()
    assert [main_office(one).code for one in ("ja", "en", "zh")] == ["KYOTO", "PARIS", "KYOTO"]
    paris = next(one for one in changing.offices() if one.code == "PARIS")
    changing.save_office(paris, {**OFFICE, "is_active": False}, paris.version, BY)
    session.flush()
    assert main_office("en").code == "KYOTO"
    with pytest.raises(changing.CodeTaken):
        changing.save_office(None, OFFICE, 0, BY)


def test_one_office_is_the_main_one() -> None:
    changing.save_office(None, {**OFFICE, "is_main": True}, 0, BY)
    session.flush()
    session.expire_all()
    assert [one.code for one in changing.offices() if one.is_main] == ["PARIS"]
    paris = main_office()
    with pytest.raises(changing.LastOffice):
        changing.save_office(paris, {**OFFICE, "is_main": False}, paris.version, BY)


def test_an_account_prints_in_the_currencies_it_states() -> None:
    changing.save_account(None, ACCOUNT, 0, BY)
    session.flush()
    made = changing.accounts()[-1]
    assert (made.iban, made.bic, made.prints_for) == (
        "DE89370400440532013000",
        "COBADEFFXXX",
        "CHF",
    )
    assert [one.code for one in accounts_for("EUR")] == ["MIYAKO-EUR", "MUC"]
    assert [one.code for one in accounts_for("CHF")] == ["MUC"]
    assert accounts_for("GBP") == []


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [("iban", "DE89370400440532013001", changing.BadIban), ("iban", "DE8937", changing.BadIban),
     ("bic", "COBA", changing.BadBic)],
)  # fmt: skip
def test_check_digits_of_accounts(field: str, value: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        changing.save_account(None, {**ACCOUNT, field: value}, 0, BY)


def test_a_tax_rate_to_come_is_read_from_its_day_on() -> None:
    row = tax_table.state_rate(TaxClass.STANDARD, Decimal("0.12"), date(2027, 4, 1), BY)
    session.flush()
    days = (date(2027, 3, 31), date(2027, 4, 1))
    assert [rate_of(TaxClass.STANDARD, day) for day in days] == [Decimal("0.1"), Decimal("0.12")]
    with pytest.raises(tax_table.RateStated):
        tax_table.state_rate(TaxClass.STANDARD, Decimal("0.13"), date(2027, 4, 1), BY)
    tax_table.withdraw_rate(row, BY)
    session.flush()
    assert rate_of(TaxClass.STANDARD, days[1]) == Decimal("0.1")
    assert [did for did, _ in told()][-2:] == ["tax_rate:stated", "tax_rate:withdrawn"]


def test_a_rate_that_has_begun_stays() -> None:
    with pytest.raises(tax_table.RateBegun):
        tax_table.state_rate(TaxClass.STANDARD, Decimal("0.12"), date(2026, 11, 20), BY)
    with pytest.raises(tax_table.RateBegun):
        tax_table.withdraw_rate(tax_table.tax_rates()[0], BY)
    with pytest.raises(tax_table.RateOutOfRange):
        tax_table.state_rate(TaxClass.STANDARD, Decimal("0.51"), date(2027, 4, 1), BY)


def test_an_order_shipping_after_the_change_reads_the_new_rate(database: None) -> None:
    cast = make_cast()
    tax_table.state_rate(TaxClass.STANDARD, Decimal("0.2"), date(2026, 11, 24), BY)
    session.flush()
    sku = make_sku()
    order = make_order(cast.nordwind, {sku: 50})
    assert order.planned_on == date(2026, 11, 20)
    assert order.tax_estimate == order.amount_net / 10
    later = place_request(
        OrderRequest(
            customer=cast.nordwind, lines=[Requested(sku.id, 50)], source=OrderSource.STAFF,
            ship_to=ship_to_of(cast.nordwind), wished_on=date(2026, 11, 27),
        ),
        BY,
    )  # fmt: skip
    assert later.planned_on == date(2026, 11, 26)
    assert later.tax_estimate == later.amount_net / 5


def test_digits_have_the_smallest_coin_as_their_bound() -> None:
    session.flush()
    assert digits_of("TWD") == 0
    seen = {"seen_enabled": True, "seen_digits": 0}
    currencies.change_currencies({"TWD": Wanted(enabled=True, digits=2, **seen)}, BY)
    session.flush()
    assert digits_of("TWD") == 2
    with pytest.raises(Conflict):
        currencies.change_currencies({"TWD": Wanted(enabled=True, digits=1, **seen)}, BY)
    with pytest.raises(currencies.TooManyDigits):
        currencies.change_currencies({"JPY": Wanted(enabled=True, digits=1, **seen)}, BY)
    with pytest.raises(currencies.HomeCurrency):
        currencies.change_currencies({"JPY": Wanted(enabled=False, digits=0, **seen)}, BY)


def test_the_house_knows_23_currencies() -> None:
    digits = dict(session.execute(select(Currency.code, Currency.digits)).all())
    assert len(digits) == 23
    assert (digits["JPY"], digits["KRW"], digits["VND"]) == (0, 0, 0)
    assert (digits["KWD"], digits["BHD"], digits["USD"]) == (3, 3, 2)


def test_a_form_of_numbers_changes_until_the_first_is_drawn() -> None:
    day, old = date(2026, 11, 20), "SO-{yy}-{counter:05d}"
    assert numbering.reshape("SO", "ORD", SeriesYear.YYYY, 6, old)[1] == "ORD-{yyyy}-{counter:06d}"
    session.flush()
    with pytest.raises(Conflict):
        numbering.reshape("SO", "ORD", SeriesYear.YY, 6, old)
    assert numbering.next_number("SO", day) == "ORD-2026-000001"
    with pytest.raises(numbering.SeriesDrawn):
        numbering.reshape("SO", "SO", SeriesYear.YY, 5, "ORD-{yyyy}-{counter:06d}")


def test_no_two_kinds_of_number_can_be_mistaken() -> None:
    form = "QT-{yy}-{counter:05d}"
    for letters, length in (("INV", 5), ("Q1", 5), ("", 5), ("TOOLONG", 5), ("QT", 2), ("QT", 9)):
        with pytest.raises(numbering.BadSeries):
            numbering.reshape("QT", letters, SeriesYear.YY, length, form)
    with pytest.raises(numbering.MonthNeeded):
        numbering.reshape("INV", "INV", SeriesYear.YY, 4, "INV-{yy}{mm}-{counter:04d}")


def test_languages_keep_their_default() -> None:
    changing.choose_languages(["en", "ja"], "en", company().version, BY)
    session.flush()
    assert (company().languages, company().default_language) == ("ja,en", "en")
    with pytest.raises(changing.NoLanguage):
        changing.choose_languages(["en"], "ja", company().version, BY)
