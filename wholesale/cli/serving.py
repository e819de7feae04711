"""Serving: the demo in one process, an installation in two."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence

from flask import Flask
from sqlalchemy import select
from waitress import create_server

from wholesale import app
from wholesale import worker as workers
from wholesale.accounts.models import User
from wholesale.cli.opening import open_database, refuse_old_shape
from wholesale.demo import accounts, building
from wholesale.kernel import config, db, migrating
from wholesale.kernel.access import Principal
from wholesale.kernel.config import BadSettings

SYSTEM = Principal.system("serve")
LOOPBACK = "127.0.0.1"


def create_app() -> Flask:
    """The application `flask --app wholesale run` finds; a demo is built before its first page."""
    return _demo_app() if not config.current().is_production else _app()


def demo(words: Sequence[str]) -> int:
    """`./run`: migrate, build the demo once, serve it with the worker as a thread."""
    argparse.ArgumentParser("demo").parse_args(list(words))
    if config.current().is_production:
        raise BadSettings(
            "WHOLESALE_ENV is production: use `serve` and `worker` instead of the demo."
        )
    return _serve(_demo_app(), LOOPBACK, with_worker=True, says=_accounts())


def serve(words: Sequence[str]) -> int:
    """`./run serve [--host ADDRESS]`: the web alone."""
    parser = argparse.ArgumentParser("serve")
    parser.add_argument("--host", default=LOOPBACK)
    asked = parser.parse_args(list(words))
    return _serve(_app(), asked.host, with_worker=False, says="")


def worker(words: Sequence[str]) -> int:
    """`./run worker [--once]`: papers and letters, until it is told to stop."""
    parser = argparse.ArgumentParser("worker")
    parser.add_argument("--once", action="store_true", help="do what is due now and end")
    asked = parser.parse_args(list(words))
    open_database()
    if asked.once:
        print(f"{workers.work_until_empty()} jobs done")
        return 0
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    workers.work(stop)
    return 0


def _app() -> Flask:
    settings = config.current()
    application = app.create_app()
    refuse_old_shape(db.session.get_bind().engine)
    if settings.is_production:
        _refuse_demo_accounts()
    return application


def _demo_app() -> Flask:
    settings = config.current()
    settings.data.mkdir(parents=True, exist_ok=True)
    engine = db.connect(settings.database_url)
    if migrating.stamp_of(engine) != migrating.newest():
        migrating.upgrade(engine)
    began = time.monotonic()
    if not _is_founded():
        print("Building the demo company (once) …", file=sys.stderr, flush=True)
        building.build()
        print(f"… built in {time.monotonic() - began:.0f} s", file=sys.stderr)
    return app.create_app(connect=False, shown_accounts=accounts.ACCOUNTS)


def _is_founded() -> bool:
    try:
        with db.unit_of_work(SYSTEM, read_only=True):
            return building.is_built()
    except building.BrokenOff:
        raise BadSettings(
            f"The demo was not built to its end. Remove {config.current().data} and start again."
        ) from None


def _refuse_demo_accounts() -> None:
    with db.unit_of_work(SYSTEM, read_only=True):
        emails = [account.email for account in accounts.ACCOUNTS]
        if db.session.scalar(select(User.id).where(User.email.in_(emails)).limit(1)):
            raise BadSettings(
                "This database holds accounts of the demo. Production starts on its own."
            )


def _serve(application: Flask, host: str, *, with_worker: bool, says: str) -> int:
    port = int(os.environ.get("PORT", "8000"))
    server = create_server(application, host=host, port=port, threads=8, ident="wholesale")
    stop = threading.Event()
    if with_worker:
        threading.Thread(target=workers.work, args=(stop,), daemon=True, name="worker").start()
    signal.signal(signal.SIGTERM, _leave)
    print(f"Wholesale is at http://{host}:{port}/{says}", flush=True)
    try:
        server.run()
    except (KeyboardInterrupt, SystemExit):
        stop.set()
    return 0


def _leave(*_: object) -> None:
    raise SystemExit(0)


def _accounts() -> str:
    rows = [f"\n  {a.email:34} {a.password:24} {a.who}" for a in accounts.ACCOUNTS]
    return "".join(["\nSign in as:", *rows])
