"""Notices a buyer has switched on."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2410"
down_revision = "20261125_2400"
branch_labels = None
depends_on = None

KEYS = (("customer_id", "customers.id"), ("user_id", "users.id"), ("sku_id", "skus.id"))


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("sku_id", sa.Integer(), nullable=True),
        sa.Column("known_as", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [target], name=f"fk_watches_{name}")
            for name, target in KEYS
        ),
        sa.UniqueConstraint(
            "customer_id", "user_id", "kind", "code",
            name="uq_watches_customer_id_user_id_kind_code",
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("watches")
