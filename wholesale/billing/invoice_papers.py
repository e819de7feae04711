"""The invoice as a paper (適格請求書): every text and address it prints, frozen at issue."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from wholesale.billing.models import Invoice
from wholesale.company.models import BankAccount, TaxClass
from wholesale.company.queries import accounts_for, digits_of
from wholesale.company.taxing import TaxOfRate
from wholesale.customers.addressing import default_address
from wholesale.customers.models import AddressKind, Customer
from wholesale.kernel import papers
from wholesale.kernel.access import Actor
from wholesale.kernel.paper_facts import (
    PaperFacts,
    PaperLine,
    Party,
    TaxFacts,
    exact,
    honorific,
    words,
)
from wholesale.kernel.papers import Paper
from wholesale.kernel.text import in_language, localized
from wholesale.sales_ledger.queries import Entry
from wholesale.shipping.delivery_notes import issuer

KIND = "invoice"
_KINDS = {"1": "普通", "2": "当座", "4": "貯蓄"}


# A sales entry as it is billed, and the rate of its tax.
Rated = tuple[Entry, Decimal]


def issue_paper(
    invoice: Invoice,
    payer: Customer,
    rated: Sequence[Rated],
    taxes: Sequence[TaxOfRate],
    by: Actor,
) -> Paper:
    """Freeze the facts of an issued invoice and ask for its bytes."""
    return papers.issue(
        Paper(
            kind=KIND,
            number=invoice.number,
            customer_id=payer.id,
            partner=payer.name,
            issued_on=invoice.issued_on,
            amount=invoice.total,
            currency=invoice.currency,
            locale=payer.locale,
            facts=facts_of(invoice, payer, rated, taxes).as_json(),
        ),
        by,
    )


def facts_of(
    invoice: Invoice, payer: Customer, rated: Sequence[Rated], taxes: Sequence[TaxOfRate]
) -> PaperFacts:
    """What the law and the trade want on it (消法57の4①; 基通1-8-1)."""
    locale = payer.locale
    return PaperFacts(
        kind=KIND,
        locale=locale,
        number=invoice.number,
        issued_on=invoice.issued_on.isoformat(),
        due_on=invoice.due_on.isoformat(),
        supplied_from=str(invoice.supplied_from or ""),
        supplied_until=str(invoice.supplied_until or ""),
        currency=invoice.currency,
        digits=digits_of(invoice.currency),
        issuer=issuer(locale),
        addressee=_addressee(payer, locale),
        lines=tuple(
            PaperLine(
                code=line.code,
                description=localized(line.description, locale),
                quantity=line.quantity,
                unit_price=exact(line.unit_price),
                amount=exact(line.amount),
                tax_rate=exact(rate),
                reduced=line.tax_class is TaxClass.REDUCED,
                supply_on=line.supply_on.isoformat(),
                slip_number=line.slip_number,
            )
            for line, rate in rated
        ),
        taxes=tuple(
            TaxFacts(
                rate=exact(one.rate),
                base=exact(one.base),
                tax=exact(one.tax),
                reduced=one.tax_class is TaxClass.REDUCED,
                export=one.tax_class is TaxClass.EXPORT,
            )
            for one in taxes
        ),
        net=exact(invoice.net),
        tax=exact(invoice.tax),
        total=exact(invoice.total),
        bank_accounts=tuple(_account(a, locale) for a in accounts_for(invoice.currency)),
        words=words(in_language(locale)),
    )


def _addressee(payer: Customer, locale: str) -> Party:
    """The payer at its usual billing address, or where the firm itself is."""
    billing = default_address(payer.id, AddressKind.BILLING)
    place = billing or payer
    address = place.address
    if place.country == "JP" and place.region and not address.startswith(place.region):
        address = f"{place.region}{address}"
    post = f"〒{place.postal_code}" if place.country == "JP" and place.postal_code else ""
    more: tuple[str, ...] = (payer.building,)
    if billing is not None:
        more = (billing.name if billing.name != payer.name else "", billing.attention)
    lines = tuple(part for part in (post, address, *more) if part)
    return Party(payer.display_name(locale), honorific(locale), lines)


def _account(account: BankAccount, locale: str) -> str:
    kind = _KINDS.get(account.kind, "") if locale == "ja" else ""
    codes = (
        f"IBAN {account.iban}" if account.iban else "",
        f"BIC {account.bic}" if account.bic else "",
    )
    parts = (
        account.bank_name, account.branch_name, kind, account.number, account.holder, *codes,
    )  # fmt: skip
    return " ".join(part for part in parts if part)
