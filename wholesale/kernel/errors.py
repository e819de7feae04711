"""Errors a user can cause, understand and mend."""

from __future__ import annotations

import re

from wholesale.kernel.text import N_


class DomainError(Exception):
    """A rule of the business said no.

    `message` is an English sentence marked for translation, with `%(name)s` places; the values come
    as keywords. It is translated where it is shown. `status` is the HTTP status of the answer, and
    the class name in snake_case is the stable code that machines read.
    """

    status = 422
    message = N_("This can't be done.")

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.message % values if values else self.message)

    @property
    def code(self) -> str:
        """The stable name of the situation: `OutOfStock` → `out_of_stock`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()


class Conflict(DomainError):
    """Someone else was faster, or the document has already moved on."""

    status = 409
    message = N_("Somebody else has changed this meanwhile. Load the page again and look.")
