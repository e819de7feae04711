"""Settings from the environment, with defaults that are safe on one's own machine."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
# In a checkout the assets lie beside the package; a wheel carries them inside it.
ASSETS = PACKAGE if (PACKAGE / "templates").is_dir() else PACKAGE.parent


SHORTEST_SECRET = 32


class BadSettings(Exception):
    """The program can't start as it is set up; the text says which setting and how to mend it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decides. `hosts` empty means: only loopback names."""

    env: str = "demo"
    data: Path = field(default_factory=lambda: Path("var/demo"))
    database_url: str = ""
    secret: str = ""
    url: str = ""
    hosts: tuple[str, ...] = ()
    mail: str = "file:"
    mail_from: str = ""
    time_zone: str = "Asia/Tokyo"
    fast_passwords: bool = False

    @property
    def is_production(self) -> bool:
        """Whether real people's data is at stake."""
        return self.env == "production"


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read `WHOLESALE_*`. Raises BadSettings when production lacks its secret, address or hosts."""
    data = Path(environ.get("WHOLESALE_DATA", "var/demo")).absolute()
    settings = Settings(
        env=environ.get("WHOLESALE_ENV", "demo"),
        data=data,
        database_url=environ.get("WHOLESALE_DATABASE_URL", f"sqlite:///{data}/wholesale.db"),
        secret=environ.get("WHOLESALE_SECRET", ""),
        url=environ.get("WHOLESALE_URL", "").rstrip("/") or _own_address(environ),
        hosts=tuple(h.strip() for h in environ.get("WHOLESALE_HOSTS", "").split(",") if h.strip()),
        mail=environ.get("WHOLESALE_MAIL", "file:"),
        mail_from=environ.get("WHOLESALE_MAIL_FROM", ""),
        time_zone=environ.get("WHOLESALE_TIME_ZONE", "Asia/Tokyo"),
        fast_passwords=environ.get("WHOLESALE_FAST_PASSWORDS") == "1",
    )
    _refuse_unsafe_production(settings)
    return settings if settings.secret else replace(settings, secret=_own_secret(data))


def _refuse_unsafe_production(settings: Settings) -> None:
    if settings.env not in {"demo", "production"}:
        raise BadSettings(f"WHOLESALE_ENV is {settings.env!r}; it must be demo or production.")
    if not settings.is_production:
        return
    if len(settings.secret) < SHORTEST_SECRET:
        raise BadSettings(
            "Production needs WHOLESALE_SECRET: at least 32 characters, kept private."
        )
    if not settings.url.startswith("https://"):
        raise BadSettings("Production needs WHOLESALE_URL, the https:// address people use.")
    if not settings.hosts:
        raise BadSettings("Production needs WHOLESALE_HOSTS: the host names it answers to.")
    if settings.fast_passwords:
        raise BadSettings("WHOLESALE_FAST_PASSWORDS is for tests only.")


def _own_address(environ: Mapping[str, str]) -> str:
    """Where the demo is found by whoever runs it; production has to say."""
    if environ.get("WHOLESALE_ENV") == "production":
        return ""
    return f"http://127.0.0.1:{environ.get('PORT', '8000')}"


def _own_secret(data: Path) -> str:
    """The demo makes a secret of its own on the first start and keeps it beside its data."""
    path = data / "secret"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_hex(32), encoding="ascii")
        path.chmod(0o600)
    return path.read_text(encoding="ascii")


_override: list[Settings] = []


@cache
def _read_once() -> Settings:
    return from_environment()


def current() -> Settings:
    """The settings in force."""
    return _override[-1] if _override else _read_once()


def use(settings: Settings) -> None:
    """Replace the settings in force (tests, commands with their own data folder)."""
    _override[:] = [settings]
