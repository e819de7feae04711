"""Sales entries are never changed: they stay under the customer they were written for."""

from __future__ import annotations

from wholesale.sales_ledger.models import SalesEntry

TAKES = ()
STAYS = (SalesEntry.customer_id, SalesEntry.bill_to_id)
