"""The second proof: codes of an authenticator app, and recovery codes for the day it is lost."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Sequence

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, func, select, update

from wholesale.accounts import devices, sessions
from wholesale.accounts.models import Passkey, RecoveryCode, User
from wholesale.kernel import clock, config, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.mail import outbox

STEP = 30
DIGITS = re.compile(r"\d{6}")
SECRET = re.compile(r"[A-Z2-7]{32}")  # 160 bits in base 32
CODES = 10


class CodeDoesNotFit(DomainError):
    """The app shows another code than the secret gives."""

    message = N_("This code does not fit. Check the clock of your phone, then type the next code.")


def is_set_up(user: User) -> bool:
    """Whether a second proof is asked of this person."""
    if user.totp_secret is not None:
        return True
    return session.scalar(select(Passkey.id).where(Passkey.user_id == user.id)) is not None


def with_proof(user_ids: Sequence[int]) -> frozenset[int]:
    """Which of these people have set one up. One statement."""
    has_passkey = select(Passkey.id).where(Passkey.user_id == User.id).exists()
    return frozenset(
        session.scalars(
            select(User.id).where(
                User.id.in_(user_ids), User.totp_secret.is_not(None) | has_passkey
            )
        )
    )


def new_secret() -> str:
    """A fresh secret for an authenticator app; nothing is kept until a code proves it arrived."""
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Whether a form brought back a secret as we make them: 32 signs of base 32."""
    return SECRET.fullmatch(text) is not None


def address_for_apps(user: User, secret: str, issuer: str) -> str:
    """The otpauth: address an app reads from the square code."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=issuer)


def set_up(user: User, secret: str, code: str, by: Actor, *, here: int) -> Sequence[str]:
    """Ask for codes of this app from now on; returns ten recovery codes, readable this once.

    All other sessions than `here` end. Raises CodeDoesNotFit.
    """
    step = _step_of(secret, code, after=None)
    if step is None:
        raise CodeDoesNotFit
    user.totp_secret, user.totp_step = _seal(secret), step
    journal.record(user, "user:factor_set_up", by, factor="app")
    sessions.end_all_sessions(user.id, but=here)
    return renew_codes(user, by)


def renew_codes(user: User, by: Actor) -> Sequence[str]:
    """Ten fresh recovery codes; the earlier ones are void."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [_new_code() for _ in range(CODES)]
    session.add_all(RecoveryCode(user_id=user.id, sha256=_hash(user.id, code)) for code in codes)
    journal.record(user, "user:codes_renewed", by)
    return codes


def codes_left(user: User) -> int:
    """How many recovery codes still work."""
    return (
        session.scalar(
            select(func.count()).where(
                RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None)
            )
        )
        or 0
    )


def takes(user: User, typed: str) -> bool:
    """Whether a code of the app, or a recovery code, fits; either works once."""
    plain = re.sub(r"[\s-]", "", typed).lower()
    if DIGITS.fullmatch(plain):
        return _takes_app_code(user, plain)
    used = rows_changed(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.sha256 == _hash(user.id, plain),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    if used:
        journal.record(user, "user:code_used", sessions.actor_of(user))
    return bool(used)


def remove_app(user: User, by: Actor, *, here: int | None = None) -> None:
    """No codes of an app any more; recovery codes go with the last proof. All other sessions end."""
    user.totp_secret = user.totp_step = None
    removed(user, by, "app", here)


def remove_all(user: User, by: Actor) -> None:
    """Take every second proof from a person who lost them; the person is told by letter."""
    session.execute(delete(Passkey).where(Passkey.user_id == user.id))
    remove_app(user, by)


def removed(user: User, by: Actor, factor: str, here: int | None) -> None:
    """What follows when a proof was taken away: recorded, told, other sessions ended."""
    if not is_set_up(user):
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    journal.record(user, "user:factor_removed", by, factor=factor)
    devices.distrust(user.id)
    sessions.end_all_sessions(user.id, but=here)
    now = clock.now()
    outbox.post(
        "factor_removed", to=user.email, locale=user.locale, by=by, name=user.name,
        key=f"factor_removed:{user.id}:{now.isoformat()}",
        at=clock.local(now).strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip


def _takes_app_code(user: User, code: str) -> bool:
    secret = _unseal(user.totp_secret)
    step = _step_of(secret, code, after=user.totp_step) if secret else None
    if step is None:
        return False
    # Guarded: of two that come with the same code at once one is too late.
    return bool(
        rows_changed(
            update(User)
            .where(User.id == user.id, func.coalesce(User.totp_step, 0) < step)
            .values(totp_step=step)
        )
    )


def _step_of(secret: str, code: str, *, after: int | None) -> int | None:
    """The half minute a code belongs to: this one or its neighbours, and later than `after`."""
    plain = re.sub(r"[\s-]", "", code)
    if not DIGITS.fullmatch(plain):
        return None
    totp = pyotp.TOTP(secret)
    this = int(clock.now().timestamp()) // STEP
    fitting = [
        step for step in (this, this - 1, this + 1)
        if secrets.compare_digest(totp.generate_otp(step), plain)
    ]  # fmt: skip
    return next((step for step in fitting if after is None or step > after), None)


def _new_code() -> str:
    plain = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(plain[at : at + 4] for at in range(0, 16, 4))


def _hash(user_id: int, code: str) -> str:
    plain = code.replace("-", "")
    return hashlib.sha256(f"recovery:{user_id}:{plain}".encode()).hexdigest()


def _seal(secret: str) -> str:
    """Encrypted under the installation's own secret: a copy of the database alone is no proof."""
    return _box().encrypt(secret.encode()).decode()


def _unseal(sealed: str | None) -> str | None:
    """The secret; None where there is none, or it was sealed under another installation's secret."""
    try:
        return _box().decrypt(sealed.encode()).decode() if sealed else None
    except InvalidToken:
        return None


def _box() -> Fernet:
    key = hashlib.sha256(b"second factor:" + config.current().secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
