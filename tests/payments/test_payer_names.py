"""Keys of payer names: every way of writing a name leads to one key, and no further."""

from __future__ import annotations

import pytest

from wholesale.payments.payer_names import (
    bank_bytes,
    canonical_key,
    is_cut,
    without_transfer_words,
    without_voiced_marks,
)


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ", "ヤマダシヨウテン"),
        ("株式会社ヤマダショウテン", "ヤマダシヨウテン"),
        ("カブシキガイシヤ　ヤマダシヨウテン", "ヤマダシヨウテン"),
        ("カブシキカイシャヤマダショウテン", "ヤマダシヨウテン"),
        ("振込　カ）ヤマダシヨウテン", "ヤマダシヨウテン"),
        ("振込１　カ）ヤマダシヨウテン", "ヤマダシヨウテン"),
        ("振込 ＊カ）ヤマダシヨウテン", "ヤマダシヨウテン"),
        ("振込入金 カ）ヤマダシヨウテン", "ヤマダシヨウテン"),
        ("送金 ヤマダシヨウテン", "ヤマダシヨウテン"),
        ("フリコミ ヤマダショウテン(カ", "ヤマダシヨウテン"),
        ("やまだしょうてん", "ヤマダシヨウテン"),
        ("ﾔﾏﾀﾞｼﾖｳﾃﾝ(ｶ)ｵｵｻｶｼﾃﾝ", "ヤマダシヨウテンオオサカシテン"),
        ("ｻﾄｳｼﾖｳｼﾞ(ｶ", "サトウシヨウジ"),
        ("サトウショウジ株式会社", "サトウシヨウジ"),
        ("ｶ)ｴ-.ﾋﾞ-.ｼ-", "エビシ"),
        ("株式会社エービーシー", "エビシ"),
        ("株式会社ＡＢＣ", "ABC"),
        ("㈱abc", "ABC"),
        ("ﾄｸﾋ)ﾐﾄﾞﾘﾉﾓﾘ", "ミドリノモリ"),
        ("特定非営利活動法人みどりの森", "ミドリノ森"),
        ("ﾏﾂﾔﾏ(ｴｲ", "マツヤマ"),
        ("ヤマタショウテン", "ヤマタシヨウテン"),
        ("ｶ)ｶﾌﾞﾗﾌﾟﾛﾀﾞｸﾂ", "カブラプロダクツ"),
        ("カブラプロダクツ", "カブラプロダクツ"),
        ("ｼﾔ)ｷﾘｼﾏ", "キリシマ"),
        ("ｼﾕｳ)ｺｳﾘﾝｼﾞ", "コウリンジ"),
        ("カメイ", "カメイ"),
        ("Kiln & Quire Inc.", "KILNANDQUIREINC"),
        ("ヲヂヅヤ", "オジズヤ"),
    ],
)
def test_a_name_leads_to_its_key(raw: str, key: str) -> None:
    assert canonical_key(raw).key == key


def test_a_number_before_the_name_is_kept_apart() -> None:
    found = canonical_key("8063トクヒ）コウメゾノシヨウテン")
    assert (found.code, found.key) == ("8063", "コウメゾノシヨウテン")
    assert canonical_key("1010").key == "1010"


def test_a_legal_form_in_the_middle_parts_name_and_branch() -> None:
    found = canonical_key("ﾔﾏﾀﾞｼﾖｳﾃﾝ(ｶ)ｵｵｻｶｼﾃﾝ")
    assert (found.stem, found.office) == ("ヤマダシヨウテン", "オオサカシテン")
    assert found.legal_tokens == ("カ",)


def test_a_lost_voiced_mark_is_another_key_that_only_sounds_alike() -> None:
    with_mark = canonical_key("ヤマダショウテン").key
    without = canonical_key("ヤマタショウテン").key
    assert with_mark != without
    assert without_voiced_marks(with_mark) == without


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        ("振込　カ）ミナミ", "カ）ミナミ"),
        ("フリコミ ミナミ（ユ", "ミナミ（ユ"),
        ("フリコミカ）ミナミ", "カ）ミナミ"),
        ("フリコミヤサン", "フリコミヤサン"),
        ("振込", "振込"),
    ],
)
def test_only_the_word_for_transfer_is_taken_off(raw: str, left: str) -> None:
    assert without_transfer_words(raw) == left


def test_a_name_is_cut_when_it_fills_its_field() -> None:
    name = "ｶ)" + "ｱ" * 44 + "ｶﾞ"
    assert bank_bytes(name) == bank_bytes("カ）" + "ア" * 44 + "ガ") == 48
    assert is_cut(name, has_reference=False)
    assert not is_cut(name, has_reference=True)
    assert is_cut("ｱ" * 26, has_reference=True)
    assert not is_cut("ｱ" * 26, has_reference=False)
