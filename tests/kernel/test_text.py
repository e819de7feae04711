"""Words in several languages: catalogues that compile themselves."""

from __future__ import annotations

import gettext
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from wholesale.kernel import text
from wholesale.kernel.text import TRANSLATIONS


def test_several_processes_may_compile_the_catalogues_at_once(tmp_path: Path) -> None:
    for po in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        copy = tmp_path / po.relative_to(TRANSLATIONS)
        copy.parent.mkdir(parents=True)
        copy.write_bytes(po.read_bytes())
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: text.compile_catalogues(tmp_path), range(8)))
    assert not list(tmp_path.rglob("*.new"))
    assert gettext.translation("messages", tmp_path, ["ja"]).gettext("Orders") == "受注"


def test_readers_of_traditional_chinese_understand_the_simplified_name_next() -> None:
    names = {"ja": "湯呑", "en": "Tea cup", "zh": "茶杯"}
    assert text.localized(names, "zh-Hant") == "茶杯"
    assert text.localized({**names, "zh-Hant": "茶杯(繁)"}, "zh-Hant") == "茶杯(繁)"
    assert text.localized({"ja": "湯呑", "en": "Tea cup"}, "zh-Hant") == "Tea cup"
    assert text.localized(names, "zh") == "茶杯"
    assert text.localized({"ja": "湯呑"}, "en") == "湯呑"
