"""Cursors: what they carry, and what a mangled one does."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime

import pytest

from wholesale.catalog.models import Sku
from wholesale.orders.models import Order
from wholesale.shipping.models import Shipment
from wholesale.web.paging import pack, unpack

AT = datetime(2026, 11, 20, 1, 2, 3, 456789, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "columns"),
    [
        ((AT, 17), [Order.placed_at, Order.id]),
        ((date(2026, 11, 20), 17), [Shipment.planned_on, Shipment.id]),
        (("TK-1101-藍",), [Sku.code]),
    ],
)
def test_a_cursor_gives_back_what_was_put_in(key: tuple, columns: list) -> None:
    assert unpack(pack(*key), columns) == list(key)


@pytest.mark.parametrize(
    "told",
    [["x", 1], [1, 1], [AT.isoformat()], [AT.isoformat(), "1"], [AT.isoformat(), 2**40],
     ["2026-11-20T01:02:03", 1], {"a": 1}, 7, [None, None]],
)  # fmt: skip
def test_a_mangled_cursor_counts_as_none(told: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
    assert unpack(cursor, [Order.placed_at, Order.id]) is None
    assert unpack(cursor + "*", [Order.placed_at, Order.id]) is None
