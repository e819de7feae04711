"""The journal of one document as a timeline: what was done, the detail worth reading, who, when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from wholesale.backoffice import marks
from wholesale.kernel import journal
from wholesale.kernel.db import Model
from wholesale.web.chips import Chip

# The details that tell a colleague something, in the order they are read.
OF_GOODS = ("reason", "wish", "line", "lines", "pieces", "promised_on", "shipment", "delivery_note",
            "carrier", "tracking", "cartons")  # fmt: skip
OF_MONEY = ("number", "email", "note", "reason", "invoices", "old", "new")


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a timeline."""

    chip: Chip
    detail: str
    who: str
    at: datetime


def of(subject: Model, told: Sequence[str] = OF_GOODS) -> list[Event]:
    """What was done to a document, newest first, with the details `told` names."""
    return [
        Event(
            chip=marks.did_chip(entry.did),
            detail=_detail(json.loads(entry.details), told),
            who=_who(entry.actor_name),
            at=entry.at,
        )
        for entry in journal.history(subject)
    ]


def _detail(details: dict[str, Any], told: Sequence[str]) -> str:
    parts = []
    for key in told:
        value = details.get(key)
        if isinstance(value, list):
            parts.append(", ".join(str(one) for one in value))
        elif value not in (None, "", False) and key != "lines":
            parts.append(str(value))
    return " · ".join(part for part in parts if part)


def _who(name: str) -> str:
    return gettext("automatically") if name.startswith("system:") else name
