"""Figures over very many rows that may be a minute old, kept in this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from wholesale.kernel.db import session

T = TypeVar("T")

SECONDS = 60
MOST = 1_000
_kept: dict[tuple[object, ...], tuple[float, Any]] = {}


def for_a_minute(key: tuple[object, ...], make: Callable[[], T]) -> T:
    """What `make` answered at most a minute ago for this key on this database, else its answer now.

    The key names everything the answer depends on, who may see it included. Never for prices, for
    stock, or for anything a decision is made by.
    """
    key = (str(session.get_bind().engine.url), *key)
    found = _kept.get(key)
    now = time.monotonic()
    if found is None or found[0] < now:
        if len(_kept) > MOST:
            _kept.clear()
        found = _kept[key] = (now + SECONDS, make())
    answer: T = found[1]
    return answer


def forget() -> None:
    """Ask everything afresh from here on."""
    _kept.clear()
