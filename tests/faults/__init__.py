"""The program is killed, locked out and starved while it works."""
