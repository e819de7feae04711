"""Devices: which browsers a person has signed in with, and the letter when there is a new one."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import func, select

from wholesale.accounts.models import Device, SignIn, User
from wholesale.accounts.sessions import actor_of, digest
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.mail import outbox

TRUSTED = timedelta(days=30)


def new_mark() -> str:
    """A random value by which a browser is known again."""
    return secrets.token_urlsafe(32)


def known_device(user_id: int | None, mark: str) -> Device | None:
    """The device that carries this mark, if the person has signed in with it before."""
    if not mark:
        return None
    return session.scalar(
        select(Device).where(Device.user_id == (user_id or 0), Device.sha256 == digest(mark))
    )


def is_trusted(device: Device | None) -> bool:
    """Whether the second proof is left out on this device."""
    return (
        device is not None
        and device.trusted_until is not None
        and device.trusted_until > clock.now()
    )


def note_device(user: User, mark: str, *, agent: str, address: str, trust: bool = False) -> None:
    """The person came in with this device. A new one, after the first, is told by letter."""
    now = clock.now()
    device = known_device(user.id, mark)
    if device is None:
        is_first = session.scalar(select(Device.id).where(Device.user_id == user.id)) is None
        device = Device(
            user_id=user.id, sha256=digest(mark), agent=agent[:200], first_at=now, last_at=now
        )
        session.add(device)
        if not (is_first and _never_was_here(user)):
            session.flush()  # the letter is the device's own, whenever that came
            _tell(user, device, address)
    device.last_at = now
    if trust:
        device.trusted_until = now + TRUSTED


def distrust(user_id: int) -> None:
    """Every device is asked for the second proof again."""
    for device in session.scalars(select(Device).where(Device.user_id == user_id)):
        device.trusted_until = None


def _never_was_here(user: User) -> bool:
    """Whether the session that is being opened is the person's first."""
    return (session.scalar(select(func.count()).where(SignIn.user_id == user.id)) or 0) <= 1


def _tell(user: User, device: Device, address: str) -> None:
    outbox.post(
        "new_device", to=user.email, locale=user.locale, by=actor_of(user),
        key=f"new_device:{device.id}", name=user.name,
        at=clock.local(device.first_at).strftime("%Y-%m-%d %H:%M"), agent=device.agent,
        address=address,
    )  # fmt: skip
