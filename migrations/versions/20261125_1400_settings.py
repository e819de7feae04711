"""Settings of the company: languages, several offices and accounts, versions."""

import sqlalchemy as sa
from alembic import op

revision = "0003_settings"
down_revision = "0002"
branch_labels = None
depends_on = None

def columns():
    return (
        ("company", sa.Column("languages", sa.String(40), nullable=False, server_default="ja,en,zh")),
        ("company", sa.Column("default_language", sa.String(8), nullable=False, server_default="ja")),
        ("company", sa.Column("version", sa.Integer(), nullable=False, server_default="1")),
        ("offices", sa.Column("locales", sa.String(40), nullable=False, server_default="")),
        ("offices", sa.Column("registration_number", sa.String(14), nullable=False, server_default="")),
        ("offices", sa.Column("mark", sa.String(2), nullable=False, server_default="")),
        ("offices", sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true())),
        ("offices", sa.Column("version", sa.Integer(), nullable=False, server_default="1")),
        ("bank_accounts", sa.Column("iban", sa.String(34), nullable=False, server_default="")),
        ("bank_accounts", sa.Column("bic", sa.String(11), nullable=False, server_default="")),
        ("bank_accounts", sa.Column("prints_for", sa.String(100), nullable=False, server_default="")),
        ("bank_accounts", sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true())),
        ("bank_accounts", sa.Column("version", sa.Integer(), nullable=False, server_default="1")),
    )


def upgrade() -> None:
    for table, column in columns():
        op.add_column(table, column)


def downgrade() -> None:
    for table, column in reversed(columns()):
        op.drop_column(table, column.name)
