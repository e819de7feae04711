"""The lowest margin that price changes leave."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2000"
down_revision = "20261125_1900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_floors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("margin", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_floors")),
    )


def downgrade() -> None:
    op.drop_table("price_floors")
