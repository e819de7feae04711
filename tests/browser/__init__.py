"""The real program, walked in Chromium."""
