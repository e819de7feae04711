"""Brands: adding and changing them, their logos. Rates hang on brands, so none is ever removed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from sqlalchemy import func, select

from wholesale.catalog.models import Brand, Product
from wholesale.company.changing import CodeTaken, apply, check_version
from wholesale.kernel import files, images, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session

LOGO = 400


def held() -> dict[int, int]:
    """How many products each brand has."""
    counts = select(Product.brand_id, func.count()).group_by(Product.brand_id)
    return {row[0]: row[1] for row in session.execute(counts) if row[0] is not None}


def save_brand(brand: Brand | None, values: Mapping[str, Any], version: int, by: Actor) -> Brand:
    """Add a brand, or change one; its code stays. Raises CodeTaken, Conflict."""
    if brand is None:
        if session.scalar(select(Brand.id).where(Brand.code == values["code"])):
            raise CodeTaken(code=values["code"])
        brand = Brand(**values)
        session.add(brand)
        session.flush()  # the journal carries its id
        told = {name: [None, value] for name, value in values.items() if value not in ("", None)}
        journal.record(brand, "brand:added", by, code=brand.code, changes=told)
        return brand
    check_version(brand, version)
    changes = apply(brand, {name: value for name, value in values.items() if name != "code"})
    if changes:
        journal.record(brand, "brand:changed", by, code=brand.code, changes=changes)
    return brand


def set_logo(brand: Brand, data: bytes, file_name: str, version: int, by: Actor) -> None:
    """Keep a picture as its logo. Raises Conflict, NoPicture, PictureTooLarge."""
    check_version(brand, version)
    name = PurePath(file_name.replace("\\", "/")).name[:120]
    (small,) = images.as_webp(data, LOGO)
    old = brand.logo_sha256
    brand.logo_sha256 = files.store(small, name=name, media_type=images.MEDIA_TYPE).sha256
    journal.record(brand, "brand:logo", by, code=brand.code, changes={"logo": [old, name]})


def remove_logo(brand: Brand, version: int, by: Actor) -> None:
    """Show it without a logo; the bytes stay. Raises Conflict."""
    check_version(brand, version)
    old, brand.logo_sha256 = brand.logo_sha256, None
    journal.record(brand, "brand:logo", by, code=brand.code, changes={"logo": [old, None]})
