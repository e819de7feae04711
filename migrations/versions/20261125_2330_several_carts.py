"""Several carts per buyer, shared ones and who changed what; standard lists; favourites."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2330"
down_revision = "20261125_2310"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _id_columns(*foreign: tuple[str, str, bool, str | None]) -> list[sa.Column[int]]:
    """The id and the foreign keys of a table: (column, target, may be empty, on delete)."""
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.Integer(), nullable=empty) for name, _, empty, _ in foreign),
    ]


def _keys(table: str, *foreign: tuple[str, str, bool, str | None]) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint([name], [target], name=f"fk_{table}_{name}", ondelete=gone)
        for name, target, _, gone in foreign
    ]


CUSTOMER = ("customer_id", "customers.id", False, None)
USER = ("user_id", "users.id", False, None)
SKU = ("sku_id", "skus.id", False, None)


def upgrade() -> None:
    with op.batch_alter_table("carts", recreate="never") as carts:
        carts.add_column(
            sa.Column("is_shared", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        carts.add_column(sa.Column("emptied", sa.Text(), nullable=False, server_default="[]"))
        carts.add_column(sa.Column("emptied_by", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("cart_lines", recreate="never") as lines:
        lines.add_column(sa.Column("known_as", sa.Text(), nullable=False, server_default="{}"))
        lines.add_column(sa.Column("changed_by", sa.String(), nullable=False, server_default=""))
        lines.add_column(sa.Column("changed_by_id", sa.Integer(), nullable=True))
        lines.add_column(sa.Column("changed_at", MOMENT, nullable=True))
    _make_choices_and_changes()
    _make_lists()
    op.create_table(
        "favourites",
        *_id_columns(CUSTOMER, USER, SKU),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("known_as", sa.Text(), nullable=False),
        sa.Column("starred_at", MOMENT, nullable=False),
        *_keys("favourites", CUSTOMER, USER, SKU),
        sa.UniqueConstraint(
            "customer_id", "user_id", "sku_id", name="uq_favourites_customer_id_user_id_sku_id"
        ),
    )


def _make_choices_and_changes() -> None:
    cart = ("cart_id", "carts.id", True, "SET NULL")
    op.create_table(
        "cart_choices",
        *_id_columns(CUSTOMER, USER, cart),
        *_keys("cart_choices", CUSTOMER, USER, cart),
        sa.UniqueConstraint("customer_id", "user_id", name="uq_cart_choices_customer_id_user_id"),
    )
    changed = ("cart_id", "carts.id", False, "CASCADE")
    sku = ("sku_id", "skus.id", True, None)
    op.create_table(
        "cart_changes",
        *_id_columns(changed, sku),
        sa.Column("deed", sa.String(length=24), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        *_keys("cart_changes", changed, sku),
    )
    op.create_index("ix_cart_changes_cart_id", "cart_changes", ["cart_id"])


def _make_lists() -> None:
    op.create_table(
        "standard_lists",
        *_id_columns(CUSTOMER),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_keys("standard_lists", CUSTOMER),
    )
    op.create_index("ix_standard_lists_customer_id", "standard_lists", ["customer_id"])
    of_list = ("list_id", "standard_lists.id", False, "CASCADE")
    op.create_table(
        "standard_lines",
        *_id_columns(of_list, SKU),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("known_as", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        *_keys("standard_lines", of_list, SKU),
        sa.UniqueConstraint("list_id", "sku_id", name="uq_standard_lines_list_id_sku_id"),
        sa.CheckConstraint("quantity > 0", name="ck_standard_lines_quantity_positive"),
    )


def downgrade() -> None:
    tables = ("favourites", "standard_lines", "standard_lists", "cart_changes", "cart_choices")
    for table in tables:
        op.drop_table(table)
    with op.batch_alter_table("cart_lines", recreate="never") as lines:
        for name in ("known_as", "changed_by", "changed_by_id", "changed_at"):
            lines.drop_column(name)
    with op.batch_alter_table("carts", recreate="never") as carts:
        for name in ("is_shared", "emptied", "emptied_by"):
            carts.drop_column(name)
