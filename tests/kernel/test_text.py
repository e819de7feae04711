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
