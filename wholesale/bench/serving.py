"""The web server as a process of its own, and buyers who talk to it like browsers."""

from __future__ import annotations

import atexit
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import Engine

from wholesale.kernel import config

LOOPBACK = "127.0.0.1"
PATIENCE = 60  # seconds
_FIELD = r'name="{}"[^>]*value="([^"]*)"'
SEE_OTHER = 303


class NoServer(RuntimeError):
    """The server did not come up, or does not answer as a buyer needs it."""


class Server:
    """`serve` on a free port of the loopback, on the bench's set; ends with this process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def start(self) -> None:
        """Start it once and wait until it answers. Raises NoServer."""
        if self._process is not None:
            return
        self.port = _free_port()
        settings = config.current()
        told = {
            "WHOLESALE_DATABASE_URL": self._engine.url.render_as_string(hide_password=False),
            "WHOLESALE_DATA": str(settings.data),
            "WHOLESALE_SECRET": settings.secret,
            "PORT": str(self.port),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "wholesale", "serve"],
            cwd=config.ASSETS,
            env={**os.environ, **told},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        atexit.register(self.stop)
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > until or self._process.poll() is not None:
                raise NoServer("The server did not come up.")
            time.sleep(0.1)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None

    def buyer(self, email: str) -> Buyer:
        """A client that will sign in under this address."""
        return Buyer(self.port, email)

    def seconds(self) -> float:
        """The processor time it has used so far."""
        if self._process is None:
            return 0.0
        stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> int:
        """The memory it holds now."""
        assert self._process is not None  # noqa: S101 - asked after it was measured
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) // 1024

    def _answers(self) -> bool:
        try:
            socket.create_connection((LOOPBACK, self.port), 1).close()
        except OSError:
            return False
        return True


class Buyer:
    """One browser: its connection, its cookies and the token of its forms."""

    def __init__(self, port: int, email: str) -> None:
        self._connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE)
        self._cookies: dict[str, str] = {}
        self._email = email

    def sign_in(self, password: str) -> None:
        """Come in. Raises NoServer."""
        _, page, _ = self._ask("GET", "/login")
        told = {
            "email": self._email,
            "password": password,
            "csrf_token": _field(page, "csrf_token"),
        }
        status, _, _ = self._ask("POST", "/login", told)
        if status != SEE_OTHER:
            raise NoServer(f"signing in as {self._email} answers {status}")

    def order(self, pieces: Mapping[str, int]) -> bool:
        """Fill the cart, look at the checkout, place the order, see it; False when it was refused."""
        _, page, _ = self._ask("GET", "/cart")
        token = _field(page, "csrf_token")
        lines = {f"pieces-{code}": str(n) for code, n in pieces.items()}
        self._ask("POST", "/cart/lines", {"csrf_token": token, **lines})
        _, page, _ = self._ask("GET", "/checkout")
        told = {name: _field(page, name) for name in ("csrf_token", "fingerprint")}
        status, _, there = self._ask("POST", "/checkout", told)
        if status != SEE_OTHER:
            return False
        self._ask("GET", there)
        return True

    def _ask(
        self, method: str, address: str, form: Mapping[str, str] | None = None
    ) -> tuple[int, str, str]:
        """(status, page, where it leads)."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, address, urlencode(form) if form else None, headers)
        answer = self._connection.getresponse()
        page = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, page, answer.headers.get("Location", "")


def _field(page: str, name: str) -> str:
    found = re.search(_FIELD.format(name), page)
    return found[1] if found else ""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((LOOPBACK, 0))
        return int(found.getsockname()[1])
