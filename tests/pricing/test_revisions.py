"""A price revision: from its draft to its day, what it does on the days around it, and for whom."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.factories.goods import make_category, make_product, make_sku
from tests.factories.people import BY, make_customer
from tests.factories.prices import make_price_rule
from tests.factories.revisions import NEW_YEAR, make_revision
from wholesale.catalog.models import Catalog
from wholesale.customers.models import Customer, CustomerGroup
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.journal import history
from wholesale.kernel.lifecycle import IllegalMove
from wholesale.kernel.money import Rounding
from wholesale.pricing import editing, revision_filling, revisions
from wholesale.pricing.days import PriceDates
from wholesale.pricing.editing import Addition, Listed
from wholesale.pricing.effects import effect
from wholesale.pricing.list_pricing import state_list_prices
from wholesale.pricing.models import (
    Basis,
    ListPrice,
    OwnerKind,
    PriceRule,
    RuleKind,
    Scope,
)
from wholesale.pricing.notices import concerned, own_changes
from wholesale.pricing.resolving import resolve
from wholesale.pricing.revision_filling import Rounded
from wholesale.pricing.revision_models import RevisionState

DAY = timedelta(days=1)
EVE = NEW_YEAR - DAY


class Shop:
    """One cup at 1,000 yen, a customer at 60 %, its branch, and a customer of a rank at 58 %."""

    def __init__(self) -> None:
        self.ware = make_category("器")
        self.cup = make_sku(make_product("湯呑", category=self.ware), list_price="1000")
        self.own, self.ranked = make_customer("yama", "山"), make_customer("kawa", "川")
        self.branch = make_customer("yama-2", "山 二号店", rate="0.7")
        self.branch.bill_to_id = self.own.id
        self.rank = CustomerGroup(code="A", name={"ja": "A"})
        session.add_all([self.rank, *(
            [] if session.scalar(select(func.count()).select_from(Catalog))
            else [Catalog(code="ALL", name={"ja": "標準"}, holds_everything=True)]
        )])  # fmt: skip
        session.flush()
        self.ranked.group_id = self.rank.id
        self.rate = make_price_rule(
            (OwnerKind.GROUP, self.rank.id), Scope.CATEGORY, self.ware.id, "0.58"
        )

    def price(
        self, customer: Customer, on: date, ships: date | None = None, wished: date | None = None
    ) -> int:
        dates = {self.cup.id: PriceDates(ships, wished)}
        found = resolve(customer, {self.cup.id: 1}, on=on, dates=lambda: dates)
        return int(found[self.cup.id].unit_price)


@pytest.fixture
def shop(database: None) -> Shop:
    return Shop()


@pytest.mark.parametrize(
    ("basis", "ordered", "ships", "wished", "price"),
    [
        (Basis.ORDER, EVE, NEW_YEAR, NEW_YEAR, 600),
        (Basis.ORDER, NEW_YEAR, NEW_YEAR, None, 660),
        (Basis.SHIP, EVE - DAY, EVE, NEW_YEAR, 600),
        (Basis.SHIP, EVE - 30 * DAY, NEW_YEAR, None, 660),
        (Basis.SHIP, EVE, None, NEW_YEAR, 600),
        (Basis.WISHED, EVE - DAY, NEW_YEAR, EVE, 600),
        (Basis.WISHED, EVE - 30 * DAY, EVE, NEW_YEAR, 660),
        (Basis.WISHED, EVE - DAY, NEW_YEAR, None, 660),  # nothing wished: the day of shipping
        (Basis.WISHED, EVE - DAY, EVE, None, 600),
    ],
)
def test_the_basis_says_which_date_of_a_line_meets_the_day(
    shop: Shop, basis: Basis, ordered: date, ships: date, wished: date | None, price: int
) -> None:
    revision = make_revision(basis)
    assert shop.price(shop.own, ordered, ships, wished) == 600  # a draft changes nothing
    revisions.announce(revision, revision.version, BY)
    assert shop.price(shop.own, ordered, ships, wished) == price
    revisions.cancel(revision, "延期", BY)
    assert shop.price(shop.own, ordered, ships, wished) == 600


def test_who_is_left_out_keeps_its_prices_with_those_it_pays_for_until_its_day(shop: Shop) -> None:
    revision, later = make_revision(Basis.SHIP), NEW_YEAR + 60 * DAY
    revisions.leave_out(revision, shop.own, later, BY)
    revisions.announce(revision, revision.version, BY)
    for customer, old, new in ((shop.own, 600, 660), (shop.branch, 700, 770)):
        assert shop.price(customer, EVE, later - DAY) == old
        assert shop.price(customer, EVE, later) == new
    assert shop.price(shop.ranked, EVE, EVE) == 580
    assert shop.price(shop.ranked, EVE, NEW_YEAR) == 638
    revisions.leave_out(revision, shop.own, later + DAY, BY)
    assert shop.price(shop.own, EVE, later) == 600
    revisions.leave_out(revision, shop.own, None, BY)
    assert shop.price(shop.own, EVE, NEW_YEAR) == 660
    with pytest.raises(revisions.StartsTooSoon):
        revisions.leave_out(revision, shop.own, NEW_YEAR, BY)
    with clock.at(_noon(NEW_YEAR)), pytest.raises(revisions.RevisionHasBegun):
        revisions.leave_out(revision, shop.own, later, BY)


def test_the_preview_and_each_own_list_are_what_is_asked_afterwards(shop: Shop) -> None:
    revision = make_revision()
    abroad = make_customer("oslo", "Oslo", currency="USD")
    revisions.leave_out(revision, shop.own, NEW_YEAR + DAY, BY)
    points = revision_filling.raise_rules(
        revision, (OwnerKind.GROUP, shop.rank.id), Decimal(2), Decimal(0), BY
    )
    late = set(revisions.starts(revision))
    seen = effect(revisions.plan_of(revision), late)
    assert (points, seen.customers, seen.skus, seen.pairs) == (1, 1, 1, 1)
    drafts = {one.id: own_changes(revision, one) for one in (shop.own, shop.branch, shop.ranked)}
    assert concerned(revision) == sorted(drafts)
    assert own_changes(revision, abroad)[1] == []
    revisions.announce(revision, revision.version, BY)
    for customer in (shop.own, shop.branch, shop.ranked):
        begins, changes = own_changes(revision, customer)
        assert (begins, changes) == drafts[customer.id]
        (change,) = changes
        assert change.list_before == 1000
        assert change.list_after == 1100
        assert change.before == shop.price(customer, begins - DAY)
        assert change.after == shop.price(customer, begins)
    assert shop.price(shop.ranked, NEW_YEAR) == 660  # 1,100 at 60 %
    assert concerned(revision) == sorted(drafts)


def test_an_announced_revision_is_fixed_and_comes_into_force_on_its_day_once(shop: Shop) -> None:
    revision = make_revision()
    with pytest.raises(Conflict):
        revisions.announce(revision, revision.version + 1, BY)
    revisions.announce(revision, revision.version, BY)
    with pytest.raises(revisions.RevisionFixed):
        revision_filling.set_list_prices(revision, [Listed(shop.cup.id, "JPY", "", Decimal(1))], BY)
    with pytest.raises(IllegalMove):
        revisions.announce(revision, revision.version, BY)
    revisions.apply_due(revision, BY)
    assert revision.state is RevisionState.ANNOUNCED
    with clock.at(_noon(NEW_YEAR)):
        assert revisions.standing(revision) is RevisionState.APPLIED
        with pytest.raises(revisions.RevisionHasBegun):
            revisions.cancel(revision, "", BY)
        for _ in range(2):
            revisions.apply_due(revision, BY)
        assert revision.state is RevisionState.APPLIED
    session.commit()
    did = [entry.did for entry in history(revision)]
    assert did == [
        "revision:applied",
        "revision:announced",
        "revision:list_prices",
        "revision:made",
    ]


def test_a_cancelled_revision_leaves_no_price_and_no_other_one_is_touched(shop: Shop) -> None:
    before = _prices()
    revision = make_revision()
    revision_filling.raise_rules(
        revision, (OwnerKind.GROUP, shop.rank.id), Decimal(1), Decimal(0), BY
    )
    revisions.announce(revision, revision.version, BY)
    assert _prices() == (before[0] + 1, before[1] + 1)
    other = make_revision(percent="20")
    with pytest.raises(revisions.RevisionCollides):
        revisions.announce(other, other.version, BY)
    session.refresh(other)
    revisions.cancel(revision, "原料価格が下がった", BY)
    assert _prices() == before
    with pytest.raises(IllegalMove):
        revisions.cancel(revision, "", BY)


def test_an_announced_price_changes_with_its_revision_alone_and_stands_in_its_owners_history(
    shop: Shop,
) -> None:
    revision, owner = make_revision(), (OwnerKind.GROUP, shop.rank.id)
    revision_filling.raise_rules(revision, owner, Decimal(2), Decimal(0), BY)
    revisions.announce(revision, revision.version, BY)
    rule = session.scalars(select(PriceRule).where(PriceRule.revision_id == revision.id)).one()
    edit = editing.Edit(rule.id, (rule.value, None), Decimal("0.7"), None)
    with pytest.raises(editing.RuleOfRevision):
        editing.plan(*owner, [edit], [], clock.today())
    with pytest.raises(editing.RuleOfRevision):
        editing.withdraw(rule, shop.rank, BY)
    with pytest.raises(editing.RuleOfRevision):
        state_list_prices([Listed(shop.cup.id, "JPY", "", Decimal(1))], NEW_YEAR, BY)
    session.commit()
    (told,) = [entry for entry in history(shop.rank) if entry.did == "price:revised"]
    assert '{"器":["58 %","60 %"]}' in told.details
    with clock.at(_noon(NEW_YEAR)):
        later = editing.plan(*owner, [edit], [], NEW_YEAR + DAY)
        assert [row["valid_from"] for row in later.added] == [NEW_YEAR + DAY]


def _prices() -> tuple[int, int]:
    counts = [
        session.scalar(select(func.count()).select_from(one)) for one in (ListPrice, PriceRule)
    ]
    return counts[0] or 0, counts[1] or 0


def test_list_prices_are_raised_by_percent_to_a_step_or_stated_one_by_one(shop: Shop) -> None:
    bowl = make_sku(make_product("鉢", category=shop.ware), list_price="1980")
    plate = make_sku(list_price="480")
    revision = revisions.make_revision("改定", NEW_YEAR, Basis.ORDER, BY)
    step = Rounded(Decimal(50), Rounding.HALF_UP)
    raised = revision_filling.raise_list_prices(
        revision, Scope.CATEGORY, shop.ware.id, "JPY", Decimal("4.5"), step, BY
    )
    assert raised == 2
    assert _new(revision) == {shop.cup.id: 1050, bowl.id: 2050}
    stated = [Listed(plate.id, "JPY", "", Decimal(520)), Listed(bowl.id, "JPY", "", Decimal(1980))]
    assert revision_filling.set_list_prices(revision, stated, BY) == 2
    assert _new(revision) == {shop.cup.id: 1050, plate.id: 520}  # 1,980 is what it is
    with pytest.raises(revision_filling.NothingToChange):
        revision_filling.set_list_prices(revision, stated, BY)
    lists = [one.id for one in revisions.list_changes(revision)]
    assert revision_filling.drop_changes(revision, lists, [], BY) == 2
    with pytest.raises(revisions.RevisionEmpty):
        revisions.announce(revision, revision.version, BY)


def _new(revision: revisions.PriceRevision) -> dict[int, int]:
    return {one.sku_id: int(one.new) for one in revisions.list_changes(revision)}


def test_a_looked_at_table_goes_into_the_draft_instead_of_into_force(shop: Shop) -> None:
    revision = revisions.make_revision("改定", NEW_YEAR, Basis.ORDER, BY)
    owner = (OwnerKind.GROUP, shop.rank.id)
    edit = editing.Edit(shop.rate.id, (shop.rate.value, None), Decimal("0.61"), None)
    fresh = Addition(
        RuleKind.FIXED, Scope.SKU, shop.cup.id, Decimal(550), currency="JPY", minimum=12
    )
    plan = editing.plan(*owner, [edit], [fresh], NEW_YEAR)
    assert revision_filling.take_plan(revision, plan, BY) == 2
    told = {(one.kind, one.old, one.new) for one in revisions.rule_changes(revision)}
    assert told == {
        (RuleKind.RATE, Decimal("0.58"), Decimal("0.61")), (RuleKind.FIXED, None, Decimal(550))
    }  # fmt: skip
    revisions.announce(revision, revision.version, BY)
    assert shop.price(shop.ranked, EVE) == 580
    assert shop.price(shop.ranked, NEW_YEAR) == 610
    dozen = resolve(shop.ranked, {shop.cup.id: 12}, on=NEW_YEAR)[shop.cup.id]
    assert dozen.unit_price == 550


def test_a_slip_of_the_finger_is_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    revision, everything = make_revision(), (Scope.ALL, 0, "JPY")
    by_one = Rounded(Decimal(1), Rounding.DOWN)
    for percent in ("0", "-90.1", "901"):
        with pytest.raises(revision_filling.PercentOutOfRange):
            revision_filling.raise_list_prices(revision, *everything, Decimal(percent), by_one, BY)
    for step in ("0", "0.001", "10001"):
        rounded = Rounded(Decimal(step), Rounding.DOWN)
        with pytest.raises(revision_filling.StepOutOfRange):
            revision_filling.raise_list_prices(revision, *everything, Decimal(5), rounded, BY)
    with pytest.raises(editing.ShareOutOfRange):
        owner = (OwnerKind.GROUP, shop.rank.id)
        revision_filling.raise_rules(revision, owner, Decimal(143), Decimal(0), BY)
    monkeypatch.setattr(revision_filling, "MOST_CHANGES", 1)
    plate = make_sku(list_price="480")
    with pytest.raises(revision_filling.TooManyChanges):
        stated = [Listed(plate.id, "JPY", "", Decimal(500))]
        revision_filling.set_list_prices(revision, stated, BY)


@pytest.mark.parametrize("title", ["", "あ" * 121])
def test_a_revision_has_a_title_and_a_day_to_come(database: None, title: str) -> None:
    with pytest.raises(revisions.RevisionUntitled):
        revisions.make_revision(title, NEW_YEAR, Basis.ORDER, BY)
    with pytest.raises(revisions.RevisionTooSoon):
        revisions.make_revision("改定", clock.today(), Basis.ORDER, BY)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=clock.zone())
