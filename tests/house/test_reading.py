"""Looking writes nothing: every GET of every wing, as everybody who may, and as those who may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import Engine

from tests.factories.belongings import address_of, make_belongings, make_goods, routes, values_of
from tests.factories.browsing import Browser
from tests.factories.people import Cast
from tests.factories.watching import writes_of
from wholesale.accounts import sessions
from wholesale.accounts.models import User
from wholesale.kernel.db import session

ClientOf = Callable[[User | None], Browser]


def test_a_write_is_noticed(engine: Engine, database: None, cast: Cast) -> None:
    session.commit()
    with writes_of(engine) as seen:
        cast.nordwind.name = "another"
        session.flush()
    assert len(seen) == 1


# One engine will do: the matrix of rights opens the same pages on both.
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_looking_writes_nothing_and_every_page_is_whole(
    app: Flask, engine: Engine, client_of: ClientOf, cast: Cast
) -> None:
    """Every route with a real object, as each role, as a page and as htmx asks for it."""
    goods = make_goods()
    own = make_belongings(cast.nordwind, goods.sku)
    people = (None, cast.alma, cast.bo, cast.cleo, cast.dana, cast.egon, cast.frida, cast.gil)
    browsers = [client_of(user) for user in people]
    people, browsers = (*people, cast.gil), [*browsers, half_way_in(app, cast.gil)]
    opened: set[str] = set()
    wrote, lacking = [], []
    with writes_of(engine) as seen:
        for rule in routes(app, "GET"):
            url = address_of(app, rule, values_of(rule, own, goods))
            for browser, who in zip(browsers, people, strict=True):
                session.commit()
                seen.clear()
                reply = browser.get(url)
                if reply.status_code == 200:
                    opened.add(rule.endpoint)
                    assert browser.part(url).status_code == 200
                assert reply.status_code < 500, (url, who)
                wrote += [(url, statement[:80]) for statement in seen]
                if reply.mimetype == "text/html":
                    lacking += [(url, reply.status_code, what) for what in faults(reply.text)]
    assert wrote == []
    assert lacking == []
    assert opened == {rule.endpoint for rule in routes(app, "GET")}


def half_way_in(app: Flask, user: User) -> Browser:
    """A browser whose second proof is still asked for."""
    secret = sessions.open_session(user, address="127.0.0.1", awaits_factor=True)
    session.flush()
    return Browser(app, secret)


def faults(text: str) -> Iterator[str]:
    """What is wrong with a whole page."""
    if not text.lstrip().startswith("<!doctype"):
        return
    page = html.fromstring(text)
    title = (page.findtext(".//title") or "").strip()
    if not title or title.startswith("—"):
        yield "no title"
    if len(page.findall(".//h1")) != 1:
        yield "not one heading"
    for form in page.iterfind(".//form[@method='post']"):
        yield from _faults_of_form(form)
    ids = [found.get("id") for found in page.iterfind(".//*[@id]")]
    yield from (f"the id {one} twice" for one in {one for one in ids if ids.count(one) > 1})
    for found in page.iter(html.etree.Element):
        yield from _faults_of_element(found, set(ids))


def _faults_of_form(form: html.HtmlElement) -> Iterator[str]:
    names = {field.get("name") for field in form.iter("input")}
    if "csrf_token" not in names:
        yield f"a form without the session's token: {form.get('action')}"
    if "form_token" not in names and form.get("class") != "stepper" and not form.get("data-once"):
        yield f"a form without a one-time token: {form.get('action')}"


def _faults_of_element(found: html.HtmlElement, ids: set[str | None]) -> Iterator[str]:
    for name in found.attrib:
        if name.startswith("on") or name == "style":
            yield f"{name} on <{found.tag}>"
    if found.tag == "script" and not found.get("src"):
        yield "a script in the page"
    target = found.get("hx-target", "")
    if target.startswith("#") and target[1:] not in ids:
        yield f"a target that is not there: {target}"


def test_faults_of_a_page_are_noticed() -> None:
    page = (
        "<!doctype html><title></title><body onload='x()'><h1>a</h1><h1 id='a' style='b'>c</h1>"
        "<form method='post' action='/x'></form><p id='a' hx-target='#b'></p><script>x()</script>"
    )
    assert len(set(faults(page))) == 9
