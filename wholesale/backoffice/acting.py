"""One act on one document: the same page again with what was done, or with why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.web.answers import Answer, moved, refused

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Desk(Generic[Row]):
    """Where a document is worked on: how it is found, its page and part, and what they show.

    `typed` gives what the page shows after a refusal, where more was typed than the form keeps.
    """

    find: Callable[[], Row]
    page: str
    part: str
    values: Callable[[Row], dict[str, Any]]
    url: str
    typed: Callable[[Row], dict[str, Any]] | None = None

    def act(self, verb: Callable[[Row], object], said: str) -> Answer:
        """Run one verb; what it had begun before it refused is never shown."""
        try:
            verb(self.find())
            session.flush()  # the page below is read by queries
        except DomainError as error:
            session.rollback()
            return self.refuse(error)
        session.expire_all()
        return moved(self.url, self.part, said=said, refusal="", **self.values(self.find()))

    def refuse(self, error: DomainError) -> Answer:
        """The page as it stands, with why not."""
        return refused(
            self.page, self.part, error=error, **(self.typed or self.values)(self.find())
        )
