"""Making the bytes of an issued paper, once."""

from __future__ import annotations

import json

from wholesale.kernel import papers
from wholesale.kernel.db import session
from wholesale.kernel.papers import Paper
from wholesale.trade_docs.rendering import render


def print_paper(paper_id: int) -> None:
    """Draw a paper and keep its bytes; a paper that has them is left alone."""
    keep(paper_id, draw(paper_id))


def draw(paper_id: int) -> bytes:
    """The PDF of a paper, from its frozen facts; b"" when its bytes are kept already. Reads only."""
    paper = _paper(paper_id)
    return render(paper.kind, json.loads(paper.facts)) if paper.is_pending else b""


def keep(paper_id: int, pdf: bytes) -> None:
    """Keep the bytes that `draw` made. The first ones stay: a second call changes nothing."""
    paper = _paper(paper_id)
    if paper.is_pending:
        papers.keep_bytes(paper, pdf)


def _paper(paper_id: int) -> Paper:
    return session.get_one(Paper, paper_id)
