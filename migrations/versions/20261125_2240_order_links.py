"""Order links, who chose what there, and which orders came by them."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2240"
down_revision = "20261125_2230"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("greeting", sa.String(length=1000), nullable=False),
        sa.Column("catalog_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("orders_as", sa.String(length=24), nullable=False),
        sa.Column("pass_code", sa.String(length=200), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("view_only", sa.Boolean(), nullable=False),
        sa.Column("shows_prices", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_order_links"),
        sa.UniqueConstraint("word", name="uq_order_links_word"),
        sa.ForeignKeyConstraint(
            ["catalog_id"], ["catalogs.id"], name="fk_order_links_catalog_id_catalogs"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_order_links_customer_id_customers"
        ),
    )
    op.create_index("ix_order_links_catalog_id", "order_links", ["catalog_id"])
    op.create_index("ix_order_links_customer_id", "order_links", ["customer_id"])
    op.create_table(
        "link_visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pieces", sa.Text(), nullable=False),
        sa.Column("order_number", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_link_visits"),
        sa.UniqueConstraint("link_id", "secret_sha256", name="uq_link_visits_link_id_secret_sha256"),
        sa.ForeignKeyConstraint(
            ["link_id"], ["order_links.id"], name="fk_link_visits_link_id_order_links"
        ),
    )
    with op.batch_alter_table("orders", recreate="never") as orders:
        orders.add_column(sa.Column("link_id", sa.Integer(), nullable=True))
    op.create_index("ix_orders_link_id", "orders", ["link_id"])


def downgrade() -> None:
    op.drop_index("ix_orders_link_id", "orders")
    with op.batch_alter_table("orders", recreate="never") as orders:
        orders.drop_column("link_id")
    op.drop_table("link_visits")
    op.drop_table("order_links")
