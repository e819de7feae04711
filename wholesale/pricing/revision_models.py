"""A price revision (価格改定): what changes from a day on, for whom later, and what each was told."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.kernel.db import Model, Names, Owned
from wholesale.kernel.lifecycle import Lifecycle
from wholesale.pricing.models import Basis, BreakScope, OwnerKind, RuleKind, Scope


class RevisionState(StrEnum):
    """Where a revision stands. Its prices are written, dated, when it is announced."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    APPLIED = "applied"
    CANCELLED = "cancelled"


_S = RevisionState
REVISION_LIFECYCLE = Lifecycle({
    _S.DRAFT: {_S.ANNOUNCED, _S.CANCELLED},
    _S.ANNOUNCED: {_S.APPLIED, _S.CANCELLED},
    _S.APPLIED: set(),
    _S.CANCELLED: set(),
})  # fmt: skip


class PriceRevision(Model):
    """One revision. New prices count for lines whose date by `basis` is `effective_on` or later.

    `message` is what the letter says beside the figures, by language.
    """

    __tablename__ = "price_revisions"

    number: Mapped[str] = mapped_column(String(30), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[RevisionState] = mapped_column(default=RevisionState.DRAFT)
    effective_on: Mapped[date]
    basis: Mapped[Basis] = mapped_column(default=Basis.ORDER)
    message: Mapped[Names]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    announced_at: Mapped[datetime | None]
    announced_by: Mapped[str] = mapped_column(default="")
    applied_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    def move_to(self, state: RevisionState) -> None:
        """Change the state along the table of moves. Raises IllegalMove."""
        REVISION_LIFECYCLE.check(self.state, state)
        self.state = state


class RevisedListPrice(Model):
    """The list price (net) that a SKU gets in one currency and for one 貿易条件; `old` stood before."""

    __tablename__ = "revised_list_prices"
    __table_args__ = (
        UniqueConstraint("revision_id", "sku_id", "currency", "incoterm"),
        CheckConstraint("new >= 0", "not_negative"),
    )

    revision_id: Mapped[int] = mapped_column(ForeignKey("price_revisions.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    currency: Mapped[str] = mapped_column(String(3))
    incoterm: Mapped[str] = mapped_column(String(8), default="")
    old: Mapped[Decimal | None]
    new: Mapped[Decimal]


class RevisedRule(Model):
    """The rate or net unit price that an owner's rule gets; fields as in `PriceRule`."""

    __tablename__ = "revised_rules"
    __table_args__ = (
        UniqueConstraint(
            "revision_id", "owner_kind", "owner_id", "kind", "scope", "object_id", "currency",
            "incoterm", "break_scope", "minimum", "is_special", name="uq_revised_rules_keys",
        ),
        CheckConstraint("new >= 0 AND minimum >= 1", "sensible"),
    )  # fmt: skip

    revision_id: Mapped[int] = mapped_column(ForeignKey("price_revisions.id"))
    owner_kind: Mapped[OwnerKind]
    owner_id: Mapped[int]
    kind: Mapped[RuleKind]
    scope: Mapped[Scope]
    object_id: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="")
    incoterm: Mapped[str] = mapped_column(String(8), default="")
    minimum: Mapped[int] = mapped_column(default=1)
    break_scope: Mapped[BreakScope] = mapped_column(default=BreakScope.PRODUCT)
    is_special: Mapped[bool] = mapped_column(default=False)
    old: Mapped[Decimal | None]
    new: Mapped[Decimal]
    valid_until: Mapped[date | None]


class LeftOut(Model):
    """A customer, with those it pays for, that keeps the old prices before `starts_on`."""

    __tablename__ = "revision_left_out"
    __table_args__ = (UniqueConstraint("revision_id", "customer_id"),)

    revision_id: Mapped[int] = mapped_column(ForeignKey("price_revisions.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    starts_on: Mapped[date]


class PriceNotice(Owned, Model):
    """What one customer was told of a revision: its own old and new list, as paper and as a table.

    `starts_on` is the first day of its new prices; `recipient` "" where no address is known.
    """

    __tablename__ = "price_notices"
    __table_args__ = (
        UniqueConstraint("revision_id", "customer_id"),
        Index("ix_price_notices_customer", "customer_id", "starts_on"),
    )

    revision_id: Mapped[int] = mapped_column(ForeignKey("price_revisions.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    number: Mapped[str] = mapped_column(String(30))
    paper_id: Mapped[int]
    table_sha256: Mapped[str] = mapped_column(String(64))
    lines: Mapped[int]
    starts_on: Mapped[date]
    recipient: Mapped[str] = mapped_column(default="")
    posted_at: Mapped[datetime]
