"""Customers and their ship-tos from a sheet each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from wholesale.customers.models import Customer
from wholesale.customers.registering import AddressDraft, CustomerDraft, save_customers
from wholesale.exchange import cells
from wholesale.exchange.countries import country
from wholesale.exchange.customer_columns import KINDS, LOCALES
from wholesale.exchange.customer_terms import read_payment, terms_of
from wholesale.exchange.known import FROM_THE_START, by_code
from wholesale.exchange.reports import Refused, Report, accepted, remark
from wholesale.kernel.access import Actor
from wholesale.kernel.sheets import Row, Table
from wholesale.payments.learning import register_all

__all__ = ["KINDS", "bring_in", "registration_is_sound"]

# Where a value comes from a column of another name.
_VALUES = {"invoice_email": "email", "registration_number": "registration"}
_TERMS = {
    "incoterm_place": "place", "default_rate": "rate", "amount_mode": "rounding", "tax_mode": "rounding",
    "fee_bearer": "fee", "minimum_amount": "minimum", "credit_limit": "limit", "payment_text": "payment",
    "payment_months": "payment", "payment_day": "payment", "payment_days": "payment",
    "payment_means": "payment", "closing_days": "closing", "billing": "closing",
}  # fmt: skip
_SEVERAL = re.compile(r"[;；、\n]+")
_WHERE = frozenset({"name", "country", "postal_code", "region", "address", "phone"})
LONGEST_REGISTRATION = 14
CHECKED = re.compile(r"T(\d)(\d{12})")


def bring_in(tables: Sequence[Table], report: Report, by: Actor) -> None:
    """Save customers with their terms, and their ship-tos. One row of the report is one customer."""
    drafts: dict[str, tuple[Table, Row, CustomerDraft]] = {}
    first: dict[str, int] = {}
    for table in [one for one in tables if one.kind == "customers"]:
        for row, draft in accepted(table, report, lambda row: _once(row, _draft(row), first)):
            drafts[draft.code] = (table, row, draft)
            report.warnings += [remark(table, row, why) for why in _doubts(row, draft)]
    _refuse_unknown_payers(drafts, report)
    ship_tos = _ship_tos(tables, report, drafts)
    settled = _settled(drafts)
    wanted = [
        replace(draft, ship_tos=ship_tos.get(code) or (() if code in settled else draft.ship_tos))
        for code, (_, _, draft) in drafts.items()
    ]
    saved = save_customers(wanted, by, first_day=FROM_THE_START)
    named = _register_payers(drafts)
    report.created += len(saved.created)
    report.updated += len(saved.updated | (named - saved.created))
    report.unchanged += len(
        {draft.code for draft in wanted} - saved.created - saved.updated - named
    )


def _settled(drafts: Mapping[str, tuple[Table, Row, CustomerDraft]]) -> set[str]:
    """Known customers that stand where they stood: their ship-tos are what they are."""
    known = by_code(Customer, drafts)
    return {
        code
        for code, one in known.items()
        if all(
            getattr(one, name) == value
            for name, value in drafts[code][2].values.items()
            if name in _WHERE
        )
    }


def _doubts(row: Row, draft: CustomerDraft) -> Iterator[Refused]:
    """What is odd about a customer without being a reason to refuse it."""
    registration = draft.values.get("registration_number", "")
    if not registration_is_sound(registration):
        yield Refused("registration_number_check_digit", "registration", value=registration)
    if read_payment(cells.text(row, "payment")) is None:
        yield Refused("unknown_terms", "payment", value=cells.text(row, "payment")[:40])


def _once(row: Row, draft: CustomerDraft, first: dict[str, int]) -> CustomerDraft:
    if draft.code in first:
        raise Refused("duplicate_code", "code", value=draft.code, row=first[draft.code])
    first[draft.code] = row.number
    return draft


def _refuse_unknown_payers(
    drafts: dict[str, tuple[Table, Row, CustomerDraft]], report: Report
) -> None:
    """A customer paid through one that is neither known nor in the file can't be taken.

    Neither can one whose bill-to is billed to yet another: whoever pays is billed itself.
    """
    named = {code for _, _, one in drafts.values() for code in (one.bill_to, one.pays_for) if code}
    known = by_code(Customer, {*named, *drafts})
    for code in [one for one in drafts if one in known and known[one].code != one]:
        table, row, _ = drafts.pop(code)
        into = known[code].code
        report.refuse(table, row, Refused("merged_customer", "code", value=code, into=into))
    while True:
        lost = [
            (code, field, payer, reason)
            for code, (_, _, draft) in drafts.items()
            for field, payer in (("bill_to", draft.bill_to), ("pays_for", draft.pays_for))
            if payer and (reason := _no_payer(payer, field, known, drafts))
        ]
        for code, field, payer, reason in lost:
            if code in drafts:
                table, row, _ = drafts.pop(code)
                report.refuse(table, row, Refused(reason, field, value=payer))
        if not lost:
            return


def _no_payer(
    payer: str,
    field: str,
    known: Mapping[str, Customer],
    drafts: Mapping[str, tuple[Table, Row, CustomerDraft]],
) -> str:
    """The reason why this one can't pay for another, or ""."""
    if payer not in drafts:
        stands = known.get(payer)
        if stands is None:
            return "unknown_customer"
        return "bill_to_chain" if field == "bill_to" and stands.bill_to_id else ""
    return "bill_to_chain" if field == "bill_to" and drafts[payer][2].bill_to else ""


