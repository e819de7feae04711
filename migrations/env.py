"""How Alembic meets our models: one transaction, foreign keys looked at before it ends."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from alembic import context
from sqlalchemy import Connection

import wholesale
from wholesale.kernel.db import Model

OURS_ALONE = {"sku_search"}  # full-text tables, one form per engine; not models


def load_models() -> None:
    """Import every module that declares tables."""
    for found in pkgutil.walk_packages(wholesale.__path__, "wholesale."):
        package, _, module = found.name.rpartition(".")
        if module.endswith("models") or package == "wholesale.kernel":
            importlib.import_module(found.name)


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our column types as what the database holds, so that migrations never import the app."""
    if kind == "type" and type(item).__module__.startswith("wholesale."):
        return f"sa.{item.impl!r}"
    return False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave the full-text tables out of comparisons."""
    return not (kind == "table" and name and any(name.startswith(ours) for ours in OURS_ALONE))


def run(connection: Connection) -> None:
    """Run the migrations on an open connection whose transaction the caller owns."""
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_item=render_item,
        render_as_batch=True,
        include_name=include_name,
        compare_type=False,
    )
    context.run_migrations()


load_models()
run(context.config.attributes["connection"])
