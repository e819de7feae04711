"""Checks of customers, and whether a failed one stops confirmations."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2360"
down_revision = "20261125_2350"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vettings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("result", sa.String(length=24), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("done_by", sa.String(length=80), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("is_newest", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vettings"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_vettings_customer_id"),
    )
    op.create_index("ix_vettings_customer", "vettings", ["customer_id", "kind", "id"])
    op.create_index("ix_vettings_review", "vettings", ["is_newest", "review_on"])
    op.create_index("ix_vettings_expiry", "vettings", ["is_newest", "expires_on"])
    with op.batch_alter_table("company", recreate="never") as company:
        company.add_column(
            sa.Column("vetting_gate", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("company", recreate="never") as company:
        company.drop_column("vetting_gate")
    op.drop_table("vettings")
