"""Freight rules as a table, and which customers pay cash on delivery."""

import sqlalchemy as sa
from alembic import op

revision = "0005_freight"
down_revision = "0004_calendar"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "terms",
        sa.Column("cash_on_delivery", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "freight_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("regions", sa.String(), nullable=False),
        sa.Column("min_amount", sa.BigInteger(), nullable=False),
        sa.Column("min_weight_grams", sa.Integer(), nullable=False),
        sa.Column("min_quantity", sa.Integer(), nullable=False),
        sa.Column("min_cartons", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(24), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("free_from", sa.BigInteger(), nullable=True),
        sa.Column("tax_class", sa.String(24), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freight_rules")),
    )
    op.create_index("ix_freight_rules_currency", "freight_rules", ["currency", "is_active"])


def downgrade() -> None:
    op.drop_table("freight_rules")
    op.drop_column("terms", "cash_on_delivery")
