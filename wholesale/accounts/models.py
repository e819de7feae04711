"""People who sign in, what they may do, and the sessions they have open."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.customers.models import Customer
from wholesale.kernel.db import Model, Owned
from wholesale.kernel.types import CanonicalJSON


class UserKind(StrEnum):
    """Which side of the counter a person stands on; nobody stands on both."""

    STAFF = "staff"
    BUYER = "buyer"


class UserState(StrEnum):
    """Whether a person may sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


class User(Model):
    """A person. `role` is a staff role's code; a buyer's role stands on the membership.

    One of our people may be kept to some brands (`brand_ids`, [] is all) and to the customers it is
    assigned to. `totp_secret` is sealed; `totp_step` is the last half minute whose code was used.
    """

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str]
    kind: Mapped[UserKind]
    state: Mapped[UserState] = mapped_column(default=UserState.INVITED)
    password_hash: Mapped[str | None]
    role: Mapped[str] = mapped_column(String(30), default="")
    locale: Mapped[str] = mapped_column(String(8), default="ja")
    theme: Mapped[str] = mapped_column(String(8), default="")
    single_keys: Mapped[bool] = mapped_column(default=True)
    brand_ids: Mapped[list[int]] = mapped_column(CanonicalJSON, default=list)
    own_customers_only: Mapped[bool] = mapped_column(default=False)
    totp_secret: Mapped[str | None]
    totp_step: Mapped[int | None]
    created_at: Mapped[datetime]
    password_changed_at: Mapped[datetime | None]


class Role(Model):
    """A staff role: a name and its permissions ("orders:confirm", …)."""

    __tablename__ = "roles"

    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str]
    permissions: Mapped[list[str]] = mapped_column(CanonicalJSON)


class BuyerRole(StrEnum):
    """What a buyer may do for one customer."""

    ADMIN = "admin"
    BUYER = "buyer"
    APPROVER = "approver"
    VIEWER = "viewer"


class Membership(Owned, Model):
    """A buyer acts for a customer in a role, from the day the person accepted.

    `spending_limit` NULL is no limit (per order, net); `ship_to_ids` [] is all of them. Until the
    person accepts it goes by the name it was invited under.
    """

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "customer_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    role: Mapped[BuyerRole] = mapped_column(default=BuyerRole.BUYER)
    spending_limit: Mapped[Decimal | None]
    sees_prices: Mapped[bool] = mapped_column(default=True)
    ship_to_ids: Mapped[list[int]] = mapped_column(CanonicalJSON, default=list)
    invited_name: Mapped[str] = mapped_column(default="")
    accepted_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
    customer: Mapped[Customer] = relationship()

    @property
    def is_accepted(self) -> bool:
        """Whether the person has taken the invitation."""
        return self.accepted_at is not None

    @property
    def called(self) -> str:
        """The person's name; before it accepted, the name it was invited under."""
        return self.user.name if self.is_accepted else self.invited_name or self.user.name


class Assignment(Model):
    """Who of our people looks after whom."""

    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("user_id", "customer_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)


class SignIn(Model):
    """An open session. The cookie holds a random value; here lies only its SHA-256.

    `awaits_factor` while the second proof is still asked for: nothing is open to it but that
    question. `proven_at` is when the person last proved who it is, for acts that ask for it anew.
    """

    __tablename__ = "sign_ins"

    sid_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    idle_seconds: Mapped[int]
    revoked_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(45), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")
    kept: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON, default=dict)
    awaits_factor: Mapped[bool] = mapped_column(default=False)
    remembered: Mapped[bool] = mapped_column(default=False)
    proven_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class Attempt(Model):
    """One failed sign-in; so many within a while slow the next ones down."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index("ix_attempts_account_at", "account", "at"),
        Index("ix_attempts_address_at", "address", "at"),
    )

    account: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime]


class OneTimeLink(Model):
    """A link that works once until it expires: an invitation or a new password.

    One that admits to a customer names the membership; it is void when that is taken back.
    """

    __tablename__ = "one_time_links"

    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    membership_id: Mapped[int | None]
    made_by: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Device(Model):
    """A browser a person has signed in with, known by a random value it keeps (here its SHA-256).

    Until `trusted_until` it is not asked for the second proof.
    """

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("user_id", "sha256"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(200), default="")
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    trusted_until: Mapped[datetime | None]


class RecoveryCode(Model):
    """One code that stands in for a lost second factor, once; only its hash is kept."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class Passkey(Model):
    """A public key of a person's device (WebAuthn); id and key in base64url."""

    __tablename__ = "passkeys"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str]
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Challenge(Model):
    """The random value a browser is asked to sign; works once, for the cookie it was made for."""

    __tablename__ = "challenges"

    holder_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    value: Mapped[str] = mapped_column(String(128))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SecurityRules(Model):
    """How people must sign in here; one row, none while everything stands at its default.

    `factor_roles` are the staff roles that need a second factor; NULL is the default of the
    installation. Times in minutes; NULL is the default, which is also the most.
    """

    __tablename__ = "security_rules"

    factor_roles: Mapped[list[str] | None] = mapped_column(CanonicalJSON)
    staff_idle: Mapped[int | None]
    staff_at_most: Mapped[int | None]
    buyer_at_most: Mapped[int | None]


class ApiKey(Model):
    """A machine's key; only its hash is kept."""

    __tablename__ = "api_keys"

    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    scopes: Mapped[list[str]] = mapped_column(CanonicalJSON)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
