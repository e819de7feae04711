"""Files in and out: masters from spreadsheets, and the founding of a company from its file.

Verbs: found, read_* and apply_* per kind. Every row is looked at alone; good ones are kept when
others are refused. Floor: an outlet, above the whole domain. It decides nothing of its own.
"""
