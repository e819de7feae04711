"""Exchange rates: by hand, by file, and which rate counts with its day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.company import converting
from wholesale.company.models import ExchangeRate
from wholesale.exchange.importing import import_file
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.journal import JournalEntry

ClientOf = Callable[[User | None], Browser]
BY = Actor.system("test")
FRIDAY, THURSDAY = date(2026, 11, 20), date(2026, 11, 19)
USD, KRW = Decimal("151.23"), Decimal("10.85")


def enter(day: date, **rates: str | None) -> int:
    wanted = {
        tuple(name.split("_")): Decimal(rate) if rate else None for name, rate in rates.items()
    }
    made = converting.enter_rates(day, wanted, BY)
    session.flush()
    return made


def test_the_newest_rate_on_or_before_a_day_counts(database: None) -> None:
    enter(date(2026, 11, 9), USD_TTM="150")
    enter(THURSDAY, USD_TTM="151.23", USD_TTS="152.23", KRW_TTM="10.85")
    assert converting.rate_on("USD", date(2026, 11, 18)).rate == Decimal(150)
    quoted = converting.rate_on("USD", FRIDAY)
    assert (quoted.rate, quoted.quoted_on, quoted.is_stale(FRIDAY)) == (USD, THURSDAY, False)
    assert converting.rate_on("USD", FRIDAY, "TTS").rate == Decimal("152.23")
    assert converting.rates_on(date(2026, 11, 17))["USD"].is_stale(date(2026, 11, 17))
    with pytest.raises(converting.NoRate):
        converting.rate_on("EUR", FRIDAY)
    with pytest.raises(converting.NoRate):
        converting.rate_on("USD", date(2026, 11, 8))


def test_a_rate_entered_by_hand_comes_before_the_banks(database: None) -> None:
    enter(THURSDAY, USD_TTM="151.23", USD_MANUAL="150")
    assert converting.rate_on("USD", FRIDAY).kind == "MANUAL"
    assert converting.rates_on(FRIDAY)["USD"].rate == Decimal(150)
    enter(FRIDAY, USD_TTM="149")
    assert converting.rates_on(FRIDAY)["USD"].rate == Decimal(149)


def test_the_vectors_of_converting(database: None) -> None:
    enter(THURSDAY, USD_TTM="151.23", KRW_TTM="10.85")
    assert converting.to_home(Decimal(1_000_000), "KRW", FRIDAY) == 108_500
    assert converting.to_home(Decimal("8.51"), "USD", FRIDAY) == 1287
    assert converting.from_home(Decimal(1287), "USD", FRIDAY) == Decimal("8.51")
    assert converting.to_home(Decimal(10), "JPY", FRIDAY) == 10


def test_rates_have_eight_decimals_and_no_future(database: None) -> None:
    assert enter(FRIDAY, USD_TTM="151.12345678") == 1
    assert enter(FRIDAY, USD_TTM="151.12345678") == 0
    assert enter(FRIDAY, USD_TTM=None) == 1
    for wrong in ({"USD_TTM": "151.123456789"}, {"USD_TTM": "-1"}, {"JPY_TTM": "1"},
                  {"USD_XXX": "1"}, {"XXX_TTM": "1"}):  # fmt: skip
        with pytest.raises(converting.BadRate):
            enter(FRIDAY, **wrong)
    with pytest.raises(converting.RateAhead):
        enter(date(2026, 11, 21), USD_TTM="1")
    with pytest.raises(Conflict):
        converting.enter_rates(FRIDAY, {}, BY, seen="USDTTM1")


def test_a_file_of_rates_is_rehearsed_and_brought_in(database: None) -> None:
    data = (
        "日付,通貨,TTS,TTB,TTM\n2026/11/19,USD,152.23,150.23,151.23\n2026/11/19,KRW,,,10.85\n"
        "2026/11/19,ZZZ,,,1\n2026/11/23,USD,,,1\n2026/11/19,EUR,,,abc\n"
    ).encode("cp932")
    rehearsed = import_file("rates-of-exchange", data, "rates.csv", dry_run=True, by=BY)
    assert (rehearsed.created, len(rehearsed.refused)) == (2, 3)
    assert session.scalar(select(func.count()).select_from(ExchangeRate)) == 0
    done = import_file("rates-of-exchange", data, "rates.csv", dry_run=False, by=BY)
    assert [one.reason for one in done.refused] == ["unknown_currency", "bad_date", "bad_number"]
    session.flush()
    assert converting.rate_on("KRW", FRIDAY).units == 100
    again = import_file("rates-of-exchange", data, "rates.csv", dry_run=False, by=BY)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)


def test_rates_are_entered_on_the_page(client_of: ClientOf, cast: Cast) -> None:
    egon = client_of(cast.egon)
    page = egon.get("/office/fx?day=2026-11-19").text
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    fields = {"day": "2026-11-19", "seen": seen[1], "rate-USD-TTM": "151.23"}
    wrong = egon.post("/office/fx", {**fields, "rate-USD-TTM": "much"})
    assert wrong.status_code == 422
    assert 'value="much"' in wrong.text
    part = egon.post_part("/office/fx", fields)
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div class="stack" id="fx-rates"')
    assert 'value="151.23"' in part.text
    assert egon.post("/office/fx", {**fields, "rate-USD-TTM": "152"}).status_code == 409
    assert egon.post("/office/fx", {**fields, "day": "2026-11-21"}).status_code == 422
    assert "11月19日" in egon.get("/office/fx").text


def test_who_may_look_may_not_enter_and_looking_writes_nothing(
    client_of: ClientOf, cast: Cast
) -> None:
    egon, dana, alma = client_of(cast.egon), client_of(cast.dana), client_of(cast.alma)
    session.commit()
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    assert egon.get("/office/fx").status_code == 200
    assert dana.get("/office/fx").status_code == 403
    assert dana.post("/office/fx").status_code == 403
    assert alma.get("/office/fx").status_code == 404
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before
