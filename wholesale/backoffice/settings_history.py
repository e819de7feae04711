"""What was changed in the settings: field by field, the old and the new value, by whom, when."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry
from wholesale.kernel.text import N_, localized
from wholesale.web.filters import language, moment

SHOWN = 12
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
VALUES = {
    ("state", "draft"): N_("Draft"), ("state", "open"): N_("Open"),
    ("state", "closed"): N_("Not open"), ("audience", "all"): N_("all customers"),
    ("audience", "limited"): N_("limited"), ("audience", "invited"): N_("by invitation"),
}  # fmt: skip
FIELDS = {
    "name": N_("Name"), "kana": N_("Reading"), "mark": N_("Seal"), "code": N_("Code"),
    "registration_number": N_("Registration number"), "price_digits": N_("Digits of prices"),
    "price_mode": N_("Rounding of prices"), "amount_mode": N_("Rounding of amounts"),
    "tax_mode": N_("Tax rounding"), "fiscal_month": N_("First month of the fiscal year"),
    "allocation_window_days": N_("Allocation window"), "credit_horizon_days": N_("Credit horizon"),
    "few_left": N_("“Few left” below"), "freight_fee": N_("Freight"),
    "freight_free_from": N_("Free from"), "cut_off": N_("Cut-off"), "languages": N_("Languages"),
    "default_language": N_("Language of new readers"), "address": N_("Address"),
    "postal_code": N_("Postal code"), "phone": N_("Telephone"), "is_main": N_("Main office"),
    "locales": N_("On papers in"), "is_active": N_("In use"), "bank_code": N_("Bank code"),
    "bank_name": N_("Bank"), "branch_code": N_("Branch code"), "branch_name": N_("Branch"),
    "kind": N_("Kind"), "number": N_("Account number"), "holder": N_("Account holder"),
    "currency": N_("Currency"), "on_invoices": N_("On invoices"), "iban": N_("IBAN"),
    "bic": N_("BIC"), "prints_for": N_("Also on invoices in"), "enabled": N_("In use"),
    "digits": N_("Digits"), "tax_class": N_("Tax class"), "rate": N_("Rate"),
    "valid_from": N_("Valid from"), "form": N_("Form"), "weekdays": N_("Weekdays"),
    "rests_on_holidays": N_("Closed on public holidays"), "day": N_("Day"),
    "year_end_from": N_("Closed at New Year from"), "year_end_until": N_("until"),
    "is_working": N_("Working day"), "is_default": N_("The usual carrier"), "days": N_("Days"),
    "carrier_code": N_("Carrier"), "location_code": N_("Warehouse"), "country": N_("Country"),
    "region": N_("Prefecture or region"), "postal_prefix": N_("Postal codes beginning with"),
    "is_extra": N_("Added to the region's days (island)"), "closed": N_("Closed days"),
    "receiving_weekdays": N_("Receiving days"), "receiving_hours": N_("Receiving hours"),
    "receives_on_holidays": N_("Also on public holidays"), "fee": N_("Fee (net)"),
    "free_from": N_("Free from (net)"), "regions": N_("Prefectures or regions, with commas"),
    "min_amount": N_("Net amount from"), "min_weight_grams": N_("Weight from (g)"),
    "min_quantity": N_("Pieces from"), "min_cartons": N_("Cartons from"), "basis": N_("Counted by"),
    "name_en": N_("Name in English"), "name_zh": N_("Name in Chinese"), "state": N_("State"),
    "group": N_("Price group"), "reps": N_("Looked after by"), "tags": N_("Tags"),
    "locale": N_("Language of letters and papers"), "building": N_("Building"),
    "priority": N_("Priority when goods are short"), "invoice_email": N_("Invoices to"),
    "order_email": N_("Order confirmations to"), "delivery_email": N_("Delivery notes to"),
    "payer_names": N_("Names it pays under"), "attention": N_("For the attention of"),
    "reading": N_("Reading"), "readings": N_("Reading"), "description": N_("Text about it"),
    "brand_id": N_("Brand"), "category_id": N_("Category"),
    "custom": N_("Fields of our own"), "unit": N_("Unit"), "is_net": N_("Net price"),
    "hs_code": N_("HS code"), "origin": N_("Country of origin"), "life": N_("Stage"),
    "launched_on": N_("On sale from"), "last_order_on": N_("Last day to order"),
    "successor_id": N_("Successor"), "jan": N_("JAN"), "supplier_code": N_("Supplier's code"),
    "swatch": N_("Colour"), "minimum": N_("At least"),
    "multiple": N_("In lots of"), "maximum": N_("At most"),
    "carton_quantity": N_("Pieces per carton"), "policy": N_("Order policy"),
    "lead_days": N_("Lead time (days)"), "weight_grams": N_("Weight (g)"),
    "shelf_life_days": N_("Shelf life (days)"), "axis": N_("Axis"), "value": N_("Value"),
    "skus": N_("SKUs"), "picture": N_("Picture"), "alt": N_("Alternative text"),
    "option_1_code": N_("Colour"), "parent_id": N_("Lies in"),
    "default_rate": N_("Default rate"), "minimum_amount": N_("Minimum order"),
    "incoterm": N_("Incoterm"), "incoterm_place": N_("Named place"),
    "closing_days": N_("Closing days"), "payment_months": N_("Months until payment"),
    "payment_day": N_("Day of payment"), "payment_days": N_("Or days after the invoice"),
    "payment_text": N_("Payment in words, on papers"), "billing": N_("Billing"),
    "fee_bearer": N_("Transfer fee"), "amount_basis": N_("Amount of a line"),
    "vetting_gate": N_("Nothing is confirmed while a check is failed"), "bill_to": N_("Billed to"), "payment_means": N_("Payment means"), "payment_gate": N_("Money must have come"),
    "deposit_share": N_("Paid in advance (%)"), "credit_limit": N_("Credit limit"),
    "approval_needed": N_("The buyer approves each confirmation"),
    "text": N_("Text on its page"), "audience": N_("Seen by"), "opens_at": N_("Shown from"),
    "closes_at": N_("Order deadline"), "ends_at": N_("Shown until"), "time_zone": N_("Time zone"),
    "named": N_("Customers and price groups"), "logo": N_("Logo"), "materials": N_("Materials"),
    "width_mm": N_("Width (mm)"), "depth_mm": N_("Depth (mm)"), "height_mm": N_("Height (mm)"),
    "carton_width_mm": N_("Carton width (mm)"), "carton_depth_mm": N_("Carton depth (mm)"),
    "carton_height_mm": N_("Carton height (mm)"),
    "carton_weight_grams": N_("Weight of a full carton (g)"),
    "greeting": N_("A few words to the visitors"), "catalog": N_("Catalogue"),
    "customer": N_("Customer"), "orders_as": N_("Orders"), "pass_code": N_("Pass code"),
    "opens_on": N_("Opens on"), "closes_on": N_("Last day"), "is_on": N_("In use"),
    "view_only": N_("To look at only; no orders are taken"), "shows_prices": N_("Prices are shown"),
    "valid_until": N_("Valid until"), "position": N_("Order among equals"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changed:
    """One field: its word, the old text and the new one."""

    word: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the journal about settings."""

    subject: str
    fields: list[Changed]
    who: str
    at: datetime


