"""Postal codes: every spelling finds its place, and nothing typed is lost."""

from __future__ import annotations

import pytest

from wholesale.customers.postal_codes import Place, completed, place_of, read_code

CHIYODA = Place("100-0001", "東京都", "千代田区千代田")


@pytest.mark.parametrize(
    "typed", ["100-0001", "1000001", "〒100-0001", "１００－０００１", "100 0001", "100ー0001"]
)
def test_every_spelling_is_read(typed: str) -> None:
    assert place_of(typed) == CHIYODA


@pytest.mark.parametrize(
    "typed", ["", "100-000", "10000011", "SW1A 1AA", "0000000", "9999999", "²1000001"]
)
def test_what_is_no_code_has_no_place(typed: str) -> None:
    assert place_of(typed) is None


def test_the_first_and_the_last_of_the_list_are_found() -> None:
    assert place_of("001-0000") == Place("001-0000", "北海道", "札幌市北区")
    last = place_of("999-8531")
    assert last is not None
    assert last.region == "山形県"


def test_a_house_number_stays_and_words_are_never_overwritten() -> None:
    assert completed("1000001", "", "") == ("100-0001", "東京都", "千代田区千代田")
    assert completed("1000001", "", "1-1") == ("100-0001", "東京都", "千代田区千代田1-1")
    assert completed("1000001", "大阪府", "１番地")[1:] == ("東京都", "千代田区千代田１番地")
    typed = ("100-0001", "東京都", "千代田区千代田 1-1 皇居")
    assert completed(*typed) == typed
    assert completed("12345", "Kyoto", "Main St 1") == ("12345", "Kyoto", "Main St 1")
    assert read_code("12345") == ""
