"""Who pays: proven by a name that is one customer's alone, otherwise only guessed."""

from __future__ import annotations

import pytest

from tests.payments.books import (
    ask,
    book,
    cleared,
    invoice,
    payer,
    reasons,
)
from wholesale.payments.evidence import Word
from wholesale.payments.payer_index import KnownName, Origin


def test_two_customers_with_one_key_are_both_shown() -> None:
    twins = [payer("A", "サトウショウジ"), payer("B", "サトウショウジ")]
    snapshot = book(invoice("INV1", "110000", "A"), invoice("INV2", "110000", "B"), payers=twins)
    said = ask(snapshot, "110000", "ｻﾄｳｼﾖｳｼﾞ(ｶ")
    assert not said.is_certain
    assert {each.customer for each in said.candidates[:2]} == {"A", "B"}
    assert "two_customers" in reasons(said)


def test_even_when_only_one_of_them_owes_the_amount() -> None:
    twins = [payer("A", "サトウショウジ"), payer("B", learned=[("サトウショウジ", 1)])]
    said = ask(book(invoice("INV1", "110000", "A"), payers=twins), "110000", "ｻﾄｳｼﾖｳｼﾞ(ｶ")
    assert not said.is_certain


def test_a_learned_name_is_certain_after_two_confirmations() -> None:
    snapshot = book(invoice("INV1", "5000"))
    assert ask(snapshot, "5000", "ﾔﾏﾀﾞﾀﾛｳ").word is not Word.CERTAIN
    key = "ヤマダタロウ"
    snapshot.payers.learn("Y", KnownName(key, Origin.LEARNED, count=1))
    once = ask(snapshot, "5000", "ﾔﾏﾀﾞﾀﾛｳ")
    assert (once.word, cleared(once)) == (Word.LIKELY, {"INV1": 5000})
    snapshot.payers.learn("Y", KnownName(key, Origin.LEARNED, count=1))
    assert ask(snapshot, "5000", "ﾔﾏﾀﾞﾀﾛｳ").is_certain


def test_a_name_learned_for_two_customers_is_nobodys() -> None:
    both = [payer("A", learned=[("ヤマダタロウ", 5)]), payer("B", learned=[("ヤマダタロウ", 1)])]
    assert not ask(book(invoice("INV1", "5000", "A"), payers=both), "5000", "ﾔﾏﾀﾞﾀﾛｳ").is_certain


def test_the_head_office_pays_for_its_shops() -> None:
    chain = [
        payer("H", "ホンシャ"),
        payer("A", "ミセエー", group="H"),
        payer("B", "ミセビー", group="H"),
    ]
    snapshot = book(
        invoice("INV1", "100", "H"),
        invoice("INV2", "2000", "A"),
        invoice("INV3", "30000", "B"),
        payers=chain,
    )
    whole = ask(snapshot, "32100", "ﾎﾝｼﾔ")
    assert whole.is_certain
    assert (whole.customer, set(cleared(whole))) == ("H", {"INV1", "INV2", "INV3"})
    assert ask(snapshot, "2000", "ﾐｾｴ-").is_certain
    assert not ask(snapshot, "30000", "ﾐｾｴ-").is_certain


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("ﾔﾏﾀｼﾖｳﾃﾝ", "name_unvoiced"),
        ("ﾔﾏﾀﾞｼﾖｳﾃﾝ(ｶ)ｵｵｻｶｼﾃﾝ", "name_before_office"),
        ("ﾔﾏﾀﾞｼﾖｳﾃﾝｵｵｻｶ", "name_begins"),
        ("ﾔﾏﾀﾞｼﾖｳﾃﾏ", "name_similar"),
    ],
)
def test_a_name_that_is_only_alike_is_shown_and_never_certain(name: str, reason: str) -> None:
    said = ask(book(invoice("INV1", "5000")), "5000", name)
    assert not said.is_certain
    assert said.customer == "Y"
    assert reason in reasons(said)


def test_a_name_cut_by_the_bank_is_known_by_its_beginning() -> None:
    long = "ヤマノテクラフトアンドデザインホールディングスアンドパートナーズヒガシニホンジギョウブ"
    cut = "ﾔﾏﾉﾃｸﾗﾌﾄｱﾝﾄﾞﾃﾞｻﾞｲﾝﾎ-ﾙﾃﾞｲﾝｸﾞｽｱﾝﾄﾞﾊﾟ-ﾄﾅ-ｽﾞﾋｶﾞｼﾆﾎﾝｼﾞ"[:48]
    snapshot = book(invoice("INV1", "5000"), payers=[payer("Y", long)])
    assert len(cut) == 48
    assert ask(snapshot, "5000", cut).is_certain
    assert ask(snapshot, "5000", cut[:26], reference="1234").is_certain
    assert not ask(snapshot, "5000", cut[:26]).is_certain
    other = payer("Z", long + "ベツ")
    rivals = book(invoice("INV1", "5000"), payers=[payer("Y", long), other])
    assert not ask(rivals, "5000", cut).is_certain


def test_a_number_before_the_name_can_be_the_customers() -> None:
    known = payer("Y", codes=frozenset({"8063"}))
    snapshot = book(invoice("INV1", "5000"), payers=[known])
    assert ask(snapshot, "5000", "8063ﾀﾞﾚｶ").is_certain
    assert ask(snapshot, "5000", "ﾀﾞﾚｶ", code="8063").is_certain
    assert not ask(snapshot, "5000", "9999ﾀﾞﾚｶ").is_certain


def test_a_customer_on_hold_is_left_to_a_person() -> None:
    held = payer("Y", "ヤマダショウテン", on_hold=True)
    said = ask(book(invoice("INV1", "5000"), payers=[held]), "5000")
    assert not said.is_certain
    assert "on_hold" in reasons(said)
