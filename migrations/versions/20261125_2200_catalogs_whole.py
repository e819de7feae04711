"""Catalogs whole: a life, a period, SKUs instead of products, cover and text, lead time."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2200"
down_revision = "20261125_2110"
branch_labels = None
depends_on = None

RULES = ("minimum", "multiple", "maximum")


def upgrade() -> None:
    with op.batch_alter_table("catalogs", recreate="never") as catalogs:
        catalogs.add_column(
            sa.Column("state", sa.String(length=24), nullable=False, server_default="open")
        )
        catalogs.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
        catalogs.add_column(
            sa.Column(
                "time_zone", sa.String(length=40), nullable=False, server_default="Asia/Tokyo"
            )
        )
        catalogs.add_column(sa.Column("lead_days", sa.Integer(), nullable=True))
        catalogs.add_column(sa.Column("text", sa.Text(), nullable=True))
        catalogs.add_column(sa.Column("cover_sha256", sa.String(length=64), nullable=True))
        catalogs.add_column(sa.Column("cover_small_sha256", sa.String(length=64), nullable=True))
        catalogs.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.execute("UPDATE catalogs SET state = 'closed' WHERE NOT is_on")
    op.execute("UPDATE catalogs SET audience = 'limited' WHERE audience IN ('groups', 'customers')")
    op.drop_column("catalogs", "is_on")
    for name in ("cover_sha256", "cover_small_sha256"):
        op.create_index(f"ix_catalogs_{name}", "catalogs", [name])
    _make_catalog_skus()
    op.execute(
        "INSERT INTO catalog_skus (catalog_id, sku_id, position, minimum, multiple, maximum) "
        "SELECT c.catalog_id, s.id, s.id, c.minimum, c.multiple, c.maximum "
        "FROM catalog_products c JOIN skus s ON s.product_id = c.product_id"
    )
    op.drop_table("catalog_products")


def _make_catalog_skus() -> None:
    op.create_table(
        "catalog_skus",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("catalog_id", sa.Integer(), nullable=False),
        sa.Column("sku_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in RULES),
        sa.ForeignKeyConstraint(
            ["catalog_id"], ["catalogs.id"], name="fk_catalog_skus_catalog_id"
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name="fk_catalog_skus_sku_id"),
        sa.PrimaryKeyConstraint("id", name="pk_catalog_skus"),
        sa.UniqueConstraint("catalog_id", "sku_id", name="uq_catalog_skus_catalog_id_sku_id"),
    )
    op.create_index("ix_catalog_skus_sku_id", "catalog_skus", ["sku_id"])


def downgrade() -> None:
    op.create_table(
        "catalog_products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("catalog_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in RULES),
        sa.ForeignKeyConstraint(
            ["catalog_id"], ["catalogs.id"], name="fk_catalog_products_catalog_id"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name="fk_catalog_products_product_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalog_products"),
        sa.UniqueConstraint(
            "catalog_id", "product_id", name="uq_catalog_products_catalog_id_product_id"
        ),
    )
    op.create_index("ix_catalog_products_product_id", "catalog_products", ["product_id"])
    op.execute(
        "INSERT INTO catalog_products (catalog_id, product_id, minimum, multiple, maximum) "
        "SELECT c.catalog_id, s.product_id, MAX(c.minimum), MAX(c.multiple), MIN(c.maximum) "
        "FROM catalog_skus c JOIN skus s ON s.id = c.sku_id GROUP BY c.catalog_id, s.product_id"
    )
    op.drop_table("catalog_skus")
    for name in ("cover_small_sha256", "cover_sha256"):
        op.drop_index(f"ix_catalogs_{name}", "catalogs")
    with op.batch_alter_table("catalogs", recreate="never") as catalogs:
        catalogs.add_column(
            sa.Column("is_on", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute("UPDATE catalogs SET is_on = (state = 'open')")
    op.execute("UPDATE catalogs SET audience = 'groups' WHERE audience = 'limited'")
    op.execute("UPDATE catalogs SET audience = 'customers' WHERE audience = 'invited'")
    with op.batch_alter_table("catalogs", recreate="never") as catalogs:
        for name in (
            "version", "cover_small_sha256", "cover_sha256", "text", "lead_days", "time_zone",
            "ends_at", "state",
        ):  # fmt: skip
            catalogs.drop_column(name)
