"""What must always hold of invoices, sales entries and receivables, asked of the rows themselves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from wholesale.billing.models import Invoice, InvoiceKind
from wholesale.kernel import files
from wholesale.kernel.checking import MOST_SHOWN, Check, Severity, no_rows
from wholesale.kernel.db import session
from wholesale.kernel.files import MissingFile
from wholesale.kernel.journal import START, JournalEntry, JournalHead, digest
from wholesale.kernel.numbering import NumberCounter, NumberSeries
from wholesale.kernel.papers import Paper


def _changed_papers() -> list[dict[str, Any]]:
    """Issued papers whose stored bytes are gone or no longer match their hash."""
    bad = []
    for number, sha256 in session.execute(
        select(Paper.number, Paper.sha256).where(Paper.sha256.is_not(None))
    ).yield_per(1000):
        try:
            files.read(sha256 or "")
        except MissingFile as trouble:
            bad.append({"number": number, "trouble": str(trouble)})
        if len(bad) >= MOST_SHOWN:
            break
    return bad


def _broken_chain() -> list[dict[str, Any]]:
    """The first entry of the journal whose content or link doesn't fit; or a wrong head."""
    previous, count = START, 0
    table = JournalEntry.__table__
    for row in session.execute(select(table).order_by(table.c.sequence)).mappings().yield_per(5000):
        count += 1
        content = dict(row)
        right = digest(content, previous)
        if row["sequence"] != count or row["previous_hash"] != previous or row["hash"] != right:
            return [{"sequence": row["sequence"], "did": row["did"]}]
        previous = row["hash"]
    head = session.scalars(select(JournalHead)).one()
    return (
        []
        if (head.count, head.hash) == (count, previous)
        else [{"head": head.count, "rows": count}]
    )


def _numbers_with_gaps() -> list[dict[str, Any]]:
    """Counters that drew another number of invoices than there are, and numbers out of order."""
    series = session.scalars(select(NumberSeries).where(NumberSeries.code == "INV")).one()
    drawn: dict[int, list[int]] = {}
    for number, issued_on in session.execute(
        select(Invoice.number, Invoice.issued_on)
        .where(Invoice.kind.not_in([InvoiceKind.OPENING, InvoiceKind.CREDIT_NOTE]))
        .order_by(Invoice.issued_at, Invoice.id)
    ):
        year = issued_on.year if issued_on.month >= series.first_month else issued_on.year - 1
        drawn.setdefault(year, []).append(int(number.rpartition("-")[2]))
    bad: list[dict[str, Any]] = []
    for counter in session.scalars(select(NumberCounter).where(NumberCounter.code == "INV")):
        wanted = list(range(counter.first, counter.last + 1))
        if drawn.get(counter.year, []) != wanted:
            found = len(drawn.get(counter.year, []))
            bad.append({"year": counter.year, "drawn": len(wanted), "invoices": found})
    return bad


