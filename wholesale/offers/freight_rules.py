"""Stating freight rules: the table, in its total order, and every change kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from wholesale.company.changing import apply, check_version
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.offers.freight import forget_rules
from wholesale.offers.models import FreightRule


class RuleEndsEarly(DomainError):
    """A rule the wrong way round."""

    message = N_("A rule ends on the day it begins, or later.")


class FeeBelowZero(DomainError):
    """Nobody is paid for receiving."""

    message = N_("Fees and thresholds are 0 or more.")


FIGURES = ("fee", "free_from", "min_amount", "min_weight_grams", "min_quantity", "min_cartons")


def rules() -> list[FreightRule]:
    """Every rule as it is tried: the nearest first, those out of use at the end."""
    rows = list(session.scalars(select(FreightRule)))
    order = sorted(rows, key=lambda row: row.nearness, reverse=True)
    return sorted(order, key=lambda row: (not row.is_active, row.kind.value, row.currency))


def save_rule(
    row: FreightRule | None, values: Mapping[str, Any], version: int, by: Actor
) -> FreightRule:
    """State a rule, or change one; orders that are placed keep their charges.

    Raises RuleEndsEarly, FeeBelowZero, Conflict.
    """
    if values["valid_until"] is not None and values["valid_until"] < values["valid_from"]:
        raise RuleEndsEarly
    if any((values[name] or 0) < 0 for name in FIGURES):
        raise FeeBelowZero
    if row is None:
        row = FreightRule(**values)
        session.add(row)
        told = {name: [None, value] for name, value in values.items() if value not in ("", None)}
    else:
        check_version(row, version)
        told = apply(row, values)
    if told:
        plain = {name: [_text(old), _text(new)] for name, (old, new) in told.items()}
        journal.record(row, "freight_rule:stated", by, changes=plain)
    session.flush()  # a new rule gets its id
    forget_rules()
    return row


def _text(value: Any) -> Any:
    return value if isinstance(value, dict | bool | int) or value is None else str(value)
