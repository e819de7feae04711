"""Quick order: lines of codes and quantities, read and shown before anything goes into the cart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from werkzeug.datastructures import MultiDict

from wholesale.accounts.permissions import Permission
from wholesale.catalog.models import PartNumber, Product, Sku
from wholesale.catalog.visibility import is_visible, open_catalogs
from wholesale.customers.models import Customer
from wholesale.exchange.near import near_codes
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.offers.offering import Offer, offers
from wholesale.orders.checkout import Requested, Review, review
from wholesale.portal import baskets, lookups
from wholesale.portal.baskets import Basket
from wholesale.portal.blueprints import portal
from wholesale.portal.cart import summary
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs

MOST_LINES = 500
MOST_NEAR, MOST_KNOWN, HEAD = 10, 2000, 3
MOST_TEXT = 50_000
_GAPS = re.compile(r"[\t,;、\s]+")


class TooManyLines(DomainError):
    """More lines than one reading takes."""

    message = N_("Paste at most %(most)s lines at once.")


@dataclass(frozen=True, slots=True)
class Line:
    """One pasted line: what it says, and the offer it means. `trouble` is what keeps it out, `near`
    are codes that are like an unknown one.
    """

    text: str
    pieces: int
    offer: Offer | None = None
    trouble: str = ""
    hint: str = ""
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """All pasted lines, those with trouble first, and what the good ones come to."""

    lines: list[Line]
    basket: Basket
    review: Review | None = None

    @property
    def good(self) -> list[Line]:
        """The lines that can go into the cart."""
        return [line for line in self.lines if not line.trouble]

    @property
    def bad(self) -> list[Line]:
        """The lines somebody must look at."""
        return [line for line in self.lines if line.trouble]


@portal.get("/quick-order")
@needs(Permission.CARTS_EDIT)
def quick_order() -> Answer:
    """An empty pad."""
    return answer("portal/quick_order/show.html", text="", read=None, refusal="")


@portal.post("/quick-order")
@needs(Permission.CARTS_EDIT)
def read_lines() -> Answer:
    """Read the pasted lines; with act=cart put the good ones into the cart, keeping the others."""
    text, customer = _mended(request.form)[:MOST_TEXT], lookups.own_customer()
    try:
        read = _read(text, customer)
        if request.form.get("act") != "cart":
            return answer(
                "portal/quick_order/show.html", "portal/quick_order/_pad.html",
                text=text, read=read, refusal="",
            )  # fmt: skip
        pieces: dict[str, int] = {}
        for line in read.good:
            if line.offer is not None:
                code = line.offer.facts.code
                pieces[code] = pieces.get(code, 0) + line.pieces
        put = baskets.set_quantities(
            lookups.cart_to_fill(), customer, pieces, the_visitor().actor, add=True
        )
    except DomainError as error:
        return refused(
            "portal/quick_order/show.html", "portal/quick_order/_pad.html",
            error=error, text=text, read=None,
        )  # fmt: skip
    if not read.bad:
        return moved(url_for(".cart"), said=summary(put))
    rest = "\n".join(line.text for line in read.bad)
    return answer(
        "portal/quick_order/show.html", "portal/quick_order/_pad.html",
        text=rest, read=_read(rest, customer), refusal=summary(put) if put else "",
    )  # fmt: skip


def split(line: str) -> list[tuple[str, int]]:
    """What a line may mean: (code, pieces), the quantity behind or before the code."""
    parts = [part for part in _GAPS.split(unicodedata.normalize("NFKC", line).strip()) if part]
    found: list[tuple[str, int]] = []
    for number, rest in ((parts[-1:], parts[:-1]), (parts[:1], parts[1:])):
        pieces = baskets.pieces_in(number[0]) if number and rest else None
        if pieces:
            found.append((" ".join(rest), pieces))
    return found


def _read(text: str, customer: Customer) -> Read:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    meant = [(line, split(line)) for line in lines]
    skus = _skus({code for _line, ways in meant for code, _n in ways}, customer)
    chosen = [
        (
            line,
            next(((skus[code.upper()], n) for code, n in ways if code.upper() in skus), None),
            ways,
        )
        for line, ways in meant
    ]
    wanted: dict[int, int] = {}
    for _line, found, _ways in chosen:
        if found:
            wanted[found[0]] = wanted.get(found[0], 0) + found[1]
    shown = offers(customer, wanted, at=clock.now())
    read = [_line_of(line, found, ways, shown) for line, found, ways in chosen]
    read.sort(key=lambda line: not line.trouble)
    sums: dict[int, int] = {}
    for line in read:
        if line.offer is not None and not line.trouble:
            sums[line.offer.facts.id] = sums.get(line.offer.facts.id, 0) + line.pieces
    read = _with_near_codes(read, customer)
    return Read(read, baskets.basket_of(customer, sums), _review(customer, sums))


def _review(customer: Customer, sums: dict[int, int]) -> Review | None:
    """The good lines as an order, for freight and tax."""
    lines = [Requested(sku, pieces) for sku, pieces in sums.items()]
    return review(customer, lines, ship_to=None, wished_on=None, at=clock.now()) if lines else None


def _mended(form: MultiDict[str, str]) -> str:
    """The pasted text with what the buttons of the lines ask for: a line away, one code for another.

    `away` is the whole line, `instead` is "<line>|<code>", `scan` a code to count once more.
    """
    lines = form.get("text", "").splitlines()
    if form.get("away") in lines:
        lines.remove(form["away"])
    old, _sep, code = form.get("instead", "").rpartition("|")
    if old in lines:
        ways = split(old)
        lines[lines.index(old)] = f"{code} {ways[0][1] if ways else 1}"
    scanned = " ".join(form.get("scan", "").split())
    if scanned:
        lines = _counted(lines, scanned)
    return "\n".join(lines)


def _counted(lines: list[str], scanned: str) -> list[str]:
    """One more piece of a scanned code: on its line where it has one, else as a new line."""
    for place, line in enumerate(lines):
        for code, pieces in split(line):
            if code.upper() == scanned.upper():
                return [*lines[:place], f"{code} {pieces + 1}", *lines[place + 1 :]]
    return [*lines, f"{scanned} 1"]


def _with_near_codes(read: list[Line], customer: Customer) -> list[Line]:
    """Codes the customer may order that are like the unknown ones, for the first of them."""
    unknown = [line for line in read if line.trouble and line.offer is None and split(line.text)]
    heads = {split(line.text)[0][0].upper()[:HEAD] for line in unknown[:MOST_NEAR]}
    if not heads:
        return read
    known = session.scalars(
        select(Sku.code)
        .join(Product, Product.id == Sku.product_id)
        .where(
            or_(*(Sku.code.startswith(head, autoescape=True) for head in heads)),
            is_visible(open_catalogs(customer, clock.now())),
        )
        .limit(MOST_KNOWN)
    ).all()
    found = {
        line.text: tuple(near_codes(split(line.text)[0][0], known).split(", "))
        for line in unknown[:MOST_NEAR]
    }
    return [
        replace(line, near=tuple(code for code in found.get(line.text, ()) if code))
        for line in read
    ]


def _line_of(
    line: str, found: tuple[int, int] | None, ways: list[tuple[str, int]], shown: dict[int, Offer]
) -> Line:
    if not ways:
        return Line(line, 0, trouble=_("Write a code and a quantity, for example TK-2101 24."))
    offer = shown.get(found[0]) if found else None
    # What this customer may not see reads like what does not exist.
    if found is None or offer is None or offer.why_not == "not_in_catalog":
        return Line(line, ways[0][1], trouble=_("This code can't be found. Check it."))
    if not offer.orderable:
        return Line(line, found[1], offer, trouble=_("This item can't be ordered at the moment."))
    pieces = offer.limits.rounded(found[1])
    hint = ""
    if pieces != found[1]:
        hint = _(
            "Rounded from %(asked)s to %(pieces)s to fit the pack.", asked=found[1], pieces=pieces
        )
    return Line(line, pieces, offer, hint=hint)


def _skus(codes: Iterable[str], customer: Customer) -> dict[str, int]:
    """SKUs by code, JAN or the customer's own part number, in capitals. Two statements."""
    wanted = {code.upper() for code in codes}
    if not wanted:
        return {}
    found = {
        number.upper(): sku
        for number, sku in session.execute(
            select(PartNumber.number, PartNumber.sku_id).where(
                PartNumber.customer_id == customer.id, func.upper(PartNumber.number).in_(wanted)
            )
        )
    }
    for sku, code, jan in session.execute(
        select(Sku.id, Sku.code, Sku.jan).where(
            or_(func.upper(Sku.code).in_(wanted), Sku.jan.in_(wanted))
        )
    ):
        if jan:
            found[jan] = sku
        found[code.upper()] = sku
    return found
