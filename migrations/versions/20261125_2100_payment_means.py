"""How customers pay, what must come before an order goes on, and the money set apart for it."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2100"
down_revision = "20261125_2030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("terms", recreate="never") as terms:
        for name, value in (("payment_means", "on_account"), ("payment_gate", "ship")):
            terms.add_column(
                sa.Column(name, sa.String(length=24), nullable=False, server_default=value)
            )
        terms.add_column(sa.Column("deposit_share", sa.BigInteger(), nullable=True))
    op.execute("UPDATE terms SET payment_means = 'cash_on_delivery' WHERE cash_on_delivery")
    with op.batch_alter_table("terms", recreate="never") as terms:
        terms.drop_column("cash_on_delivery")
    with op.batch_alter_table("orders", recreate="never") as orders:
        for name in ("prepayment", "prepaid"):
            orders.add_column(
                sa.Column(name, sa.BigInteger(), nullable=False, server_default=sa.text("0"))
            )
    op.execute(
        "UPDATE orders SET prepayment = amount_net + tax_estimate WHERE id IN (SELECT order_id FROM"
        " holds WHERE released_at IS NULL AND reason = 'prepayment')"
    )
    with op.batch_alter_table("credit_uses", recreate="never") as uses:
        uses.add_column(
            sa.Column("reserved", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
        )
    with op.batch_alter_table("signup_requests", recreate="never") as requests:
        requests.add_column(
            sa.Column("payment_means", sa.String(length=24), nullable=False, server_default="")
        )
    with op.batch_alter_table("shipments", recreate="never") as shipments:
        shipments.add_column(sa.Column("collects", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("shipments", recreate="never") as shipments:
        shipments.drop_column("collects")
    with op.batch_alter_table("signup_requests", recreate="never") as requests:
        requests.drop_column("payment_means")
    with op.batch_alter_table("credit_uses", recreate="never") as uses:
        uses.drop_column("reserved")
    with op.batch_alter_table("orders", recreate="never") as orders:
        for name in ("prepaid", "prepayment"):
            orders.drop_column(name)
    with op.batch_alter_table("terms", recreate="never") as terms:
        terms.add_column(
            sa.Column(
                "cash_on_delivery", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
    op.execute("UPDATE terms SET cash_on_delivery = TRUE WHERE payment_means = 'cash_on_delivery'")
    with op.batch_alter_table("terms", recreate="never") as terms:
        for name in ("deposit_share", "payment_gate", "payment_means"):
            terms.drop_column(name)
