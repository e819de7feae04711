"""What narrows the list of orders besides its view and its search; all of it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from sqlalchemy import Select, select

from wholesale.company.models import Currency
from wholesale.company.queries import company
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.orders.models import Order, OrderSource
from wholesale.web.forms import read_day

FIELDS = ("source", "currency", "wished", "placed")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The filters that are set: a source, a currency, wished until a day, placed since a day."""

    source: OrderSource | None = None
    currency: str = ""
    wished: date | None = None
    placed: date | None = None

    @property
    def is_any(self) -> bool:
        """Whether anything is narrowed."""
        return bool(self.source or self.currency or self.wished or self.placed)

    def apply(self, found: Select[Any]) -> Select[Any]:
        """The list with these conditions."""
        if self.source:
            found = found.where(Order.source == self.source)
        if self.currency:
            found = found.where(Order.currency == self.currency)
        if self.wished:
            found = found.where(Order.wished_on <= self.wished)
        if self.placed:
            found = found.where(Order.placed_at >= clock.midnight(self.placed))
        return found


def asked() -> Narrowed:
    """The filters of the request; what can't be read counts as not set."""
    source = request.values.get("source", "")
    return Narrowed(
        source=OrderSource(source) if source in set(OrderSource) else None,
        currency=request.values.get("currency", "").upper()[:3],
        wished=read_day(request.values.get("wished", ""), clock.today()),
        placed=_past(request.values.get("placed", "")),
    )


def _past(text: str) -> date | None:
    """A day that has been: 11/1 is the last first of November."""
    day = read_day(text, clock.today())
    if day is not None and day > clock.today() and not text.strip().startswith(str(day.year)):
        return day.replace(year=day.year - 1)
    return day


def currencies() -> list[str]:
    """The currencies we trade in, our own first."""
    known = set(session.scalars(select(Currency.code).where(Currency.enabled)))
    return sorted({*known, company().currency}, key=lambda code: (code != company().currency, code))
