"""What is looked at before and while we trade: one row per look, the newest of a kind counts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.customers.models import Customer
from wholesale.kernel.db import Model, Owned


class VettingKind(StrEnum):
    """What is looked at."""

    ANTISOCIAL = "antisocial"
    CREDIT = "credit"
    REGISTRATION = "registration"
    CONTRACT = "contract"
    DEPOSIT = "deposit"


class VettingResult(StrEnum):
    """What came out."""

    PASSED = "passed"
    FAILED = "failed"
    OPEN = "open"


class Vetting(Owned, Model):
    """One look: 反社チェック, credit score, registration number, basic contract or deposit.

    `score` and its `source` belong to a credit report, `amount` in `currency` to a deposit we hold,
    `expires_on` to a contract. `review_on` is when somebody looks again. `is_newest` of its kind.
    """

    __tablename__ = "vettings"
    __table_args__ = (
        Index("ix_vettings_customer", "customer_id", "kind", "id"),
        Index("ix_vettings_review", "is_newest", "review_on"),
        Index("ix_vettings_expiry", "is_newest", "expires_on"),
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    kind: Mapped[VettingKind]
    result: Mapped[VettingResult]
    done_on: Mapped[date]
    done_by: Mapped[str] = mapped_column(String(80))
    score: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(80), default="")
    amount: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(String(3), default="")
    expires_on: Mapped[date | None]
    review_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(400), default="")
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    file_name: Mapped[str] = mapped_column(String(120), default="")
    is_newest: Mapped[bool] = mapped_column(default=True)
    written_at: Mapped[datetime]
    written_by: Mapped[str]

    customer: Mapped[Customer] = relationship()
