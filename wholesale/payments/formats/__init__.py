"""Readers of bank statement files: bytes in, checked statements out; no database, no screen."""
