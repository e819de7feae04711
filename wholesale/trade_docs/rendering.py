"""Facts → PDF. The same facts give the same bytes, on any machine and at any time."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import typst

from wholesale.kernel.config import ASSETS
from wholesale.trade_docs.letters import FONTS, printable
from wholesale.trade_docs.setting import set_paper, set_price_notice

TEMPLATES = ASSETS / "templates" / "documents"
KINDS = ("invoice", "delivery_note", "price_notice")
STANDARD: typst.PDFStandard = "a-2a"

_SET = {"price_notice": set_price_notice}

# A compiler serves one thread at a time and remembers what it has read; idle ones wait here.
_idle: deque[typst.Compiler] = deque()


class UnknownKind(LookupError):
    """Nobody has drawn a template for this kind of paper."""


def render(kind: str, facts: Mapping[str, Any]) -> bytes:
    """Draw a paper (PDF/A-2a) from the JSON of `PaperFacts`. Raises UnknownKind."""
    if kind not in KINDS:
        raise UnknownKind(kind)
    day = date.fromisoformat(facts["issued_on"])
    try:
        compiler = _idle.pop()
    except IndexError:
        compiler = typst.Compiler(root=TEMPLATES, font_paths=fonts(), ignore_system_fonts=True)
    pdf = compiler.compile(
        input=TEMPLATES / f"{kind}.typ",
        format="pdf",
        sys_inputs={
            "paper": json.dumps(printable(_SET.get(kind, set_paper)(facts)), ensure_ascii=False)
        },
        pdf_standards=STANDARD,
        timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
    )
    _idle.append(compiler)
    assert isinstance(pdf, bytes)  # noqa: S101 - only pictures come as several files
    return pdf


@cache
def fonts() -> typst.Fonts:
    """Our own fonts and no other: a paper looks the same wherever it is drawn."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
