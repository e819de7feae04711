"""Papers of products for markets."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2430"
down_revision = "20261125_2420"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("sku_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("markets", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_product_papers"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name="fk_product_papers_product_id_products"
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name="fk_product_papers_sku_id_skus"),
    )
    op.create_index("ix_product_papers_product_id", "product_papers", ["product_id"])
    op.create_index("ix_product_papers_expires_on", "product_papers", ["expires_on"])


def downgrade() -> None:
    op.drop_table("product_papers")
