"""Carts divided by places and days, and order lines that leave together."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2340"
down_revision = "20261125_2330"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("carts", recreate="never") as carts:
        carts.add_column(sa.Column("plan", sa.Text(), nullable=False, server_default="{}"))
    with op.batch_alter_table("order_lines", recreate="never") as lines:
        lines.add_column(
            sa.Column("together", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("order_lines", recreate="never") as lines:
        lines.drop_column("together")
    with op.batch_alter_table("carts", recreate="never") as carts:
        carts.drop_column("plan")
