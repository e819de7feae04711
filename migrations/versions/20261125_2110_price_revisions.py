"""Price revisions: the document, what it changes, who is left out, and what each was told."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2110"
down_revision = "20261125_2100"
branch_labels = None
depends_on = None

REVISED = ("list_prices", "price_rules")


def upgrade() -> None:
    for table in REVISED:
        with op.batch_alter_table(table, recreate="never") as rows:
            rows.add_column(sa.Column("revision_id", sa.Integer(), nullable=True))
            rows.add_column(
                sa.Column("basis", sa.String(length=24), nullable=False, server_default="order")
            )
    with op.batch_alter_table("letters", recreate="never") as letters:
        letters.add_column(sa.Column("enclosed", sa.Text(), nullable=False, server_default="[]"))
    op.create_table(
        "price_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=24), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_by", sa.String(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_price_revisions"),
        sa.UniqueConstraint("number", name="uq_price_revisions_number"),
    )
    op.create_table(
        "revised_list_prices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("sku_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("incoterm", sa.String(length=8), nullable=False),
        sa.Column("old", sa.BigInteger(), nullable=True),
        sa.Column("new", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revised_list_prices"),
        _to("revised_list_prices", "revision_id", "price_revisions"),
        _to("revised_list_prices", "sku_id", "skus"),
        sa.UniqueConstraint(
            "revision_id", "sku_id", "currency", "incoterm",
            name="uq_revised_list_prices_revision_id_sku_id_currency_incoterm",
        ),
        sa.CheckConstraint("new >= 0", name="ck_revised_list_prices_not_negative"),
    )  # fmt: skip
    op.create_table(
        "revised_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("owner_kind", sa.String(length=24), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("scope", sa.String(length=24), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("incoterm", sa.String(length=8), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("break_scope", sa.String(length=24), nullable=False),
        sa.Column("is_special", sa.Boolean(), nullable=False),
        sa.Column("old", sa.BigInteger(), nullable=True),
        sa.Column("new", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_revised_rules"),
        _to("revised_rules", "revision_id", "price_revisions"),
        sa.UniqueConstraint(
            "revision_id", "owner_kind", "owner_id", "kind", "scope", "object_id", "currency",
            "incoterm", "break_scope", "minimum", "is_special",
            name="uq_revised_rules_keys",
        ),
        sa.CheckConstraint("new >= 0 AND minimum >= 1", name="ck_revised_rules_sensible"),
    )  # fmt: skip
    op.create_table(
        "revision_left_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revision_left_out"),
        _to("revision_left_out", "revision_id", "price_revisions"),
        _to("revision_left_out", "customer_id", "customers"),
        sa.UniqueConstraint(
            "revision_id", "customer_id", name="uq_revision_left_out_revision_id_customer_id"
        ),
    )  # fmt: skip
    op.create_table(
        "price_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("table_sha256", sa.String(length=64), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_price_notices"),
        _to("price_notices", "revision_id", "price_revisions"),
        _to("price_notices", "customer_id", "customers"),
        sa.UniqueConstraint("revision_id", "customer_id", name="uq_price_notices_revision_id_customer_id"),
    )
    op.create_index("ix_price_notices_customer", "price_notices", ["customer_id", "starts_on"])
    _begin_series()


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")


def _begin_series() -> None:
    """Where a house is set up already, its revisions get their numbers like its orders."""
    here = op.get_bind()
    years = here.execute(
        sa.text("SELECT year FROM number_counters WHERE code = 'SO' ORDER BY year")
    ).scalars().all()  # fmt: skip
    if not years:
        return
    here.execute(
        sa.text(
            "INSERT INTO number_series (code, form, period, first_month, gapless)"
            " VALUES ('PR', :form, 'year', 1, :yes)"
        ),
        {"form": "PR-{yy}-{counter:05d}", "yes": True},
    )
    for year in years:
        here.execute(
            sa.text(
                "INSERT INTO number_counters (code, year, first, last) VALUES ('PR', :year, 1, 0)"
            ),
            {"year": year},
        )


def downgrade() -> None:
    op.execute("DELETE FROM number_counters WHERE code = 'PR'")
    op.execute("DELETE FROM number_series WHERE code = 'PR'")
    tables = (
        "price_notices", "revision_left_out", "revised_rules", "revised_list_prices",
        "price_revisions",
    )  # fmt: skip
    for table in tables:
        op.drop_table(table)
    with op.batch_alter_table("letters", recreate="never") as letters:
        letters.drop_column("enclosed")
    for table in REVISED:
        with op.batch_alter_table(table, recreate="never") as rows:
            rows.drop_column("basis")
            rows.drop_column("revision_id")
