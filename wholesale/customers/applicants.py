"""Who asks to trade with us, before it is a customer."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.kernel.db import Model


class SignupState(StrEnum):
    """What became of a request to trade."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class SignupRequest(Model):
    """Somebody asks to trade with us. `contact` is the person, `name` the firm."""

    __tablename__ = "signup_requests"
    __table_args__ = (Index("ix_signup_requests_state", "state", "id"),)

    state: Mapped[SignupState] = mapped_column(default=SignupState.WAITING)
    name: Mapped[str] = mapped_column(String(120))
    kana: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), index=True)
    phone: Mapped[str] = mapped_column(String(30), default="")
    country: Mapped[str] = mapped_column(String(2), default="JP")
    postal_code: Mapped[str] = mapped_column(String(12), default="")
    region: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    message: Mapped[str] = mapped_column(String(1000), default="")
    payment_means: Mapped[str] = mapped_column(String(24), default="", server_default="")
    locale: Mapped[str] = mapped_column(String(8), default="ja")
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(String(1000), default="")
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form
