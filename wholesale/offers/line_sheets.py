"""Line sheets: all that is for sale in a catalog for one customer, gathered to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from wholesale.catalog.models import Catalog, Sku
from wholesale.catalog.queries import SkuFacts
from wholesale.catalog.visibility import why_unseen
from wholesale.company.queries import company
from wholesale.customers.models import Customer
from wholesale.kernel import clock, files, jobs
from wholesale.kernel.access import Actor
from wholesale.kernel.config import ASSETS
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_, localized
from wholesale.offers.collections import skus_of
from wholesale.offers.models import LineSheet, SheetKind
from wholesale.offers.offering import Offer, offers

DRAW = "line_sheets.draw"
MOST_AT_ONCE = 150  # SKUs that are drawn while the reader waits


class TooLargeToWaitFor(Conflict):
    """A line sheet that takes longer than a reader waits."""

    message = N_(
        "This line sheet is large. Ask for it on the catalogue's page: it is drawn at once."
    )


class NotSeen(DomainError):
    """A line sheet of what a customer does not see."""

    message = N_("%(customer)s does not see this catalogue now: there is no line sheet of it.")


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One SKU. Prices are net and None where they are not told; `size` is W×D×H in mm or ""."""

    code: str
    jan: str
    name: str
    variant: str
    size: str
    list_price: Decimal | None
    unit_price: Decimal | None
    minimum: int
    multiple: int
    carton: int | None
    picture: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """A line sheet before it is drawn, its texts in `locale`."""

    locale: str
    title: str
    issuer: str
    customer_code: str
    customer_name: str
    drawn_at: datetime
    closes_at: datetime | None
    time_zone: str
    currency: str
    with_prices: bool
    lines: tuple[SheetLine, ...]


def count(catalog: Catalog) -> int:
    """How many SKUs a line sheet of the catalog has."""
    return session.scalar(select(func.count()).select_from(skus_of(catalog).subquery())) or 0


def is_large(skus: int) -> bool:
    """Whether a line sheet of so many SKUs is left to the worker."""
    return skus > MOST_AT_ONCE


def check_size(skus: int) -> None:
    """Whether a line sheet is drawn while the reader waits. Raises TooLargeToWaitFor."""
    if is_large(skus):
        raise TooLargeToWaitFor


def gather(customer: Customer, catalog: Catalog, locale: str, *, with_prices: bool) -> Gathered:
    """All that is for sale of a catalog this customer sees now. A fixed number of statements.

    Raises NotSeen.
    """
    now = clock.now()
    if why_unseen(catalog, customer, now):
        raise NotSeen(customer=customer.name)
    ids = session.scalars(skus_of(catalog)).all()
    shown = offers(customer, dict.fromkeys(ids, 0), at=now)
    told = [one for one in shown.values() if one.why_not not in {"discontinued", "not_in_catalog"}]
    sizes = _sizes(ids)
    lines = [_line(one, sizes.get(one.facts.id, ""), locale, with_prices) for one in told]
    return Gathered(
        locale=locale,
        title=localized(catalog.name, locale),
        issuer=localized(company().name, locale),
        customer_code=customer.code,
        customer_name=customer.name,
        drawn_at=now,
        closes_at=catalog.closes_at,
        time_zone=catalog.time_zone,
        currency=next((one.price.currency for one in told if one.price), ""),
        with_prices=with_prices,
        lines=tuple(lines),
    )


def _line(offer: Offer, size: str, locale: str, told: bool) -> SheetLine:  # noqa: FBT001 - of prices
    facts, price = offer.facts, offer.price
    return SheetLine(
        code=facts.code,
        jan=facts.jan or "",
        name=localized(facts.name, locale),
        variant=_variant(facts, locale),
        size=size,
        list_price=price.list_price if price and told else None,
        unit_price=price.unit_price if price and told else None,
        minimum=offer.limits.rounded(offer.limits.minimum),
        multiple=offer.limits.multiple,
        carton=facts.carton_quantity,
        picture=offer.picture,
    )


def _variant(facts: SkuFacts, locale: str) -> str:
    options = (facts.option_1, facts.option_2, facts.option_3)
    return " / ".join(localized(one, locale) for one in options if one)


def _sizes(ids: Sequence[int]) -> dict[int, str]:
    """{SKU: W×D×H}, of those with any of the three."""
    rows = session.execute(
        select(Sku.id, Sku.width_mm, Sku.depth_mm, Sku.height_mm).where(Sku.id.in_(ids))
    )
    return {row[0]: size_text(*row[1:]) for row in rows}


def size_text(width: int | None, depth: int | None, height: int | None) -> str:
    """120×80×65; "" where nothing is known."""
    stated = [one for one in (width, depth, height) if one]
    return "×".join(str(one) for one in stated)


def picture_bytes(path: str) -> bytes:
    """The bytes of a picture as offers name it; b"" for none."""
    if path.startswith("pictures/"):
        return files.read(path.removeprefix("pictures/"))
    drawing = ASSETS / path
    return drawing.read_bytes() if path and drawing.is_file() else b""


def ask(
    customer: Customer, catalog: Catalog, kind: SheetKind, locale: str, by: Actor, *,
    with_prices: bool,
) -> LineSheet:  # fmt: skip
    """Have the worker draw a line sheet. Raises NotSeen."""
    if why_unseen(catalog, customer, clock.now()):
        raise NotSeen(customer=customer.name)
    sheet = LineSheet(
        customer_id=customer.id, catalog_id=catalog.id, kind=kind, locale=locale,
        with_prices=with_prices, asked_by=by.name, asked_at=clock.now(),
    )  # fmt: skip
    session.add(sheet)
    session.flush()  # the job carries its id
    jobs.enqueue(DRAW, {"sheet": sheet.id}, by=by, dedupe_key=f"{DRAW}:{sheet.id}")
    return sheet


def gather_asked(sheet_id: int) -> tuple[SheetKind, Gathered | None]:
    """What was asked for, gathered now; None where the customer does not see it any more."""
    sheet = session.get_one(LineSheet, sheet_id)
    customer = session.get_one(Customer, sheet.customer_id)
    catalog = session.get_one(Catalog, sheet.catalog_id)
    try:
        return sheet.kind, gather(customer, catalog, sheet.locale, with_prices=sheet.with_prices)
    except NotSeen:
        return sheet.kind, None


def keep(sheet_id: int, drawn: bytes) -> None:
    """Keep the bytes of a line sheet that was asked for; b"" says that there is none any more."""
    sheet = session.get_one(LineSheet, sheet_id)
    if sheet.drawn_at is None:
        if drawn:
            name = f"line-sheet-{sheet.id}.{sheet.kind.value}"
            sheet.sha256 = files.store(drawn, name=name, media_type=MEDIA_TYPES[sheet.kind]).sha256
        sheet.drawn_at = clock.now()


MEDIA_TYPES = {
    SheetKind.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    SheetKind.PDF: "application/pdf",
}
