"""From a number in a URL to the document: our people see every customer's, the gate saw the right."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from wholesale.catalog.models import Sku
from wholesale.kernel.db import session
from wholesale.orders.models import Order, OrderLine
from wholesale.shipping.models import Carton, CartonLine, Shipment, ShipmentLine
from wholesale.stock.models import Expected
from wholesale.web.lookups import found


def order(number: str) -> Order:
    """The order with this number, its customer, lines and SKUs with it. Raises NotFound."""
    return found(
        session.scalar(
            select(Order)
            .where(Order.number == number)
            .options(
                joinedload(Order.customer), selectinload(Order.lines).joinedload(OrderLine.sku)
            )
        )
    )


def sku(code: str) -> Sku:
    """The SKU with this code, its product with it. Raises NotFound."""
    return found(
        session.scalar(select(Sku).where(Sku.code == code).options(joinedload(Sku.product)))
    )


def shipment(number: str) -> Shipment:
    """The shipment with this number, its lines and cartons with it. Raises NotFound."""
    return found(
        session.scalar(
            select(Shipment)
            .where(Shipment.number == number)
            .options(
                joinedload(Shipment.customer),
                joinedload(Shipment.location),
                selectinload(Shipment.lines).options(
                    joinedload(ShipmentLine.order_line).joinedload(OrderLine.order),
                    joinedload(ShipmentLine.sku).joinedload(Sku.product),
                ),
                selectinload(Shipment.cartons)
                .selectinload(Carton.lines)
                .joinedload(CartonLine.shipment_line),
            )
        )
    )


def expected(sku_id: int, expected_id: int) -> Expected:
    """An inbound of this SKU. Raises NotFound."""
    return found(
        session.scalar(
            select(Expected).where(Expected.id == expected_id, Expected.sku_id == sku_id)
        )
    )