def _register_payers(drafts: Mapping[str, tuple[Table, Row, CustomerDraft]]) -> set[str]:
    """Write down under which names customers pay; the codes of those for whom one was new."""
    told = {
        draft.code: [name for name in _SEVERAL.split(cells.text(row, "payer_names")) if name]
        for _, row, draft in drafts.values()
    }
    customers = by_code(Customer, [code for code, names in told.items() if names])
    return {code for code, customer in customers.items() if register_all(customer, told[code])}


def _draft(row: Row) -> CustomerDraft:
    code = cells.needed_code(row, "code", 30)
    values: dict[str, Any] = {
        "name": cells.needed_name(row, "name"),
        "name_en": cells.text(row, "name_en"),
        "kana": cells.text(row, "kana"),
        "country": country(row, "country", "JP"),
        "building": cells.text(row, "building"),
        "invoice_email": cells.text(row, "email"),
        "registration_number": _registration(row),
        "notes": cells.text(row, "notes"),
        **_place(row),
    }
    at_home = "ja" if values["country"] == "JP" else "en"
    values["locale"] = cells.word(row, "locale", LOCALES, at_home)
    own = AddressDraft(code, {"name": values["name"], "country": values["country"], **_place(row)})
    ship_tos = (own,) if values["address"] else ()
    return CustomerDraft(
        code, _told(row, values, _VALUES), _told(row, terms_of(row), _TERMS),
        _payer(row, "bill_to", code), _payer(row, "pays_for", code), ship_tos,
    )  # fmt: skip


def _told(row: Row, values: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The values whose column the sheet has: the others are left as they are known."""
    return {name: value for name, value in values.items() if columns.get(name, name) in row.cells}


def _payer(row: Row, name: str, own: str) -> str | None:
    """Who pays by code, "" for the customer itself, None where the sheet has no such column."""
    told = cells.code(row, name, 30)
    return ("" if told == own else told) if name in row.cells else None


def _registration(row: Row) -> str:
    """T and 13 digits from any width, with blanks, hyphens or without the T."""
    told = cells.short(row, "registration", 30).upper()
    plain = re.sub(r"[\s-]", "", told)
    plain = f"T{plain}" if re.fullmatch(r"\d{13}", plain) else plain
    if len(plain) > LONGEST_REGISTRATION:
        raise Refused("too_long", "registration", value=told, most=LONGEST_REGISTRATION)
    return plain


def _place(row: Row) -> dict[str, Any]:
    return {
        "postal_code": cells.short(row, "postal_code", 12),
        "region": cells.text(row, "region"),
        "address": cells.text(row, "address"),
        "phone": cells.short(row, "phone", 30),
    }


def registration_is_sound(number: str) -> bool:
    """T and 13 digits whose first checks the others (法人番号); an empty number is no fault."""
    if not number:
        return True
    parts = CHECKED.fullmatch(number.upper())
    if not parts:
        return False
    weighted = sum(int(d) * (1 + i % 2) for i, d in enumerate(reversed(parts[2])))
    return 9 - weighted % 9 == int(parts[1])


def _ship_tos(
    tables: Sequence[Table],
    report: Report,
    drafts: Mapping[str, object],
) -> dict[str, list[AddressDraft]]:
    """Ship-tos by customer; the sheet's rows don't count as rows of the report."""
    found: dict[str, list[AddressDraft]] = {}
    seen: dict[tuple[str, str], int] = {}

    def read(row: Row) -> tuple[str, AddressDraft]:
        code = cells.needed_code(row, "code", 30)
        if code not in drafts:
            raise Refused("unknown_customer", "code", value=code)
        ship_to = cells.needed_code(row, "ship_to", 30)
        if (code, ship_to) in seen:
            raise Refused("duplicate_code", "ship_to", value=ship_to)
        seen[code, ship_to] = row.number
        values = {
            "name": cells.needed_name(row, "name"), "country": country(row, "country", "JP"),
            "attention": cells.text(row, "attention"), **_place(row),
        }  # fmt: skip
        return code, AddressDraft(ship_to, values)

    for table in [one for one in tables if one.kind == "ship_tos"]:
        for _, (code, draft) in accepted(table, report, read, counted=False):
            found.setdefault(code, []).append(draft)
    return found
