"""What must always hold of merged customers, asked of the rows themselves."""

from __future__ import annotations

from wholesale.kernel.checking import no_rows

CHECKS = (
    no_rows(
        "MRG-1",
        "A merged customer owes nothing and has no credit in use: all of it went over",
        """
        SELECT c.code, l.currency, SUM(l.amount) AS owed FROM ledger_entries l
        JOIN customers c ON c.id = l.customer_id AND c.merged_into_id IS NOT NULL
        GROUP BY c.code, l.currency HAVING SUM(l.amount) <> 0
        UNION ALL
        SELECT c.code, u.currency,
               u.ordered + u.later + u.unbilled + u.receivable + u.on_account + u.reserved
        FROM credit_uses u JOIN customers c ON c.id = u.customer_id AND c.merged_into_id IS NOT NULL
        WHERE u.ordered <> 0 OR u.later <> 0 OR u.unbilled <> 0 OR u.receivable <> 0
           OR u.on_account <> 0 OR u.reserved <> 0
        """,
    ),
    no_rows(
        "MRG-2",
        "Nothing that lives stands under a merged customer, and it lives on in one that lives",
        """
        SELECT c.code, 'order' AS what, o.number FROM orders o
        JOIN customers c ON c.merged_into_id IS NOT NULL AND c.id IN (o.customer_id, o.bill_to_id)
        UNION ALL
        SELECT c.code, 'receipt', r.number FROM receipts r
        JOIN customers c ON c.id = r.customer_id AND c.merged_into_id IS NOT NULL
        UNION ALL
        SELECT c.code, 'customer', n.code FROM customers c JOIN customers n ON n.id = c.merged_into_id
        WHERE n.merged_into_id IS NOT NULL OR c.state <> 'merged'
        """,
    ),
)
