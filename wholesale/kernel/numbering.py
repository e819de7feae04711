"""Document numbers: unique, in order of issue, and without a gap where the law or the trade wants it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import cast

from sqlalchemy import String, Table, UniqueConstraint, bindparam, case, select, update
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.kernel.db import Model, session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_


class Period(StrEnum):
    """When a counter begins again at 1."""

    YEAR = "year"
    FISCAL_YEAR = "fiscal_year"


class NumberSeries(Model):
    """The form of one kind of document's numbers, e.g. `INV-{yy}{mm}-{counter:04d}`."""

    __tablename__ = "number_series"

    code: Mapped[str] = mapped_column(String(8), unique=True)
    form: Mapped[str]
    period: Mapped[Period]
    first_month: Mapped[int] = mapped_column(default=1)
    gapless: Mapped[bool] = mapped_column(default=True)


class NumberCounter(Model):
    """The last number drawn of one series in one period (the year in which the period began)."""

    __tablename__ = "number_counters"
    __table_args__ = (UniqueConstraint("code", "year"),)

    code: Mapped[str] = mapped_column(String(8))
    year: Mapped[int]
    first: Mapped[int] = mapped_column(default=1)
    last: Mapped[int] = mapped_column(default=0)


class NoSuchSeries(RuntimeError):
    """Set-up has made no counter for this series and year: an operator's error."""


# code, form, period, gapless. Codes and lengths may change until the first number is drawn.
SERIES = (
    ("SO", "SO-{yy}-{counter:05d}", Period.YEAR, True),
    ("QT", "QT-{yy}-{counter:05d}", Period.YEAR, True),
    ("SH", "SH-{yy}-{counter:05d}", Period.YEAR, True),
    ("DN", "DN-{yy}-{counter:05d}", Period.YEAR, True),
    ("CN", "CN-{yy}{mm}-{counter:04d}", Period.FISCAL_YEAR, True),
    ("RT", "RT-{yy}-{counter:05d}", Period.YEAR, True),
    ("RC", "RC-{yy}-{counter:05d}", Period.YEAR, True),
    ("TR", "TR-{yy}-{counter:05d}", Period.YEAR, True),
    ("PR", "PR-{yy}-{counter:05d}", Period.YEAR, True),
    ("PO", "PO-{yy}-{counter:05d}", Period.YEAR, True),
    ("INV", "INV-{yy}{mm}-{counter:04d}", Period.FISCAL_YEAR, True),
)


def set_up_series(first_year: int, years: int = 12, *, fiscal_month: int = 4) -> None:
    """Make the rows of every series, and its counters for `years` years; what exists stays."""
    known = set(session.scalars(select(NumberSeries.code)))
    counters = {
        (code, year)
        for code, year in session.execute(select(NumberCounter.code, NumberCounter.year))
    }
    for code, form, period, gapless in SERIES:
        month = fiscal_month if period is Period.FISCAL_YEAR else 1
        if code not in known:
            session.add(
                NumberSeries(
                    code=code, form=form, period=period, first_month=month, gapless=gapless
                )
            )
        for year in range(first_year, first_year + years):
            if (code, year) not in counters:
                session.add(NumberCounter(code=code, year=year, first=1, last=0))


class SeriesDrawn(Conflict):
    """A form is on documents."""

    message = N_("Numbers of %(code)s have been drawn: its form stays as it is.")


class BadSeries(DomainError):
    """A form that couldn't be told from another, or that has no room."""

    message = N_("A number begins with 1 to 5 capital letters that no other kind begins with.")


class MonthNeeded(DomainError):
    """A counter that runs over New Year would write the same number twice."""

    message = N_("%(code)s counts by the fiscal year: its numbers need year and month.")


class SeriesYear(StrEnum):
    """What of the date stands in a number."""

    YY = "{yy}"
    YYYY = "{yyyy}"
    YYMM = "{yy}{mm}"


_FORM = re.compile(r"([A-Z]{1,5})-(\{yy\}\{mm\}|\{yyyy\}|\{yy\})-\{counter:0(\d)d\}")
SHORTEST, LONGEST = 3, 8


def parts_of(form: str) -> tuple[str, SeriesYear, int]:
    """The letters, the date and the length of a form: `INV-{yy}{mm}-{counter:04d}`."""
    found = _FORM.fullmatch(form)
    assert found is not None  # noqa: S101 - forms are written by SERIES and reshape alone
    return found[1], SeriesYear(found[2]), int(found[3])


def all_series() -> list[NumberSeries]:
    """Every series, by code."""
    return list(session.scalars(select(NumberSeries).order_by(NumberSeries.code)))


