"""What the pages of products show: the list by filter, and one product with its axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, func, or_, select

from wholesale.catalog import searching
from wholesale.catalog.models import Brand, Category, Life, Picture, Product, Sku, SkuState
from wholesale.kernel.db import session
from wholesale.stock.models import Balance


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list; every field is part of the page's address."""

    text: str = ""
    brand: str = ""
    category: str = ""
    state: str = ""
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the list says of a product beside its own columns."""

    skus: int
    sold: int
    on_hand: int
    picture: str


def matching(wanted: Wanted) -> Select[Product]:
    """Products by filter; words find a product by any of its SKUs."""
    found = select(Product)
    hits = searching.matches(wanted.text)
    if hits is not None:
        by_sku = select(Sku.product_id).where(Sku.id.in_(hits))
        found = found.where(or_(Product.id.in_(by_sku), Product.code == wanted.text.upper()))
    if wanted.brand:
        found = found.where(
            Product.brand_id.in_(select(Brand.id).where(Brand.code == wanted.brand))
        )
    if wanted.category:
        found = found.where(Product.category_id.in_(_below(wanted.category)))
    if wanted.state in set(Life):
        found = found.where(Product.life == Life(wanted.state))
    if wanted.state == "hidden":
        sold = exists().where(Sku.product_id == Product.id, Sku.state == SkuState.SELLING)
        found = found.where(~sold)
    if wanted.bare:
        found = found.where(~exists().where(Picture.product_id == Product.id))
    return found


def _below(code: str) -> Sequence[int]:
    path = session.scalar(select(Category.path).where(Category.code == code)) or "none"
    return session.scalars(select(Category.id).where(Category.path.startswith(path))).all()


def facts_of(products: Sequence[Product]) -> Mapping[int, Facts]:
    """The figures of a page of products. Three statements."""
    ids = [one.id for one in products]
    counts = {
        row[0]: (row[1], row[2])
        for row in session.execute(
            select(
                Sku.product_id, func.count(),
                func.count().filter(Sku.state == SkuState.SELLING),
            ).where(Sku.product_id.in_(ids)).group_by(Sku.product_id)
        )
    }  # fmt: skip
    stock = {
        row[0]: int(row[1])
        for row in session.execute(
            select(Sku.product_id, func.sum(Balance.on_hand))
            .join(Balance, Balance.sku_id == Sku.id)
            .where(Sku.product_id.in_(ids), Balance.is_guarded)
            .group_by(Sku.product_id)
        )
    }
    shown: dict[int, str] = {}
    for one in session.scalars(
        select(Picture)
        .where(Picture.product_id.in_(ids))
        .order_by(Picture.position.desc(), Picture.id.desc())
    ):
        shown[one.product_id] = address_of(one)
    return {
        key: Facts(*counts.get(key, (0, 0)), stock.get(key, 0), shown.get(key, "")) for key in ids
    }


def address_of(picture: Picture) -> str:
    """Where our people see a picture in its small size, below `/`."""
    sha256 = picture.small_sha256 or picture.sha256
    return f"office/pictures/{sha256}" if sha256 else f"static/{picture.asset}"


def brands() -> Sequence[Brand]:
    """Every brand, in the company's order."""
    return session.scalars(select(Brand).order_by(Brand.position, Brand.id)).all()


def code_of(product_id: int | None) -> str:
    """The code of a product by its id; "" for none."""
    return session.scalar(select(Product.code).where(Product.id == product_id)) or ""
