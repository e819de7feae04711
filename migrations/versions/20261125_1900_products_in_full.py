"""Readings, tags, own fields and the life of products; the supplier's code of SKUs."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1900"
down_revision = "20261125_1800"
branch_labels = None
depends_on = None

PRODUCT_COLUMNS = ("readings", "tags", "custom", "life", "last_order_on", "successor_id")


def upgrade() -> None:
    with op.batch_alter_table("products", recreate="never") as products:
        products.add_column(sa.Column("readings", sa.Text(), nullable=True))
        products.add_column(sa.Column("tags", sa.Text(), nullable=False, server_default="[]"))
        products.add_column(sa.Column("custom", sa.Text(), nullable=False, server_default="{}"))
        products.add_column(
            sa.Column("life", sa.String(length=24), nullable=False, server_default="current")
        )
        products.add_column(sa.Column("last_order_on", sa.Date(), nullable=True))
        products.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("skus", recreate="never") as skus:
        skus.add_column(
            sa.Column("supplier_code", sa.String(length=60), nullable=False, server_default="")
        )
    with op.batch_alter_table("categories", recreate="never") as categories:
        categories.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    with op.batch_alter_table("categories", recreate="never") as categories:
        categories.drop_column("version")
    with op.batch_alter_table("skus", recreate="never") as skus:
        skus.drop_column("supplier_code")
    with op.batch_alter_table("products", recreate="never") as products:
        for name in reversed(PRODUCT_COLUMNS):
            products.drop_column(name)
