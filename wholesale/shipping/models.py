"""Shipments: what is picked, packed and handed over, in which cartons."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.catalog.models import Sku, is_of_another_brand
from wholesale.customers.models import Customer
from wholesale.kernel.access import Principal
from wholesale.kernel.db import Limited, Model, Owned
from wholesale.kernel.lifecycle import Lifecycle
from wholesale.kernel.types import CanonicalJSON
from wholesale.orders.models import Order, OrderLine
from wholesale.stock.models import Location


class ShipmentState(StrEnum):
    """Where a shipment stands."""

    PLANNED = "planned"
    PICKING = "picking"
    PACKED = "packed"
    DISPATCHED = "dispatched"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REVERSED = "reversed"


_S = ShipmentState
SHIPMENT_LIFECYCLE = Lifecycle(
    {
        _S.PLANNED: {_S.PICKING, _S.PACKED, _S.CANCELLED},
        _S.PICKING: {_S.PACKED, _S.PLANNED, _S.CANCELLED},
        _S.PACKED: {_S.DISPATCHED, _S.PICKING, _S.CANCELLED},
        _S.DISPATCHED: {_S.DELIVERED, _S.REVERSED},
        _S.DELIVERED: {_S.REVERSED},
        _S.CANCELLED: set(),
        _S.REVERSED: set(),
    }
)


class Shipment(Limited, Owned, Model):
    """Goods for one ship-to from one warehouse. The delivery note's number is drawn at dispatch.

    `collects` (with tax) is what the carrier takes at the door (代引) from dispatch on.
    """

    __tablename__ = "shipments"
    __table_args__ = (
        Index("ix_shipments_state_planned", "state", "planned_on", "id"),
        Index("ix_shipments_customer", "customer_id", "planned_on"),
        Index(
            "ix_shipments_unbilled",
            "state",
            sqlite_where=text("is_billed = 0"),
            postgresql_where=text("NOT is_billed"),
        ),
    )

    number: Mapped[str] = mapped_column(String(30), unique=True)
    delivery_note_number: Mapped[str | None] = mapped_column(String(30), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    bill_to_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    state: Mapped[ShipmentState] = mapped_column(default=ShipmentState.PLANNED)
    ship_to: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    planned_on: Mapped[date]
    dispatched_on: Mapped[date | None]
    dispatched_at: Mapped[datetime | None]
    arrives_on: Mapped[date | None]
    delivered_at: Mapped[datetime | None]
    carrier: Mapped[str] = mapped_column(String(40), default="")
    tracking_number: Mapped[str] = mapped_column(String(40), default="")
    paper_id: Mapped[int | None]
    is_billed: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    collects: Mapped[Decimal | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
    location: Mapped[Location] = relationship()
    lines: Mapped[list[ShipmentLine]] = relationship(
        back_populates="shipment", order_by="ShipmentLine.position", cascade="all, delete-orphan"
    )
    cartons: Mapped[list[Carton]] = relationship(
        back_populates="shipment", order_by="Carton.number", cascade="all, delete-orphan"
    )

    @classmethod
    def allowed(cls, who: Principal) -> ColumnElement[bool] | None:
        """Who is kept to some brands sees the shipments that hold goods of these alone; a buyer
        kept to some ship-tos, those of the orders that go to these.
        """
        lines = ShipmentLine.__table__.alias()
        if who.ship_to_ids is not None:
            ordered, orders = OrderLine.__table__.alias(), Order.__table__.alias()
            return exists().where(
                lines.c.shipment_id == cls.id,
                ordered.c.id == lines.c.order_line_id,
                orders.c.id == ordered.c.order_id,
                orders.c.ship_to_id.in_(who.ship_to_ids),
            )
        if who.brand_ids is None:
            return None
        other = is_of_another_brand(lines.c.sku_id, who.brand_ids)
        return ~exists().where(lines.c.shipment_id == cls.id, other)

    def move_to(self, state: ShipmentState) -> None:
        """Change the state along the table of moves. Raises IllegalMove."""
        SHIPMENT_LIFECYCLE.check(self.state, state)
        self.state = state


class ShipmentLine(Model):
    """Pieces of one order line from one lot in one shipment; `picked` of `quantity`."""

    __tablename__ = "shipment_lines"
    __table_args__ = (
        UniqueConstraint("shipment_id", "position"),
        CheckConstraint("quantity > 0 AND picked >= 0 AND picked <= quantity", "in_range"),
        Index("ix_shipment_lines_order_line", "order_line_id"),
    )

    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipments.id", ondelete="CASCADE"))
    position: Mapped[int]
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    lot: Mapped[int] = mapped_column(default=0)
    quantity: Mapped[int]
    picked: Mapped[int] = mapped_column(default=0)
    invoiced: Mapped[int] = mapped_column(default=0)

    shipment: Mapped[Shipment] = relationship(back_populates="lines")
    order_line: Mapped[OrderLine] = relationship()
    sku: Mapped[Sku] = relationship()


class Carton(Model):
    """One box of a shipment, numbered from 1 without a gap."""

    __tablename__ = "cartons"
    __table_args__ = (UniqueConstraint("shipment_id", "number"),)

    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipments.id", ondelete="CASCADE"))
    number: Mapped[int]
    weight_grams: Mapped[int | None]
    is_closed: Mapped[bool] = mapped_column(default=False)

    shipment: Mapped[Shipment] = relationship(back_populates="cartons")
    lines: Mapped[list[CartonLine]] = relationship(
        back_populates="carton", cascade="all, delete-orphan"
    )


class CartonLine(Model):
    """Pieces of a shipment line in a carton."""

    __tablename__ = "carton_lines"
    __table_args__ = (
        UniqueConstraint("carton_id", "shipment_line_id"),
        CheckConstraint("quantity > 0", "quantity_positive"),
    )

    carton_id: Mapped[int] = mapped_column(ForeignKey("cartons.id", ondelete="CASCADE"))
    shipment_line_id: Mapped[int] = mapped_column(
        ForeignKey("shipment_lines.id", ondelete="CASCADE")
    )
    quantity: Mapped[int]

    carton: Mapped[Carton] = relationship(back_populates="lines")
    shipment_line: Mapped[ShipmentLine] = relationship()
