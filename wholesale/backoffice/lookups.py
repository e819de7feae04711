"""From a number in a URL to the document: our people see every customer's, the gate saw the right."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from wholesale.catalog.models import Brand, Catalog, Category, Picture, Product, Sku
from wholesale.kernel.db import session
from wholesale.kernel.files import StoredFile
from wholesale.offers.models import LineSheet
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


def product(code: str) -> Product:
    """The product with this code. Raises NotFound."""
    return found(session.scalar(select(Product).where(Product.code == code)))


def sku_of(code: str, sku_code: str) -> Sku:
    """A SKU of this product. Raises NotFound."""
    return found(
        session.scalar(
            select(Sku)
            .join(Product, Product.id == Sku.product_id)
            .where(Product.code == code, Sku.code == sku_code)
            .options(joinedload(Sku.product))
        )
    )


def category(code: str) -> Category:
    """The category with this code. Raises NotFound."""
    return found(session.scalar(select(Category).where(Category.code == code)))


def catalog(code: str) -> Catalog:
    """The catalogue with this code. Raises NotFound."""
    return found(session.scalar(select(Catalog).where(Catalog.code == code)))


def line_sheet(number: int) -> tuple[LineSheet, Catalog]:
    """A line sheet that was asked for, and its catalogue. Raises NotFound."""
    sheet = found(session.scalar(select(LineSheet).where(LineSheet.id == number)))
    return sheet, session.get_one(Catalog, sheet.catalog_id)


def brand(code: str) -> Brand:
    """The brand with this code. Raises NotFound."""
    return found(session.scalar(select(Brand).where(Brand.code == code)))


def picture(sha256: str) -> StoredFile:
    """A stored picture of a product, a catalogue's cover or a brand's logo. Raises NotFound."""
    is_it = or_(Picture.sha256 == sha256, Picture.small_sha256 == sha256)
    is_cover = or_(Catalog.cover_sha256 == sha256, Catalog.cover_small_sha256 == sha256)
    shows = (
        select(Picture.id).join(Product, Product.id == Picture.product_id).where(is_it).exists(),
        select(Catalog.id).where(is_cover).exists(),
        select(Brand.id).where(Brand.logo_sha256 == sha256).exists(),
    )
    return found(session.scalar(select(StoredFile).where(StoredFile.sha256 == sha256, or_(*shows))))


def picture_of(code: str, picture_id: int) -> Picture:
    """A picture of this product. Raises NotFound."""
    return found(
        session.scalar(
            select(Picture)
            .join(Product, Product.id == Picture.product_id)
            .where(Product.code == code, Picture.id == picture_id)
        )
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
