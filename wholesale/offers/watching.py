"""Notices a buyer switches on: back in stock, a change of price, something new in category or brand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from wholesale.accounts import inviting
from wholesale.accounts.models import Membership, User, UserState
from wholesale.accounts.permissions import BUYER_PERMISSIONS, Permission
from wholesale.catalog.models import Brand, Category, Product, Sku
from wholesale.catalog.visibility import is_visible, open_catalogs
from wholesale.customers.models import Customer
from wholesale.kernel import clock, jobs
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_, localized
from wholesale.mail import outbox
from wholesale.offers.offering import Offer, offers
from wholesale.offers.watch_tables import Watch, WatchKind

LOOK = "watches.look"
PURPOSE = "notices"
MORNING = time(7, 30)
LINK_LASTS = timedelta(days=60)
MOST, MOST_TOLD = 200, 20
OF_ITEMS = frozenset({WatchKind.BACK, WatchKind.PRICE})


class TooManyNotices(DomainError):
    """More notices than anybody reads."""

    message = N_("At most %(most)s notices can be switched on. Switch some off first.")


@dataclass(frozen=True, slots=True)
class Thing:
    """What a notice is about: an SKU, a category or a brand, with its name as it is now."""

    kind: WatchKind
    code: str
    names: Mapping[str, str] = field(compare=False)
    sku_id: int | None = None


@dataclass(slots=True)
class Findings:
    """What one look found for one person, and what each of its notices has seen now."""

    user_id: int
    by_customer: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    seen: dict[int, dict[str, Any]] = field(default_factory=dict)


def set_notices(customer: Customer, user: User, wanted: Mapping[Thing, bool], by: Actor) -> None:
    """Switch notices on and off. What is switched on begins from the facts of now.

    Raises TooManyNotices.
    """
    mine = {(one.kind, one.code): one for one in watches_of(customer.id, user.id)}
    for thing, is_on in wanted.items():
        known = mine.get((thing.kind, thing.code))
        if known is not None and not is_on:
            session.delete(known)
        elif known is None and is_on:
            session.add(
                Watch(
                    customer_id=customer.id, user_id=user.id, kind=thing.kind, code=thing.code,
                    sku_id=thing.sku_id, known_as=dict(thing.names), since=clock.now(),
                    seen=_facts(customer, thing.kind, thing.code, thing.sku_id),
                )
            )  # fmt: skip
    session.flush()  # they are counted by a query
    if len(watches_of(customer.id, user.id)) > MOST:
        raise TooManyNotices(most=MOST)
    if any(wanted.values()):
        ask_for_look(by)


def watches_of(customer_id: int, user_id: int) -> list[Watch]:
    """A person's notices for a customer, the newest first."""
    return list(
        session.scalars(
            select(Watch)
            .where(Watch.customer_id == customer_id, Watch.user_id == user_id)
            .order_by(Watch.id.desc())
        )
    )


def switch_off(user_id: int, watch_ids: Iterable[int] | None = None) -> None:
    """Switch a person's notices off, for whichever customer: those named, or all."""
    which = [Watch.user_id == user_id]
    if watch_ids is not None:
        which.append(Watch.id.in_(list(watch_ids)))
    session.execute(delete(Watch).where(*which).execution_options(synchronize_session="fetch"))


def of_person(user_id: int) -> list[Watch]:
    """All notices of a person, for whichever customer, with these."""
    return list(
        session.scalars(
            select(Watch)
            .where(Watch.user_id == user_id)
            .options(selectinload(Watch.customer))
            .order_by(Watch.customer_id, Watch.id)
        )
    )


def ask_for_look(by: Actor) -> None:
    """One look a day: the next morning's, asked for once."""
    day = clock.today() + timedelta(days=1)
    at = datetime.combine(day, MORNING, clock.local(clock.now()).tzinfo)
    jobs.enqueue(LOOK, {"day": day.isoformat()}, by=by, dedupe_key=f"{LOOK}:{day}", run_at=at)


def look() -> list[Findings]:
    """What every person is to be told now. Only reads: a fixed number of questions per customer, and
    for each category and brand that somebody of it waits for.
    """
    found: dict[int, Findings] = {}
    by_customer: dict[int, list[Watch]] = {}
    for one in _open_watches():
        by_customer.setdefault(one.customer_id, []).append(one)
    for watches in by_customer.values():
        customer = watches[0].customer
        skus = {one.sku_id: 0 for one in watches if one.sku_id is not None}
        shown = offers(customer, skus, at=clock.now(), with_pictures=False) if skus else {}
        in_sight = cache(partial(_facts, customer, sku_id=None))
        for one in watches:
            mine = found.setdefault(one.user_id, Findings(one.user_id))
            items, seen = _compared(customer, one, shown, in_sight)
            if items:
                mine.by_customer.setdefault(customer.id, []).extend(items)
            if seen != one.seen:
                mine.seen[one.id] = seen
    return list(found.values())


