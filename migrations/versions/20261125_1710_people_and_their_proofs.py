"""Limits of our people, invitations that are accepted, second factors, devices, rules of sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1710"
down_revision = "20261125_1700"
branch_labels = None
depends_on = None

NEW_TABLES = (
    "devices",
    "recovery_codes",
    "passkeys",
    "challenges",
    "security_rules",
)


def upgrade() -> None:
    with op.batch_alter_table("users", recreate="never") as users:
        users.add_column(sa.Column("brand_ids", sa.Text(), nullable=False, server_default="[]"))
        users.add_column(
            sa.Column("own_customers_only", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        users.add_column(sa.Column("totp_secret", sa.String(), nullable=True))
        users.add_column(sa.Column("totp_step", sa.Integer(), nullable=True))
    with op.batch_alter_table("memberships", recreate="never") as memberships:
        memberships.add_column(
            sa.Column("invited_name", sa.String(), nullable=False, server_default="")
        )
        memberships.add_column(sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True))
    # Who could act for a customer until now goes on doing so; who was only invited must still accept.
    op.execute(
        "UPDATE memberships SET accepted_at = (SELECT created_at FROM users "
        "WHERE users.id = memberships.user_id AND users.state <> 'invited')"
    )
    with op.batch_alter_table("sign_ins", recreate="never") as sign_ins:
        for name in ("awaits_factor", "remembered"):
            sign_ins.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
            )
        sign_ins.add_column(sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("one_time_links", recreate="never") as links:
        links.add_column(sa.Column("membership_id", sa.Integer(), nullable=True))
        links.add_column(sa.Column("made_by", sa.String(), nullable=False, server_default=""))
        links.create_index("ix_one_time_links_user_id", ["user_id"])
    _make_tables()


def _make_tables() -> None:
    op.create_table(
        "devices",
        *_of_a_person("devices"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trusted_until", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("user_id", "sha256", name="uq_devices_user_id_sha256"),
    )
    op.create_table(
        "recovery_codes",
        *_of_a_person("recovery_codes"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"])
    op.create_table(
        "passkeys",
        *_of_a_person("passkeys"),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("credential_id", name="uq_passkeys_credential_id"),
    )
    op.create_index("ix_passkeys_user_id", "passkeys", ["user_id"])
    op.create_table(
        "challenges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder_sha256", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=128), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_challenges"),
        sa.UniqueConstraint("holder_sha256", name="uq_challenges_holder_sha256"),
    )
    op.create_index("ix_challenges_expires_at", "challenges", ["expires_at"])
    op.create_table(
        "security_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("factor_roles", sa.Text(), nullable=True),
        sa.Column("staff_idle", sa.Integer(), nullable=True),
        sa.Column("staff_at_most", sa.Integer(), nullable=True),
        sa.Column("buyer_at_most", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_security_rules"),
    )


def _of_a_person(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=f"fk_{table}_user_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    for table in NEW_TABLES:
        op.drop_table(table)
    with op.batch_alter_table("one_time_links", recreate="never") as links:
        links.drop_index("ix_one_time_links_user_id")
        links.drop_column("membership_id")
        links.drop_column("made_by")
    with op.batch_alter_table("sign_ins", recreate="never") as sign_ins:
        for name in ("awaits_factor", "remembered", "proven_at"):
            sign_ins.drop_column(name)
    with op.batch_alter_table("memberships", recreate="never") as memberships:
        for name in ("invited_name", "accepted_at"):
            memberships.drop_column(name)
    with op.batch_alter_table("users", recreate="never") as users:
        for name in ("brand_ids", "own_customers_only", "totp_secret", "totp_step"):
            users.drop_column(name)
