"""Questions about orders and their lines, and the answers."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2400"
down_revision = "20261125_2360"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("from_staff", sa.Boolean(), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_order_messages"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_order_messages_order_id_orders"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_order_messages_customer_id_customers"
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["order_lines.id"], name="fk_order_messages_line_id_order_lines"
        ),
    )
    op.create_index("ix_order_messages_order", "order_messages", ["order_id", "id"])
    op.create_index("ix_order_messages_open", "order_messages", ["is_open", "order_id"])


def downgrade() -> None:
    op.drop_table("order_messages")
