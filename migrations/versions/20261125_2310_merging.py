"""Merges of customers, each row that moved, and pairs that look alike and are two."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2310"
down_revision = "20261125_2300"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "moved_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(length=60), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_moved_rows"),
    )
    op.create_index("ix_moved_rows_transfer", "moved_rows", ["transfer_id"])
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by", sa.String(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_merges"),
        sa.ForeignKeyConstraint(["old_id"], ["customers.id"], name="fk_merges_old_id"),
        sa.ForeignKeyConstraint(["new_id"], ["customers.id"], name="fk_merges_new_id"),
    )
    op.create_index("ix_merges_old_id", "merges", ["old_id"])
    op.create_index("ix_merges_new_id", "merges", ["new_id"])
    op.create_table(
        "distinct_customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_distinct_customers"),
        sa.ForeignKeyConstraint(
            ["first_id"], ["customers.id"], name="fk_distinct_customers_first_id"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["customers.id"], name="fk_distinct_customers_second_id"
        ),
        sa.UniqueConstraint(
            "first_id", "second_id", name="uq_distinct_customers_first_id_second_id"
        ),
    )


def downgrade() -> None:
    for table in ("distinct_customers", "merges", "moved_rows"):
        op.drop_table(table)
