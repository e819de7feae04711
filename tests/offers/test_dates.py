"""Ships on, arrives on: the vectors of the calendar, and a slow, obvious reference for any day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

import holidays
import pytest

from tests.factories.orders import BY, ship_to_of
from tests.factories.people import Cast
from wholesale.company import scheduling
from wholesale.company.calendar import Calendar, Calls, Road, Rule, calendar
from wholesale.company.models import Carrier, LeadTime, SpecialDay, WorkRule
from wholesale.customers import receiving
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.offers import dates
from wholesale.offers.dates import Receiving, Way, journey

KYOTO = Way(region="京都府", postal_code="604-0001")
TUESDAYS = Receiving(weekdays=frozenset({1}))
RULE = {"weekdays": "01234", "rests_on_holidays": True, "year_end_from": "12-29",
        "year_end_until": "01-03", "cut_off": ""}  # fmt: skip
CARRIER = {"code": "YAMATO", "name": {"ja": "ヤマト運輸"}, "weekdays": "0123456", "cut_off": "16:00",
           "is_default": True, "is_active": True}  # fmt: skip
LEAD = {"carrier_code": "", "location_code": "", "country": "JP", "region": "京都府",
        "postal_prefix": "", "is_extra": False}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh(database: None) -> Iterator[None]:
    dates.forget_ways()
    session.info.pop("company", None)
    yield
    dates.forget_ways()
    session.info.pop("company", None)
    session.info.pop("warehouse_regions", None)


def at(text: str) -> datetime:
    """An instant on the company's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.zone()).astimezone(UTC)


def days_of(way: Way, when: str, **more) -> tuple[str, str]:
    trip = journey(way, at(when), **more)
    return trip.ships_on.isoformat()[5:], trip.arrives_on.isoformat()[5:]


@pytest.mark.parametrize(
    ("when", "way", "expected"),
    [
        ("2026-11-19T13:59", KYOTO, ("11-19", "11-20")),  # a minute before the cut-off
        ("2026-11-19T14:00", KYOTO, ("11-20", "11-21")),  # and on it
        ("2026-11-20T13:59", KYOTO, ("11-20", "11-21")),  # Friday
        ("2026-11-20T14:00", KYOTO, ("11-24", "11-25")),  # over a week-end with a holiday (11/23)
        ("2027-04-28T14:00", KYOTO, ("04-30", "05-01")),  # 4/29 is 昭和の日
        ("2027-04-30T14:00", KYOTO, ("05-06", "05-07")),  # Golden Week
        ("2026-12-28T13:59", KYOTO, ("12-28", "12-29")),
        ("2026-12-28T14:00", KYOTO, ("01-04", "01-05")),  # 12/29–1/3
        ("2026-12-31T10:00", KYOTO, ("01-04", "01-05")),
        ("2027-01-03T10:00", KYOTO, ("01-04", "01-05")),
        ("2026-11-19T10:00", Way(region="北海道"), ("11-19", "11-22")),
        ("2026-11-19T10:00", Way(region="沖縄県", postal_code="900-0001"), ("11-19", "11-23")),
        ("2026-11-19T10:00", Way(region="沖縄県", postal_code="907-0001"), ("11-19", "11-25")),
        ("2026-11-19T10:00", Way(region="新潟県", postal_code="952-0011"), ("11-19", "11-22")),
        ("2026-11-19T10:00", Way(region="東京都", postal_code="100-0001"), ("11-19", "11-20")),
        ("2026-11-19T10:00", Way(region="東京都", postal_code="100-1401"), ("11-19", "11-22")),
        ("2026-11-19T10:00", Way(country="US", region="CA"), ("11-19", "11-26")),
        ("2026-11-19T10:00", Way(region="京都府", receiving=TUESDAYS), ("11-20", "11-24")),
    ],
)  # fmt: skip
def test_the_vectors(when: str, way: Way, expected: tuple[str, str]) -> None:
    assert days_of(way, when) == expected


def test_a_wish_is_met_as_late_as_possible_and_never_early() -> None:
    wished = {"wished_on": date(2026, 11, 27)}
    assert days_of(KYOTO, "2026-11-19T10:00", **wished) == ("11-26", "11-27")
    monday = {"wished_on": date(2026, 11, 30)}
    assert days_of(KYOTO, "2026-11-19T10:00", **monday) == ("11-27", "11-30")
    too_soon = {"wished_on": date(2026, 11, 19)}
    assert days_of(KYOTO, "2026-11-19T10:00", **too_soon) == ("11-19", "11-20")


