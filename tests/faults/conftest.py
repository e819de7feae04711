"""A served company on a committed database, and how long the tests of faults go on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.factories.goods import make_sku
from tests.factories.people import make_cast
from tests.faults.serving import Program, program
from wholesale.accounts import sessions
from wholesale.catalog.models import OrderPolicy
from wholesale.kernel import config, db
from wholesale.kernel.access import Principal

SYSTEM = Principal.system("test")


@dataclass(frozen=True)
class Company:
    """What the tests have to know of it: who is signed in, what is sold."""

    program: Program
    secrets: dict[str, str]
    sku: str
    sku_id: int


@pytest.fixture
def is_long(request: pytest.FixtureRequest) -> bool:
    """Whether the long form was asked for: `./run test --fault`."""
    return bool(request.config.getoption("--fault"))


@pytest.fixture
def company(committed_database: str, tmp_path: Path) -> Iterator[Company]:
    """A company with its cast signed in and one SKU that is made to order, not yet served."""
    settings = config.current()
    config.use(dataclasses.replace(settings, data=tmp_path))
    with db.unit_of_work(SYSTEM):
        cast = make_cast()
        sku = make_sku(code="TK-1", policy=OrderPolicy.MADE_TO_ORDER)
        people = {"dana": cast.dana, "frida": cast.frida, "egon": cast.egon, "alma": cast.alma}
        for user in people.values():
            user.locale = "en"
        secrets = {
            name: sessions.open_session(user, address="127.0.0.1") for name, user in people.items()
        }
        found = sku.id
    with program(committed_database, tmp_path) as one:
        yield Company(one, secrets, "TK-1", found)
    config.use(settings)
