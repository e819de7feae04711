"""What stands around a buyer's carts: which one is current, who changed what, lists, favourites."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.catalog.models import Sku
from wholesale.kernel.db import Model, Names, Owned


class CartChoice(Owned, Model):
    """Which cart a person fills for a customer; its row is also the turn of making a first cart."""

    __tablename__ = "cart_choices"
    __table_args__ = (UniqueConstraint("customer_id", "user_id"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    cart_id: Mapped[int | None] = mapped_column(ForeignKey("carts.id", ondelete="SET NULL"))


class CartDeed(StrEnum):
    """What somebody did to a shared cart."""

    PUT = "put"
    EMPTIED = "emptied"
    RESTORED = "restored"
    SHARED = "shared"
    RENAMED = "renamed"


class CartChange(Model):
    """One change of a shared cart: who, when, and of which SKU from how many pieces to how many."""

    __tablename__ = "cart_changes"

    cart_id: Mapped[int] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"), index=True)
    deed: Mapped[CartDeed]
    sku_id: Mapped[int | None] = mapped_column(ForeignKey("skus.id"))
    code: Mapped[str] = mapped_column(String(60), default="")
    before: Mapped[int] = mapped_column(default=0)
    after: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    by: Mapped[str]


class StandardList(Owned, Model):
    """A named list of SKUs in usual quantities (定番リスト), common to a customer's buyers."""

    __tablename__ = "standard_lists"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    made_by: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    lines: Mapped[list[StandardLine]] = relationship(
        back_populates="list", order_by="StandardLine.id", cascade="all, delete-orphan"
    )


class StandardLine(Model):
    """One SKU of a list in its usual quantity; `known_as` is its name when it was put in."""

    __tablename__ = "standard_lines"
    __table_args__ = (
        UniqueConstraint("list_id", "sku_id"),
        CheckConstraint("quantity > 0", "quantity_positive"),
    )

    list_id: Mapped[int] = mapped_column(ForeignKey("standard_lists.id", ondelete="CASCADE"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    code: Mapped[str] = mapped_column(String(60))
    known_as: Mapped[Names] = mapped_column(default=dict)
    quantity: Mapped[int]

    list: Mapped[StandardList] = relationship(back_populates="lines")
    sku: Mapped[Sku] = relationship()


class Favourite(Owned, Model):
    """A SKU somebody has starred for a customer; `known_as` is its name as it was then."""

    __tablename__ = "favourites"
    __table_args__ = (UniqueConstraint("customer_id", "user_id", "sku_id"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    code: Mapped[str] = mapped_column(String(60))
    known_as: Mapped[Names] = mapped_column(default=dict)
    starred_at: Mapped[datetime]
