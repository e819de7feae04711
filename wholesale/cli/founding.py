"""An empty company, its owner, and the shape of the database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from wholesale.accounts import inviting
from wholesale.accounts.models import User, UserKind
from wholesale.cli.opening import open_database
from wholesale.cli.speaking import said
from wholesale.company.setting_up import read_profile
from wholesale.exchange.founding import found
from wholesale.kernel import config, db, journal, migrating
from wholesale.kernel.access import Principal
from wholesale.kernel.errors import DomainError

SYSTEM = Principal.system("init")


def init(words: Sequence[str]) -> int:
    """`init --company FILE --owner EMAIL`: found a company; prints the owner's invitation."""
    parser = argparse.ArgumentParser("init")
    parser.add_argument(
        "--company", type=Path, required=True, help="a TOML file: see docs/operators.md"
    )
    parser.add_argument("--owner", required=True, help="the e-mail address of the first person")
    parser.add_argument("--name", default="", help="the owner's name")
    asked = parser.parse_args(list(words))
    migrating.upgrade(db.connect(config.current().database_url))
    try:
        with db.unit_of_work(SYSTEM):
            found(read_profile(asked.company), SYSTEM.actor)
            owner_ = inviting.add_staff(
                asked.owner, asked.name or asked.owner.partition("@")[0], "owner", SYSTEM.actor
            )
            word = inviting.make_link(owner_, "invite")
    except (DomainError, OSError) as trouble:
        print(said(trouble), file=sys.stderr)
        return 2
    print(
        f"The company is founded. The owner signs in for the first time here (7 days):\n{_link(word)}"
    )
    return 0


def owner(words: Sequence[str]) -> int:
    """`owner EMAIL`: a new invitation for an owner, journalled; makes the person when unknown."""
    parser = argparse.ArgumentParser("owner")
    parser.add_argument("email")
    asked = parser.parse_args(list(words))
    open_database()
    email = asked.email.strip().lower()
    with db.unit_of_work(SYSTEM):
        user = db.session.scalar(select(User).where(User.email == email))
        if user is not None and user.kind is not UserKind.STAFF:
            print(
                f"{email} belongs to a buyer; an owner needs an address of your own.",
                file=sys.stderr,
            )
            return 2
        if user is None:
            user = inviting.add_staff(email, email.partition("@")[0], "owner", SYSTEM.actor)
        user.role = "owner"
        journal.record(user, "user:made_owner", SYSTEM.actor)
        word = inviting.make_link(user, "invite")
    print(_link(word))
    return 0


def migrate(words: Sequence[str]) -> int:
    """`migrate`: forward, in one transaction, or not at all."""
    argparse.ArgumentParser("migrate").parse_args(list(words))
    engine = db.connect(config.current().database_url)
    before = migrating.stamp_of(engine)
    migrating.upgrade(engine)
    print(f"{before or 'empty'} → {migrating.newest()}")
    return 0


def _link(word: str) -> str:
    return f"{config.current().url}/invite/{word}"
