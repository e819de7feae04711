"""Customers as our staff keep them: file, addresses, terms, credit, buyers, applications."""
