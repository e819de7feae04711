"""The one sheet that pages load is its layers, joined by tools/css."""

from __future__ import annotations

import runpy

from wholesale.kernel.config import ASSETS


def test_the_sheet_is_joined_anew_from_its_layers() -> None:
    tool = runpy.run_path(str(ASSETS / "tools" / "css"))
    sheet = (ASSETS / "static" / "css" / "app.css").read_text(encoding="utf-8")
    assert tool["joined"]() == sheet
