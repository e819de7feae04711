"""sales_ledger."""
