"""The portal as an app: a manifest, a worker that keeps nothing of anybody, a page without a network."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.factories.browsing import Browser
from tests.factories.people import Cast
from wholesale.accounts.models import User

ClientOf = Callable[[User | None], Browser]


def test_the_manifest_names_the_house_and_its_icon(client_of: ClientOf, cast: Cast) -> None:
    reply = client_of(cast.alma).get("/manifest.webmanifest")
    assert reply.mimetype == "application/manifest+json"
    told = reply.get_json()
    assert told["name"] and told["display"] == "standalone" and told["start_url"] == "/"
    assert client_of(None).get(told["icons"][0]["src"]).status_code == 200
    assert 'rel="manifest" href="/manifest.webmanifest"' in client_of(cast.alma).get("/").text


def test_the_worker_is_served_from_the_root_and_under_the_strict_policy(
    client_of: ClientOf, cast: Cast
) -> None:
    reply = client_of(None).get("/sw.js")
    assert (reply.status_code, reply.mimetype) == (200, "text/javascript")
    assert reply.headers["Cache-Control"] == "no-cache"
    assert "unsafe" not in reply.headers["Content-Security-Policy"]


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_page_without_a_network_knows_nobody(
    client_of: ClientOf, cast: Cast, *, signed_in: bool
) -> None:
    page = client_of(cast.alma if signed_in else None).get("/offline")
    assert page.status_code == 200
    assert cast.alma.name not in page.text and cast.nordwind.name not in page.text


def test_the_office_is_not_installed(client_of: ClientOf, cast: Cast) -> None:
    page = client_of(cast.dana).get("/office/").text
    assert 'rel="manifest"' not in page and "waiting.js" not in page
