"""What must always hold of orders, asked of the rows themselves."""

from __future__ import annotations

from wholesale.kernel.checking import no_rows

CHECKS = (
    no_rows(
        "ORD-1",
        "A line never ships, plans or allocates more than is ordered and not given up",
        """
        SELECT id, quantity, dropped, planned, allocated, shipped, returned FROM order_lines
        WHERE shipped + dropped > quantity OR allocated > quantity - dropped - shipped
           OR planned > quantity - dropped - shipped OR returned > shipped OR allocated < 0
        """,
    ),
    no_rows(
        "ORD-2",
        "A line's allocated pieces equal the allocations of its demand",
        """
        SELECT l.id, l.allocated, COALESCE(d.allocated, 0) AS demand
        FROM order_lines l LEFT JOIN demands d ON d.id = l.demand_id
        WHERE l.allocated <> COALESCE(d.allocated, 0)
        """,
    ),
    no_rows(
        "ORD-3",
        "An order's demand is open exactly for what its lines have open",
        """
        SELECT l.id, l.quantity - l.dropped - l.shipped AS line_open, d.open
        FROM order_lines l JOIN demands d ON d.id = l.demand_id
        WHERE d.open <> l.quantity - l.dropped - l.shipped
        """,
    ),
    no_rows(
        "ORD-4",
        "A completed, cancelled or rejected order holds no stock",
        """
        SELECT o.number, l.id, l.allocated FROM orders o JOIN order_lines l ON l.order_id = o.id
        WHERE o.state IN ('completed', 'cancelled', 'rejected') AND l.allocated <> 0
        """,
    ),
    no_rows(
        "ORD-5",
        "An order's net amount is the sum of its lines",
        """
        SELECT o.number, o.amount_net, SUM(l.amount) AS lines
        FROM orders o JOIN order_lines l ON l.order_id = o.id
        GROUP BY o.number, o.amount_net HAVING SUM(l.amount) <> o.amount_net
        """,
    ),
    no_rows(
        "ORD-6",
        "The goods state that lists filter by equals what the lines say",
        """
        SELECT number, goods_state, derived FROM (
            SELECT o.number, o.goods_state, CASE
                WHEN SUM(l.quantity - l.dropped) = 0 THEN 'none'
                WHEN SUM(l.shipped) >= SUM(l.quantity - l.dropped) THEN 'shipped'
                WHEN SUM(l.shipped) > 0 THEN 'partly_shipped'
                WHEN SUM(l.allocated) >= SUM(l.quantity - l.dropped) THEN 'allocated'
                WHEN SUM(l.allocated) > 0 THEN 'partly_allocated'
                ELSE 'none' END AS derived
            FROM orders o JOIN order_lines l ON l.order_id = o.id
            WHERE l.kind = 'goods' GROUP BY o.number, o.goods_state) x
        WHERE goods_state <> derived
        """,
    ),
    no_rows(
        "ORD-7",
        "A held order has an open hold, and an open hold holds its order",
        """
        SELECT o.number, o.on_hold FROM orders o LEFT JOIN (
            SELECT order_id, COUNT(*) AS n FROM holds WHERE released_at IS NULL GROUP BY order_id) h
        ON h.order_id = o.id
        WHERE (o.on_hold AND h.n IS NULL) OR (NOT o.on_hold AND h.n IS NOT NULL)
        """,
    ),
    no_rows(
        "ORD-8",
        "An order that lacks some of its prepayment stands still for it, and no other one does",
        """
        SELECT o.number, o.prepayment, o.prepaid, h.n AS holds FROM orders o LEFT JOIN (
            SELECT order_id, COUNT(*) AS n FROM holds
            WHERE released_at IS NULL AND reason = 'prepayment' GROUP BY order_id) h
        ON h.order_id = o.id
        WHERE o.prepaid < 0 OR o.prepaid > o.prepayment
           OR (o.state IN ('placed', 'proposed', 'confirmed')
               AND (o.prepaid < o.prepayment) <> (h.n IS NOT NULL))
        """,
    ),
    no_rows(
        "CRD-4",
        "Money is set apart for orders once, and only where it lies on account",
        """
        SELECT c.customer_id, c.currency, c.on_account, c.reserved, COALESCE(o.apart, 0) AS orders
        FROM credit_uses c LEFT JOIN (
            SELECT bill_to_id, currency, SUM(prepaid) AS apart FROM orders
            WHERE prepaid <> 0 GROUP BY bill_to_id, currency) o
        ON o.bill_to_id = c.customer_id AND o.currency = c.currency
        WHERE c.level = 'group'
          AND (c.reserved <> COALESCE(o.apart, 0) OR c.reserved > c.on_account)
        """,
    ),
    no_rows(
        "CRD-1",
        "What a bill-to has on order equals what its open orders count",
        """
        SELECT c.customer_id, c.currency, c.ordered + c.later AS counter,
               COALESCE(o.counted, 0) AS orders
        FROM credit_uses c LEFT JOIN (
            SELECT bill_to_id, currency, SUM(credit_counted) AS counted FROM orders
            GROUP BY bill_to_id, currency) o
        ON o.bill_to_id = c.customer_id AND o.currency = c.currency
        WHERE c.level = 'group' AND c.ordered + c.later <> COALESCE(o.counted, 0)
        """,
    ),
)