def newest(kinds: Sequence[str], subject_id: int | None = None) -> list[Change]:
    """The newest changes of these tables, or of one row. One statement."""
    wanted = select(JournalEntry).where(JournalEntry.subject_kind.in_(kinds))
    if subject_id is not None:
        wanted = wanted.where(JournalEntry.subject_id == subject_id)
    entries = session.scalars(wanted.order_by(JournalEntry.sequence.desc()).limit(SHOWN))
    return [_change(entry) for entry in entries]


def _change(entry: JournalEntry) -> Change:
    details = json.loads(entry.details)
    changes = details.get("changes") or {}
    subject = next((details[key] for key in ("code", "currency") if details.get(key)), "")
    return Change(
        subject=str(subject),
        fields=[
            Changed(gettext(FIELDS.get(name, name)), _told(name, old), _told(name, new))
            for name, (old, new) in changes.items()
        ],
        who=gettext("automatically") if entry.actor_kind.value == "system" else entry.actor_name,
        at=entry.at,
    )


def _told(name: str, value: Any) -> str:
    word = VALUES.get((name, value)) if isinstance(value, str) else None
    return gettext(word) if word else _text(value)


def _text(value: Any) -> str:
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return localized(value, language())
    if isinstance(value, str) and _INSTANT.match(value):
        return moment(datetime.fromisoformat(value))
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "–"
    return str(value)
