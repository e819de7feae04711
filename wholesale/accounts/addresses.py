"""E-mail addresses: one spelling for one person, and nothing that could mean two."""

from __future__ import annotations

import re
from typing import Any

from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

LONGEST = 254
# One mailbox of plain signs: no list, no display name, no quoting, no line that goes on.
_ONE = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}"
)


class BadAddress(DomainError):
    """What was typed is not one e-mail address."""

    message = N_("Enter one address such as hana@shop.jp.")


def address_of(typed: Any) -> str | None:
    """The address as it is kept, or None for anything else.

    Letters outside ASCII are refused before the case is folded: some of them fold into letters of
    somebody else's address.
    """
    if not isinstance(typed, str):
        return None
    plain = typed.strip(" \t\u3000")
    if not plain.isascii() or len(plain) > LONGEST:
        return None
    plain = plain.lower()
    return plain if _ONE.fullmatch(plain) else None


def the_address(typed: str) -> str:
    """The address as it is kept. Raises BadAddress."""
    plain = address_of(typed)
    if plain is None:
        raise BadAddress
    return plain
