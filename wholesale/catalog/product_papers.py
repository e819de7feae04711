"""Papers of a product for a market: food contact, materials, origin, care; each with its last day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from wholesale.catalog.models import Product, Sku
from wholesale.company.changing import check_version
from wholesale.kernel import files, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import Model, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

PDF = b"%PDF-"
EU = "EU"
# The 27 states of the European Union (europa.eu, "EU countries").
STATES_OF_THE_EU = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
LONGEST_LIST = 200


class NotAPdf(DomainError):
    """A paper is read everywhere as PDF."""

    message = N_("%(name)s is not a PDF. Save it as PDF and send it again.")


class UnknownMarket(DomainError):
    """A market is a country, or the European Union."""

    message = N_("%(market)s is no market: two letters of a country, or EU, with commas between.")


class PaperRunsOutEarly(DomainError):
    """The last day is before the first."""

    message = N_("The paper would run out before it is valid.")


class PaperKind(StrEnum):
    """What a paper says."""

    FOOD_CONTACT = "food_contact"
    MATERIALS = "materials"
    ORIGIN = "origin"
    CARE = "care"
    SAFETY = "safety"
    OTHER = "other"


class ProductPaper(Model):
    """One paper of a product, or of one SKU of it, for some markets.

    `markets` are countries by two letters and EU, separated by commas; "" is everywhere. Shown from
    `valid_from` to `expires_on`, both included.
    """

    __tablename__ = "product_papers"
    __table_args__ = (Index("ix_product_papers_expires_on", "expires_on"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    sku_id: Mapped[int | None] = mapped_column(ForeignKey("skus.id"))
    kind: Mapped[PaperKind]
    name: Mapped[str] = mapped_column(String(120))
    markets: Mapped[str] = mapped_column(String(LONGEST_LIST), default="")
    valid_from: Mapped[date | None]
    expires_on: Mapped[date | None]
    sha256: Mapped[str] = mapped_column(String(64))

    product: Mapped[Product] = relationship()
    sku: Mapped[Sku | None] = relationship()

    def is_for(self, countries: Iterable[str], on: date) -> bool:
        """Whether it counts on a day in one of these countries."""
        if (self.valid_from and on < self.valid_from) or (self.expires_on and self.expires_on < on):
            return False
        stated = set(self.markets.split(",")) if self.markets else set()
        reached = {*countries, *(EU for one in countries if one in STATES_OF_THE_EU)}
        return not stated or bool(stated & reached)


def markets_in(text: str) -> str:
    """Markets as people type them ("jp, EU") as they are kept. Raises UnknownMarket."""
    parts = [one.strip().upper() for one in text.replace("、", ",").replace("，", ",").split(",")]
    for part in filter(None, parts):
        if not (len(part) == len(EU) and part.isascii() and part.isalpha()):
            raise UnknownMarket(market=part)
    return ",".join(dict.fromkeys(filter(None, parts)))[:LONGEST_LIST]


def add_paper(
    product: Product,
    values: Mapping[str, Any],
    data: bytes,
    file_name: str,
    version: int,
    by: Actor,
) -> ProductPaper:
    """Keep a paper. `values` are columns of ProductPaper without its file, `markets` as typed.

    Raises NotAPdf, UnknownMarket, PaperRunsOutEarly, Conflict.
    """
    check_version(product, version)
    if not data.startswith(PDF):
        raise NotAPdf(name=file_name)
    first, last = values["valid_from"], values["expires_on"]
    if first and last and last < first:
        raise PaperRunsOutEarly
    stored = files.store(data, name=file_name[:200], media_type="application/pdf")
    told = {**values, "markets": markets_in(values["markets"]), "name": values["name"] or file_name}
    told["name"] = told["name"][:120]
    paper = ProductPaper(product_id=product.id, sha256=stored.sha256, **told)
    session.add(paper)
    session.flush()  # the list below is read by queries
    journal.record(
        product, "product:paper-added", by, code=product.code,
        changes={"paper": [None, paper.name], "markets": [None, paper.markets]},
    )  # fmt: skip
    return paper


def withdraw_paper(product: Product, paper: ProductPaper, version: int, by: Actor) -> None:
    """Show a paper no more; its bytes stay. Raises Conflict."""
    check_version(product, version)
    journal.record(
        product, "product:paper-withdrawn", by, code=product.code,
        changes={"paper": [paper.name, None]},
    )  # fmt: skip
    session.delete(paper)


def papers_of(product_id: int) -> Sequence[ProductPaper]:
    """All papers of a product, those that run out first in front."""
    return session.scalars(
        select(ProductPaper)
        .where(ProductPaper.product_id == product_id)
        .options(joinedload(ProductPaper.sku))
        .order_by(ProductPaper.expires_on.nulls_last(), ProductPaper.id)
    ).all()


def papers_for(product_id: int, countries: Iterable[str], on: date) -> list[ProductPaper]:
    """The papers of a product that count on a day for a buyer in these countries."""
    wanted = set(countries)
    return [one for one in papers_of(product_id) if one.is_for(wanted, on)]


def running_out(until: date) -> Sequence[ProductPaper]:
    """Papers whose last day is not after `until`, the first to run out in front; with the product."""
    return session.scalars(
        select(ProductPaper)
        .where(ProductPaper.expires_on <= until)
        .options(joinedload(ProductPaper.product), joinedload(ProductPaper.sku))
        .order_by(ProductPaper.expires_on, ProductPaper.id)
        .limit(500)
    ).all()
