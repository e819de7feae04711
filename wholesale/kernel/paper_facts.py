"""What a paper prints, frozen when it is issued: plain values, canonical JSON, no look-ups later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from wholesale.kernel.text import N_
from wholesale.kernel.types import canonical


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a paper: the name with one honorific, and the lines of its address."""

    name: str
    honorific: str = ""
    lines: tuple[str, ...] = ()
    phone: str = ""
    registration_number: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One printed line; amounts are net in the paper's currency."""

    code: str
    description: str
    quantity: int
    unit: str = ""
    unit_price: str = ""
    amount: str = ""
    tax_rate: str = ""
    reduced: bool = False
    supply_on: str = ""
    slip_number: str = ""
    ordered: int | None = None
    remaining: int | None = None
    carton: str = ""


@dataclass(frozen=True, slots=True)
class TaxFacts:
    """The tax of one rate as the law wants it printed: base, rate and tax."""

    rate: str
    base: str
    tax: str
    reduced: bool = False
    export: bool = False


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """Everything a paper prints. Days are ISO, figures exact decimals as text, words translated."""

    kind: str
    locale: str
    number: str
    issued_on: str
    currency: str
    digits: int
    issuer: Party
    addressee: Party
    lines: tuple[PaperLine, ...]
    words: dict[str, str]
    taxes: tuple[TaxFacts, ...] = ()
    net: str = ""
    tax: str = ""
    total: str = ""
    due_on: str = ""
    supplied_from: str = ""
    supplied_until: str = ""
    bank_accounts: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    ship_to: Party | None = None
    cartons: int = 0
    note: str = ""
    with_prices: bool = True
    collects: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        """The canonical text that is stored and rendered."""
        return canonical(asdict(self))


def exact(value: Decimal) -> str:
    """A figure as it is frozen: no exponent, no needless zeros."""
    return f"{value:f}"


_WORDS = {
    "invoice": N_("Invoice"),
    "delivery_note": N_("Delivery note"),
    "number": N_("No."),
    "issued_on": N_("Date"),
    "due_on": N_("Payment due"),
    "supply_period": N_("Supplied"),
    "registration_number": N_("Registration no."),
    "total_due": N_("Amount due (tax included)"),
    "code": N_("Item no."),
    "description": N_("Description"),
    "quantity": N_("Qty"),
    "unit_price": N_("Unit price"),
    "amount": N_("Amount"),
    "tax_rate": N_("Tax"),
    "supply_on": N_("Supplied on"),
    "slip": N_("Delivery note"),
    "subject_to": N_("Subject to"),
    "consumption_tax": N_("Consumption tax"),
    "subtotal": N_("Subtotal (net)"),
    "total": N_("Total"),
    "reduced_legend": N_("※ marks items at the reduced tax rate (8%)."),
    "export_exempt": N_("Export, tax exempt"),
    "bank": N_("Please pay to"),
    "fee_note": N_("Please bear the bank's transfer fee."),
    "page": N_("Page"),
    "ordered": N_("Ordered"),
    "this_time": N_("This time"),
    "remaining": N_("To follow"),
    "cartons": N_("Cartons"),
    "ship_to": N_("Ship to"),
    "order": N_("Our order"),
    "po": N_("Your order no."),
    "collects": N_("Cash on delivery (tax included)"),
    "tax_later": N_("Consumption tax is stated on the invoice."),
    "greeting_invoice": N_("We invoice you as follows."),
    "greeting_delivery": N_("We have delivered the following."),
}


def words(translate: Callable[[str], str]) -> dict[str, str]:
    """The words of a paper in the recipient's language, to be frozen with it."""
    return {key: translate(message) for key, message in _WORDS.items()}


def honorific(locale: str) -> str:
    """What follows a company's name on a paper: 御中, 台照, nothing in English."""
    return {"ja": "御中", "zh": "台照", "zh-Hant": "台照"}.get(locale, "")
