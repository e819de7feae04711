"""No string leaves the house without its Japanese and its Chinese."""

from __future__ import annotations

import re

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
PLACE = re.compile(r"%\((\w+)\)s")


def marked() -> set[str]:
    """Every string that is marked for translation, singular where there is a plural."""
    found = set()
    for folder, methods in (
        (PACKAGE, [("**.py", "python")]),
        (ASSETS / "templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
    ):
        for _, _, message, _, _ in extract_from_dir(
            str(folder), methods, keywords=WORDS, directory_filter=lambda _: True
        ):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found - {""}


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
        assert set(PLACE.findall(texts[source])) <= set(PLACE.findall(source)) | {"num"}, source
