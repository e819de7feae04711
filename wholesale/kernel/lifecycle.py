"""State machines as a table: which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from wholesale.kernel.errors import Conflict
from wholesale.kernel.text import N_

S = TypeVar("S", bound=StrEnum)


class IllegalMove(Conflict):
    """The document is not in a state that allows this."""

    message = N_("This has already moved on. Load the page again and look.")


class Lifecycle(Generic[S]):
    """The allowed moves of one kind of document."""

    def __init__(self, moves: Mapping[S, set[S]]) -> None:
        self._moves = moves

    def allows(self, old: S, new: S) -> bool:
        """Whether `new` may follow `old`."""
        return new in self._moves[old]

    def check(self, old: S, new: S) -> None:
        """Raise IllegalMove unless `new` may follow `old`."""
        if not self.allows(old, new):
            raise IllegalMove(old=old.value, new=new.value)
