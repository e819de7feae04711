"""Every customer concerned gets one letter in its language, with its own old and new prices alone."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import io
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.conftest import NOW, SYSTEM
from tests.factories.goods import make_product, make_sku
from tests.factories.people import BY, make_customer
from tests.factories.revisions import NEW_YEAR, make_revision
from tests.mail.sink import mail_server
from tests.trade_docs.sheets import text_of
from wholesale import worker
from wholesale.catalog.models import Catalog
from wholesale.customers.models import Customer
from wholesale.kernel import clock, config, db
from wholesale.pricing import revisions
from wholesale.pricing.models import Basis
from wholesale.pricing.revision_models import PriceNotice, PriceRevision


@pytest.fixture
def announced(committed_database: str) -> Iterator[None]:
    """Three customers at 60, 58.7 and 51.3 %, one of them left out, and one that pays in dollars."""
    with clock.at(NOW), db.unit_of_work(SYSTEM):
        if db.session.scalar(select(Catalog.id).limit(1)) is None:
            db.session.add(Catalog(code="ALL", name={"ja": "標準"}, holds_everything=True))
        make_sku(make_product("湯呑"), code="CUP-1", list_price="1000")
        make_customer("yama", "山商店")
        make_customer("north", "Nordwind", rate="0.587", locale="en")
        shanghai = make_customer("shanghai", "上海贸易", rate="0.513", locale="zh")
        make_customer("oslo", "Oslo AS", currency="USD", locale="en")
        revision = make_revision(Basis.SHIP)
        revision.message = {"ja": "原料高のため。", "en": "Clay has become dearer."}
        revisions.leave_out(revision, shanghai, NEW_YEAR + timedelta(days=31), BY)
        revisions.announce(revision, revision.version, BY)
    before = config.current()
    yield
    config.use(before)


def post() -> dict[str, EmailMessage]:
    """Let the worker do all that is due; the letters by whom they are to."""
    with mail_server() as (address, arrived):
        config.use(dataclasses.replace(config.current(), mail=address))
        worker.work_until_empty()
    told = [email.message_from_bytes(one, policy=email.policy.default) for one in arrived]
    assert len({one["To"] for one in told}) == len(told)
    return {one["To"].split("@")[1].split(".")[0]: one for one in told}


def test_each_letter_carries_its_readers_own_list_and_nobody_elses(announced: None) -> None:
    letters = post()
    assert set(letters) == {"yama", "north", "shanghai"}
    wanted = {
        "yama": ("2027年1月5日", "600", "660", ("587", "513", "564")),
        "north": ("January 5, 2027", "587", "645", ("600", "660", "513", "564")),
        "shanghai": ("2027年2月5日", "513", "564", ("600", "660", "587", "645")),
    }
    for code, (day, old, new, others) in wanted.items():
        letter = letters[code]
        assert day in letter["Subject"]
        sheet, table = (one.get_content() for one in letter.iter_attachments())
        printed = text_of(sheet)
        assert all(word in printed for word in ("CUP-1", "1,000", "1,100", old, new)), printed
        book = CalamineWorkbook.from_filelike(io.BytesIO(table)).get_sheet_by_index(0)
        _, row = book.to_python()
        assert row[:1] + row[3:7] == ["CUP-1", 1000, 1100, int(old), int(new)]
        everything = printed + str(row) + letter.get_body().get_content()
        assert not [figure for figure in others if figure in everything]
    assert "価格改定" in letters["yama"]["Subject"]
    assert "原料高のため。" in letters["yama"].get_body().get_content()
    assert "Clay has become dearer." in letters["north"].get_body().get_content()
    assert letters["shanghai"]["Subject"].startswith("价格调整")
    assert post() == {}
    with db.unit_of_work(SYSTEM, read_only=True):
        notices = db.session.scalars(select(PriceNotice)).all()
        assert [(one.lines, bool(one.recipient)) for one in notices] == [(1, True)] * 3


def test_a_withdrawn_revision_is_told_to_whom_was_written(announced: None) -> None:
    post()
    with clock.at(NOW), db.unit_of_work(SYSTEM):
        yama = db.session.scalars(select(Customer).where(Customer.code == "yama")).one()
        yama.order_email = "changed@elsewhere.example"
        revisions.cancel(db.session.scalars(select(PriceRevision)).one(), "延期", BY)
    letters = post()
    assert set(letters) == {"yama", "north", "shanghai"}
    assert "is withdrawn" in letters["north"]["Subject"]
    assert not any(list(one.iter_attachments()) for one in letters.values())


def test_a_revision_withdrawn_before_the_letters_leave_is_not_told_at_all(announced: None) -> None:
    with clock.at(NOW), db.unit_of_work(SYSTEM):
        revisions.cancel(db.session.scalars(select(PriceRevision)).one(), "延期", BY)
    assert post() == {}
