"""What must always hold of receipts and settlements, asked of the rows themselves."""

from __future__ import annotations

from wholesale.kernel.checking import no_rows

CHECKS = (
    no_rows(
        "PAY-1",
        "Every yen of a receipt is in one place: received + differences = settled + on account",
        """
        SELECT r.number, r.amount, r.on_account, COALESCE(s.settled, 0) AS settled,
               COALESCE(d.differences, 0) AS differences
        FROM receipts r
        LEFT JOIN (SELECT receipt_id, SUM(amount) AS settled FROM settlements
                   GROUP BY receipt_id) s ON s.receipt_id = r.id
        LEFT JOIN (SELECT receipt_id, SUM(amount) AS differences FROM differences
                   GROUP BY receipt_id) d ON d.receipt_id = r.id
        WHERE (CASE WHEN r.is_live THEN r.amount ELSE 0 END) + COALESCE(d.differences, 0)
              <> COALESCE(s.settled, 0) + r.on_account
        """,
    ),
    no_rows(
        "PAY-2",
        "An invoice's settled counter equals its settlements and what was settled before us",
        """
        SELECT i.number, i.settled, COALESCE(s.amount, 0) + i.opening_settled AS rows_beneath
        FROM invoices i LEFT JOIN (
            SELECT invoice_id, SUM(amount) AS amount FROM settlements GROUP BY invoice_id) s
        ON s.invoice_id = i.id
        WHERE i.settled <> COALESCE(s.amount, 0) + i.opening_settled
        """,
    ),
    no_rows(
        "PAY-3",
        "No invoice is settled beyond its total",
        """
        SELECT number, total, settled FROM invoices
        WHERE (total >= 0 AND (settled < 0 OR settled > total))
           OR (total < 0 AND (settled > 0 OR settled < total))
        """,
    ),
    no_rows(
        "PAY-4",
        "A receipt's rows stand in the ledger: money and named differences",
        """
        SELECT r.number, r.amount, COALESCE(d.differences, 0) AS differences,
               COALESCE(l.posted, 0) AS ledger
        FROM receipts r
        LEFT JOIN (SELECT receipt_id, SUM(amount) AS differences FROM differences
                   GROUP BY receipt_id) d ON d.receipt_id = r.id
        LEFT JOIN (SELECT document, SUM(amount) AS posted FROM ledger_entries
                   GROUP BY document) l ON l.document = r.number
        WHERE (CASE WHEN r.is_live THEN r.amount ELSE 0 END) + COALESCE(d.differences, 0)
              <> -COALESCE(l.posted, 0)
        """,
    ),
    no_rows(
        "PAY-5",
        "A settled line of the bank has one live receipt, an open one none",
        """
        SELECT b.id, b.state, COUNT(r.id) AS receipts FROM bank_lines b
        LEFT JOIN receipts r ON r.bank_line_id = b.id AND r.is_live
        WHERE b.is_credit AND NOT b.is_reversal GROUP BY b.id, b.state
        HAVING (b.state IN ('settled', 'on_account') AND COUNT(r.id) <> 1)
            OR (b.state IN ('open', 'proposed', 'set_apart', 'reversed') AND COUNT(r.id) <> 0)
        """,
    ),
)