def test_making_takes_working_days_and_goods_wait_for_what_comes_in() -> None:
    assert days_of(KYOTO, "2026-11-19T10:00", lead_days=3) == ("11-25", "11-26")
    coming = {"not_before": date(2026, 11, 28)}
    assert days_of(KYOTO, "2026-11-19T10:00", **coming) == ("11-30", "12-01")


def test_special_days_win_and_are_copied_to_the_next_year() -> None:
    scheduling.save_special_day(date(2026, 12, 29), BY, is_working=True, label="棚卸前")
    scheduling.save_special_day(date(2026, 11, 19), BY, is_working=False, location="W1")
    assert days_of(KYOTO, "2026-12-28T14:00") == ("12-29", "12-30")
    assert dates.is_working(date(2026, 11, 19))
    assert not dates.is_working(date(2026, 11, 19), "W1")
    with pytest.raises(scheduling.DayTaken):
        scheduling.save_special_day(date(2026, 12, 29), BY, is_working=False)
    assert scheduling.copy_special_days(2026, BY) == 2
    assert scheduling.copy_special_days(2026, BY) == 0
    assert dates.is_working(date(2027, 12, 29))
    (first, _second) = scheduling.special_days(2027)
    scheduling.drop_special_day(first, BY)
    assert [row.day for row in scheduling.special_days(2027)] == [date(2027, 12, 29)]
    assert isinstance(first, SpecialDay)


def test_a_warehouse_has_days_of_its_own() -> None:
    rule = scheduling.save_rule("W2", {**RULE, "weekdays": "12345", "cut_off": "11:00"}, 0, BY)
    shizuoka = Way(region="静岡県", warehouse="W2")
    assert days_of(shizuoka, "2026-11-21T10:59") == ("11-21", "11-22")
    assert days_of(shizuoka, "2026-11-21T11:00") == ("11-24", "11-25")
    with pytest.raises(Conflict):
        scheduling.save_rule("W2", RULE, rule.version + 1, BY)
    with pytest.raises(scheduling.NoWorkingDay):
        scheduling.save_rule("W2", {**RULE, "weekdays": ""}, rule.version, BY)
    scheduling.drop_rule(rule, BY)
    assert days_of(shizuoka, "2026-11-21T10:59") == ("11-24", "11-25")
    assert isinstance(rule, WorkRule)


def test_the_nearest_warehouse_serves_a_region(cast: Cast) -> None:
    scheduling.save_rule("W3", {**RULE, "weekdays": "0"}, 0, BY)
    place = ship_to_of(cast.nordwind)
    assert dates.way_to(place, cast.nordwind).warehouse == "W1"
    place.region = "福岡県"
    way = dates.way_to(place, cast.nordwind)
    assert way.warehouse == "W3"
    assert days_of(way, "2026-11-19T10:00") == ("11-30", "12-02")  # Mondays only, 11/23 a holiday


def test_the_usual_carrier_states_the_cut_off() -> None:
    made = scheduling.save_carrier(None, CARRIER, 0, BY)
    assert dates.cut_off() == "16:00"
    assert days_of(KYOTO, "2026-11-19T15:59") == ("11-19", "11-20")
    scheduling.save_carrier(made, {**CARRIER, "weekdays": "1"}, made.version, BY)
    assert days_of(KYOTO, "2026-11-19T15:59") == ("11-24", "11-25")
    with pytest.raises(scheduling.CodeTaken):
        scheduling.save_carrier(None, CARRIER, 0, BY)
    with pytest.raises(scheduling.NoWorkingDay):
        scheduling.save_carrier(made, {**CARRIER, "weekdays": ""}, made.version, BY)
    assert isinstance(made, Carrier)


def test_the_nearest_row_of_the_roads_counts() -> None:
    scheduling.save_carrier(None, CARRIER, 0, BY)
    assert KYOTO.road_days == 1
    scheduling.save_lead_time({**LEAD, "days": 2}, BY)
    assert KYOTO.road_days == 2
    row = scheduling.save_lead_time({**LEAD, "carrier_code": "YAMATO", "days": 3}, BY)
    assert KYOTO.road_days == 3
    scheduling.save_lead_time({**LEAD, "postal_prefix": "604", "days": 0}, BY)
    assert KYOTO.road_days == 0
    with pytest.raises(scheduling.PlaceTaken):
        scheduling.save_lead_time({**LEAD, "days": 2}, BY)
    with pytest.raises(scheduling.LeadOutOfRange):
        scheduling.change_lead_time(row, 61, 3, BY)
    with pytest.raises(Conflict):
        scheduling.change_lead_time(row, 4, 2, BY)
    scheduling.drop_lead_time(row, BY)
    assert Way(region="京都府").road_days == 2
    assert isinstance(row, LeadTime)


