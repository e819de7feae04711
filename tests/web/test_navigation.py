"""Where a reader can go: each place of the rail has a key of its own, and is reached by it."""

from __future__ import annotations

from collections import Counter

from wholesale.web.navigation import OFFICE

# Held by the page itself before it goes anywhere: G begins the way.
TAKEN = "g"


def test_no_two_places_share_a_key() -> None:
    keys = Counter(item.key for _, items in OFFICE for item in items if item.key)
    assert [key for key, count in keys.items() if count > 1 or key in TAKEN] == []
