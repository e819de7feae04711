"""The registration number of the qualified invoice system (適格請求書発行事業者登録番号)."""

from __future__ import annotations

import re
import unicodedata

from stdnum.jp import cn

from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

_NUMBER = re.compile(r"T\d{13}")


class BadRegistrationNumber(DomainError):
    """A T and 13 digits."""

    message = N_("A registration number is a T and 13 digits (you have %(count)s).")


def read_registration_number(typed: str) -> str:
    """A number in its one spelling: Ｔ、blanks, hyphens and a missing T are mended; "" stays empty.

    Raises BadRegistrationNumber.
    """
    plain = re.sub(r"[\s‐-―−-]", "", unicodedata.normalize("NFKC", typed)).upper()
    if not plain:
        return ""
    number = plain if plain.startswith("T") else f"T{plain}"
    if not _NUMBER.fullmatch(number):
        raise BadRegistrationNumber(count=len(re.findall(r"\d", number)))
    return number


def is_sound(number: str) -> bool:
    """Whether the check digit of a corporate number fits (財務省令: 9 − Σ Pn·Qn mod 9).

    Sole proprietors' numbers are no corporate numbers: a digit that doesn't fit is a warning only.
    """
    return not number or bool(cn.is_valid(number.removeprefix("T")))
