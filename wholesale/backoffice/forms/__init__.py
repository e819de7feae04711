"""The forms of the office: they check shape, never rules."""