CHECKS = (
    no_rows(
        "INV-1",
        "An invoice's net amount is the sum of its lines (opening invoices have none)",
        """
        SELECT i.number, i.net, SUM(l.amount) AS lines
        FROM invoices i JOIN invoice_lines l ON l.invoice_id = i.id
        GROUP BY i.number, i.net HAVING SUM(l.amount) <> i.net
        """,
    ),
    no_rows(
        "INV-2",
        "The base of each rate is the sum of its lines, and the tax is one rounding of it in the "
        "invoice's own mode",
        """
        SELECT number, rate, base, tax, amount, tax_mode FROM (
        SELECT i.number, i.tax_mode, t.rate, t.base, t.tax, l.amount,
               ABS(t.base * t.rate) - ABS(t.tax) * 10000 AS cut,
               10000 * CASE c.digits WHEN 0 THEN 10000 WHEN 2 THEN 100 ELSE 10 END AS step
        FROM invoice_taxes t
        JOIN invoices i ON i.id = t.invoice_id AND i.kind <> 'opening'
        LEFT JOIN (SELECT invoice_id, tax_class, tax_rate, SUM(amount) AS amount
                   FROM invoice_lines GROUP BY invoice_id, tax_class, tax_rate) l
        ON l.invoice_id = t.invoice_id AND l.tax_class = t.tax_class AND l.tax_rate = t.rate
        JOIN currencies c ON c.code = i.currency
        ) x WHERE amount IS NULL OR amount <> base OR (base < 0 AND tax > 0)
           OR (base > 0 AND tax < 0) OR CASE tax_mode
            WHEN 'down' THEN cut < 0 OR cut >= step
            WHEN 'up' THEN cut > 0 OR cut <= -step
            ELSE 2 * cut >= step OR 2 * cut < -step END
        """,
    ),
    no_rows(
        "INV-3",
        "Total = net + tax, and tax is the sum over the rates",
        """
        SELECT i.number, i.net, i.tax, i.total, SUM(t.tax) AS rates
        FROM invoices i JOIN invoice_taxes t ON t.invoice_id = i.id
        GROUP BY i.number, i.net, i.tax, i.total
        HAVING i.total <> i.net + i.tax OR SUM(t.tax) <> i.tax
        """,
    ),
    Check("INV-4", "Our invoice numbers run without a gap, in order of issue", _numbers_with_gaps),
    no_rows(
        "INV-5",
        "A sales entry is on at most one live invoice, and each billed shipment has its invoice",
        """
        SELECT sales_entry_id, COUNT(*) AS invoices FROM billed_entries
        WHERE is_live GROUP BY sales_entry_id HAVING COUNT(*) > 1
        """,
    ),
    no_rows(
        "INV-6",
        "A line's invoiced pieces equal its live invoice lines, and never exceed what shipped",
        """
        SELECT l.id, l.invoiced, l.shipped, COALESCE(b.pieces, 0) AS billed
        FROM order_lines l LEFT JOIN (
            SELECT n.order_line_id, SUM(n.quantity) AS pieces FROM invoice_lines n
            GROUP BY n.order_line_id) b ON b.order_line_id = l.id
        WHERE l.invoiced <> COALESCE(b.pieces, 0) + l.opening_invoiced OR l.invoiced > l.shipped
        """,
    ),
    no_rows(
        "SHP-1",
        "A line's shipped pieces equal its dispatched shipment lines and its opening ones",
        """
        SELECT l.id, l.shipped, COALESCE(s.pieces, 0) AS shipments FROM order_lines l LEFT JOIN (
            SELECT p.order_line_id, SUM(p.quantity) AS pieces FROM shipment_lines p
            JOIN shipments h ON h.id = p.shipment_id AND h.state IN ('dispatched', 'delivered')
            GROUP BY p.order_line_id) s ON s.order_line_id = l.id
        WHERE l.kind = 'goods' AND l.shipped <> COALESCE(s.pieces, 0) + l.opening_shipped
        """,
    ),
    no_rows(
        "SHP-2",
        "A line's planned pieces equal its shipment lines that have not left",
        """
        SELECT l.id, l.planned, COALESCE(s.pieces, 0) AS shipments FROM order_lines l LEFT JOIN (
            SELECT p.order_line_id, SUM(p.quantity) AS pieces FROM shipment_lines p
            JOIN shipments h ON h.id = p.shipment_id
                 AND h.state IN ('planned', 'picking', 'packed')
            GROUP BY p.order_line_id) s ON s.order_line_id = l.id
        WHERE l.planned <> COALESCE(s.pieces, 0)
        """,
    ),
    no_rows(
        "SHP-3",
        "Every dispatched shipment line moved exactly its pieces out of stock",
        """
        SELECT p.id, p.quantity, COALESCE(m.pieces, 0) AS moved FROM shipment_lines p
        JOIN shipments h ON h.id = p.shipment_id AND h.state IN ('dispatched', 'delivered')
        LEFT JOIN (SELECT source_id, SUM(quantity) AS pieces FROM moves
                   WHERE source_kind = 'shipment_line' AND kind = 'shipment' GROUP BY source_id) m
        ON m.source_id = p.id WHERE p.quantity <> COALESCE(m.pieces, 0)
        """,
    ),
    no_rows(
        "SHP-4",
        "The cartons of a packed shipment hold exactly its pieces",
        """
        SELECT p.id, p.quantity, COALESCE(c.pieces, 0) AS packed FROM shipment_lines p
        JOIN shipments h ON h.id = p.shipment_id
             AND h.state IN ('packed', 'dispatched', 'delivered')
        LEFT JOIN (SELECT shipment_line_id, SUM(quantity) AS pieces FROM carton_lines
                   GROUP BY shipment_line_id) c ON c.shipment_line_id = p.id
        WHERE p.quantity <> COALESCE(c.pieces, 0)
        """,
    ),
    no_rows(
        "AR-1",
        "A bill-to's ledger equals what its invoices have open minus its money on account",
        """
        SELECT l.customer_id, l.currency, l.ledger, COALESCE(i.open, 0) AS open,
               COALESCE(r.on_account, 0) AS on_account
        FROM (SELECT customer_id, currency, SUM(amount) AS ledger FROM ledger_entries
              GROUP BY customer_id, currency) l
        LEFT JOIN (SELECT COALESCE(c.merged_into_id, c.id) AS customer_id, currency,
                          SUM(total - settled) AS open
                   FROM invoices JOIN customers c ON c.id = invoices.customer_id
                   GROUP BY COALESCE(c.merged_into_id, c.id), currency) i
        ON i.customer_id = l.customer_id AND i.currency = l.currency
        LEFT JOIN (SELECT customer_id, currency, SUM(on_account) AS on_account FROM receipts
                   WHERE is_live GROUP BY customer_id, currency) r
        ON r.customer_id = l.customer_id AND r.currency = l.currency
        WHERE l.ledger <> COALESCE(i.open, 0) - COALESCE(r.on_account, 0)
        """,
    ),
    no_rows(
        "CRD-2",
        "The credit counter owes what the invoices have open, and holds what lies on account",
        """
        SELECT c.customer_id, c.currency, c.receivable, COALESCE(i.open, 0) AS open,
               c.on_account, COALESCE(r.on_account, 0) AS receipts
        FROM credit_uses c
        LEFT JOIN (SELECT COALESCE(x.merged_into_id, x.id) AS customer_id, currency,
                          SUM(total - settled) AS open
                   FROM invoices JOIN customers x ON x.id = invoices.customer_id
                   GROUP BY COALESCE(x.merged_into_id, x.id), currency) i
        ON i.customer_id = c.customer_id AND i.currency = c.currency
        LEFT JOIN (SELECT customer_id, currency, SUM(on_account) AS on_account FROM receipts
                   WHERE is_live GROUP BY customer_id, currency) r
        ON r.customer_id = c.customer_id AND r.currency = c.currency
        WHERE c.level = 'group' AND (c.receivable <> COALESCE(i.open, 0)
              OR c.on_account <> COALESCE(r.on_account, 0))
        """,
    ),
    no_rows(
        "CRD-3",
        "The credit counter's unbilled part equals the sales no live invoice names, with tax",
        """
        SELECT c.customer_id, c.currency, c.unbilled, COALESCE(s.gross, 0) AS entries
        FROM credit_uses c LEFT JOIN (
            SELECT COALESCE(x.merged_into_id, x.id) AS bill_to_id, e.currency,
                   SUM(e.amount + e.tax_provisional) AS gross
            FROM sales_entries e JOIN customers x ON x.id = e.bill_to_id
            LEFT JOIN billed_entries b ON b.sales_entry_id = e.id AND b.is_live
            WHERE b.id IS NULL GROUP BY COALESCE(x.merged_into_id, x.id), e.currency) s
        ON s.bill_to_id = c.customer_id AND s.currency = c.currency
        WHERE c.level = 'group' AND c.unbilled <> COALESCE(s.gross, 0)
        """,
    ),
    no_rows(
        "PAP-1",
        "Every issued invoice and dispatched shipment has its paper",
        """
        SELECT number FROM invoices WHERE kind <> 'opening' AND paper_id IS NULL
        UNION ALL
        SELECT number FROM shipments WHERE state IN ('dispatched', 'delivered') AND paper_id IS NULL
        """,
    ),
    Check("PAP-2", "Stored papers are byte for byte what was stored", _changed_papers),
    Check("AUD-1", "The journal's hash chain is unbroken from its first entry", _broken_chain),
    no_rows(
        "PAP-3",
        "Papers whose bytes are still to be made (the worker makes them)",
        "SELECT kind, COUNT(*) AS pending FROM papers WHERE sha256 IS NULL GROUP BY kind",
        Severity.WARNING,
    ),
)
