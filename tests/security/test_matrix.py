"""Every route × every role × real documents of two customers, by the rights people reviewed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.factories.belongings import (
    Belongings,
    Goods,
    address_of,
    make_belongings,
    make_goods,
    nowhere,
    routes,
    values_of,
)
from tests.factories.browsing import PART, Browser
from tests.factories.people import BY, PASSWORD, Cast
from tests.factories.watching import writes_of
from tests.house.policies import needed, permissions_of
from tests.security.acts import ACTS, Act, Scene
from wholesale.accounts.inviting import add_buyer, add_staff
from wholesale.accounts.models import BuyerRole, User
from wholesale.billing.models import Invoice
from wholesale.customers.models import Customer
from wholesale.kernel.db import session
from wholesale.orders.models import Order

ClientOf = Callable[[User | None], Browser]
DONE = {200, 303}
LAST = {"signing.accept", "signing.sign_in", "signing.sign_out"}  # who is who changes with them
TOKENS = re.compile(r'((?:name="(?:form|csrf)_token" value|name="csrf-token" content)=)"[^"]*"')
CHANGING = {"Content-Length", "Date", "Set-Cookie"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's browser, the role people reviewed, and for whom they buy."""

    name: str
    browser: Browser
    role: str = ""
    customer: Customer | None = None

    def expected(self, method: str, rule: Rule, owner: Customer) -> str:
        """in, door, forbidden or missing: what the reviewed rights say of a route.

        "" where a page of everybody's looks at who comes (the sign-in, one's own profile).
        """
        whom, need = needed(method, rule.rule)
        if whom == "everybody" or (whom == "all" and self.role):
            return ""
        if not self.role:
            return "door"
        kind = self.role.partition(":")[0]
        if whom == "staff" and kind == "buyer":
            return "missing"
        if whom == "buyers" and kind == "staff":
            return "door" if rule.rule == "/" else "forbidden"  # staff are led to the office
        if need != "-" and need not in permissions_of(self.role):
            return "forbidden"
        return "in" if kind == "staff" or not _owned(rule) or owner is self.customer else "missing"


def _owned(rule: Rule) -> bool:
    """Whether a route of the portal names a document of one customer."""
    return rule.endpoint.startswith("portal.") and "number" in rule.arguments


def met(reply: TestResponse) -> str:
    """What an answer amounts to."""
    if reply.status_code == 303 and reply.headers["Location"].startswith(("/login", "/office/")):
        return "door"
    return {403: "forbidden", 404: "missing"}.get(reply.status_code, "in")


@dataclass(frozen=True, slots=True)
class World:
    """Everybody, and one of everything for either customer."""

    cast: Cast
    people: list[Person]
    goods: Goods
    own: dict[str, Belongings]


@pytest.fixture
def world(client_of: ClientOf, cast: Cast) -> World:
    own, rival = cast.nordwind, cast.rival
    vera = add_buyer(
        "vera@nordwind.example", "Vera", own, BY, role=BuyerRole.VIEWER, password=PASSWORD
    )
    agnes = add_buyer(
        "agnes@nordwind.example", "Agnes", own, BY, role=BuyerRole.APPROVER, password=PASSWORD
    )
    lena = add_staff("lena@example.jp", "Lena", "viewer", BY, password=PASSWORD)
    told = (
        ("a stranger", None, "", None), ("Alma", cast.alma, "buyer:admin", own),
        ("Bo", cast.bo, "buyer:buyer", own), ("Vera", vera, "buyer:viewer", own),
        ("Agnes", agnes, "buyer:approver", own), ("Cleo", cast.cleo, "buyer:buyer", rival),
        ("Dana", cast.dana, "staff:sales", None), ("Egon", cast.egon, "staff:accounting", None),
        ("Frida", cast.frida, "staff:warehouse", None), ("Gil", cast.gil, "staff:owner", None),
        ("Lena", lena, "staff:viewer", None),
    )  # fmt: skip
    people = [Person(name, client_of(user), role, of) for name, user, role, of in told]
    goods = make_goods()
    belongings = {one.code: make_belongings(one, goods.sku) for one in (own, rival)}
    session.commit()
    return World(cast, people, goods, belongings)


def test_every_page_opens_for_those_it_is_for_and_nobody_else(app: Flask, world: World) -> None:
    wrong = []
    for rule in routes(app, "GET"):
        for own in world.own.values() if _owned(rule) else [world.own["nordwind"]]:
            url = address_of(app, rule, values_of(rule, own, world.goods))
            for person in world.people:
                reply = person.browser.get(url)
                expected = person.expected("GET", rule, own.customer)
                if met(reply) != (expected or met(reply)) or reply.status_code >= 500:
                    wrong.append((person.name, url, reply.status_code, expected))
    assert not wrong, "\n".join(map(str, wrong))


def test_what_one_may_not_do_is_refused_before_anything_is_written(
    app: Flask, engine: Engine, world: World
) -> None:
    wrong = []
    for rule in routes(app, "POST"):
        own = world.own["nordwind"]
        url = address_of(app, rule, values_of(rule, own, world.goods))
        for person in world.people:
            expected = person.expected("POST", rule, own.customer)
            if expected in {"", "in"}:
                continue
            with writes_of(engine) as seen:
                reply = person.browser.post(url, {"reason": "x"})
            if met(reply) != expected or seen:
                wrong.append((person.name, url, reply.status_code, expected, seen))
    assert not wrong, "\n".join(map(str, wrong))


