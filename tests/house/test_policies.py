"""Rights are a file that people review: a route that opens wider shows there."""

from __future__ import annotations

from flask import Flask

from tests.house.policies import declared, reviewed


def test_the_rights_are_those_that_were_reviewed(app: Flask) -> None:
    """After a change write the new line into policies.txt, where the review will see it."""
    wanted, stated = reviewed(), declared(app)
    assert sorted(set(wanted) ^ set(stated)) == []
    assert wanted == stated


def test_only_doors_are_open_to_everybody(app: Flask) -> None:
    open_to_all = {line.split()[1] for line in reviewed() if " everybody " in line}
    assert open_to_all == {
        "/apply", "/apply/sent", "/invite/<word>", "/language", "/login", "/login/passkey", "/login/passkey/question",
        "/login/verify", "/logout", "/password/reset", "/password/reset/<word>",
        "/password/reset/sent", "/theme",
        # what a browser fetches to install the portal: nothing of anybody
        "/manifest.webmanifest", "/offline", "/sw.js",
        # the link of a letter that switches its notices off, and does nothing else
        "/notices/off/<word>",
        # an order link: who has its address, and its pass code where there is one
        "/o/<link>", "/o/<link>/done", "/o/<link>/entry", "/o/<link>/lines", "/o/<link>/order",
        "/o/<link>/pictures/<sha256>",
    }  # fmt: skip


def test_nobody_who_serves_customers_may_do_what_buyers_do_and_nobody_posts_without_a_right() -> (
    None
):
    lines = [line.split() for line in reviewed()]
    bare = [
        words[1]
        for words in lines
        if words[0] == "POST" and words[2:] in (["buyers", "-"], ["staff", "-"])
    ]
    assert bare == []
    roles = {words[0]: set(words[1:]) for words in lines if ":" in words[0]}
    assert all("carts:edit" not in roles[name] for name in roles if name.startswith("staff:"))
    assert (
        roles["staff:warehouse"] & {"prices:read", "orders:read", "invoices:read", "customers:read"}
        == set()
    )
    settles = {name for name in roles if "receipts:settle" in roles[name]}
    assert settles == {"staff:owner", "staff:accounting"}
