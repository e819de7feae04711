"""What we sell: brands, categories, products with their variants, pictures, and catalogs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    exists,
    or_,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column, relationship

from wholesale.company.models import TaxClass
from wholesale.kernel.access import Principal
from wholesale.kernel.db import Limited, Model, Names
from wholesale.kernel.lifecycle import Lifecycle
from wholesale.kernel.types import CanonicalJSON


class OrderPolicy(StrEnum):
    """What may be ordered of a SKU beyond the stock."""

    IN_STOCK = "in_stock"
    BACKORDER = "backorder"
    PREORDER = "preorder"
    MADE_TO_ORDER = "made_to_order"


class SkuState(StrEnum):
    """Whether a SKU is for sale."""

    SELLING = "selling"
    HIDDEN = "hidden"
    DISCONTINUED = "discontinued"


class Life(StrEnum):
    """Where a product is in its life: new, current, with a last day to order, no longer sold."""

    NEW = "new"
    CURRENT = "current"
    ENDING = "ending"
    ENDED = "ended"


class Brand(Model):
    """Groups products; rates can hang on it. `logo_sha256` names a stored picture."""

    __tablename__ = "brands"

    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[Names]
    position: Mapped[int] = mapped_column(default=0)
    description: Mapped[Names | None]
    logo_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Category(Model):
    """A place in the tree. `path` is "/1/4/": the ids from the root down to this one."""

    __tablename__ = "categories"

    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[Names]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    path: Mapped[str] = mapped_column(index=True)
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Product(Limited, Model):
    """A model (品番) with its sellable variants by up to three axes.

    `axes` is a list of names in several languages, e.g. [{"ja": "色"}, {"ja": "サイズ"}]. Products
    marked `is_net` (ネット) ignore every rate. `reading` is the kana, `readings` those of the other
    languages. `custom` holds fields of the house's own, by their names. A product that is `ending`
    may be ordered until `last_order_on`; `successor_id` takes its place.
    """

    __tablename__ = "products"

    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[Names]
    reading: Mapped[str] = mapped_column(default="")
    description: Mapped[Names | None]
    brand_id: Mapped[int | None] = mapped_column(ForeignKey("brands.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    tax_class: Mapped[TaxClass] = mapped_column(default=TaxClass.STANDARD)
    axes: Mapped[list[Names]] = mapped_column(CanonicalJSON, default=list)
    is_net: Mapped[bool] = mapped_column(default=False)
    hs_code: Mapped[str] = mapped_column(String(12), default="")
    origin: Mapped[str] = mapped_column(String(2), default="")
    unit: Mapped[str] = mapped_column(String(12), default="piece")
    launched_on: Mapped[date | None]
    position: Mapped[int] = mapped_column(default=0, index=True)
    readings: Mapped[Names | None]
    tags: Mapped[list[str]] = mapped_column(CanonicalJSON, default=list, server_default="[]")
    custom: Mapped[Names] = mapped_column(CanonicalJSON, default=dict, server_default="{}")
    life: Mapped[Life] = mapped_column(default=Life.CURRENT, server_default="current")
    last_order_on: Mapped[date | None]
    successor_id: Mapped[int | None]
    materials: Mapped[Names | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    brand: Mapped[Brand | None] = relationship()
    category: Mapped[Category | None] = relationship()
    skus: Mapped[list[Sku]] = relationship(back_populates="product", order_by="Sku.position")

    @classmethod
    def allowed(cls, who: Principal) -> ColumnElement[bool] | None:
        """One of our people may be kept to some brands."""
        return None if who.brand_ids is None else cls.brand_id.in_(who.brand_ids)


class Sku(Limited, Model):
    """One sellable variant. `option_1` … are its values on the product's axes.

    `leads` marks the SKU that stands for its colour in lists: each SKU of a product with fewer than
    two axes, and the first of each value of axis 1 otherwise; none of a product that has ended. Quantities obey `minimum`, `multiple`
    and `maximum` (pieces). `swatch` is a colour "#rrggbb" or "". Sizes are of one piece, and of a
    full carton with its packing.
    """

    __tablename__ = "skus"
    __table_args__ = (
        Index("ix_skus_list", "leads", "state", "product_id", "position"),
        CheckConstraint("multiple >= 1 AND minimum >= 1", "quantities"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    jan: Mapped[str | None] = mapped_column(String(14), index=True)
    option_1: Mapped[Names | None]
    option_1_code: Mapped[str] = mapped_column(String(20), default="")
    option_2: Mapped[Names | None]
    option_2_code: Mapped[str] = mapped_column(String(20), default="")
    option_3: Mapped[Names | None]
    option_3_code: Mapped[str] = mapped_column(String(20), default="")
    swatch: Mapped[str] = mapped_column(String(7), default="")
    state: Mapped[SkuState] = mapped_column(default=SkuState.SELLING)
    policy: Mapped[OrderPolicy] = mapped_column(default=OrderPolicy.BACKORDER)
    lead_days: Mapped[int | None]
    minimum: Mapped[int] = mapped_column(default=1)
    multiple: Mapped[int] = mapped_column(default=1)
    maximum: Mapped[int | None]
    carton_quantity: Mapped[int | None]
    weight_grams: Mapped[int | None]
    shelf_life_days: Mapped[int | None]
    width_mm: Mapped[int | None]
    depth_mm: Mapped[int | None]
    height_mm: Mapped[int | None]
    carton_width_mm: Mapped[int | None]
    carton_depth_mm: Mapped[int | None]
    carton_height_mm: Mapped[int | None]
    carton_weight_grams: Mapped[int | None]
    cost: Mapped[Decimal | None]
    supplier_code: Mapped[str] = mapped_column(String(60), default="", server_default="")
    leads: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)

    product: Mapped[Product] = relationship(back_populates="skus")

    @classmethod
    def allowed(cls, who: Principal) -> ColumnElement[bool] | None:
        """A SKU is of its product's brand."""
        return None if who.brand_ids is None else ~is_of_another_brand(cls.id, who.brand_ids)


