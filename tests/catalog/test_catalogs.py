"""Catalogs by their verbs: who sees what from which instant to which, their life, their SKUs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.catalogs import VALUES, make_catalog, shut_standard
from tests.factories.goods import make_brand, make_category, make_product, make_sku
from tests.factories.people import Cast, make_customer
from wholesale.catalog import admitting, presenting, selecting
from wholesale.catalog.admitting import NobodyNamed, NoSuchCustomers, OnlyCustomersInvited
from wholesale.catalog.editing import WrongQuantities
from wholesale.catalog.models import (
    Audience,
    Catalog,
    CatalogAudience,
    CatalogState,
    OrderPolicy,
    Sku,
    SkuState,
)
from wholesale.catalog.presenting import (
    EmptyCatalog,
    ForNobody,
    PeriodOver,
    UnknownTimeZone,
    WrongPeriod,
)
from wholesale.catalog.selecting import (
    CatalogFull,
    EverythingIsIn,
    NoItemsChosen,
    NothingMatches,
    Rules,
    UnknownCodes,
)
from wholesale.catalog.visibility import open_catalogs, past_deadline, why_unseen
from wholesale.company.changing import CodeTaken
from wholesale.customers.models import Customer, CustomerGroup
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.lifecycle import IllegalMove
from wholesale.offers.listing import Asked, catalogue_page, category_facets
from wholesale.offers.offering import Offer, offers
from wholesale.pricing import effect_reading

BY = Actor.system("test")
TICK = timedelta(microseconds=1)


def offer(customer: Customer, sku: Sku, at: datetime | None = None) -> Offer:
    return offers(customer, {sku.id: 1}, at=at or clock.now())[sku.id]


def sees(customer: Customer, catalog: Catalog, at: datetime | None = None) -> bool:
    """Whether a customer sees a catalog, as three readers of the same rows say with one voice."""
    at = at or clock.now()
    seen = catalog.id in {one.id for one in open_catalogs(customer, at)}
    assert seen == (why_unseen(catalog, customer, at) == "")
    with clock.at(at):
        told = effect_reading.open_catalogs([customer])[customer.id]
    assert told == open_catalogs(customer, at)
    return seen


def test_each_kind_is_seen_by_those_it_is_for(cast: Cast) -> None:
    group = CustomerGroup(code="A", name={"ja": "A"})
    session.add(group)
    session.flush()
    cast.rival.group_id = group.id
    third = make_customer("third", "第三")
    sku = make_sku()
    everybody = make_catalog([sku])
    limited = make_catalog([sku], audience=Audience.LIMITED, customers=[cast.nordwind])
    admitting.admit(limited, "", [group.id], limited.version, BY)
    invited = make_catalog([sku], audience=Audience.INVITED)
    nobody = make_catalog([sku], audience=Audience.INVITED)
    with pytest.raises(OnlyCustomersInvited):
        admitting.admit(invited, "", [group.id], invited.version, BY)
    assert admitting.admit(invited, "nordwind NORDWIND", [], invited.version, BY) == 1
    found = {
        one.code: [sees(one, it) for it in (everybody, limited, invited, nobody)]
        for one in (cast.nordwind, cast.rival, third)
    }
    assert found == {
        "nordwind": [True, True, True, False],
        "rival": [True, True, False, False],
        "third": [True, False, False, False],
    }
    # made a catalog by invitation, a whole price group sees it no more
    presenting.save_catalog(limited, {**VALUES, "audience": Audience.INVITED}, limited.version, BY)
    session.flush()
    assert [sees(one, limited) for one in (cast.nordwind, cast.rival)] == [True, False]
    named = admitting.admitted(limited)
    admitting.dismiss(limited, named[0].id, limited.version, BY)
    session.flush()
    assert not sees(cast.nordwind, limited)
    with pytest.raises(NoSuchCustomers):
        admitting.admit(limited, "nordwind nobody", [], limited.version, BY)
    with pytest.raises(NobodyNamed):
        admitting.admit(limited, " ", [], limited.version, BY)


def test_the_instants_of_period_and_deadline_are_those_of_the_named_zone(cast: Cast) -> None:
    shut_standard()
    sku = make_sku()
    opens = clock.instant(date(2026, 11, 23), time(9), "Europe/Paris")
    closes = clock.instant(date(2026, 12, 1), time(18), "Europe/Paris")
    ends = clock.instant(date(2026, 12, 5), time(0), "Europe/Paris")
    assert (opens, closes) == (
        datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 12, 1, 17, tzinfo=UTC),
    )  # fmt: skip
    catalog = make_catalog(
        [sku], opens_at=opens, closes_at=closes, ends_at=ends, time_zone="Europe/Paris"
    )
    told = {
        at: (sees(cast.nordwind, catalog, at), offer(cast.nordwind, sku, at).why_not)
        for at in (opens - TICK, opens, closes - TICK, closes, ends - TICK, ends)
    }
    assert told == {
        opens - TICK: (False, "not_in_catalog"),
        opens: (True, ""),
        closes - TICK: (True, ""),
        closes: (True, "deadline_passed"),
        ends - TICK: (True, "deadline_passed"),
        ends: (False, "not_in_catalog"),
    }
    assert past_deadline(cast.nordwind, [sku.id], closes - TICK) == set()
    assert past_deadline(cast.nordwind, [sku.id], ends) == {sku.id}
    # clocks that are put forward leave 2:30 out; put back, they show it twice
    assert clock.instant(date(2026, 3, 29), time(2, 30), "Europe/Paris").hour == 1
    assert clock.instant(date(2026, 10, 25), time(2, 30), "Europe/Paris").hour == 0


def test_what_passed_its_deadline_gives_way_to_a_catalog_that_takes_orders(cast: Cast) -> None:
    sku = make_sku()
    make_catalog(
        [sku], closes_at=clock.now(), ends_at=clock.now() + timedelta(days=9), is_open=True,
        lead_days=30,
    )  # fmt: skip
    assert offer(cast.nordwind, sku).why_not == ""
    assert offer(cast.nordwind, sku).lead_days is None
    shut_standard()
    assert offer(cast.nordwind, sku).why_not == "deadline_passed"


def test_policy_lead_time_and_quantities_of_its_own_win(cast: Cast) -> None:
    sku = make_sku(minimum=1, multiple=1)
    sku.lead_days = 3
    before = offer(cast.nordwind, sku)
    catalog = make_catalog([sku], policy=OrderPolicy.MADE_TO_ORDER, lead_days=40)
    selecting.change_rows(catalog, {sku.id: Rules(1, 12, 6, None)}, [], catalog.version, BY)
    now = offer(cast.nordwind, sku)
    assert (before.policy, now.policy) == (OrderPolicy.BACKORDER, OrderPolicy.MADE_TO_ORDER)
    assert (now.limits.minimum, now.limits.multiple, now.limits.maximum) == (12, 6, None)
    assert (before.lead_days, now.lead_days, now.catalog_id) == (3, 40, catalog.id)
    assert now.ships_on is not None
    assert now.ships_on >= clock.today() + timedelta(days=40)
    with pytest.raises(WrongQuantities):
        selecting.change_rows(catalog, {sku.id: Rules(1, None, 6, 4)}, [], catalog.version, BY)


def test_a_catalog_goes_from_draft_to_open_to_closed_and_each_step_is_kept(cast: Cast) -> None:
    sku = make_sku()
    catalog = make_catalog(is_open=False)
    seen = catalog.version
    with pytest.raises(EmptyCatalog):
        presenting.open_catalog(catalog, seen, BY)
    with pytest.raises(IllegalMove):
        presenting.close_catalog(catalog, seen, BY)
    selecting.add_codes(catalog, sku.code, seen, BY)
    with pytest.raises(Conflict):  # somebody put items in meanwhile
        presenting.open_catalog(catalog, seen, BY)
    catalog.audience = Audience.LIMITED
    session.flush()
    with pytest.raises(ForNobody):
        presenting.open_catalog(catalog, catalog.version, BY)
    admitting.admit(catalog, "nordwind", [], catalog.version, BY)
    catalog.closes_at = clock.now()
    session.flush()
    with pytest.raises(PeriodOver):
        presenting.open_catalog(catalog, catalog.version, BY)
    catalog.closes_at = None
    session.flush()
    assert why_unseen(catalog, cast.nordwind, clock.now()) == "draft"
    presenting.open_catalog(catalog, catalog.version, BY)
    session.flush()
    assert sees(cast.nordwind, catalog)
    presenting.close_catalog(catalog, catalog.version, BY)
    session.flush()
    assert why_unseen(catalog, cast.nordwind, clock.now()) == "closed"
    presenting.open_catalog(catalog, catalog.version, BY)
    session.commit()
    did = [entry.did for entry in journal.history(catalog)]
    assert did[::-1] == [
        "catalog:added", "catalog:skus-added", "catalog:admitted", "catalog:opened",
        "catalog:closed", "catalog:opened",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"opens_at": 2, "closes_at": 1}, WrongPeriod),
        ({"opens_at": 1, "closes_at": 1}, WrongPeriod),
        ({"closes_at": 2, "ends_at": 1}, WrongPeriod),
        ({"time_zone": "Mars/Base"}, UnknownTimeZone),
        ({"code": "STANDARD"}, CodeTaken),
    ],
)
def test_what_can_not_be_is_refused(
    cast: Cast, values: dict[str, Any], error: type[Exception]
) -> None:
    told = {
        key: clock.now() + timedelta(days=value) if key.endswith("_at") else value
        for key, value in values.items()
    }
    with pytest.raises(error):
        make_catalog(is_open=False, **told)


def test_skus_are_added_by_code_and_by_what_they_are(cast: Cast) -> None:
    brand, bowls = make_brand("星と土"), make_category("鉢")
    deep = make_category("小鉢", bowls)
    red, blue = (make_sku(make_product(brand=brand, category=deep)) for _ in range(2))
    gone = make_sku(red.product, state=SkuState.DISCONTINUED)
    other = make_sku(make_product(), jan="4901234567894")
    red.product.tags = ["贈答"]
    session.flush()
    catalog = make_catalog(is_open=False)

    def inside() -> list[int]:
        return [row.sku_id for row in selecting.rows_of(catalog)]

    with pytest.raises(UnknownCodes, match="NIX"):
        selecting.add_codes(catalog, f"{red.code} NIX", catalog.version, BY)
    assert inside() == []
    with pytest.raises(NoItemsChosen):
        selecting.add_codes(catalog, "、", catalog.version, BY)
    typed = f"４９０１２３４５６７８９４、{red.product.code.lower()}"
    assert selecting.add_codes(catalog, typed, catalog.version, BY) == 2
    assert inside() == [other.id, red.id]  # and not what is discontinued
    assert selecting.add_codes(catalog, gone.code, catalog.version, BY) == 1  # unless named
    assert selecting.add_matching(catalog, catalog.version, BY, category="鉢") == 1
    assert inside()[-1] == blue.id
    more = make_catalog(is_open=False)
    assert selecting.add_matching(more, more.version, BY, brand="星と土", tag="贈答") == 1
    with pytest.raises(NothingMatches):
        selecting.add_matching(more, more.version, BY, tag="無い")
    with pytest.raises(NoItemsChosen):
        selecting.add_matching(more, more.version, BY)
    standard = session.scalars(select(Catalog).where(Catalog.holds_everything)).one()
    with pytest.raises(EverythingIsIn):
        selecting.add_codes(standard, red.code, standard.version, BY)


def test_rows_take_their_places_and_leave(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    skus = [make_sku(code=f"ORD-{letter}") for letter in "DCBA"]
    catalog = make_catalog(skus, is_open=False)

    def order() -> str:
        session.flush()
        codes = {sku.id: sku.code for sku in skus}
        return "".join(codes[row.sku_id][-1] for row in selecting.rows_of(catalog))

    def put(sku: Sku, place: int, *removed: Sku) -> str:
        rules = {sku.id: Rules(place, None, None, None)}
        out = [one.id for one in removed]
        selecting.change_rows(catalog, rules, out, catalog.version, BY)
        return order()

    assert order() == "DCBA"
    assert put(skus[0], 3) == "CBDA"
    assert put(skus[3], 1) == "ACBD"
    assert put(skus[3], 1) == "ACBD"
    assert put(skus[3], 1, skus[1]) == "ABD"
    selecting.sort_rows(catalog, "code", catalog.version, BY)
    assert order() == "ABD"
    selecting.sort_rows(catalog, "catalogue", catalog.version, BY)
    assert order() == "DBA"
    monkeypatch.setattr(selecting, "MOST_SKUS", 3)
    with pytest.raises(CatalogFull):
        selecting.add_codes(catalog, skus[1].code, catalog.version, BY)


def test_a_new_catalog_comes_first_and_can_be_moved(cast: Cast) -> None:
    sku = make_sku()
    one = make_catalog([sku])
    two = make_catalog([sku])
    assert [it.code for it in presenting.catalogs()] == [two.code, one.code, "STANDARD"]
    assert offer(cast.nordwind, sku).catalog_id == two.id
    presenting.move_catalog(two, 1, two.version, BY)
    session.flush()
    assert offer(cast.nordwind, sku).catalog_id == one.id
    with pytest.raises(Conflict):
        presenting.move_catalog(two, -1, two.version - 1, BY)


def test_facets_follow_at_once_what_is_put_in_and_taken_out(cast: Cast) -> None:
    shut_standard()
    bowls = make_sku(make_product(category=make_category("鉢")))
    cups = make_sku(make_product(category=make_category("杯")))
    catalog = make_catalog([bowls])

    def facets() -> list[str]:
        return [one.code for one in category_facets(cast.nordwind, at=clock.now())]

    assert facets() == ["鉢"]
    selecting.add_codes(catalog, cups.code, catalog.version, BY)
    assert facets() == ["鉢", "杯"]
    selecting.change_rows(catalog, {}, [bowls.id], catalog.version, BY)
    session.flush()
    assert facets() == ["杯"]
    page = catalogue_page(cast.nordwind, Asked(), at=clock.now())
    assert [one.facts.id for one in page.offers] == [cups.id]


def test_every_state_moves_only_as_it_may(cast: Cast) -> None:
    catalog = make_catalog([make_sku()])
    assert catalog.state is CatalogState.OPEN
    with pytest.raises(IllegalMove):
        presenting.open_catalog(catalog, catalog.version, BY)
    names = select(CatalogAudience).where(CatalogAudience.catalog_id == catalog.id)
    assert session.scalars(names).all() == []