def drawn_codes() -> set[str]:
    """The series of which a number is out, or one like it was brought in."""
    drawn = select(NumberCounter.code).where(NumberCounter.last > 0).distinct()
    return set(session.scalars(drawn))


def reshape(code: str, letters: str, year: SeriesYear, length: int, seen: str) -> list[str]:
    """Give a series another form, before its first number; [old, new].

    `seen` is the form that was shown. Raises Conflict, SeriesDrawn, BadSeries, MonthNeeded.
    """
    locked = select(NumberCounter).where(NumberCounter.code == code).with_for_update()
    if any(counter.last for counter in session.scalars(locked)):
        raise SeriesDrawn(code=code)
    by_code = {series.code: series for series in all_series()}
    series = by_code[code]
    if series.form != seen:
        raise Conflict
    taken = {parts_of(other.form)[0] for other in by_code.values() if other.code != code}
    fits = re.fullmatch(r"[A-Z]{1,5}", letters) and SHORTEST <= length <= LONGEST
    if not fits or letters in taken:
        raise BadSeries
    if series.first_month != 1 and year is not SeriesYear.YYMM:
        raise MonthNeeded(code=code)
    old, series.form = series.form, f"{letters}-{year.value}-{{counter:0{length}d}}"
    return [old, series.form]


def next_number(code: str, on: date) -> str:
    """Take the next number of a series for a document dated `on`.

    Call it in the last step of a verb: the counter's row stays locked until the unit commits, and a
    rollback gives the number back. Raises NoSuchSeries where set-up has not been run.
    """
    return next_numbers(code, on, 1)[0]


def next_numbers(code: str, on: date, count: int) -> list[str]:
    """Take so many numbers in a row, by one statement. Raises NoSuchSeries."""
    told = {"series": code, "of_year": on.year, "of_month": on.month, "more": count}
    drawn = session.execute(_DRAW, told).one_or_none()
    if drawn is None or drawn.form is None:
        raise NoSuchSeries(f"{code} {on.year}")
    last = int(drawn.last)
    return [written(drawn.form, on, counter) for counter in range(last - count + 1, last + 1)]


_series = cast("Table", NumberSeries.__table__).c
_counters = cast("Table", NumberCounter.__table__)
_this_series = _series.code == bindparam("series")
_year_ago = select(case((_series.first_month > bindparam("of_month"), 1), else_=0)).where(
    _this_series
)
_DRAW = (
    update(_counters)
    .where(
        _counters.c.code == bindparam("series"),
        _counters.c.year == bindparam("of_year") - _year_ago.scalar_subquery(),
    )
    .values(last=_counters.c.last + bindparam("more"))
    .returning(
        _counters.c.last, select(_series.form).where(_this_series).scalar_subquery().label("form")
    )
)


def written(form: str, on: date, counter: int) -> str:
    """A number of a series as it is written on a document of this day."""
    return form.format(yy=f"{on:%y}", yyyy=on.year, mm=f"{on:%m}", counter=counter)


def start_above(code: str, year: int, counter: int) -> None:
    """Let a series begin above a number that was brought in from another system."""
    session.execute(
        update(NumberCounter)
        .where(NumberCounter.code == code, NumberCounter.year == year, NumberCounter.last < counter)
        .values(last=counter, first=counter + 1)
        .execution_options(synchronize_session=False)
    )


def step_over(code: str, numbers: Iterable[str]) -> None:
    """Let a series begin above those of these numbers that are written in its form."""
    series = session.scalars(select(NumberSeries).where(NumberSeries.code == code)).one()
    highest: dict[int, int] = {}
    for number in numbers:
        read = _read(series, number)
        if read is not None:
            highest[read[0]] = max(read[1], highest.get(read[0], 0))
    for year, counter in sorted(highest.items()):
        start_above(code, year, counter)


def _read(series: NumberSeries, number: str) -> tuple[int, int] | None:
    """The year in which the number's period began, and its counter; None in another form."""
    letters, year_form, length = parts_of(series.form)
    places = {
        SeriesYear.YY: r"(\d\d)",
        SeriesYear.YYYY: r"\d\d(\d\d)",
        SeriesYear.YYMM: r"(\d\d)(\d\d)",
    }
    found = re.fullmatch(rf"{letters}-{places[year_form]}-(\d{{{length},9}})", number, re.ASCII)
    if not found:
        return None
    year = 2000 + int(found[1])
    if year_form is SeriesYear.YYMM and int(found[2]) < series.first_month:
        year -= 1
    return year, int(found[found.lastindex or 1])
