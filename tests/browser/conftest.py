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
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import NOW, SYSTEM
from tests.factories.goods import make_product, make_sku
from tests.factories.people import make_cast
from tests.factories.stock import put_on_shelf
from wholesale.catalog import searching
from wholesale.kernel import clock, db

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
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


@pytest.fixture
def shop(committed_database: str, tmp_path: Path) -> Iterator[str]:
    """The address of a served company with four goods on its shelves and the cast."""
    with clock.at(NOW), db.unit_of_work(SYSTEM):
        cast = make_cast()
        cast.alma.locale = cast.gil.locale = "en"
        skus = [make_sku(make_product(name), multiple=2) for name in NAMES]
        for sku in skus:
            put_on_shelf(sku, 60)
        searching.index([sku.id for sku in skus])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "WHOLESALE_DATA": str(tmp_path), "WHOLESALE_DATABASE_URL": committed_database,
        "PORT": str(port), "WHOLESALE_FAST_PASSWORDS": "1",
    }  # fmt: skip
    server = subprocess.Popen([sys.executable, "-m", "wholesale", "serve"], env=environment)
    address = f"http://127.0.0.1:{port}"
    _wait(address, server)
    yield address
    server.terminate()
    server.wait(20)


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
