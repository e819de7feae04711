"""No string leaves the house without its Japanese and its Chinese."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from wholesale.kernel.config import ASSETS, PACKAGE
from wholesale.kernel.text import TRANSLATIONS

WORDS = {
    "N_": None,
    "_l": None,
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}
READING = {"**.html": {"extensions": "jinja2.ext.do", "silent": "false"}}
PLACE = re.compile(r"%\((\w+)\)s")


@cache
def marked() -> frozenset[str]:
    """Every string that is marked for translation, singular where there is a plural."""
    found = set()
    for folder, methods in (
        (PACKAGE, [("**.py", "python")]),
        (ASSETS / "templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
    ):
        for _, _, message, _, _ in extract_from_dir(
            str(folder), methods, READING, keywords=WORDS, directory_filter=lambda _: True
        ):
            found.add(message[0] if isinstance(message, tuple) else message)
    return frozenset(found - {""})


def test_the_template_of_the_catalogues_is_fresh() -> None:
    """`pybabel extract` would write the same strings."""
    with (TRANSLATIONS / "messages.pot").open("rb") as file:
        kept = {m.id[0] if isinstance(m.id, tuple) else m.id for m in read_po(file) if m.id}
    assert sorted(marked() ^ kept) == []


@pytest.mark.parametrize("language", ["ja", "zh"])
def test_every_string_is_translated_with_its_placeholders(language: str) -> None:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    texts = {
        (m.id[0] if isinstance(m.id, tuple) else m.id): (
            m.string[0] if isinstance(m.string, tuple) else m.string
        )
        for m in catalogue
        if m.id
    }
    wanted = marked()
    assert len(wanted) > 800
    assert sorted(text for text in wanted if not texts.get(text)) == []
    for source in wanted:
        said, told = set(PLACE.findall(source)), set(PLACE.findall(texts[source]))
        assert told - {"num"} == said - {"num"}, source


KANA = re.compile(r"[\u3041-\u30fa\u30fc]")
SIGNS_OF = {"ja": "cp932", "zh": "gb2312", "zh_Hant": "big5"}


@pytest.mark.parametrize("language", sorted(SIGNS_OF))
def test_each_language_is_written_in_its_own_signs(language: str) -> None:
    """Kana in Chinese, or a sign that a language doesn't use, is another language's text."""
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file)
    strange = []
    for message in catalogue:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in filter(None, texts if message.id else ()):
            signs = "".join(sign for sign in text if "\u4e00" <= sign <= "\u9fff")
            known = signs.encode(SIGNS_OF[language], "ignore").decode(SIGNS_OF[language])
            if signs != known or (language != "ja" and KANA.search(text)):
                strange.append(text)
    assert strange == []
