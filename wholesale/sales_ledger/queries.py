"""What is earned and not yet billed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Protocol, cast

from sqlalchemy import Table, bindparam, select

from wholesale.company.models import TaxClass
from wholesale.sales_ledger.models import SalesEntry, SalesKind


class Entry(Protocol):
    """What billing reads of a sales entry; amounts are net in `currency`."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def currency(self) -> str: ...  # noqa: D102
    @property
    def supply_on(self) -> date: ...  # noqa: D102
    @property
    def order_line_id(self) -> int | None: ...  # noqa: D102
    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def description(self) -> dict[str, Any]: ...  # noqa: D102
    @property
    def quantity(self) -> int: ...  # noqa: D102
    @property
    def unit_price(self) -> Decimal: ...  # noqa: D102
    @property
    def amount(self) -> Decimal: ...  # noqa: D102
    @property
    def tax_class(self) -> TaxClass: ...  # noqa: D102
    @property
    def tax_provisional(self) -> Decimal: ...  # noqa: D102
    @property
    def slip_number(self) -> str: ...  # noqa: D102


_entry = cast("Table", SalesEntry.__table__)
_corrected = select(_entry.c.source_id).where(
    _entry.c.kind == SalesKind.CORRECTION, _entry.c.source_kind == "sales_entry"
)
# The entries of one delivery, corrections left out together with what they correct.
ENTRIES_OF_SLIP = (
    select(_entry)
    .where(
        _entry.c.slip_number == bindparam("slip"),
        _entry.c.kind != SalesKind.CORRECTION,
        _entry.c.id.not_in(_corrected),
    )
    .order_by(_entry.c.id)
)
