"""Papers are drawn and letters leave: the worker on a committed database."""

from __future__ import annotations

import dataclasses
import email
import email.policy
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.conftest import NOW, SYSTEM
from tests.factories.goods import make_sku
from tests.factories.orders import make_order
from tests.factories.people import make_cast
from tests.factories.stock import put_on_shelf
from tests.mail.sink import mail_server
from wholesale import worker
from wholesale.billing import invoicing
from wholesale.kernel import clock, config, db, files, jobs
from wholesale.kernel.access import Actor
from wholesale.kernel.jobs import Job, JobState
from wholesale.kernel.papers import Paper
from wholesale.mail.models import Letter, LetterState
from wholesale.shipping import dispatching, packing, planning

BY = Actor.system("test")


@pytest.fixture
def traded(committed_database: str) -> Iterator[None]:
    """Two customers, in Japanese and in English, each with one order shipped and invoiced."""
    with clock.at(NOW), db.unit_of_work(SYSTEM):
        cast = make_cast()
        cast.rival.locale = "en"
        sku = make_sku()
        put_on_shelf(sku, 20)
        for customer in (cast.nordwind, cast.rival):
            order = make_order(customer, {sku: 3}, confirmed=True)
            for shipment in planning.plan_shipments(order, BY):
                packing.pick_all(shipment, BY)
                packing.pack_as_suggested(shipment, BY)
                dispatching.dispatch(shipment, BY, carrier="ヤマト運輸", tracking_number="1234")
        invoicing.invoice_shipped_goods(BY)
    before = config.current()
    yield
    config.use(before)


def letters() -> list[tuple[str, LetterState]]:
    with db.unit_of_work(SYSTEM, read_only=True):
        found = db.session.execute(select(Letter.event, Letter.state).order_by(Letter.id))
        return [tuple(row) for row in found]


def test_every_letter_leaves_once_with_its_paper_in_its_readers_language(traded: None) -> None:
    with mail_server() as (address, arrived):
        config.use(
            dataclasses.replace(config.current(), mail=address, mail_from="sales@ours.example")
        )
        assert worker.work_until_empty() > 0
        assert worker.work_until_empty() == 0
    assert {state for _, state in letters()} == {LetterState.SENT}
    assert len(arrived) == len(letters()) == 6
    told = [email.message_from_bytes(one, policy=email.policy.default) for one in arrived]
    ours = {one["To"]: one for one in told if "INV-" in one["Subject"]}
    japanese, english = ours["keiri@nordwind.example.jp"], ours["keiri@rival.example.jp"]
    assert japanese["Subject"].startswith("請求書 INV-")
    assert english["Subject"].startswith("Invoice INV-")
    for one in (japanese, english):
        assert one["From"] == "sales@ours.example"
        (sheet,) = list(one.iter_attachments())
        assert sheet.get_content().startswith(b"%PDF-")
    confirmed = next(one for one in told if "is confirmed" in one["Subject"])
    assert "http://localhost/orders/SO-" in confirmed.get_content()


def test_the_stored_paper_is_the_one_that_was_hashed(traded: None) -> None:
    worker.work_until_empty()
    with db.unit_of_work(SYSTEM, read_only=True):
        papers = db.session.scalars(select(Paper)).all()
        assert {paper.kind for paper in papers} == {"delivery_note", "invoice"}
        assert all(files.read(paper.sha256 or "").startswith(b"%PDF-") for paper in papers)


def test_a_mail_server_that_is_away_is_tried_again_and_loses_nothing(traded: None) -> None:
    config.use(dataclasses.replace(config.current(), mail="smtp://127.0.0.1:9"))
    worker.work_until_empty()
    with db.unit_of_work(SYSTEM, read_only=True):
        waiting = db.session.scalars(select(Job).where(Job.state == JobState.READY)).all()
        assert len(waiting) == 6
        assert all("Error" in (job.trouble or "") and job.attempts == 1 for job in waiting)
        later = max(job.run_at for job in waiting)
    with mail_server() as (address, arrived):
        config.use(dataclasses.replace(config.current(), mail=address))
        with db.unit_of_work(SYSTEM):
            for job in db.session.scalars(select(Job).where(Job.state == JobState.READY)):
                job.run_at = NOW
        worker.work_until_empty()
    assert later > NOW
    assert len(arrived) == 6


def test_a_job_nobody_knows_is_kept_and_does_not_stop_the_others(traded: None) -> None:
    with db.unit_of_work(SYSTEM):
        jobs.enqueue("no.such.work", {}, by=BY, priority=0)
    worker.work_until_empty()
    with db.unit_of_work(SYSTEM, read_only=True):
        odd = db.session.scalars(select(Job).where(Job.name == "no.such.work")).one()
        assert odd.state is JobState.READY
        assert "no.such.work" in (odd.trouble or "")
    assert {state for _, state in letters()} == {LetterState.SENT}
