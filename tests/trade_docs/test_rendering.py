"""What stands on a paper, and that the same facts always give the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pypdf import PdfReader

from tests.trade_docs.sheets import THEIRS, facts_of, pages_of, text_of
from wholesale.kernel.paper_facts import words
from wholesale.kernel.text import LOCALES, in_language
from wholesale.trade_docs import lexicon
from wholesale.trade_docs.letters import GETA, characters, printable
from wholesale.trade_docs.rendering import UnknownKind, fonts, render
from wholesale.trade_docs.setting import figure, seal, set_paper

PAPERS = [(kind, locale) for kind in ("invoice", "delivery_note") for locale in LOCALES]


@pytest.mark.parametrize(("kind", "locale"), PAPERS)
def test_the_same_facts_give_the_same_bytes(kind: str, locale: str) -> None:
    facts = facts_of(kind, locale=locale)
    again = json.loads(json.dumps(facts))
    render("invoice", facts_of(lines=3))  # the compiler has drawn something else meanwhile
    assert render(kind, facts) == render(kind, again)


def test_threads_draw_the_same_bytes() -> None:
    facts = facts_of(lines=40)
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda _: render("invoice", facts), range(8)))
    assert len({hashlib.sha256(pdf).hexdigest() for pdf in drawn}) == 1


@pytest.mark.parametrize(("kind", "locale"), PAPERS)
def test_every_sign_of_the_facts_can_be_read_again(kind: str, locale: str) -> None:
    facts = facts_of(kind, locale=locale)
    text = text_of(render(kind, facts))
    assert THEIRS[locale].replace(" ", "") in text
    assert GETA not in text
    assert facts["number"] in text
    for line in facts["lines"]:
        assert line["code"] in text
        assert line["description"].replace(" ", "") in text


@pytest.mark.parametrize(("kind", "locale"), PAPERS)
def test_only_our_fonts_are_embedded(kind: str, locale: str) -> None:
    pages = PdfReader(io.BytesIO(render(kind, facts_of(kind, locale=locale)))).pages
    embedded = {
        font.get_object()["/BaseFont"].split("+")[-1]
        for page in pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert embedded
    assert all(name.startswith("NotoSans") for name in embedded)
    assert set(fonts().families()) == {"Noto Sans", "Noto Sans JP", "Noto Sans SC", "Noto Sans TC"}


@pytest.mark.parametrize(
    ("currency", "digits", "shown"),
    [("JPY", 0, "¥"), ("USD", 2, "USD"), ("KWD", 3, "KWD")],
)
def test_the_totals_are_those_of_the_facts(currency: str, digits: int, shown: str) -> None:
    facts = facts_of(currency=currency, digits=digits)
    text = text_of(render("invoice", facts))
    assert text.count(shown + figure(facts["total"], digits)) == 2
    assert shown + figure(facts["net"], digits) in text
    assert shown + figure(facts["tax"], digits) in text
    for tax in facts["taxes"]:
        assert figure(tax["base"], digits) + figure(tax["tax"], digits) in text


def test_an_invoice_says_what_the_law_wants() -> None:
    text = text_of(render("invoice", facts_of()))
    for wanted in (
        "請求書", "登録番号T7123456789012", "10%対象", "8%対象※", "※は軽減税率(8%)対象です。",
        "2026年11月18日〜2026年11月20日", "御中", "DN-26-00041", "有田焼湯呑み青海波4※",
    ):  # fmt: skip
        assert wanted in text


def test_the_legend_of_the_reduced_rate_stands_only_where_it_is_needed() -> None:
    text = text_of(render("invoice", facts_of(lines=3)))
    assert "※" not in text
    assert "8%" not in text


def test_an_export_is_exempt_and_still_says_its_zero_tax() -> None:
    text = text_of(render("invoice", facts_of(locale="en", currency="USD", digits=2, export=True)))
    assert "Export,taxexempt" in text
    assert "USD0.00" in text
    assert "Subjectto" not in text


def test_a_delivery_note_without_prices_shows_none() -> None:
    facts = facts_of("delivery_note", with_prices=False)
    text = text_of(render("delivery_note", facts))
    assert "単価" not in text
    assert "¥" not in text
    assert figure(facts["lines"][3]["amount"], 0) not in text
    assert "PO-7781" in text
    assert "北浜本店" in text


def test_a_long_paper_repeats_its_heading_and_numbers_its_pages() -> None:
    pages = pages_of(render("invoice", facts_of(lines=60)))
    for number, page in enumerate(pages, start=1):
        assert f"ページ{number}/{len(pages)}" in page
        assert "品番品名数量単価税率金額" in page
    assert all("INV-2611-0001" in page and THEIRS["ja"] in page for page in pages)


@pytest.mark.parametrize("kind", ["invoice", "delivery_note"])
def test_the_totals_never_stand_alone_on_a_page(kind: str) -> None:
    """Whatever the length, the page of the totals has two lines or more (or all there are)."""
    broken = 0
    for lines in range(1, 64):
        pages = pages_of(render(kind, facts_of(kind, lines=lines)))
        broken += len(pages) > 1
        assert pages[-1].count("-BL") >= min(lines, 2)
        assert sum(page.count("-BL") for page in pages) == lines
        assert "品番" in pages[-1]
    assert broken


def test_a_name_of_120_signs_is_printed_whole() -> None:
    name = "長い名前の品物" * 17 + "終"
    assert name in text_of(render("invoice", facts_of(lines=2, name=name)))


def test_a_partner_and_a_code_of_great_length_stay_whole() -> None:
    facts = facts_of(lines=2)
    facts["addressee"]["name"] = "株式会社" + "北浜生活雑貨" * 19 + "店"
    facts["lines"][0]["code"] = "X1234567890" * 4
    text = text_of(render("invoice", facts)).replace("\u200b", "")
    assert facts["addressee"]["name"] in text
    assert facts["lines"][0]["code"] in text


def test_a_paper_without_lines_still_has_its_totals() -> None:
    facts = facts_of(lines=1)
    facts["lines"] = []
    assert figure(facts["total"], 0) in text_of(render("invoice", facts))


def test_facts_are_never_read_as_markup() -> None:
    name = '#read("/etc/passwd") *x* $y$ <a> @b'
    assert name.replace(" ", "") in text_of(render("invoice", facts_of(lines=2, name=name)))


def test_a_sign_no_font_holds_becomes_a_geta_and_the_paper_is_still_drawn() -> None:
    text = text_of(render("invoice", facts_of(lines=1, name="茶碗🍵\u202e左から\u0000")))
    assert "茶碗〓左から" in text


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("か\u3099く", "がく"),
        ("葛\U000e0100城", "葛城"),
        ("神\ufa19", "神\ufa19"),
        ("上\n下", "上 下"),
        ("한", "〓"),
    ],
)
def test_texts_are_made_printable(written: str, printed: str) -> None:
    assert printable([{"name": written}]) == [{"name": printed}]


def test_every_character_that_is_listed_can_be_drawn_in_both_weights() -> None:
    """PDF/A refuses a missing glyph, so drawing them all proves the list."""
    every = "".join(chr(point) for point in sorted(characters()))
    visible = [sign for sign in every if printable(sign) == sign]
    facts = facts_of(lines=1, name="".join(visible))
    facts["addressee"]["name"] = "髙﨑𠮷栁邊齋𩸽𡈽"
    assert "𠮷" in text_of(render("invoice", facts))
    for codec in ("cp932", "shift_jis_2004", "gb2312"):
        lacking = [
            sign
            for sign in map(chr, range(0x4E00, 0x9FFF))
            if _has(codec, sign) and sign not in every
        ]
        assert lacking == []


def _has(codec: str, sign: str) -> bool:
    try:
        sign.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def test_every_word_has_its_japanese_and_chinese() -> None:
    assert set(lexicon._TRANSLATED) == set(words(str))


def test_a_frozen_translation_wins_over_ours() -> None:
    told: dict[str, Any] = facts_of()
    told["words"]["total"] = "総合計"
    assert set_paper(told)["words"]["total"] == "総合計"
    assert set_paper(told)["words"]["invoice"] == "請求書"


def test_the_seal_is_square_and_reads_from_the_right() -> None:
    assert seal("土と紙株式会社", "土紙") == [list("社之印"), list("株式会"), list("土と紙")]
    assert seal("Tsuchi to Kami", "土紙") == [["土", "紙"]]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UnknownKind):
        render("../invoice", facts_of())


def test_traditional_chinese_is_set_in_its_own_face_and_words() -> None:
    facts = {
        **facts_of(locale="zh-Hant"), "words": words(in_language("zh-Hant")),
    }  # fmt: skip
    text = text_of(render("invoice", facts))
    assert "帳單" in text
    assert "单" not in text
    assert "臺北喵喵麵裏廚具行台照" in text
