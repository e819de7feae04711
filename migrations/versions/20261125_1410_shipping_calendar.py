"""The shipping calendar: working days, carriers, days on the road, receiving days of addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0004_calendar"
down_revision = "0003_settings"
branch_labels = None
depends_on = None

# What a company that is there already begins with; a new one gets the same by its founding.
ROAD_DAYS = {
    "北海道": 3, "青森県": 2, "岩手県": 2, "秋田県": 2, "宮城県": 2, "山形県": 2, "福島県": 2,
    "福岡県": 2, "佐賀県": 2, "長崎県": 2, "熊本県": 2, "大分県": 2, "宮崎県": 2,
    "鹿児島県": 2, "沖縄県": 4,
}


def text(name, length, default=""):
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def upgrade() -> None:
    op.add_column("company", text("calendar_stamp", 32))
    op.execute("UPDATE company SET languages = 'ja,en,zh,zh-Hant' WHERE languages = 'ja,en,zh'")
    op.add_column("addresses", text("receiving_weekdays", 7, "0123456"))
    op.add_column(
        "addresses",
        sa.Column("receives_on_holidays", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    rules = op.create_table(
        "work_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_code", sa.String(20), nullable=False),
        sa.Column("weekdays", sa.String(7), nullable=False),
        sa.Column("rests_on_holidays", sa.Boolean(), nullable=False),
        sa.Column("year_end_from", sa.String(5), nullable=False),
        sa.Column("year_end_until", sa.String(5), nullable=False),
        sa.Column("cut_off", sa.String(5), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_rules")),
        sa.UniqueConstraint("location_code", name=op.f("uq_work_rules_location_code")),
    )
    op.create_table(
        "carriers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cut_off", sa.String(5), nullable=False),
        sa.Column("weekdays", sa.String(7), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carriers")),
        sa.UniqueConstraint("code", name=op.f("uq_carriers_code")),
    )
    leads = op.create_table(
        "lead_times",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrier_code", sa.String(20), nullable=False),
        sa.Column("location_code", sa.String(20), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("postal_prefix", sa.String(10), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("is_extra", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_times")),
        sa.UniqueConstraint(
            "carrier_code", "location_code", "country", "region", "postal_prefix", "is_extra",
            name="uq_lead_times_place",
        ),
    )
    op.create_table(
        "closed_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_closed_days_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.id"], name=op.f("fk_closed_days_address_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_days")),
    )
    op.create_index(op.f("ix_closed_days_customer_id"), "closed_days", ["customer_id"])
    op.create_index(op.f("ix_closed_days_address_id"), "closed_days", ["address_id"])
    if op.get_bind().execute(sa.text("SELECT 1 FROM company")).first():
        fill(rules, leads)


def fill(rules: sa.Table, leads: sa.Table) -> None:
    op.bulk_insert(
        rules,
        [{"location_code": "", "weekdays": "01234", "rests_on_holidays": True,
          "year_end_from": "12-29", "year_end_until": "01-03", "cut_off": "", "version": 1}],
    )
    anywhere = {"carrier_code": "", "location_code": "", "country": "", "region": "",
                "postal_prefix": "", "days": 7, "is_extra": False}
    at_home = {**anywhere, "country": "JP", "days": 1}
    op.bulk_insert(
        leads,
        [anywhere, at_home,
         *({**at_home, "region": region, "days": days} for region, days in ROAD_DAYS.items())],
    )


def downgrade() -> None:
    op.drop_table("closed_days")
    op.drop_table("lead_times")
    op.drop_table("carriers")
    op.drop_table("work_rules")
    op.drop_column("addresses", "receives_on_holidays")
    op.drop_column("addresses", "receiving_weekdays")
    op.drop_column("company", "calendar_stamp")
