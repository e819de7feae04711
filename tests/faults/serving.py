"""The real program as a process of its own, and people who send the same form until it is answered."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from wholesale.kernel import config
from wholesale.web import csrf

HOST, LONGEST = "127.0.0.1", 120.0


@dataclass
class Program:
    """The program on one database: served on a port of its own, killed, served again."""

    url: str
    data: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    mail: str = "file:"

    def command(self, how: str, *words: str) -> subprocess.Popen[bytes]:
        """Start a word of the program as a process."""
        environment = {
            **os.environ, "WHOLESALE_DATABASE_URL": self.url, "WHOLESALE_DATA": str(self.data),
            "WHOLESALE_SECRET": config.current().secret, "WHOLESALE_FAST_PASSWORDS": "1",
            "PORT": str(self.port), "WHOLESALE_MAIL": self.mail,
        }  # fmt: skip
        environment.pop("WHOLESALE_ENV", None)
        start = ["-m", "tests.faults.launched", how] if how != "plain" else ["-m", "wholesale"]
        return subprocess.Popen(
            [sys.executable, *start, *words], env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def serve(self, how: str = "plain") -> float:
        """Start serving; the seconds until the first answer."""
        began = time.monotonic()
        self.process = self.command(how, "serve")
        while time.monotonic() - began < LONGEST:
            assert self.process.poll() is None, "the server did not start"
            try:
                if self.send("GET", "/login", "").status == 200:
                    return time.monotonic() - began
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server never answered")

    def kill(self) -> None:
        """As when the power goes: no goodbye."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(LONGEST)
        if self.process.stdout:
            self.process.stdout.close()
        self.process = None

    def send(
        self, method: str, path: str, secret: str, form: dict[str, str] | None = None,
        file: bytes | None = None,
    ) -> Reply:  # fmt: skip
        """One request of a person's browser. Raises OSError or HTTPException when it breaks off."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=LONGEST)
        try:
            headers = {"Cookie": f"sid={secret}", "Accept-Language": "en"}
            body = b""
            if form is not None:
                told = {**form, "csrf_token": csrf.token_for(secret)}
                body, headers["Content-Type"] = _encoded(told, file)
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read().decode())
        finally:
            connection.close()

    def check(self) -> int:
        """What `./run check` says: 0 clean, 1 warnings, 2 broken, 3 could not look."""
        process = self.command("plain", "check", "--json")
        told, _ = process.communicate(timeout=120)
        broken = [one["id"] for one in json.loads(told).get("checks", []) if one["level"] == 2]
        assert broken == []
        return process.returncode


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str


def _encoded(form: dict[str, str], file: bytes | None) -> tuple[bytes, str]:
    """A form as a browser sends it, with a file or without."""
    if file is None:
        return urlencode(form).encode(), "application/x-www-form-urlencoded"
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in form.items()
    ]
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="nov.csv"\r\n\r\n'
    return b"".join([*parts, head, file, b"\r\n--x--\r\n"]), "multipart/form-data; boundary=x"


@contextmanager
def program(url: str, data: Path) -> Iterator[Program]:
    """The program, not yet served; whatever still runs is ended at the end."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    one = Program(url, data, port)
    try:
        yield one
    finally:
        if one.process is not None:
            one.kill()


@dataclass
class Form:
    """One form somebody fills in once and sends until it is answered."""

    path: str
    fields: dict[str, str]
    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    status: int = 0
    location: str = ""
    tries: int = 0


class Crowd:
    """People who each fill in one form after the other, and never give one up."""

    def __init__(
        self, house: Program, secrets: list[str], made_by: list[Callable[[], Form]]
    ) -> None:
        self.forms: list[Form] = []
        self._house = house
        self._ends = threading.Event()
        self._guard = threading.Lock()
        self._threads = [
            threading.Thread(target=self._live, args=(secret, make), daemon=True)
            for secret, make in zip(secrets, made_by, strict=True)
        ]

    def come(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def wait_for(self, answers: int) -> None:
        """Until so many more forms are answered."""
        goal, until = self._answered() + answers, time.monotonic() + 2 * LONGEST
        while self._answered() < goal:
            assert time.monotonic() < until, "people wait and wait"
            time.sleep(0.005)

    def _answered(self) -> int:
        with self._guard:
            return sum(form.status > 0 for form in self.forms)

    def go_home(self) -> None:
        """Everybody sees their last form through. A form that stays unanswered fails."""
        self._ends.set()
        for thread in self._threads:
            thread.join(LONGEST)
            assert not thread.is_alive(), "a form was never answered"

    def _live(self, secret: str, make: Callable[[], Form]) -> None:
        while not self._ends.is_set():
            form = make()
            with self._guard:
                self.forms.append(form)
            while not form.status:
                self._try(form, secret)

    def _try(self, form: Form, secret: str) -> None:
        form.tries += 1
        try:
            reply = self._house.send(
                "POST", form.path, secret, {**form.fields, "form_token": form.token}
            )
        except ConnectionRefusedError:  # not there: nothing was sent
            form.tries -= 1
            time.sleep(0.1)
            return
        except (OSError, http.client.HTTPException):
            return
        if reply.status == 503:
            time.sleep(0.1)
            return
        form.location, form.status = reply.headers.get("Location", ""), reply.status
