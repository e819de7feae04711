"""Quick order: lines of codes and quantities, read and shown before anything goes into the cart."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _

from wholesale.accounts.permissions import Permission
from wholesale.customers.models import Customer
from wholesale.exchange import order_lines
from wholesale.exchange.order_sheets import Line, OrderSheet, Refusal, understood
from wholesale.kernel import clock
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.orders.checkout import Requested, Review, review
from wholesale.orders.models import Cart
from wholesale.portal import baskets, lookups, order_pad
from wholesale.portal.baskets import Basket
from wholesale.portal.blueprints import portal
from wholesale.portal.cart import summary
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.forms import read_day
from wholesale.web.gate import needs

MOST_LINES = 500
MOST_TEXT = 50_000


class TooManyLines(DomainError):
    """More lines than one reading takes."""

    message = N_("Paste at most %(most)s lines at once.")


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the pad: its number and text, and what it means or what is wrong with it.

    `choices` are quantities of this line that would do.
    """

    number: int
    text: str
    good: Line | None = None
    bad: Refusal | None = None
    trouble: str = ""
    choices: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says above its lines: the customer's order number and the wished day, as typed."""

    po_number: str = ""
    wished_on: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """All lines, those with trouble first, and what the good ones come to."""

    lines: list[Shown]
    sheet: OrderSheet
    basket: Basket
    review: Review | None = None

    @property
    def good(self) -> list[Shown]:
        """The lines that can go into the cart."""
        return [line for line in self.lines if line.good]

    @property
    def bad(self) -> list[Shown]:
        """The lines somebody must look at."""
        return [line for line in self.lines if line.bad]


@portal.get("/quick-order")
@needs(Permission.CARTS_EDIT)
def quick_order() -> Answer:
    """An empty pad."""
    return answer("portal/quick_order/show.html", text="", read=None, refusal="", head=Head())


@portal.post("/quick-order")
@needs(Permission.CARTS_EDIT)
def read_lines() -> Answer:
    """Read the lines, and those of a chosen file; with act=cart put the good ones into the cart."""
    text, customer = order_pad.changed(request.form)[:MOST_TEXT], lookups.own_customer()
    head = Head(request.form.get("po_number", "")[:40], request.form.get("wished_on", "")[:20])
    try:
        text, head = _with_file(text, customer, head)
        text, read = _read(text, customer)
        if request.form.get("act") != "cart":
            return _pad(text, read, head)
        cart = lookups.cart_to_fill()
        put = baskets.set_quantities(
            cart, customer, _pieces(read.sheet), the_visitor().actor, add=True
        )
        _keep_head(cart, head)
    except DomainError as error:
        return refused(
            "portal/quick_order/show.html", "portal/quick_order/_pad.html",
            error=error, text=text, read=None, head=head,
        )  # fmt: skip
    if not read.bad:
        return moved(url_for(".cart"), said=summary(put))
    rest = "\n".join(line.text for line in sorted(read.bad, key=lambda one: one.number))
    return _pad(*_read(rest, customer), head, summary(put) if put else "")


def _pad(text: str, read: Read, head: Head, said: str = "") -> Answer:
    return answer(
        "portal/quick_order/show.html", "portal/quick_order/_pad.html",
        text=text, read=read, refusal=said, head=head,
    )  # fmt: skip


def _keep_head(cart: Cart, head: Head) -> None:
    """The order number and the wished day go along to the checkout, where they can be changed."""
    if head.po_number.strip():
        cart.po_number = head.po_number.strip()
    day = read_day(head.wished_on, clock.today()) if head.wished_on else None
    if day is not None:
        cart.wished_on = day


def _pieces(sheet: OrderSheet) -> dict[str, int]:
    """{SKU code: pieces} of all good lines."""
    codes = {line.offer.facts.id: line.offer.facts.code for line in sheet.lines}
    return {codes[sku]: pieces for sku, pieces in sheet.sums.items()}


def _with_file(text: str, customer: Customer, head: Head) -> tuple[str, Head]:
    """The text with the lines of a chosen file below it, and what the file's head says.

    Raises FileRefused, TooManyLines.
    """
    upload = request.files.get("sheet")
    if upload is None or not upload.filename:
        return text, head
    sheet = order_lines.read_file(upload.read(), upload.filename)
    _check_size(sheet)
    read = understood(sheet, customer)
    wished = read.wanted_on.isoformat() if read.wanted_on else ""
    head = Head(read.po_number or head.po_number, wished or head.wished_on)
    return f"{text.rstrip()}\n{order_pad.as_lines(read)}".lstrip(), head


def _check_size(sheet: order_lines.Sheet) -> None:
    if len(sheet.asked) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)


def _read(text: str, customer: Customer) -> tuple[str, Read]:
    """The text as the pad goes on with it, and what it means. A list or grid becomes bare lines."""
    sheet = order_lines.read_text(text)
    _check_size(sheet)
    if not order_pad.is_bare(sheet):
        text = order_pad.as_lines(understood(sheet, customer))
        sheet = order_lines.read_text(text)
    found = understood(sheet, customer)
    texts = text.splitlines()
    lines = [_bad(one, texts[one.place.row - 1].strip(), found) for one in found.refused]
    lines += [
        Shown(one.place.row, texts[one.place.row - 1].strip(), good=one) for one in found.lines
    ]
    basket = baskets.basket_of(customer, found.sums)
    return text, Read(lines, found, basket, _review(customer, found.sums))


def _bad(one: Refusal, text: str, sheet: OrderSheet) -> Shown:
    """What is wrong with a line; quantities that would do, less what other lines of the SKU ask."""
    twins = [
        other for other in sheet.refused
        if other is not one and one.offer and other.offer and other.offer.facts.id == one.offer.facts.id
    ]  # fmt: skip
    choices = one.choices if not twins else ()
    return Shown(one.place.row, text, bad=one, trouble=one.message(_), choices=choices)


def _review(customer: Customer, sums: dict[int, int]) -> Review | None:
    """The good lines as an order, for freight and tax."""
    lines = [Requested(sku, pieces) for sku, pieces in sums.items()]
    return review(customer, lines, ship_to=None, wished_on=None, at=clock.now()) if lines else None
