"""Receipts nobody looked at before: no seed makes the matching clear something wrongly."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from tests.payments.made_up import Told, make_world
from wholesale.payments.evidence import Decision
from wholesale.payments.incoming import Incoming, Snapshot
from wholesale.payments.open_book import OpenBook, OpenInvoice
from wholesale.payments.payer_index import KnownName, Origin, Payer, PayerIndex
from wholesale.payments.proposing import propose


def is_true(told: Told, said: Decision) -> bool:
    """The decision is what the receipt truly pays."""
    fee = sum((each.amount for each in said.adjustments if each.kind == "fee"), Decimal(0))
    cleared = {each.invoice: each.amount for each in said.applied}
    return said.customer == told.customer and cleared == told.clears and fee == told.fee


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_cleared_is_right_and_the_truth_is_among_the_first_three(seed: int) -> None:
    world = make_world(seed)
    count: Counter[str] = Counter()
    for place, told in enumerate(world.receipts):
        said = propose(told.money, world.snapshot)
        if said.is_certain:
            assert told.may_be_certain, (told, said)
            assert is_true(told, said), (told, said)
            world.snapshot.book.settle(said.applied)
        else:
            world.snapshot.book.claim(place, said.candidates)
        shown = [{row.invoice for row in each.applied} for each in said.candidates[:3]]
        count["receipts"] += 1
        count["shown"] += set(told.clears) in shown
        if told.story == "exact" and told.may_be_certain:
            count["plain"] += 1
            count["plain cleared"] += said.is_certain
    assert count["plain"] > 50
    assert count["plain cleared"] >= 0.9 * count["plain"]
    assert count["shown"] >= 0.9 * count["receipts"]


def test_a_proposal_against_a_hundred_thousand_open_invoices_stays_quick() -> None:
    payers = PayerIndex(
        Payer(f"C{place}", (KnownName(f"ナマエ{place:05}", Origin.KANA),)) for place in range(5000)
    )
    day = date(2026, 10, 1)
    book = OpenBook(
        OpenInvoice(f"N{place}", f"C{place % 5000}", day, day, "JPY", Decimal(1000 + place * 37))
        for place in range(100_000)
    )
    snapshot = Snapshot(payers, book)
    asked = [
        Incoming(Decimal(1000 + place * 37), "JPY", day, f"ナマエ{place % 5000:05}")
        for place in range(0, 100_000, 1000)
    ]
    began = time.process_time()
    for money in asked:
        assert propose(money, snapshot).candidates
    assert (time.process_time() - began) / len(asked) < 0.02