def tell(found: Sequence[Findings], day: date, by: Actor) -> None:
    """One letter per person, and none to who has none due; what was seen is kept. Runs once a day."""
    watches = {one.id: one for one in session.scalars(select(Watch))}
    people = {one.id: one for one in session.scalars(
        select(User).where(User.id.in_([one.user_id for one in found])))}  # fmt: skip
    names = {one.id: one for one in session.scalars(
        select(Customer).where(Customer.id.in_({c for one in found for c in one.by_customer})))}  # fmt: skip
    for mine in found:
        for watch_id, seen in mine.seen.items():
            if watch_id in watches:
                watches[watch_id].seen = seen
        user = people[mine.user_id]
        if mine.by_customer:
            groups = [
                {"customer": names[customer].display_name(user.locale), "items": items}
                for customer, items in mine.by_customer.items()
            ]
            word = inviting.make_link(user, PURPOSE, lasts=LINK_LASTS)
            outbox.post(
                "notices", to=user.email, locale=user.locale, by=by,
                key=f"notices:{user.id}:{day}", name=user.name, groups=groups, word=word,
            )  # fmt: skip
    if watches:
        ask_for_look(by)


def _open_watches() -> list[Watch]:
    """The notices of people who may still see the customer's catalogue, and the prices they ask for."""
    rows = session.execute(
        select(Watch, Membership)
        .join(User, User.id == Watch.user_id)
        .join(
            Membership,
            (Membership.user_id == Watch.user_id) & (Membership.customer_id == Watch.customer_id),
        )
        .where(User.state == UserState.ACTIVE, Membership.accepted_at.is_not(None))
        .options(selectinload(Watch.customer), selectinload(Watch.user))
        .order_by(Watch.id)
    ).all()
    return [
        watch
        for watch, member in rows
        if Permission.CATALOG_READ in BUYER_PERMISSIONS[member.role]
        and (member.sees_prices or watch.kind is not WatchKind.PRICE)
    ]


def _compared(
    customer: Customer,
    one: Watch,
    shown: Mapping[int, Offer],
    in_sight: Callable[[WatchKind, str], dict[str, Any]],
) -> tuple[list[dict[str, str]], dict[str, Any]]:
    """What there is to tell of one notice, in the person's language, and what it has seen now."""
    locale = one.user.locale
    if one.kind not in OF_ITEMS:
        now = in_sight(one.kind, one.code)
        fresh = [sku for sku in now["skus"] if sku not in set(one.seen["skus"])]
        return _told_new(customer, one, fresh, locale), now
    offer = shown.get(one.sku_id or 0)
    if offer is None or offer.is_gone:
        return [], one.seen  # nothing of what is hidden is told, and nothing forgotten
    now = _item_facts(one.kind, offer)
    item = {
        "kind": one.kind.value, "code": offer.facts.code,
        "name": localized(offer.facts.full_name(), locale),
    }  # fmt: skip
    if one.kind is WatchKind.BACK:
        return ([item] if now["free"] and not one.seen["free"] else []), now
    before, after = one.seen, now
    is_changed = bool(before["price"] and after["price"] and before != after)
    told = {"before": before["price"], "before_currency": before["currency"],
            "after": after["price"], "currency": after["currency"]}  # fmt: skip
    return ([{**item, **told}] if is_changed else []), now if now["price"] else one.seen


def _told_new(
    customer: Customer, one: Watch, skus: Sequence[int], locale: str
) -> list[dict[str, str]]:
    shown = offers(
        customer, dict.fromkeys(skus[:MOST_TOLD], 0), at=clock.now(), with_pictures=False
    ) if skus else {}  # fmt: skip
    return [
        {
            "kind": one.kind.value, "code": offer.facts.code,
            "name": localized(offer.facts.full_name(), locale),
            "of": localized(one.known_as, locale) or one.code,
        }
        for offer in shown.values()
        if not offer.is_gone
    ]  # fmt: skip


def _facts(customer: Customer, kind: WatchKind, code: str, sku_id: int | None) -> dict[str, Any]:
    """The facts a notice of this kind looks at, as they are now."""
    if kind in OF_ITEMS:
        shown = offers(customer, {sku_id or 0: 0}, at=clock.now(), with_pictures=False)
        return _item_facts(kind, shown[sku_id or 0])
    found = select(Sku.id).join(Product, Product.id == Sku.product_id)
    if kind is WatchKind.BRAND:
        found = found.join(Brand, Brand.id == Product.brand_id).where(Brand.code == code)
    else:
        path = session.scalar(select(Category.path).where(Category.code == code)) or "-"
        found = found.join(Category, Category.id == Product.category_id).where(
            Category.path.startswith(path)
        )
    visible = found.where(is_visible(open_catalogs(customer, clock.now())))
    return {"skus": list(session.scalars(visible.order_by(Sku.id)))}


def _item_facts(kind: WatchKind, offer: Offer) -> dict[str, Any]:
    if kind is WatchKind.BACK:
        return {"free": bool(offer.availability.free) and offer.orderable}
    price = offer.price
    return {"price": f"{price.unit_price:f}" if price else "", "currency": price.currency if price else ""}  # fmt: skip
