"""What is earned and not yet billed."""

from __future__ import annotations

from sqlalchemy import Select, select

from wholesale.sales_ledger.models import SalesEntry, SalesKind


def entries_of_slip(slip_number: str) -> Select[SalesEntry]:
    """The entries of one delivery, corrections left out together with what they correct."""
    corrected = select(SalesEntry.source_id).where(
        SalesEntry.kind == SalesKind.CORRECTION, SalesEntry.source_kind == "sales_entry"
    )
    return (
        select(SalesEntry)
        .where(
            SalesEntry.slip_number == slip_number,
            SalesEntry.kind != SalesKind.CORRECTION,
            SalesEntry.id.not_in(corrected),
        )
        .order_by(SalesEntry.id)
    )
