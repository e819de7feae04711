"""Saving the layouts by which lists are written out."""

from __future__ import annotations

from sqlalchemy import select

from wholesale.exchange.exporting import BadLayout, Wanted
from wholesale.exchange.models import ExportLayout
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.text import N_

LONGEST_NAME = 60


class LayoutExists(Conflict):
    """Another layout of the list has this name."""

    message = N_("There is a layout “%(name)s” for this list already.")


def save(
    layout: ExportLayout | None, kind: str, name: str, wanted: Wanted, by: Actor, *, seen: str = ""
) -> ExportLayout:
    """Save a layout of a list, a new one for None; `seen` is the version that was changed.

    Raises BadLayout, LayoutExists, Conflict.
    """
    if not name or len(name) > LONGEST_NAME or not wanted.fields:
        raise BadLayout
    other = session.scalar(
        select(ExportLayout).where(ExportLayout.kind == kind, ExportLayout.name == name)
    )
    if other is not None and other is not layout:
        raise LayoutExists(name=name)
    if layout is None:
        layout = ExportLayout(kind=kind)
        session.add(layout)
    elif seen != str(layout.version):
        raise Conflict
    layout.name, layout.fields = name, list(wanted.fields)
    layout.language, layout.format = wanted.language, wanted.format
    journal.record(layout, "layout:saved", by, kind=kind, name=name, fields=list(wanted.fields))
    return layout


def remove(layout: ExportLayout, by: Actor) -> None:
    """Take a layout away."""
    journal.record(layout, "layout:removed", by, kind=layout.kind, name=layout.name)
    session.delete(layout)
