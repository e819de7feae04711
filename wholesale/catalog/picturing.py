"""Pictures of products: matched by file name, kept in two sizes, put in order, described."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from sqlalchemy import func, select

from wholesale.catalog.editing import touch
from wholesale.catalog.models import Picture, Product, Sku
from wholesale.company.changing import check_version
from wholesale.kernel import files, images, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import Names, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

LARGE, SMALL = 800, 400
MOST_PICTURES = 60


class NoProductNamed(DomainError):
    """A file whose name leads nowhere."""

    message = N_("%(file)s: no product or colour has this name. Name it code-colour-number.jpg.")


class TooManyPictures(DomainError):
    """More pictures than a page shows."""

    message = N_("A product has at most %(most)s pictures.")


class NoSuchColour(DomainError):
    """A colour that no SKU of the product has."""

    message = N_("The product has no colour with the code %(code)s.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture belongs: the product, the code of its colour ("" for all), its number."""

    product: Product
    colour: str
    number: int


def place_of(file_name: str) -> Place:
    """What a file name says: code[-colour][-number].jpg, or the code of a SKU. Raises NoProductNamed."""
    stem = PurePath(file_name.replace("\\", "/")).stem.strip()
    parts = re.split(r"[-_]", stem.upper())
    starts = {stem.upper()[: len("-".join(parts[:n]))] for n in range(1, len(parts) + 1)}
    named = session.scalars(select(Product).where(func.upper(Product.code).in_(starts))).all()
    for product in sorted(named, key=lambda one: -len(one.code)):
        rest = [part for part in re.split(r"[-_]", stem[len(product.code) :]) if part]
        found = _rest(product, rest)
        if found is not None:
            return found
    sku = session.scalars(select(Sku).where(func.upper(Sku.code).in_(starts))).all()
    for one in sorted(sku, key=lambda one: -len(one.code)):
        rest = [part for part in re.split(r"[-_]", stem[len(one.code) :]) if part]
        if not rest or (len(rest) == 1 and _is_number(rest[0])):
            return Place(one.product, one.option_1_code, _number(rest[0]) if rest else 0)
    raise NoProductNamed(file=PurePath(file_name).name)


def _rest(product: Product, rest: Sequence[str]) -> Place | None:
    """Colour and number, each at most once; None where a part is neither."""
    colours = {code.upper(): code for code in colours_of(product)}
    colour, number = "", 0
    for at, part in enumerate(rest):
        if at == 0 and part.upper() in colours:
            colour = colours[part.upper()]
        elif at == len(rest) - 1 and _is_number(part):
            number = _number(part)
        else:
            return None
    return Place(product, colour, number)


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdecimal()


def _number(part: str) -> int:
    """A place among pictures; a camera's long number is one of many places, too."""
    return int(part[:6])


def colours_of(product: Product) -> list[str]:
    """The codes of the values of a product's first axis."""
    found = select(Sku.option_1_code).where(Sku.product_id == product.id, Sku.option_1_code != "")
    return sorted(set(session.scalars(found)))


def pictures_of(product: Product) -> list[Picture]:
    """The pictures of a product, in order."""
    order = (Picture.position, Picture.id)
    return list(
        session.scalars(select(Picture).where(Picture.product_id == product.id).order_by(*order))
    )


def add_picture(data: bytes, file_name: str, by: Actor, place: Place) -> Picture:
    """Keep a picture in both sizes. A number in its name puts it there, otherwise it comes last.

    The same picture of the same colour is kept once. Raises NoPicture, PictureTooLarge,
    TooManyPictures.
    """
    large, small = images.as_webp(data, LARGE, SMALL)
    there = pictures_of(place.product)
    if len(there) >= MOST_PICTURES:
        raise TooManyPictures(most=MOST_PICTURES)
    name = PurePath(file_name.replace("\\", "/")).name[:120]
    stored = [files.store(one, name=name, media_type=images.MEDIA_TYPE) for one in (large, small)]
    for one in there:
        if (one.sha256, one.option_1_code) == (stored[0].sha256, place.colour):
            return one
    position = place.number or max((one.position for one in there), default=0) + 1
    picture = Picture(
        product_id=place.product.id, option_1_code=place.colour, sha256=stored[0].sha256,
        small_sha256=stored[1].sha256, position=position,
    )  # fmt: skip
    session.add(picture)
    _tell(place.product, "picture-added", by, picture=[None, name])
    session.flush()  # the next one of the same name is told from this one
    return picture


def describe_picture(
    product: Product, picture: Picture, colour: str, alt: Names, version: int, by: Actor
) -> None:
    """Say what a picture shows, and of which colour. Raises Conflict, NoSuchColour."""
    check_version(product, version)
    if colour and colour not in colours_of(product):
        raise NoSuchColour(code=colour)
    old: dict[str, object] = {"option_1_code": picture.option_1_code, "alt": picture.alt}
    picture.option_1_code, picture.alt = colour, alt or None
    new: dict[str, object] = {"option_1_code": picture.option_1_code, "alt": picture.alt}
    changes = {name: [old[name], new[name]] for name in old if old[name] != new[name]}
    if changes:
        _tell(product, "picture-described", by, **changes)


def move_picture(product: Product, picture: Picture, step: int, version: int, by: Actor) -> None:
    """Put a picture one place earlier (−1) or later (1). Raises Conflict."""
    check_version(product, version)
    order = pictures_of(product)
    at = order.index(picture)
    order.insert(min(max(at + step, 0), len(order) - 1), order.pop(at))
    for number, one in enumerate(order, 1):
        one.position = number
    _tell(product, "picture-moved", by, picture=[at + 1, picture.position])


def remove_picture(product: Product, picture: Picture, version: int, by: Actor) -> None:
    """Show a picture no more; its bytes stay. Raises Conflict."""
    check_version(product, version)
    _tell(product, "picture-removed", by, picture=[picture.sha256 or picture.asset, None])
    session.delete(picture)


def _tell(product: Product, did: str, by: Actor, **changes: list[object]) -> None:
    touch(product)
    journal.record(product, f"product:{did}", by, code=product.code, changes=changes)
