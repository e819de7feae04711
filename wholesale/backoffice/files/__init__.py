"""Files that staff bring in."""
