"""What every lookup of a wing ends with: the row, or 404."""

from __future__ import annotations

from typing import TypeVar

from werkzeug.exceptions import NotFound

Row = TypeVar("Row")


def found(row: Row | None) -> Row:
    """The row that was looked for. Raises NotFound when there is none."""
    if row is None:
        raise NotFound
    return row
