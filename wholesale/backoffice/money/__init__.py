"""Invoices, bank lines and receipts."""
