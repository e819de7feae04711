"""The journal of one document as a timeline: what was done, the detail worth reading, who, when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from wholesale.backoffice import marks
from wholesale.kernel import journal
from wholesale.kernel.db import Model

# The details that tell a colleague something, in the order they are read.
_TOLD = ("reason", "wish", "line", "lines", "pieces", "promised_on", "shipment", "delivery_note",
         "carrier", "tracking", "cartons")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a timeline."""

    chip: marks.Chip
    detail: str
    who: str
    at: datetime


def of(subject: Model) -> list[Event]:
    """What was done to a document, newest first."""
    return [
        Event(
            chip=marks.did_chip(entry.did),
            detail=_detail(json.loads(entry.details)),
            who=_who(entry.actor_name),
            at=entry.at,
        )
        for entry in journal.history(subject)
    ]


def _detail(details: dict[str, Any]) -> str:
    told = []
    for key in _TOLD:
        value = details.get(key)
        if isinstance(value, list):
            told.append(", ".join(str(one) for one in value))
        elif value not in (None, "", [], False) and key != "lines":
            told.append(str(value))
    return " · ".join(told)


def _who(name: str) -> str:
    return gettext("automatically") if name.startswith("system:") else name
