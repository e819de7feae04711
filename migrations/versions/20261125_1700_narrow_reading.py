"""Indexes that hold all a list or a count of open work looks at, and those for what is typed."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1700"
down_revision = "0005_freight"
branch_labels = None
depends_on = None

OPEN_LINE = sa.text("quantity > dropped + shipped")
OPEN_INVOICE = sa.text("total <> settled")
FRESH = (
    ("ix_orders_number", "orders", ["number"]),
    ("ix_orders_po_number", "orders", ["po_number"]),
    ("ix_order_lines_work", "order_lines", [
        "order_id", "kind", "promised_on", "wished_on", "sku_id", "quantity", "dropped", "shipped",
        "allocated",
    ]),
    ("ix_shipments_unbilled", "shipments", ["state"]),
    ("ix_customers_merged_into_id", "customers", ["merged_into_id"]),
    ("ix_invoices_customer_issued", "invoices", ["customer_id", "issued_on", "id"]),
)  # fmt: skip
WIDER = (  # name, table, before, now
    ("ix_invoices_open_due", "invoices", ["state", "due_on"],
     ["state", "due_on", "currency", "customer_id", "total", "settled"]),
    ("ix_sales_entries_revenue", "sales_entries", ["revenue_on"],
     ["revenue_on", "currency", "customer_id", "amount"]),
    ("ix_bank_lines_state", "bank_lines", ["state", "booked_on", "id"],
     ["state", "booked_on", "id", "is_credit"]),
)  # fmt: skip
OPTIONS = {
    "ix_orders_number": {"postgresql_ops": {"number": "varchar_pattern_ops"}},
    "ix_orders_po_number": {"postgresql_ops": {"po_number": "varchar_pattern_ops"}},
    "ix_order_lines_work": {"sqlite_where": OPEN_LINE, "postgresql_where": OPEN_LINE},
    "ix_shipments_unbilled": {
        "sqlite_where": sa.text("is_billed = 0"),
        "postgresql_where": sa.text("NOT is_billed"),
    },
    "ix_invoices_open_due": {"sqlite_where": OPEN_INVOICE, "postgresql_where": OPEN_INVOICE},
}


def upgrade() -> None:
    for name, table, columns in FRESH:
        op.create_index(name, table, columns, **OPTIONS.get(name, {}))
    for name, table, _, now in WIDER:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, now, **OPTIONS.get(name, {}))


def downgrade() -> None:
    for name, table, before, _ in WIDER:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, before, **OPTIONS.get(name, {}))
    for name, table, _ in reversed(FRESH):
        op.drop_index(name, table_name=table)