def test_an_address_is_closed_in_summer_and_open_on_tuesdays(cast: Cast) -> None:
    place = ship_to_of(cast.nordwind)
    stamp = receiving.receiving_stamp(place)
    receiving.state_receiving(
        place, BY, weekdays="1", on_holidays=False, hours="10:00–12:00", seen=stamp
    )
    receiving.close(place, date(2026, 11, 24), date(2026, 11, 30), BY, note="改装")
    session.flush()
    dates.forget_ways()
    way = dates.usual_way(cast.nordwind)
    assert days_of(way, "2026-11-19T10:00") == ("11-30", "12-01")
    with pytest.raises(Conflict):
        receiving.state_receiving(place, BY, weekdays="2", on_holidays=True, hours="", seen=stamp)
    with pytest.raises(receiving.NoReceivingDay):
        receiving.state_receiving(
            place, BY, weekdays="", on_holidays=True, hours="",
            seen=receiving.receiving_stamp(place),
        )  # fmt: skip
    with pytest.raises(receiving.ClosedTooLong):
        receiving.close(place, date(2026, 11, 30), date(2026, 11, 29), BY)
    receiving.reopen(place, receiving.closed_days(place)[0], BY)
    session.flush()
    dates.forget_ways()
    assert days_of(dates.usual_way(cast.nordwind), "2026-11-19T10:00") == ("11-20", "11-24")


def test_a_change_that_is_taken_back_leaves_no_trace() -> None:
    before = calendar()
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        scheduling.save_special_day(date(2026, 11, 19), BY, is_working=False)
        assert not dates.is_working(date(2026, 11, 19))
        raise ZeroDivisionError
    session.expire_all()
    assert dates.is_working(date(2026, 11, 19))
    assert calendar() == before


# A slow, obvious reference: look at one day after the other.
JAPAN = holidays.country_holidays("JP", years=range(2024, 2032))


def works(day: date, random_special: dict[date, bool]) -> bool:
    if day in random_special:
        return random_special[day]
    new_year = (day.month, day.day) in {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
    return day.weekday() < 5 and not new_year and day not in JAPAN


def takes(day: date, place: Receiving) -> bool:
    is_closed = any(first <= day <= last for first, last in place.closed)
    return (
        day.weekday() in place.weekdays and not is_closed
        and (place.on_holidays or day not in JAPAN)
    )  # fmt: skip


def reference(
    when: datetime, road: int, place: Receiving, special: dict[date, bool], wished: date | None
) -> tuple[date, date]:
    here = clock.local(when)
    first = here.date() + timedelta(days=1 if here.hour >= 14 else 0)
    while not works(first, special):
        first += timedelta(days=1)
    arrives = first + timedelta(days=road)
    while not takes(arrives, place) or (wished is not None and arrives < wished):
        arrives += timedelta(days=1)
    ships = [
        first + timedelta(days=n)
        for n in range((arrives - first).days - road + 1)
        if works(first + timedelta(days=n), special)
    ]
    return max(ships), arrives


def test_ten_thousand_days_agree_with_a_slow_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(20261125)
    start, zone = date(2025, 1, 1), clock.zone()
    special = {start + timedelta(days=random.randrange(1800)): random.random() < 0.5
               for _ in range(120)}  # fmt: skip
    rule = Rule(frozenset(range(5)), True, ("12-29", "01-03"), "14:00")
    roads = tuple(Road("", "", "JP", f"R{n}", "", n, False) for n in range(6))
    known = Calendar({"": rule}, {"X": Calls(frozenset(range(7)), "")}, "X", roads,
                     {(day, ""): word for day, word in special.items()})  # fmt: skip
    monkeypatch.setattr("wholesale.company.calendar.calendar", lambda: known)
    for _ in range(10_000):
        day = start + timedelta(days=random.randrange(1500))
        when = datetime(day.year, day.month, day.day, random.randrange(24), 30, tzinfo=zone)
        weekdays = frozenset(random.sample(range(7), random.randint(1, 7)))
        closed = day + timedelta(days=random.randrange(20))
        place = Receiving(weekdays, random.random() < 0.5,
                          ((closed, closed + timedelta(days=random.randrange(14))),))  # fmt: skip
        road = random.randrange(6)
        wished = day + timedelta(days=random.randrange(30)) if random.random() < 0.4 else None
        trip = journey(Way(region=f"R{road}", receiving=place), when, wished_on=wished)
        assert (trip.ships_on, trip.arrives_on) == reference(when, road, place, special, wished)
        assert dates.arrives_on(trip.ships_on, Way(region=f"R{road}", receiving=place),
                                wished_on=wished) == trip.arrives_on  # fmt: skip
