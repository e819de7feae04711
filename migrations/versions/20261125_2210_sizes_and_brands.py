"""Materials of products, sizes of SKUs and their cartons, logo and description of brands."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2210"
down_revision = "20261125_2200"
branch_labels = None
depends_on = None

SIZES = (
    "width_mm", "depth_mm", "height_mm", "carton_width_mm", "carton_depth_mm", "carton_height_mm",
    "carton_weight_grams",
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("products", recreate="never") as products:
        products.add_column(sa.Column("materials", sa.Text(), nullable=True))
    with op.batch_alter_table("skus", recreate="never") as skus:
        for name in SIZES:
            skus.add_column(sa.Column(name, sa.Integer(), nullable=True))
    with op.batch_alter_table("brands", recreate="never") as brands:
        brands.add_column(sa.Column("description", sa.Text(), nullable=True))
        brands.add_column(sa.Column("logo_sha256", sa.String(length=64), nullable=True))
        brands.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_index("ix_brands_logo_sha256", "brands", ["logo_sha256"])


def downgrade() -> None:
    op.drop_index("ix_brands_logo_sha256", "brands")
    with op.batch_alter_table("brands", recreate="never") as brands:
        for name in ("version", "logo_sha256", "description"):
            brands.drop_column(name)
    with op.batch_alter_table("skus", recreate="never") as skus:
        for name in reversed(SIZES):
            skus.drop_column(name)
    with op.batch_alter_table("products", recreate="never") as products:
        products.drop_column("materials")
