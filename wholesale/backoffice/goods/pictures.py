"""Pictures of products for our people: seen, sent one or many, put in order, described."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import lookups
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.forms.products import PictureForm
from wholesale.backoffice.goods import products
from wholesale.catalog import picturing
from wholesale.catalog.models import Picture, Product
from wholesale.catalog.picturing import Place
from wholesale.kernel import files
from wholesale.kernel.access import Actor
from wholesale.kernel.db import savepoint, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.errors import words
from wholesale.web.forms import WrongForm
from wholesale.web.gate import needs

PAGE, PART = "backoffice/products/pictures.html", "backoffice/products/_pictures_sent.html"
MOST_FILES = 200


class NoFiles(DomainError):
    """The form came without a file."""

    message = N_("Choose one picture or more.")


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one file: the product it belongs to, or why it was refused."""

    file: str
    code: str = ""
    colour: str = ""
    trouble: str = ""


@office.get("/pictures/<sha256>")
@needs(Permission.CATALOG_READ)
def office_picture(sha256: str) -> Response:
    """A stored picture of any product our reader may see."""
    stored = lookups.picture(sha256)
    reply = Response(files.read(stored.sha256), mimetype=stored.media_type)
    reply.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return reply


@office.get("/pictures")
@needs(Permission.PRODUCTS_EDIT)
def pictures() -> Answer:
    """The form for many pictures of many products."""
    return answer(PAGE, PART, sent=[], refusal="")


@office.post("/pictures")
@needs(Permission.PRODUCTS_EDIT)
def send_pictures() -> Answer:
    """Keep each picture whose name leads to a product; say of each what became of it."""
    sent = _kept(picturing.place_of)
    if not sent:
        return refused(PAGE, PART, error=NoFiles(), sent=[])
    if all(one.trouble for one in sent):
        return refused(PAGE, PART, sent=sent)
    return answer(PAGE, PART, sent=sent, refusal="")


@office.post("/products/<code>/pictures")
@needs(Permission.PRODUCTS_EDIT)
def add_pictures(code: str) -> Answer:
    """Keep pictures of one product: of the colour that was chosen, or that their names say."""
    product = lookups.product(code)
    colour = request.form.get("colour", "")
    url = url_for("office.product_of_ours", code=code)

    def place(file_name: str) -> Place:
        if colour in picturing.colours_of(product):
            return Place(product, colour, 0)
        return _own_place(product, file_name)

    sent = _kept(place)
    trouble = " ".join(one.trouble for one in sent if one.trouble)
    if trouble or not sent:
        error = WrongForm(why=trouble) if trouble else NoFiles()
        return refused(products.PAGE, products.PART, error=error, **products.page(product))
    session.flush()  # the page below is read by queries
    return moved(url, products.PART, said=gettext("Saved"), refusal="", **products.page(product))


def _own_place(product: Product, file_name: str) -> Place:
    """Where a file that was sent for this product belongs; any name will do."""
    try:
        place = picturing.place_of(file_name)
    except picturing.NoProductNamed:
        return Place(product, "", 0)
    return place if place.product.id == product.id else Place(product, "", 0)


def _kept(place_of: Callable[[str], Place]) -> list[Sent]:
    """Keep the files of the request, each for itself."""
    by = the_visitor().actor
    uploads = [one for one in request.files.getlist("files") if one.filename][:MOST_FILES]
    return [_one(one.filename or "", one.read(), place_of, by) for one in uploads]


def _one(name: str, data: bytes, place_of: Callable[[str], Place], by: Actor) -> Sent:
    try:
        with savepoint():
            place = place_of(name)
            picturing.add_picture(data, name, by, place)
            return Sent(name, place.product.code, place.colour)
    except picturing.NoProductNamed as error:
        return Sent(name, trouble=words(error))
    except DomainError as error:
        return Sent(name, trouble=f"{name}: {words(error)}")


MOVES: dict[str, Callable[[Product, Picture, int, Actor], None]] = {
    "earlier": lambda it, one, seen, by: picturing.move_picture(it, one, -1, seen, by),
    "later": lambda it, one, seen, by: picturing.move_picture(it, one, 1, seen, by),
    "remove": picturing.remove_picture,
}


@office.post("/products/<code>/pictures/<int:picture>")
@needs(Permission.PRODUCTS_EDIT)
def change_picture(code: str, picture: int) -> Answer:
    """Describe a picture, move it, or show it no more."""
    form, by = PictureForm(), the_visitor().actor
    row = lookups.picture_of(code, picture)
    move = MOVES.get(request.form.get("move", ""))
    colour = form.colour.data or ""

    def verb(it: Product) -> Any:
        if move is not None:
            return move(it, row, form.seen, by)
        return picturing.describe_picture(it, row, colour, form.names("alt"), form.seen, by)

    return products.act(code, form, verb)


def staff_picture(path: str) -> str:
    """The address at which our people see a picture that a page names as `catalog.queries` does."""
    if path.startswith("pictures/"):
        return url_for("office.office_picture", sha256=path.removeprefix("pictures/"))
    return f"/{path}"


office.record_once(lambda state: state.app.jinja_env.filters.update(staff_picture=staff_picture))
