"""Large files: rows that wait to be checked and applied, how far they have come, what was said."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2230"
down_revision = "20261125_2210"
branch_labels = None
depends_on = None


def _of_run() -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
    )


def _end(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_runs.id"], name=f"fk_{table}_run_id", ondelete="CASCADE"
        ),
    )


def upgrade() -> None:
    op.create_table(
        "import_works",
        *_of_run(),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("tables", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("resumed", sa.Text(), nullable=False),
        sa.Column("goes_on", sa.Boolean(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=False),
        *_end("import_works"),
        sa.UniqueConstraint("run_id", name="uq_import_works_run_id"),
    )
    op.create_table(
        "import_rows",
        *_of_run(),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("bundle", sa.Integer(), nullable=False),
        sa.Column("tie", sa.String(length=16), nullable=True),
        sa.Column("twin", sa.String(length=16), nullable=True),
        sa.Column("table_no", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=24), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        *_end("import_rows"),
    )
    op.create_index("ix_import_rows_bundle", "import_rows", ["run_id", "bundle", "position"])
    op.create_index("ix_import_rows_tie", "import_rows", ["run_id", "tie"])
    op.create_index("ix_import_rows_twin", "import_rows", ["run_id", "twin"])
    op.create_table(
        "import_remarks",
        *_of_run(),
        sa.Column("bundle", sa.Integer(), nullable=False),
        sa.Column("table_no", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_refusal", sa.Boolean(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        *_end("import_remarks"),
    )
    op.create_index(
        "ix_import_remarks_order", "import_remarks", ["run_id", "is_refusal", "table_no", "number"]
    )
    op.create_index("ix_import_remarks_bundle", "import_remarks", ["run_id", "bundle"])


def downgrade() -> None:
    for table in ("import_remarks", "import_rows", "import_works"):
        op.drop_table(table)
