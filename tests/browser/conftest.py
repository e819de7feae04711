"""A real server on a real database, and a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import NOW, SYSTEM
from tests.factories.goods import make_product, make_sku
from tests.factories.people import make_cast
from tests.factories.stock import put_on_shelf
from wholesale import worker as workers
from wholesale.catalog import searching
from wholesale.cli.checking import look
from wholesale.kernel import clock, db

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SHELF = 60
NAMES = ("飯碗 灰白", "飯碗 藍", "湯呑 芥子", "平皿 21cm")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, installed on the machine."""
    path = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if path is None:
        if os.environ.get("WHOLESALE_REQUIRE_ALL"):
            pytest.fail("Chromium is not installed; .ci/run installs it")
        pytest.skip("Chromium is not installed: the browser tests need it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True)
class Shop:
    """A served company: its address, the codes on its shelves, and its back door."""

    address: str
    codes: tuple[str, ...]

    def work(self) -> None:
        """Do what waits for the worker: papers and letters."""
        workers.work_until_empty()

    def broken(self) -> list[str]:
        """The invariants that don't hold."""
        return [one["id"] for one in look() if one["level"]]


@pytest.fixture
def shop(committed_database: str, data_folder: Path, tmp_path: Path) -> Iterator[Shop]:
    """A served company with forty goods on its shelves and the cast."""
    with clock.at(NOW), db.unit_of_work(SYSTEM):
        cast = make_cast()
        for user in (cast.alma, cast.dana, cast.egon, cast.frida):
            user.locale = "en"
        cast.nordwind.kana = "ノルドヴィント"
        skus = [make_sku(make_product(f"{NAMES[n % 4]} {n + 1}"), multiple=2) for n in range(40)]
        for sku in skus:
            put_on_shelf(sku, SHELF)
        searching.index([sku.id for sku in skus])
        codes = tuple(sku.code for sku in skus)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "WHOLESALE_DATA": str(data_folder),
        "WHOLESALE_DATABASE_URL": committed_database,
        "PORT": str(port), "WHOLESALE_FAST_PASSWORDS": "1",
    }  # fmt: skip
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "wholesale", "serve"], env=environment, stdout=log, stderr=log
        )
        address = f"http://127.0.0.1:{port}"
        _wait(address, server)
        yield Shop(address, codes)
        server.terminate()
        server.wait(20)
    assert b"Traceback" not in (tmp_path / "log").read_bytes()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    """Until the first answer."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/login", timeout=5)
        except OSError:
            continue
        return
    raise AssertionError("the server did not start")