def test_every_act_works_for_those_it_is_for(app: Flask, world: World) -> None:
    """On a document in the right state, with the form as it is meant: else a refusal proves little.

    Acts on people, roads, roles and one's own profile are proved where those are tested.
    """
    wrong, tried = [], set()
    scene = Scene(world.cast, world.cast.nordwind, world.goods)
    rules = [rule for rule in routes(app, "POST") if rule.endpoint in ACTS]
    for rule in sorted(rules, key=lambda one: one.endpoint in LAST):
        act = ACTS[rule.endpoint](scene)
        session.commit()
        url = address_of(app, rule, dict(act.values))
        able = [
            one for one in world.people
            if one.expected("POST", rule, scene.customer) in {"", "in"}
        ]  # fmt: skip
        said = _did(able, act, url)
        tried.add(rule.endpoint)
        if said not in DONE:
            wrong.append((url, said))
    assert not wrong, "\n".join(map(str, wrong))
    assert tried == set(ACTS)


def _did(able: list[Person], act: Act, url: str) -> int:
    """What the first of those who may gets, with the whole form."""
    comes = url.startswith(("/login", "/logout", "/invite/"))
    who = next((one for one in able if one.name == "Alma" and not comes), able[0])
    browser = who.browser
    if browser.get_cookie("sid") is None:
        browser.get("/login")
    cookie = browser.get_cookie("sid")
    assert cookie is not None
    browser.secret = cookie.value  # whoever comes in gets another one
    return browser.post(url, act.told(browser, url)).status_code


def test_what_is_anothers_is_answered_like_what_was_never_there(app: Flask, world: World) -> None:
    (cleo,) = (one for one in world.people if one.name == "Cleo")
    own, seen = world.own["nordwind"], 0
    for method in ("GET", "POST"):
        for rule in filter(_owned, routes(app, method)):
            for headers in ({}, PART):
                found = []
                for values in (values_of(rule, own, world.goods), nowhere(rule)):
                    url = address_of(app, rule, values)
                    ask = cleo.browser.get if method == "GET" else cleo.browser.post
                    found.append(_masked(ask(url, headers=headers), str(values["number"]), url))
                assert found[0] == found[1], rule.rule
                assert found[0][0] in {403, 404}, rule.rule
                seen += found[0][0] == 404
    assert seen > 10


def _masked(reply: TestResponse, number: str, url: str) -> tuple[int, dict[str, str], str]:
    """An answer without what differs from request to request."""
    headers = {name: value for name, value in reply.headers.items() if name not in CHANGING}
    text = TOKENS.sub(r"\1", reply.text).replace(url, "•")
    text = text if number.isdigit() else text.replace(number, "•")
    return reply.status_code, headers, text


def test_what_was_never_there_is_missing_in_the_office_too(app: Flask, world: World) -> None:
    (gil,) = (one for one in world.people if one.name == "Gil")
    for method in ("GET", "POST"):
        for rule in routes(app, method):
            if not rule.arguments or not rule.endpoint.startswith(("office.", "floor.")):
                continue
            url = address_of(app, rule, nowhere(rule))
            reply = gil.browser.get(url) if method == "GET" else gil.browser.post(url)
            assert reply.status_code in {404, 422}, (method, url, reply.status_code)
            if method == "GET":
                assert reply.status_code == 404, url


@pytest.mark.parametrize("name", ["Alma", "Cleo"])
def test_lists_hold_all_of_ones_own_and_nothing_else(world: World, name: str) -> None:
    (person,) = (one for one in world.people if one.name == name)
    assert person.customer is not None
    for page, model, series in (("/orders", Order, "SO"), ("/invoices", Invoice, "INV")):
        held = set(
            session.scalars(select(model.number).where(model.customer_id == person.customer.id))
        )
        shown = set(re.findall(rf"\b{series}-[\d-]+\d", person.browser.get(page).text))
        assert shown == held, page
        assert len(held) >= 1


def test_nothing_finds_what_is_anothers(world: World) -> None:
    """Neither its number, nor the number its buyer gave it, nor its people and addresses."""
    (cleo,) = (one for one in world.people if one.name == "Cleo")
    order = world.own["nordwind"].placed
    for text in (order.number, order.po_number):
        assert order.number not in _without_what_was_typed(
            cleo.browser.get("/orders", query_string={"q": text}).text, text
        )
    for page in ("/", "/account", "/checkout", "/cart"):
        text = cleo.browser.get(page).text
        for foreign in ("Alma", "nordwind", "ノルドヴィント"):
            assert foreign not in text, (page, foreign)


def test_nobody_acts_for_a_customer_they_do_not_belong_to(world: World) -> None:
    (cleo,) = (one for one in world.people if one.name == "Cleo")
    number = world.own["nordwind"].placed.number
    for customer in (world.cast.nordwind.id, 10**8):
        reply = cleo.browser.post("/acting-for", {"customer": str(customer)})
        assert reply.status_code == 404
    assert cleo.browser.get(f"/orders/{number}").status_code == 404


def _without_what_was_typed(page: str, text: str) -> str:
    return page.replace(f'value="{text}"', "").replace(f"q={text}", "")
