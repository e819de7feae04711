"""Opening the database for a command that needs a founded company in this version's shape."""

from __future__ import annotations

from sqlalchemy import Engine, select

from wholesale.company.models import Company
from wholesale.kernel import config, db, migrating
from wholesale.kernel.access import Principal
from wholesale.kernel.config import BadSettings


def open_database() -> None:
    """Connect to the database of the settings. Raises BadSettings, which says what to do first."""
    refuse_old_shape(db.connect(config.current().database_url))


def refuse_old_shape(engine: Engine) -> None:
    """Raises BadSettings for a database of another version's shape or without a company."""
    if migrating.stamp_of(engine) != migrating.newest():
        raise BadSettings("The database is not at this version's shape. Run `migrate` first.")
    with db.unit_of_work(Principal.system("open"), read_only=True):
        if db.session.scalar(select(Company.id)) is None:
            raise BadSettings("There is no company in this database. Run `init` first.")
