"""Requests to trade with us."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2030"
down_revision = "20261125_2020"
branch_labels = None
depends_on = None

TEXTS = (
    ("name", 120), ("kana", 120), ("contact", 80), ("email", 254), ("phone", 30), ("country", 2),
    ("postal_code", 12), ("region", 60), ("address", 200), ("website", 200), ("message", 1000),
    ("locale", 8),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "signup_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        *(sa.Column(name, sa.String(length=size), nullable=False) for name, size in TEXTS),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signup_requests"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_signup_requests_customer_id"
        ),
    )
    op.create_index("ix_signup_requests_state", "signup_requests", ["state", "id"])
    op.create_index("ix_signup_requests_email", "signup_requests", ["email"])


def downgrade() -> None:
    op.drop_table("signup_requests")
