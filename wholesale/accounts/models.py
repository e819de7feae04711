"""People who sign in, what they may do, and the sessions they have open."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
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
    """A person. `role` is a staff role's code; a buyer's role stands on the membership."""

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
    """A buyer acts for a customer in a role. `spending_limit` NULL is no limit (per order, net)."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "customer_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    role: Mapped[BuyerRole] = mapped_column(default=BuyerRole.BUYER)
    spending_limit: Mapped[Decimal | None]
    sees_prices: Mapped[bool] = mapped_column(default=True)
    ship_to_ids: Mapped[list[int]] = mapped_column(CanonicalJSON, default=list)

    user: Mapped[User] = relationship()
    customer: Mapped[Customer] = relationship()


class Assignment(Model):
    """Who of our people looks after whom."""

    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("user_id", "customer_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)


class SignIn(Model):
    """An open session. The cookie holds a random value; here lies only its SHA-256."""

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
    """A link that works once until it expires: an invitation or a new password."""

    __tablename__ = "one_time_links"

    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiKey(Model):
    """A machine's key; only its hash is kept."""

    __tablename__ = "api_keys"

    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    scopes: Mapped[list[str]] = mapped_column(CanonicalJSON)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
