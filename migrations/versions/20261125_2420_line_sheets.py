"""Line sheets that the worker draws."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2420"
down_revision = "20261125_2410"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "line_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("catalog_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("with_prices", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_line_sheets"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_line_sheets_customer_id"
        ),
        sa.ForeignKeyConstraint(["catalog_id"], ["catalogs.id"], name="fk_line_sheets_catalog_id"),
    )
    op.create_index("ix_line_sheets_customer_id", "line_sheets", ["customer_id"])


def downgrade() -> None:
    op.drop_table("line_sheets")
