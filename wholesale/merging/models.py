"""Merges of customers, and pairs that somebody has looked at and found to be two."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.customers.models import Customer
from wholesale.kernel.db import Model
from wholesale.kernel.types import CanonicalJSON


class Merge(Model):
    """The old customer lives on in the new one. `marks` is how far each frozen table had come."""

    __tablename__ = "merges"

    old_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    new_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    merged_at: Mapped[datetime]
    merged_by: Mapped[str]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(default="")
    counts: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON, default=dict)
    marks: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON, default=dict)

    old: Mapped[Customer] = relationship(foreign_keys=[old_id])
    new: Mapped[Customer] = relationship(foreign_keys=[new_id])


class Distinct(Model):
    """Two customers that look alike and are two. The lower id stands first."""

    __tablename__ = "distinct_customers"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    first_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    said_at: Mapped[datetime]
    said_by: Mapped[str]
