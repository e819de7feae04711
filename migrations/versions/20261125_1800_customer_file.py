"""The customer file: a Chinese name, tags, recipients per paper; addresses know their version."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1800"
down_revision = "20261125_1710"
branch_labels = None
depends_on = None

TEXTS = ("name_zh", "order_email", "delivery_email")


def upgrade() -> None:
    with op.batch_alter_table("customers", recreate="never") as customers:
        for name in TEXTS:
            customers.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        customers.add_column(sa.Column("tags", sa.Text(), nullable=False, server_default="[]"))
    with op.batch_alter_table("addresses", recreate="never") as addresses:
        addresses.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    with op.batch_alter_table("addresses", recreate="never") as addresses:
        addresses.drop_column("version")
    with op.batch_alter_table("customers", recreate="never") as customers:
        for name in (*TEXTS, "tags"):
            customers.drop_column(name)
