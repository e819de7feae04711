"""Tests of bank files and of matching receipts."""
