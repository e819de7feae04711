"""Closing days and due dates: when a delivery is billed and when it must be paid."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from wholesale.customers.queries import MoneyTerms

MONTH_END = 31


def closing_on(terms: MoneyTerms, day: date) -> date | None:
    """The closing date (締日) that gathers a delivery of `day`; None where each shipment is billed.

    "20" closes on the 20th, "15,31" twice a month, 31 means the last day of any month.
    """
    days = [int(part) for part in terms.closing_days.split(",") if part.strip()]
    if not days:
        return None
    candidates = [_in_month(day.year, day.month, closing) for closing in days]
    later = _months_after(day.replace(day=1), 1)
    candidates += [_in_month(later.year, later.month, closing) for closing in days]
    return min(candidate for candidate in candidates if candidate >= day)


def due_on(terms: MoneyTerms, billed_on: date) -> date:
    """When an invoice of `billed_on` must be paid.

    With a closing: `payment_months` after the closing's month, on `payment_day`. Without: so many
    days after the invoice, or 30.
    """
    closing = closing_on(terms, billed_on)
    if closing is None:
        days = 30 if terms.payment_days is None else terms.payment_days
        return billed_on + timedelta(days=days)
    month = _months_after(closing.replace(day=1), terms.payment_months)
    return _in_month(month.year, month.month, terms.payment_day)


def _in_month(year: int, month: int, day: int) -> date:
    """The day of a month, or its last day where the month is shorter."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _months_after(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
