"""Pictures for files that hold them: small, in a form every office program and PDF reads."""

from __future__ import annotations

import io
import tempfile
from functools import lru_cache
from pathlib import Path

import typst
from PIL import Image

from wholesale.kernel import images

_PAGE = """#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image("drawing.svg", width: {points}pt)
"""


@lru_cache(maxsize=256)
def as_png(data: bytes, side: int) -> bytes:
    """A picture or SVG drawing as PNG on white, its longest side in pixels; b"" for what is neither."""
    if data.lstrip()[:5] in {b"<?xml", b"<svg "} or data.lstrip()[:4] == b"<svg":
        return _drawn(data, side)
    try:
        (small,) = images.as_webp(data, side)
    except (images.NoPicture, images.PictureTooLarge):
        return b""
    opened = Image.open(io.BytesIO(small))
    ground = Image.new("RGB", opened.size, "white")
    ground.paste(opened, mask=opened.getchannel("A") if opened.mode == "RGBA" else None)
    held = io.BytesIO()
    ground.save(held, "PNG", optimize=True)
    return held.getvalue()


def _drawn(svg: bytes, side: int) -> bytes:
    with tempfile.TemporaryDirectory() as made_for_it:
        folder = Path(made_for_it)
        (folder / "drawing.svg").write_bytes(svg)
        page = folder / "page.typ"
        page.write_text(_PAGE.format(points=side), encoding="utf-8")
        made = typst.compile(page, format="png", ppi=72.0, root=folder, ignore_system_fonts=True)
    assert isinstance(made, bytes)  # noqa: S101 - it is one page
    return made
