"""Carts that wait for a colleague's approval, and who approved an order."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2020"
down_revision = "20261125_2010"
branch_labels = None
depends_on = None

TEXTS = ("asked_note", "refused_by", "refusal")


def upgrade() -> None:
    with op.batch_alter_table("carts", recreate="never") as carts:
        carts.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
        carts.add_column(sa.Column("asked_seen", sa.Text(), nullable=False, server_default="{}"))
        for name in TEXTS:
            carts.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("orders", recreate="never") as orders:
        orders.add_column(sa.Column("approved_by", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("orders", recreate="never") as orders:
        orders.drop_column("approved_by")
    with op.batch_alter_table("carts", recreate="never") as carts:
        for name in ("asked_at", "asked_seen", *TEXTS):
            carts.drop_column(name)
