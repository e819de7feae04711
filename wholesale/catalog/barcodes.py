"""JAN codes: eight or thirteen digits, the last of which proves the others."""

from __future__ import annotations

import unicodedata

from stdnum import ean
from stdnum.exceptions import ValidationError

from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

LENGTHS = (8, 13)


class BadJan(DomainError):
    """The length or the check digit of a JAN."""

    message = N_("The JAN %(value)s is not right: its check digit or its length doesn't fit.")


def read_jan(typed: str) -> str | None:
    """A JAN as digits alone, its check digit right; None for an empty text. Raises BadJan."""
    plain = unicodedata.normalize("NFKC", typed).strip().replace(" ", "").replace("-", "")
    if not plain:
        return None
    try:
        number = str(ean.validate(plain))
    except ValidationError as trouble:
        raise BadJan(value=typed.strip()) from trouble
    if len(number) not in LENGTHS:
        raise BadJan(value=typed.strip())
    return number
