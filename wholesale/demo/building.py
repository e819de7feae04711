"""Building the demo company: once, by the verbs, relative to the day it is built."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from wholesale.company.models import Company
from wholesale.company.queries import company
from wholesale.demo import around, history, masters, money, relations, shelves, wording
from wholesale.demo.history import Story
from wholesale.kernel import clock, config, journal
from wholesale.kernel.access import Principal
from wholesale.kernel.db import session, unit_of_work
from wholesale.kernel.journal import JournalEntry

DEMO = Principal.system("demo")
MONTHS = 14
BEGUN, TOLD = "demo:begun", "demo:told"
OPENS = time(10, 0)


class BrokenOff(RuntimeError):
    """The story was begun and never came to its end: the data folder has to go."""


def is_built() -> bool:
    """Whether there is a company in the database already. Raises BrokenOff for half a story."""
    if session.scalar(select(Company.id).limit(1)) is None:
        return False
    told = set(session.scalars(select(JournalEntry.did).where(JournalEntry.did.in_([BEGUN, TOLD]))))
    if told == {BEGUN}:
        raise BrokenOff
    return True


def build(today: date | None = None, *, months: int = MONTHS) -> None:
    """Tell the story up to `today`; a database that has a company is left alone.

    Each day is a unit of work of its own. A story that was broken off is not taken for a whole
    one: the journal says when it began and when it was told.
    """
    with unit_of_work(DEMO):
        if is_built():
            return
    last = today or clock.today()
    day = last - timedelta(days=round(months * 30.4))
    with clock.at(_ten_o_clock(day)), unit_of_work(DEMO):
        masters.lay(DEMO.actor, day - timedelta(days=400))
        journal.record(company(), BEGUN, DEMO.actor)
    story = Story(last)
    while day <= last:
        with clock.at(_ten_o_clock(day)), unit_of_work(DEMO):
            story.day()
            if day == last:
                history.expect_goods(story)
                money.last_statement(story)
                wording.publish_notices()
                around.settle(DEMO.actor)
                relations.tell(DEMO.actor)
                shelves.open_shelves(DEMO.actor, last)
                journal.record(company(), TOLD, DEMO.actor)
        day += timedelta(days=1)


def _ten_o_clock(day: date) -> datetime:
    return datetime.combine(day, OPENS, ZoneInfo(config.current().time_zone))
