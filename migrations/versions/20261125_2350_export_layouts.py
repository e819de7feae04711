"""Saved layouts of exports."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2350"
down_revision = "20261125_2340"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_layouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("format", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_export_layouts"),
        sa.UniqueConstraint("kind", "name", name="uq_export_layouts_kind_name"),
    )


def downgrade() -> None:
    op.drop_table("export_layouts")
