"""Orders at the desk: lists, the page of one order, entry by staff."""
