"""Making price lists."""

from __future__ import annotations

import re

from sqlalchemy import select

from wholesale.company.changing import CodeTaken
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import Names, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.pricing.models import PriceList

_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,29}")


class ListUnnamed(DomainError):
    """A list nobody can name."""

    message = N_("A price list needs a code of letters and figures (at most 30) and a name.")


def make_list(code: str, name: Names, by: Actor) -> PriceList:
    """Begin a price list without prices. Raises ListUnnamed, CodeTaken."""
    if not _CODE.fullmatch(code) or code == "FLOOR" or not name:
        raise ListUnnamed
    if session.scalar(select(PriceList.id).where(PriceList.code == code)) is not None:
        raise CodeTaken(code=code)
    row = PriceList(code=code, name=name)
    session.add(row)
    session.flush()  # its page is read by queries
    journal.record(row, "price_list:made", by, code=code)
    return row
