"""The shipping calendar of the office, the receiving days of an address, and one date everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import BY, ship_to_of
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.catalog import searching
from wholesale.company.calendar import calendar
from wholesale.company.models import Carrier, LeadTime, SpecialDay, WorkRule
from wholesale.customers import receiving
from wholesale.customers.models import ClosedDays
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry
from wholesale.offers import dates
from wholesale.orders.confirming import confirm
from wholesale.orders.models import Order
from wholesale.shipping import planning

ClientOf = Callable[[User | None], Browser]
URL = "/office/calendar"
PAGES = ("", "/days", "/carriers", "/roads")
ACTS = ("/rule", "/rule/removal", "/days", "/days/copies", "/days/1/removal", "/carriers", "/roads",
        "/roads/1", "/roads/1/removal")  # fmt: skip


@pytest.fixture(autouse=True)
def _forget(database: None) -> Iterator[None]:
    for _ in range(2):
        dates.forget_ways()
        session.info.pop("company", None)
        session.info.pop("warehouse_regions", None)
        if _ == 0:
            yield


def test_the_parts_open_for_the_warehouse_and_write_nothing(
    client_of: ClientOf, cast: Cast
) -> None:
    frida = client_of(cast.frida)
    session.commit()
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    for page in PAGES:
        answer = frida.get(f"{URL}{page}")
        assert answer.status_code == 200, page
        assert (
            'method="post"'
            not in answer.text[answer.text.index("<main") : answer.text.index("</main")]
        )
    part = frida.part(f"{URL}?warehouse=W1")
    assert part.text.lstrip().startswith('<section class="sheet" id="calendar-weeks"')
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before


def test_only_those_with_the_right_change_it(client_of: ClientOf, cast: Cast) -> None:
    frida, alma = client_of(cast.frida), client_of(cast.alma)
    for act in ACTS:
        assert frida.post(f"{URL}{act}").status_code == 403, act
        assert alma.post(f"{URL}{act}").status_code == 404, act
    for page in ("/rule", "/carriers/new"):
        assert frida.get(f"{URL}{page}").status_code == 403
    assert alma.get(URL).status_code == 404


def test_a_trial_shows_the_very_days(client_of: ClientOf, cast: Cast) -> None:
    dana = client_of(cast.dana)
    page = dana.get(f"{URL}?customer=nordwind&on=2026-12-28&hour=13:59").text
    assert "12月28日" in page
    assert "12月29日" in page
    late = dana.get(f"{URL}?customer=nordwind&on=2026-12-28&hour=14:00").text
    assert "2027年1月4日" in late
    assert 'role="alert"' in dana.get(f"{URL}?customer=nobody").text


def test_a_warehouse_gets_a_rule_and_loses_it(client_of: ClientOf, cast: Cast) -> None:
    gil = client_of(cast.gil)
    fields = {"weekdays": ["1", "2"], "year_end_from": "12-30", "year_end_until": "01-04",
              "cut_off": "11時", "version": "0"}  # fmt: skip
    assert gil.post(f"{URL}/rule?warehouse=W2", {**fields, "weekdays": []}).status_code == 422
    wrong = gil.post_part(f"{URL}/rule?warehouse=W2", {**fields, "year_end_from": "13-40"})
    assert wrong.status_code == 422
    assert 'value="13-40"' in wrong.text
    assert gil.post(f"{URL}/rule?warehouse=W2", fields).status_code == 303
    row = session.scalars(select(WorkRule).where(WorkRule.location_code == "W2")).one()
    assert (row.weekdays, row.cut_off) == ("12", "11:00")
    assert gil.post(f"{URL}/rule?warehouse=W2", {**fields, "version": "9"}).status_code == 409
    assert gil.post(f"{URL}/rule/removal?warehouse=W2").status_code == 303
    assert gil.post(f"{URL}/rule/removal?warehouse=W2").status_code == 404
    assert gil.get(f"{URL}/rule?warehouse=nowhere").status_code == 404


def test_a_special_day_is_entered_copied_and_taken_out(client_of: ClientOf, cast: Cast) -> None:
    gil = client_of(cast.gil)
    fields = {"day": "2026-12-28", "location": "", "kind": "free", "label": "棚卸"}
    assert gil.post(f"{URL}/days", {**fields, "day": "someday"}).status_code == 422
    part = gil.post_part(f"{URL}/days?year=2026", fields)
    assert part.status_code == 200
    assert "棚卸" in part.text
    assert gil.post(f"{URL}/days", fields).status_code == 409
    assert not dates.is_working(date(2026, 12, 28))
    assert gil.post(f"{URL}/days/copies?year=2026").status_code == 303
    assert not dates.is_working(date(2027, 12, 28))
    row = session.scalars(select(SpecialDay).where(SpecialDay.day == date(2026, 12, 28))).one()
    assert gil.post(f"{URL}/days/{row.id}/removal").status_code == 303
    assert dates.is_working(date(2026, 12, 28))
    assert gil.post(f"{URL}/days/{row.id}/removal").status_code == 404


def test_a_carrier_is_added_and_changed(client_of: ClientOf, cast: Cast) -> None:
    gil = client_of(cast.gil)
    fields = {"code": "YAMATO", "name_ja": "ヤマト運輸", "weekdays": ["0", "1"], "cut_off": "16:00",
              "is_default": "y", "is_active": "y"}  # fmt: skip
    assert gil.post(f"{URL}/carriers", {**fields, "cut_off": "16:70"}).status_code == 422
    assert gil.post(f"{URL}/carriers", fields).status_code == 303
    assert gil.post(f"{URL}/carriers", fields).status_code == 409
    row = session.scalars(select(Carrier)).one()
    assert calendar().cut_off() == "16:00"
    again = {**fields, "cut_off": "15:00", "version": str(row.version)}
    assert gil.post(f"{URL}/carriers/YAMATO", again).status_code == 303
    assert gil.post(f"{URL}/carriers/YAMATO", again).status_code == 409
    assert "15:00" in gil.get(f"{URL}/carriers").text
    assert gil.get(f"{URL}/carriers/YAMATO").status_code == 200
    assert gil.get(f"{URL}/carriers/NONE").status_code == 404


def test_days_on_the_road_are_added_changed_and_taken_out(client_of: ClientOf, cast: Cast) -> None:
    gil = client_of(cast.gil)
    fields = {"country": "JP", "region": "京都府", "days": "2", "carrier_code": "",
              "location_code": "W3"}  # fmt: skip
    assert gil.post(f"{URL}/roads", {**fields, "days": "61"}).status_code == 422
    assert gil.post(f"{URL}/roads", {**fields, "country": "Japan"}).status_code == 422
    part = gil.post_part(f"{URL}/roads", fields)
    assert part.status_code == 200
    assert "京都府" in part.text
    assert gil.post(f"{URL}/roads", fields).status_code == 409
    row = session.scalars(select(LeadTime).where(LeadTime.region == "京都府")).one()
    assert gil.post(f"{URL}/roads/{row.id}", {"days": "3", "seen": "2"}).status_code == 303
    assert gil.post(f"{URL}/roads/{row.id}", {"days": "4", "seen": "2"}).status_code == 409
    assert gil.post(f"{URL}/roads/{row.id}", {"days": "x", "seen": "2"}).status_code == 422
    assert gil.post(f"{URL}/roads/{row.id}/removal").status_code == 303
    assert gil.post(f"{URL}/roads/{row.id}/removal").status_code == 404


def test_the_receiving_days_of_an_address(client_of: ClientOf, cast: Cast) -> None:
    dana, url = client_of(cast.dana), "/office/customers/nordwind/addresses/nordwind-1"
    page = dana.get(f"{url}/receiving").text
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', page)
    assert seen is not None
    fields = {"weekdays": ["1"], "hours": "10:00–12:00", "seen": seen[1]}
    assert dana.post(f"{url}/receiving", {**fields, "weekdays": []}).status_code == 422
    part = dana.post_part(f"{url}/receiving", fields)
    assert part.status_code == 200
    assert "11月24日" in part.text
    assert dana.post(f"{url}/receiving", fields).status_code == 409
    closed = {"first_on": "2026-11-24", "last_on": "2026-11-24", "note": "休業"}
    assert dana.post(f"{url}/closed", {**closed, "last_on": "2026-11-23"}).status_code == 422
    assert dana.post(f"{url}/closed", closed).status_code == 303
    assert "12月1日" in dana.get(f"{url}/receiving").text
    row = session.scalars(select(ClosedDays)).one()
    assert dana.post(f"{url}/closed/{row.id}/removal").status_code == 303
    assert dana.post(f"{url}/closed/{row.id}/removal").status_code == 404
    assert dana.get("/office/customers/rival/addresses/nordwind-1/receiving").status_code == 404
    assert client_of(cast.egon).post(f"{url}/receiving").status_code == 403
    assert client_of(cast.alma).get(f"{url}/receiving").status_code == 404


def test_every_place_shows_the_same_days(client_of: ClientOf, cast: Cast) -> None:
    """Tuesdays only: leaves on Friday the 20th (Monday is a holiday), arrives on the 24th."""
    sku = make_sku(code="TK-1")
    put_on_shelf(sku, 80)
    searching.index([sku.id])
    place = ship_to_of(cast.nordwind)
    receiving.state_receiving(
        place, BY, weekdays="1", on_holidays=True, hours="",
        seen=receiving.receiving_stamp(place),
    )  # fmt: skip
    alma = client_of(cast.alma)
    alma.post("/cart/lines", {"pieces-TK-1": "5"})
    product = alma.get(f"/products/{sku.product.code}").text
    assert "11月20日" in product
    assert "11月24日" in product
    assert "11月20日" in alma.get("/cart").text
    checkout = alma.get("/checkout").text
    assert "11月24日" in checkout
    names = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', checkout)
    kept = {name: value for name, value in names if name.startswith(("fingerprint", "seen-"))}
    assert alma.post("/checkout", kept).status_code == 303
    order = session.scalars(select(Order)).one()
    assert order.planned_on == date(2026, 11, 20)
    assert "11月24日" in alma.get(f"/checkout/done/{order.number}").text
    confirm(order, BY)
    assert order.lines[0].promised_on == date(2026, 11, 24)
    (shipment,) = planning.plan_shipments(order, BY)
    assert (shipment.planned_on, shipment.arrives_on) == (date(2026, 11, 20), date(2026, 11, 24))
