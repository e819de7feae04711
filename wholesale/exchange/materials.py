"""Product materials (商品素材): what a shop needs to show our goods in its own, as a list and a ZIP."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from wholesale.catalog.models import Brand, Category, Picture, Product, Sku
from wholesale.catalog.visibility import is_visible, open_catalogs
from wholesale.company.queries import company
from wholesale.company.taxing import rate_of
from wholesale.customers.models import Customer
from wholesale.kernel import clock, config, files, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import Names, session
from wholesale.kernel.files import StoredFile
from wholesale.kernel.journal import JournalEntry
from wholesale.kernel.money import round_to
from wholesale.kernel.tables import Cell
from wholesale.kernel.text import localized
from wholesale.offers.offering import Offer, offers

TAKEN = "materials:taken"
PART = 200  # products of one ZIP
HOME = "JP"
_AT_ONCE = 500
_ENDINGS = {"image/webp": "webp", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif",
            "image/svg+xml": "svg"}  # fmt: skip
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which goods: of a brand, below a category (both by code), new or changed since an instant."""

    brand: str = ""
    category: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """One picture as it lies in the ZIP: the name there, and where its bytes are."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Material:
    """One SKU with what is shown of it. `retail` is the list price with tax, in yen for Japan alone."""

    sku: Sku
    offer: Offer
    images: Sequence[Image]
    retail: Decimal | None


def products_of(customer: Customer, wanted: Wanted, at: datetime) -> list[int]:
    """The ids of the products of a customer's own catalogues that are wanted, in the house's order."""
    shown = (
        select(Sku.id)
        .where(Sku.product_id == Product.id, is_visible(open_catalogs(customer, at)))
        .correlate(Product)
    )
    found = select(Product.id).where(shown.exists())
    if wanted.brand:
        found = found.join(Brand, Brand.id == Product.brand_id).where(Brand.code == wanted.brand)
    if wanted.category:
        top = select(Category.path).where(Category.code == wanted.category).scalar_subquery()
        found = found.join(Category, Category.id == Product.category_id).where(
            Category.path.startswith(top)
        )
    if wanted.since is not None:
        found = found.where(
            Product.id.in_(
                select(JournalEntry.subject_id).where(
                    JournalEntry.subject_kind == Product.__tablename__,
                    JournalEntry.at > wanted.since,
                )
            )
        )
    return list(session.scalars(found.order_by(Product.position, Product.id)))


def last_taken(customer: Customer, by: Actor) -> datetime | None:
    """When this person took materials last for the customer."""
    return session.scalar(
        select(JournalEntry.at)
        .where(
            JournalEntry.subject_kind == Customer.__tablename__,
            JournalEntry.subject_id == customer.id,
            JournalEntry.did == TAKEN,
            JournalEntry.actor_id == by.id,
        )
        .order_by(JournalEntry.sequence.desc())
        .limit(1)
    )


def note_taken(customer: Customer, wanted: Wanted, products: int, by: Actor) -> None:
    """Write down that somebody took them: the next "new or changed" counts from here."""
    journal.record(
        customer, TAKEN, by, products=products, brand=wanted.brand, category=wanted.category
    )


def materials(customer: Customer, products: Iterable[int], at: datetime) -> Iterator[Material]:
    """The SKUs of these products that the customer sees, some hundred at a time."""
    ids = list(products)
    for start in range(0, len(ids), _AT_ONCE):
        yield from _chunk(customer, ids[start : start + _AT_ONCE], at)


def _chunk(customer: Customer, products: Sequence[int], at: datetime) -> Iterator[Material]:
    skus = session.scalars(
        select(Sku)
        .join(Product, Product.id == Sku.product_id)
        .where(Product.id.in_(products), is_visible(open_catalogs(customer, at)))
        .options(
            joinedload(Sku.product).joinedload(Product.brand),
            joinedload(Sku.product).joinedload(Product.category),
        )
        .order_by(Product.position, Product.id, Sku.position, Sku.id)
    ).all()
    shown = offers(customer, {sku.id: 0 for sku in skus}, at=at, with_pictures=False)
    images = _images(skus)
    for sku in skus:
        yield Material(sku, shown[sku.id], images[sku.id], _retail(customer, shown[sku.id], at))


def _retail(customer: Customer, offer: Offer, at: datetime) -> Decimal | None:
    """The list price with tax in whole yen, rounded as our tax is (総額表示); only within Japan."""
    price = offer.price
    if price is None or price.list_price is None or customer.country != HOME:
        return None
    rate = rate_of(offer.facts.tax_class, clock.local(at).date())
    return round_to(price.list_price * (1 + rate), 0, company().tax_mode)


def _images(skus: Sequence[Sku]) -> dict[int, list[Image]]:
    rows = session.execute(
        select(Picture, StoredFile.media_type)
        .outerjoin(StoredFile, StoredFile.sha256 == Picture.sha256)
        .where(Picture.product_id.in_({sku.product_id for sku in skus}))
        .order_by(Picture.product_id, Picture.position, Picture.id)
    ).all()
    by_product: dict[int, list[tuple[Picture, str]]] = {}
    for picture, kind in rows:
        by_product.setdefault(picture.product_id, []).append((picture, kind or ""))
    return {sku.id: list(_of_sku(sku, by_product.get(sku.product_id, ()))) for sku in skus}


def _of_sku(sku: Sku, pictures: Iterable[tuple[Picture, str]]) -> Iterator[Image]:
    for number, (picture, kind) in enumerate(pictures, 1):
        if picture.option_1_code not in {"", sku.option_1_code}:
            continue
        stem = "-".join(part for part in (sku.product.code, picture.option_1_code) if part)
        path = files.path_of(picture.sha256) if picture.sha256 else _asset(picture.asset)
        if path is not None:
            ending = _ENDINGS.get(kind) or path.suffix.lstrip(".") or "bin"
            yield Image(f"{_UNSAFE.sub('_', stem)}_{number:02d}.{ending}", path)


def _asset(name: str | None) -> Path | None:
    path = config.ASSETS / "static" / name if name else None
    return path if path is not None and path.is_file() else None


# The columns of the list: their words stand in `wholesale.portal.materials`.
COLUMNS = (
    "code", "product", "jan", "name_ja", "name_en", "name_zh", "text_ja", "text_en", "text_zh",
    "brand", "category", "option_1", "option_2", "option_3", "list_price", "retail", "currency",
    "materials", "width_mm", "depth_mm", "height_mm", "weight_grams", "carton_quantity", "origin",
    "launched_on", "pictures",
)  # fmt: skip


def row_of(one: Material, language: str, *, prices: bool = True) -> list[Cell]:
    """The cells of one SKU under COLUMNS; list prices only where the reader may see prices."""
    sku, product, price = one.sku, one.sku.product, one.offer.price
    name = one.offer.facts.full_name()
    text: Names = product.description or {}
    told = price if prices else None
    return [
        sku.code, product.code, sku.jan or "",
        *(name.get(code, "") for code in ("ja", "en", "zh")),
        *(text.get(code, "") for code in ("ja", "en", "zh")),
        localized(product.brand.name, language) if product.brand else "",
        localized(product.category.name, language) if product.category else "",
        *(localized(option, language) if option else ""
          for option in (sku.option_1, sku.option_2, sku.option_3)),
        told.list_price if told else None, one.retail if prices else None,
        told.currency if told else "",
        localized(product.materials, language) if product.materials else "",
        sku.width_mm, sku.depth_mm, sku.height_mm, sku.weight_grams, sku.carton_quantity,
        product.origin, product.launched_on, " ".join(image.name for image in one.images),
    ]  # fmt: skip


def pack(out: IO[bytes], sheet_name: str, sheet: bytes, given: Iterable[Material]) -> int:
    """Write a ZIP of the list and of every picture once; how many pictures lie in it."""
    known: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as parcel:
        parcel.writestr(zipfile.ZipInfo(sheet_name, clock.now().timetuple()[:6]), sheet)
        for image in (image for one in given for image in one.images):
            if image.name not in known and image.path.is_file():
                known.add(image.name)
                parcel.write(image.path, f"pictures/{image.name}")
    return len(known)
