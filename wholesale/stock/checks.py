"""What must always hold of stock, asked of the rows themselves."""

from __future__ import annotations

from wholesale.kernel.checking import no_rows

CHECKS = (
    no_rows(
        "STK-1",
        "On hand equals what the ledger moved in minus what it moved out, per SKU, place and lot",
        """
        SELECT b.sku_id, b.location_id, b.lot, b.on_hand, COALESCE(m.pieces, 0) AS ledger
        FROM balances b LEFT JOIN (
            SELECT sku_id, place, lot, SUM(pieces) AS pieces FROM (
                SELECT sku_id, to_location_id AS place, lot, quantity AS pieces FROM moves
                UNION ALL
                SELECT sku_id, from_location_id, lot, -quantity FROM moves) x
            GROUP BY sku_id, place, lot) m
        ON m.sku_id = b.sku_id AND m.place = b.location_id AND m.lot = b.lot
        WHERE b.on_hand <> COALESCE(m.pieces, 0)
        """,
    ),
    no_rows(
        "STK-2",
        "Every move has a balance on both of its sides",
        """
        SELECT m.id, m.sku_id FROM moves m
        LEFT JOIN balances f ON f.sku_id = m.sku_id AND f.location_id = m.from_location_id
            AND f.lot = m.lot
        LEFT JOIN balances t ON t.sku_id = m.sku_id AND t.location_id = m.to_location_id
            AND t.lot = m.lot
        WHERE f.id IS NULL OR t.id IS NULL
        """,
    ),
    no_rows(
        "STK-3",
        "Allocated equals the sum of the open allocations, per SKU, place and lot",
        """
        SELECT b.sku_id, b.location_id, b.lot, b.allocated, COALESCE(a.pieces, 0) AS allocations
        FROM balances b LEFT JOIN (
            SELECT sku_id, location_id, lot, SUM(quantity) AS pieces FROM allocations
            GROUP BY sku_id, location_id, lot) a
        ON a.sku_id = b.sku_id AND a.location_id = b.location_id AND a.lot = b.lot
        WHERE b.allocated <> COALESCE(a.pieces, 0)
        """,
    ),
    no_rows(
        "STK-4",
        "At own places nothing is below zero and no more is allocated than is there",
        """
        SELECT b.id, b.sku_id, b.location_id, b.on_hand, b.allocated
        FROM balances b JOIN locations l ON l.id = b.location_id
        WHERE l.is_own AND (b.on_hand < 0 OR b.allocated < 0 OR b.allocated > b.on_hand)
        """,
    ),
    no_rows(
        "STK-5",
        "Over all places, the virtual ones included, a SKU adds up to zero",
        "SELECT sku_id, SUM(on_hand) AS pieces FROM balances GROUP BY sku_id HAVING SUM(on_hand) <> 0",
    ),
    no_rows(
        "STK-6",
        "A demand's allocated pieces equal its allocations, and never exceed what is open",
        """
        SELECT d.id, d.open, d.allocated, COALESCE(a.pieces, 0) AS allocations
        FROM demands d LEFT JOIN (
            SELECT demand_id, SUM(quantity) AS pieces FROM allocations GROUP BY demand_id) a
        ON a.demand_id = d.id
        WHERE d.allocated <> COALESCE(a.pieces, 0) OR d.allocated > d.open
        """,
    ),
    no_rows(
        "STK-7",
        "What is set aside equals the unused part of the allotments, per SKU and place",
        """
        SELECT a.sku_id, a.location_id, a.unused, COALESCE(b.aside, 0) AS set_aside FROM (
            SELECT sku_id, location_id, SUM(quantity - used) AS unused FROM allotments
            GROUP BY sku_id, location_id) a
        LEFT JOIN (
            SELECT sku_id, location_id, SUM(set_aside) AS aside FROM balances
            GROUP BY sku_id, location_id) b
        ON b.sku_id = a.sku_id AND b.location_id = a.location_id
        WHERE a.unused <> COALESCE(b.aside, 0)
        """,
    ),
)
