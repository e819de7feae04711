"""Passkeys (WebAuthn): a key pair in a person's own device, of which we keep the public half."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import delete, select, update
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from wholesale.accounts import second_factors, sessions
from wholesale.accounts.models import Challenge, Passkey, User, UserState
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import rows_changed, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

LASTS = timedelta(minutes=5)
MOST = 20


class PasskeyRefused(DomainError):
    """The device's answer is not one to our question, or by no key we know."""

    message = N_("The passkey was not accepted. Try again, or sign in another way.")


class TooManyPasskeys(DomainError):
    """More keys than anybody can have devices."""

    message = N_("You have %(most)s passkeys. Remove one first.")


@dataclass(frozen=True, slots=True)
class Site:
    """For which site keys are made: its address as browsers name it, and our name."""

    origin: str
    name: str

    @property
    def host(self) -> str:
        """The host name keys are bound to."""
        return urlsplit(self.origin).hostname or "localhost"


def own(user: User) -> Sequence[Passkey]:
    """A person's passkeys, the newest first."""
    return session.scalars(
        select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id.desc())
    ).all()


def to_make(user: User, site: Site, holder: str) -> str:
    """What the browser needs to make a key, as JSON. Raises TooManyPasskeys."""
    keys = own(user)
    if len(keys) >= MOST:
        raise TooManyPasskeys(most=MOST)
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_name=user.email,
        user_display_name=user.name,
        user_id=str(user.id).encode(),
        exclude_credentials=_descriptors(keys),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    _ask(holder, options.challenge)
    return webauthn.options_to_json(options)


def keep(
    user: User, name: str, answer: str, site: Site, holder: str, by: Actor, *, here: int
) -> Passkey:
    """Keep the key a browser has made; all other sessions than `here` end. Raises PasskeyRefused."""
    challenge = _answered(holder)
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as trouble:
        raise PasskeyRefused from trouble
    known = bytes_to_base64url(made.credential_id)
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == known)) is not None:
        raise PasskeyRefused
    key = Passkey(
        user_id=user.id,
        credential_id=known,
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        name=name.strip()[:60] or "Passkey",
        created_at=clock.now(),
    )
    session.add(key)
    journal.record(user, "user:factor_set_up", by, factor="passkey", name=key.name)
    sessions.end_all_sessions(user.id, but=here)
    return key


def to_sign(site: Site, holder: str, user: User | None = None) -> str:
    """What the browser needs to prove itself, as JSON; of whom is not asked before it answers."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        allow_credentials=_descriptors(own(user)) if user else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _ask(holder, options.challenge)
    return webauthn.options_to_json(options)


def signed_by(answer: str, site: Site, holder: str) -> User:
    """Whose device signed our question; the person must be active. Raises PasskeyRefused.

    A counter that does not rise says that the key was copied; such an answer is refused.
    """
    challenge = _answered(holder)
    try:
        credential = webauthn.helpers.parse_authentication_credential_json(answer)
        key = session.scalar(select(Passkey).where(Passkey.credential_id == credential.id))
        if key is None:
            raise PasskeyRefused
        proven = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as trouble:
        raise PasskeyRefused from trouble
    user = session.get(User, key.user_id)
    if user is None or user.state is not UserState.ACTIVE:
        raise PasskeyRefused
    _count(key, proven.new_sign_count)
    return user


def remove(user: User, key_id: int, by: Actor, *, here: int) -> bool:
    """Forget a key; False when the person has none such. All other sessions end."""
    gone = rows_changed(delete(Passkey).where(Passkey.id == key_id, Passkey.user_id == user.id))
    if gone:
        second_factors.removed(user, by, "passkey", here)
    return bool(gone)


def _count(key: Passkey, new: int) -> None:
    """Guarded: of two answers with the same counter at once one is too late."""
    counted = rows_changed(
        update(Passkey)
        .where(Passkey.id == key.id, (Passkey.sign_count < new) | (Passkey.sign_count == 0))
        .values(sign_count=new, used_at=clock.now())
    )
    if not counted:
        raise PasskeyRefused


def _ask(holder: str, challenge: bytes) -> None:
    """Remember what this cookie's browser is asked to sign, instead of what it was asked before."""
    now = clock.now()
    session.execute(
        delete(Challenge).where(
            (Challenge.holder_sha256 == sessions.digest(holder)) | (Challenge.expires_at < now)
        )
    )
    session.add(
        Challenge(
            holder_sha256=sessions.digest(holder),
            value=bytes_to_base64url(challenge),
            expires_at=now + LASTS,
        )
    )


def _answered(holder: str) -> bytes:
    """The question this browser was asked; it may be answered once. Raises PasskeyRefused."""
    value = session.scalar(
        delete(Challenge)
        .where(
            Challenge.holder_sha256 == sessions.digest(holder), Challenge.expires_at > clock.now()
        )
        .returning(Challenge.value)
        .execution_options(synchronize_session=False)
    )
    if value is None:
        raise PasskeyRefused
    return base64url_to_bytes(value)


def _descriptors(keys: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(base64url_to_bytes(key.credential_id)) for key in keys]
