"""Where stock is, what moved, what is promised: the ledger and its counters."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.catalog.models import OrderPolicy
from wholesale.kernel.access import ActorKind
from wholesale.kernel.db import Model, Names

NO_LOT = 0


class LocationKind(StrEnum):
    """What a location is; all but warehouses are virtual."""

    WAREHOUSE = "warehouse"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    CONSIGNMENT = "consignment"
    LOAN = "loan"
    TRANSIT = "transit"
    LOSS = "loss"
    OPENING = "opening"


class MoveKind(StrEnum):
    """Why stock moved."""

    OPENING = "opening"
    RECEIPT = "receipt"
    SHIPMENT = "shipment"
    TRANSFER = "transfer"
    ADJUSTMENT = "adjustment"
    RETURN = "return"
    REVERSAL = "reversal"


class Location(Model):
    """Where stock is. Only `is_own` and `is_sellable` ones serve orders.

    `regions` are the prefectures or countries it serves first, separated by commas; among equals
    the lowest `priority` counts first.
    """

    __tablename__ = "locations"

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[Names]
    kind: Mapped[LocationKind]
    is_own: Mapped[bool] = mapped_column(default=False)
    is_sellable: Mapped[bool] = mapped_column(default=False)
    regions: Mapped[str] = mapped_column(default="")
    priority: Mapped[int] = mapped_column(default=5)


class Lot(Model):
    """A lot of a SKU with its best-before day. Lot 0 of a balance means: none."""

    __tablename__ = "lots"
    __table_args__ = (UniqueConstraint("sku_id", "code"),)

    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    code: Mapped[str] = mapped_column(String(40))
    best_before: Mapped[date | None]


class Shelf(Model):
    """The shelf (棚番) of a SKU in a warehouse."""

    __tablename__ = "shelves"
    __table_args__ = (UniqueConstraint("sku_id", "location_id"),)

    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    code: Mapped[str] = mapped_column(String(20))


class Move(Model):
    """One row of the stock ledger: never changed, never deleted; a mistake gets an opposite row."""

    __tablename__ = "moves"
    __table_args__ = (
        CheckConstraint("quantity > 0", "quantity_positive"),
        CheckConstraint("from_location_id <> to_location_id", "two_places"),
        Index("ix_moves_sku", "sku_id", "id"),
        Index("ix_moves_source", "source_kind", "source_id"),
    )

    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    lot: Mapped[int] = mapped_column(default=NO_LOT)
    quantity: Mapped[int]
    from_location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    to_location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    kind: Mapped[MoveKind]
    moved_at: Mapped[datetime]
    source_kind: Mapped[str] = mapped_column(String(30))
    source_id: Mapped[int]
    reason: Mapped[str] = mapped_column(default="")
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str]


class Balance(Model):
    """What the ledger adds up to per SKU, location and lot, and how much of it is taken.

    `is_guarded` copies the location's `is_own`: only there may nothing go below zero.
    """

    __tablename__ = "balances"
    __table_args__ = (
        UniqueConstraint("sku_id", "location_id", "lot"),
        CheckConstraint(
            "NOT is_guarded OR (allocated >= 0 AND allocated <= on_hand)", "allocated_in_range"
        ),
        CheckConstraint("set_aside >= 0 AND safety >= 0", "not_negative"),
        Index("ix_balances_location", "location_id", "sku_id"),
    )

    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    lot: Mapped[int] = mapped_column(default=NO_LOT)
    on_hand: Mapped[int] = mapped_column(default=0)
    allocated: Mapped[int] = mapped_column(default=0)
    set_aside: Mapped[int] = mapped_column(default=0)
    safety: Mapped[int] = mapped_column(default=0)
    is_guarded: Mapped[bool]


class PromiseRow(Model):
    """One row per SKU that is locked while a promise over time is made."""

    __tablename__ = "promise_rows"

    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"), unique=True)
    version: Mapped[int] = mapped_column(default=0)


class Demand(Model):
    """What is wanted of a SKU and when; its maker (an order line, a loan …) keeps the id.

    `open` = still to be delivered; `allocated` = taken from stock for it (≤ open).
    """

    __tablename__ = "demands"
    __table_args__ = (
        CheckConstraint("open >= 0 AND allocated >= 0 AND allocated <= open", "in_range"),
        # Years of delivered demand lie behind the little that waits: only that is looked up.
        Index(
            "ix_demands_waiting",
            "sku_id",
            "planned_on",
            sqlite_where=text("open > allocated"),
            postgresql_where=text("open > allocated"),
        ),
        Index("ix_demands_source", "source_kind", "source_id"),
    )

    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    group_id: Mapped[int | None]
    quantity: Mapped[int]
    open: Mapped[int]
    allocated: Mapped[int] = mapped_column(default=0)
    planned_on: Mapped[date]
    wanted_on: Mapped[date | None]
    priority: Mapped[int] = mapped_column(default=5)
    policy: Mapped[OrderPolicy]
    region: Mapped[str] = mapped_column(default="")
    source_kind: Mapped[str] = mapped_column(String(30))
    source_id: Mapped[int]
    asked_at: Mapped[datetime]


class Allocation(Model):
    """Stock at a location promised to a demand (引当)."""

    __tablename__ = "allocations"
    __table_args__ = (
        UniqueConstraint("demand_id", "location_id", "lot"),
        CheckConstraint("quantity >= 0 AND from_allotment >= 0", "not_negative"),
        Index("ix_allocations_place", "sku_id", "location_id", "lot"),
    )

    demand_id: Mapped[int] = mapped_column(ForeignKey("demands.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    lot: Mapped[int] = mapped_column(default=NO_LOT)
    quantity: Mapped[int]
    from_allotment: Mapped[int] = mapped_column(default=0)


class Expected(Model):
    """What is to come in (入荷予定): from a purchase, a production, a transfer."""

    __tablename__ = "expected"
    __table_args__ = (
        CheckConstraint("received >= 0 AND quantity > 0", "in_range"),
        Index("ix_expected_due", "sku_id", "due_on"),
    )

    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    quantity: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[date]
    is_firm: Mapped[bool] = mapped_column(default=True)
    source_kind: Mapped[str] = mapped_column(String(30), default="")
    source_id: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(default="")


class Allotment(Model):
    """Stock of a SKU at a location set aside for a customer or a price group before any order."""

    __tablename__ = "allotments"
    __table_args__ = (
        UniqueConstraint("sku_id", "location_id", "customer_id", "group_id"),
        CheckConstraint("used >= 0 AND used <= quantity", "in_range"),
    )

    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("customer_groups.id"))
    quantity: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    expires_on: Mapped[date | None]
