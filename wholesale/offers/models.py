"""Freight rules: what carriage and its fees cost, where, from which amount, weight or quantity on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.company.models import TaxClass
from wholesale.kernel.db import Model, Names


class ChargeKind(StrEnum):
    """What is charged beside the goods."""

    FREIGHT = "freight"
    CASH_ON_DELIVERY = "cash_on_delivery"
    HANDLING = "handling"


class Basis(StrEnum):
    """What the fee is multiplied with; begun kilograms and cartons count whole."""

    DELIVERY = "delivery"
    KILOGRAM = "kilogram"
    PIECE = "piece"
    CARTON = "carton"


class FreightRule(Model):
    """One rule; whatever is empty or 0 is any. `fee` and `free_from` are net in `currency`.

    `regions` are prefectures or regions, separated by commas. It counts from all four thresholds
    on: net amount, weight in grams, pieces and cartons of one delivery.
    """

    __tablename__ = "freight_rules"
    __table_args__ = (Index("ix_freight_rules_currency", "currency", "is_active"),)

    kind: Mapped[ChargeKind]
    name: Mapped[Names]
    currency: Mapped[str] = mapped_column(String(3))
    country: Mapped[str] = mapped_column(String(2), default="")
    regions: Mapped[str] = mapped_column(default="")
    min_amount: Mapped[Decimal] = mapped_column(default=Decimal(0))
    min_weight_grams: Mapped[int] = mapped_column(default=0)
    min_quantity: Mapped[int] = mapped_column(default=0)
    min_cartons: Mapped[int] = mapped_column(default=0)
    basis: Mapped[Basis] = mapped_column(default=Basis.DELIVERY)
    fee: Mapped[Decimal]
    free_from: Mapped[Decimal | None]
    tax_class: Mapped[TaxClass] = mapped_column(default=TaxClass.STANDARD)
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def nearness(self) -> tuple[bool, bool, Decimal, int, int, int, int, date, int]:
        """The greatest wins: place, then thresholds, then the list's order, the newest start, row."""
        return (
            bool(self.regions), bool(self.country), self.min_amount, self.min_weight_grams,
            self.min_quantity, self.min_cartons, -self.position, self.valid_from, self.id,
        )  # fmt: skip
