"""The whole corpus: nothing is cleared wrongly, and little that could be cleared is left."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.payments import corpus
from wholesale.payments.rehearsing import run

RECEIVED = ("zengin01.txt", "mufg.csv")
ALL = (
    "zengin01.txt",
    "zengin01_resend.txt",
    "zengin03.txt",
    "mufg.csv",
    "smbc.csv",
    "mizuho.csv",
    "rakuten.csv",
    "rakuten_copy.csv",
    "camt053_v02.xml",
    "camt053_v08.xml",
    "mt940.sta",
)


@pytest.mark.parametrize("names", [RECEIVED, ALL])
def test_no_wrong_clearing_and_nearly_every_possible_one(names: tuple[str, ...]) -> None:
    score = corpus.score(corpus.truth(), run(corpus.sources(*names), corpus.snapshot()))
    assert score.wrong == []
    assert score.automatic_right == score.automatic > 0
    assert score.automatic_rate >= Decimal("0.97"), score.missed
    assert score.recall >= Decimal("0.95"), score.not_found


def test_a_file_that_comes_twice_changes_nothing() -> None:
    first = corpus.snapshot()
    twice = corpus.snapshot()
    once = list(run(corpus.sources("rakuten.csv"), first))
    both = list(run(corpus.sources("rakuten.csv", "rakuten_copy.csv"), twice))
    new = [each for each in both if each.is_new]
    assert [(each.row, each.decision) for each in new] == [
        (each.row, each.decision) for each in once
    ]
    assert len(both) == 2 * len(once)


def test_a_reversal_opens_again_what_its_receipt_cleared() -> None:
    snapshot = corpus.snapshot()
    owed = {each.number: each for each in snapshot.book.of(["K0076"], "JPY")}
    decided = {}
    for each in run(corpus.sources("zengin01.txt"), snapshot):
        decided[each.row.record] = each
        if each.row.record == "12":
            assert each.decision.is_certain
            assert snapshot.book.find("INV-2608-0136") is None
        if each.row.record == "29":
            break
    assert decided["29"].row.reversal
    assert snapshot.book.find("INV-2608-0136") == owed["INV-2608-0136"]


def test_money_adds_up_in_every_candidate() -> None:
    snapshot = corpus.snapshot()
    for one in run(corpus.sources(*ALL), snapshot):
        for candidate in one.decision.candidates:
            if any(reason.code == "other_currency" for reason in candidate.reasons):
                continue  # a person enters the rate
            signs = {"fee": 1, "short": 1, "on_account": -1}
            named = sum(signs[each.kind] * each.amount for each in candidate.adjustments)
            assert one.row.amount + named == sum(each.amount for each in candidate.applied)
