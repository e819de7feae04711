"""The bytes of a paper are made once and kept under their hash."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from tests.factories.goods import make_sku
from tests.factories.orders import BY, make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from tests.trade_docs.sheets import text_of
from wholesale.billing import invoicing
from wholesale.kernel import files
from wholesale.kernel.db import session
from wholesale.kernel.papers import Paper
from wholesale.shipping import dispatching, packing, planning
from wholesale.trade_docs.printing import draw, keep, print_paper


def issue_papers(cast: Cast) -> dict[str, Paper]:
    """A delivery note and its invoice, by kind."""
    sku = make_sku(list_price="1980")
    put_on_shelf(sku, 100)
    for shipment in planning.plan_shipments(
        make_order(cast.nordwind, {sku: 40}, confirmed=True, po_number="PO-1"), BY
    ):
        packing.pick_all(shipment, BY)
        packing.pack_as_suggested(shipment, BY)
        dispatching.dispatch(shipment, BY)
    invoicing.invoice_shipped_goods(BY)
    session.flush()
    return {paper.kind: paper for paper in session.scalars(select(Paper))}


def test_a_shipped_order_gets_its_two_papers(cast: Cast) -> None:
    made = issue_papers(cast)
    for kind, title in (("delivery_note", "納品書"), ("invoice", "請求書")):
        paper = made[kind]
        print_paper(paper.id)
        pdf = files.read(paper.sha256 or "")
        assert hashlib.sha256(pdf).hexdigest() == paper.sha256
        assert not paper.is_pending
        text = text_of(pdf)
        assert title in text
        assert paper.number in text
        assert "ノルドヴィント株式会社御中" in text
    assert f"{made['invoice'].amount:,}" in text


def test_printing_twice_keeps_the_first_bytes(cast: Cast) -> None:
    paper = issue_papers(cast)["invoice"]
    print_paper(paper.id)
    first = (paper.sha256, paper.stored_at)
    print_paper(paper.id)
    keep(paper.id, b"%PDF other")
    assert (paper.sha256, paper.stored_at) == first
    assert draw(paper.id) == b""


def test_drawing_alone_writes_nothing(cast: Cast) -> None:
    paper = issue_papers(cast)["invoice"]
    assert draw(paper.id).startswith(b"%PDF")
    assert paper.is_pending
