"""The building inspection."""
