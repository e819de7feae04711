"""Every route of every wing, tried by those it is not for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Flask
from werkzeug.routing import Rule

from tests.factories.browsing import Browser
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.web.gate import policy_of

ClientOf = Callable[[User | None], Browser]


def routes(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """(rule, address, method) of every endpoint but the assets, with values that exist nowhere."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        values = {
            name: 1 if type(converter).__name__ == "IntegerConverter" else "none"
            for name, converter in rule._converters.items()
        }
        url = app.url_map.bind("localhost").build(rule.endpoint, values, method=None)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, url, method


def test_every_endpoint_states_a_policy(app: Flask) -> None:
    assert [
        rule.endpoint for rule, _, _ in routes(app) if policy_of(app, rule.endpoint) is None
    ] == []


def test_a_stranger_is_shown_the_door_everywhere(
    app: Flask, client_of: ClientOf, cast: Cast
) -> None:
    browser = client_of(None)
    inside = []
    for rule, url, method in routes(app):
        policy = policy_of(app, rule.endpoint)
        if policy is not None and policy.is_public:
            continue
        answer = browser.get(url) if method == "GET" else browser.post(url)
        if answer.status_code != 303 or not answer.headers["Location"].startswith("/login"):
            inside.append((method, url, answer.status_code))
    assert inside == []


def test_a_buyer_learns_nothing_of_the_office(app: Flask, client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.alma)
    inside = []
    for rule, url, method in routes(app):
        if not rule.endpoint.startswith(("office.", "floor.")):
            continue
        answer = browser.get(url) if method == "GET" else browser.post(url)
        if answer.status_code != 404:
            inside.append((method, url, answer.status_code))
    assert inside == []


def test_staff_never_act_in_a_customers_portal(app: Flask, client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.dana)
    inside = []
    for rule, url, method in routes(app):
        policy = policy_of(app, rule.endpoint)
        is_public = policy is not None and policy.is_public  # what installs the portal, reviewed
        if not rule.endpoint.startswith("portal.") or url == "/" or is_public:
            continue
        answer = browser.get(url) if method == "GET" else browser.post(url)
        if answer.status_code != 403:
            inside.append((method, url, answer.status_code))
    assert inside == []


def test_the_warehouse_sees_no_money(app: Flask, client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.frida)
    for url in ("/office/invoices", "/office/match", "/office/bank", "/office/customers"):
        assert browser.get(url).status_code == 403, url
