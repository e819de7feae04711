"""The journal of one document as a timeline: what was done, the detail worth reading, who, when."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext, ngettext

from wholesale.backoffice import marks
from wholesale.kernel import journal
from wholesale.kernel.db import Model, session
from wholesale.kernel.journal import JournalEntry
from wholesale.kernel.types import canonical
from wholesale.orders.models import HoldReason
from wholesale.web.chips import Chip
from wholesale.web.filters import day

# The details that tell a colleague something, in the order they are read.
TOGETHER = {"order:promised"}
A_MOMENT = timedelta(seconds=2)
MOST_LINES = 2
OF_GOODS = ("note", "reason", "wish", "repriced", "line", "lines", "pieces", "promised_on", "shipment", "delivery_note",
            "carrier", "tracking", "cartons")  # fmt: skip
OF_MONEY = ("number", "email", "note", "reason", "invoices", "old", "new")


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a timeline. `did` is the verb the journal names."""

    did: str
    chip: Chip
    detail: str
    who: str
    at: datetime


def of(subject: Model, told: Sequence[str] = OF_GOODS) -> list[Event]:
    """What was done to a document, newest first, with the details `told` names.

    One act that wrote several entries (an answer for each line) reads as one.
    """
    found: list[Event] = []
    for together in _acts([*_of_this_unit(subject), *journal.history(subject)]):
        entry, details = together[0], [json.loads(one.details) for one in together]
        found.append(
            Event(
                did=entry.did,
                chip=marks.did_chip(entry.did),
                detail=_detail(_in_words(entry.did, _merged(details)), told),
                who=_who(entry.actor_name),
                at=entry.at,
            )
        )
    return found


def _of_this_unit(subject: Model) -> list[JournalEntry]:
    """What this unit of work did to the document and has not sealed yet, newest first."""
    pending = session.info.get("journal") or ()
    return [
        JournalEntry(did=did, at=at, actor_name=by.name, details=canonical(details))
        for what, did, by, at, details in reversed(pending)
        if what.__tablename__ == subject.__tablename__ and what.id == subject.id
    ]


def _acts(entries: Sequence[JournalEntry]) -> list[list[JournalEntry]]:
    """Entries of the same act: the same thing was done by the same person in the same second."""
    acts: list[list[JournalEntry]] = []
    for entry in entries:
        last = acts[-1][0] if acts else None
        if (
            last is not None
            and entry.did in TOGETHER
            and (last.did, last.actor_name) == (entry.did, entry.actor_name)
            and last.at - entry.at < A_MOMENT
            and json.loads(last.details).get("promised_on")
            == json.loads(entry.details).get("promised_on")
        ):
            acts[-1].append(entry)
        else:
            acts.append([entry])
    return acts


def _merged(details: Sequence[dict[str, Any]]) -> dict[str, Any]:
    if len(details) == 1:
        return dict(details[0])
    lines = [line for one in reversed(details) for line in one["lines"]]
    return {**details[0], "lines": lines}


def _in_words(did: str, details: dict[str, Any]) -> dict[str, Any]:
    """Details that the journal keeps as a code of ours, as the reader's own words."""
    if did == "order:held" and details.get("reason") in set(HoldReason):
        return {**details, "reason": marks.hold_word(HoldReason(details["reason"]))}
    return details


def _detail(details: dict[str, Any], told: Sequence[str]) -> str:
    parts = []
    for key in told:
        value = details.get(key)
        if isinstance(value, list):
            parts.append(
                ", ".join(str(one) for one in value)
                if len(value) <= MOST_LINES
                else ngettext("%(num)s line", "%(num)s lines", len(value))
            )
        elif isinstance(value, dict):
            parts.append(", ".join(f"{name}: {one}" for name, one in value.items()))
        elif value not in (None, "", False) and key != "lines":
            parts.append(_day(str(value)))
    return " · ".join(part for part in parts if part)


def _day(text: str) -> str:
    """A day of the journal (2026-11-24) as pages write days; anything else as it stands."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return day(date.fromisoformat(text))
    return text


def _who(name: str) -> str:
    return gettext("automatically") if name.startswith("system:") else name
