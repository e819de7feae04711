"""Append-only ledgers, frozen invoices, the start of the journal's chain, and full-text search."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "moves",
    "journal_entries",
    "ledger_entries",
    "settlements",
    "differences",
    "sales_entries",
    "invoice_lines",
    "invoice_taxes",
)
FROZEN_OF_AN_INVOICE = (
    "number, kind, customer_id, currency, issued_on, issued_at, due_on, supplied_from, "
    "supplied_until, tax_mode, net, tax, total, closing_number, corrects_id"
)


def upgrade() -> None:
    op.execute(f"INSERT INTO journal_head (count, hash) VALUES (0, '{'0' * 64}')")
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
        op.execute(
            "CREATE VIRTUAL TABLE sku_search USING "
            "fts5(tokens, detail=full, tokenize=\"unicode61 remove_diacritics 0 tokenchars '.-_'\")"
        )
    else:
        _guard_postgres()
        op.execute("CREATE TABLE sku_search (sku_id integer PRIMARY KEY, tokens tsvector NOT NULL)")
        op.execute("CREATE INDEX ix_sku_search_tokens ON sku_search USING gin (tokens)")


def _guard_sqlite() -> None:
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        f"CREATE TRIGGER invoices_frozen BEFORE UPDATE OF {FROZEN_OF_AN_INVOICE} ON invoices "
        "WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'an issued invoice never changes'); END"
    )
    op.execute(
        "CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices "
        "BEGIN SELECT RAISE(ABORT, 'an invoice is never deleted'); END"
    )


def _guard_postgres() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        f"CREATE TRIGGER invoices_frozen BEFORE UPDATE OF {FROZEN_OF_AN_INVOICE} ON invoices "
        "FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in APPEND_ONLY:
        if sqlite:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(f"DROP TRIGGER {table}_no_delete")
        else:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    for trigger in ("invoices_frozen", "invoices_no_delete"):
        op.execute(f"DROP TRIGGER {trigger}" + ("" if sqlite else " ON invoices"))
    if not sqlite:
        op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP TABLE sku_search")
    op.execute("DELETE FROM journal_head")
