"""Who is billed for a customer from a day on, and the change that is to come."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2300"
down_revision = "20261125_2240"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bill_tos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("bill_to_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bill_tos"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_bill_tos_customer_id"),
        sa.ForeignKeyConstraint(["bill_to_id"], ["customers.id"], name="fk_bill_tos_bill_to_id"),
        sa.UniqueConstraint("customer_id", "valid_from", name="uq_bill_tos_customer_id_valid_from"),
    )
    op.execute("ALTER TABLE customers ADD COLUMN next_bill_to_on DATE")
    op.execute(
        "ALTER TABLE customers ADD COLUMN next_bill_to_id INTEGER "
        "CONSTRAINT fk_customers_next_bill_to_id REFERENCES customers (id)"
    )


def downgrade() -> None:
    for name in ("next_bill_to_id", "next_bill_to_on"):
        op.execute(f"ALTER TABLE customers DROP COLUMN {name}")
    op.drop_table("bill_tos")
