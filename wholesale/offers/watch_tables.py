"""What a buyer wants to be told of by mail."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.accounts.models import User
from wholesale.customers.models import Customer
from wholesale.kernel.db import Model, Names, Owned
from wholesale.kernel.types import CanonicalJSON


class WatchKind(StrEnum):
    """What is waited for: of an item, or of all items of a category or a brand."""

    BACK = "back"
    PRICE = "price"
    CATEGORY = "category"
    BRAND = "brand"


class Watch(Owned, Model):
    """One notice a person has switched on for a customer. `code` names the SKU, category or brand.

    `seen` are the facts as they were when the person last knew them: {"free": bool}, {"price": text,
    "currency": code} or {"skus": [ids]}. `known_as` is its name when it was switched on.
    """

    __tablename__ = "watches"
    __table_args__ = (UniqueConstraint("customer_id", "user_id", "kind", "code"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[WatchKind]
    code: Mapped[str] = mapped_column(String(60))
    sku_id: Mapped[int | None] = mapped_column(ForeignKey("skus.id"))
    known_as: Mapped[Names] = mapped_column(default=dict)
    seen: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON, default=dict)
    since: Mapped[datetime]

    customer: Mapped[Customer] = relationship()
    user: Mapped[User] = relationship()
