"""People: how they are made, admitted and let in."""