def is_of_another_brand(
    sku_id: ColumnElement[int] | InstrumentedAttribute[int], brand_ids: frozenset[int]
) -> ColumnElement[bool]:
    """Whether the SKU `sku_id` names is of none of these brands.

    In plain tables, so that no limit narrows the look at what lies outside of it.
    """
    skus, products = Sku.__table__.alias(), Product.__table__.alias()
    return exists().where(
        skus.c.id == sku_id,
        products.c.id == skus.c.product_id,
        or_(products.c.brand_id.is_(None), products.c.brand_id.not_in(brand_ids)),
    )


class Picture(Model):
    """A picture of a product, or of one value of its first axis.

    `sha256` names a stored file, `small_sha256` a smaller one for lists; `asset` one that comes
    with the program (demo data).
    """

    __tablename__ = "pictures"
    __table_args__ = (Index("ix_pictures_product", "product_id", "position"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    option_1_code: Mapped[str] = mapped_column(String(20), default="")
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    small_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    asset: Mapped[str | None] = mapped_column(String(120))
    alt: Mapped[Names | None]
    position: Mapped[int] = mapped_column(default=0)


class Audience(StrEnum):
    """For whom a catalog is: every customer, those named (or their price groups), those invited."""

    ALL = "all"
    LIMITED = "limited"
    INVITED = "invited"


class CatalogState(StrEnum):
    """Where a catalog is in its life. Only an open one is seen by anybody outside."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


CATALOG_LIFECYCLE = Lifecycle(
    {
        CatalogState.DRAFT: {CatalogState.OPEN},
        CatalogState.OPEN: {CatalogState.CLOSED},
        CatalogState.CLOSED: {CatalogState.OPEN},  # opened again, recorded
    }
)


class Catalog(Model):
    """A published set of SKUs. `holds_everything` is the 標準 catalog: all sellable products.

    It is seen from `opens_at` until `ends_at`, and orders are taken before `closes_at` (the
    deadline); each is an instant, None for no bound. Without `ends_at` the deadline ends it.
    `time_zone` is where days and times are meant that people type and read. `policy` and
    `lead_days` are its own where they are stated, else each SKU's. Of several catalogs with the
    same SKU the first by `position` gives its price, policy and quantities.
    """

    __tablename__ = "catalogs"

    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[Names]
    audience: Mapped[Audience] = mapped_column(default=Audience.ALL)
    holds_everything: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    policy: Mapped[OrderPolicy | None]
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[CatalogState] = mapped_column(default=CatalogState.OPEN, server_default="open")
    ends_at: Mapped[datetime | None]
    time_zone: Mapped[str] = mapped_column(
        String(40), default="Asia/Tokyo", server_default="Asia/Tokyo"
    )
    lead_days: Mapped[int | None]
    text: Mapped[Names | None]
    cover_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    cover_small_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class CatalogSku(Model):
    """A SKU in a catalog, at its place, with the catalog's own quantity rules where it states them."""

    __tablename__ = "catalog_skus"
    __table_args__ = (UniqueConstraint("catalog_id", "sku_id"),)

    catalog_id: Mapped[int] = mapped_column(ForeignKey("catalogs.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    minimum: Mapped[int | None]
    multiple: Mapped[int | None]
    maximum: Mapped[int | None]


class CatalogAudience(Model):
    """A customer or a price group for which a catalog is open."""

    __tablename__ = "catalog_audiences"
    __table_args__ = (UniqueConstraint("catalog_id", "customer_id", "group_id"),)

    catalog_id: Mapped[int] = mapped_column(ForeignKey("catalogs.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("customer_groups.id"), index=True)


class QuantityRule(Model):
    """A customer's own minimum, multiple or maximum of a SKU; each stated value wins."""

    __tablename__ = "quantity_rules"
    __table_args__ = (UniqueConstraint("customer_id", "sku_id"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    minimum: Mapped[int | None]
    multiple: Mapped[int | None]
    maximum: Mapped[int | None]


class PartNumber(Model):
    """A customer's own number for a SKU; found in search by that customer alone."""

    __tablename__ = "part_numbers"
    __table_args__ = (UniqueConstraint("customer_id", "sku_id"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    number: Mapped[str] = mapped_column(String(60), index=True)
