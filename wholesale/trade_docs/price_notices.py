"""The letter of a price revision (価格改定のお知らせ): one per customer, with its own old and new list."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from wholesale.company.queries import digits_of
from wholesale.customers.models import Customer
from wholesale.customers.queries import money_terms
from wholesale.kernel import clock, files, jobs, papers
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.paper_facts import Party, exact, honorific
from wholesale.kernel.papers import Paper
from wholesale.kernel.tables import XLSX, Cell, xlsx
from wholesale.kernel.text import N_, in_language, localized
from wholesale.kernel.types import canonical
from wholesale.mail import outbox
from wholesale.pricing.models import Basis
from wholesale.pricing.notices import OwnChange, concerned, notices_of, own_changes
from wholesale.pricing.revision_models import PriceNotice, PriceRevision, RevisionState
from wholesale.shipping.delivery_notes import issuer

KIND = "price_notice"
LETTER = "revision.letter"

WORDS = {
    "title": N_("Price revision"),
    "number": N_("No."),
    "issued_on": N_("Date"),
    "page": N_("Page"),
    "registration_number": N_("Registration no."),
    "code": N_("Item no."),
    "description": N_("Description"),
    "from": N_("From"),
    "list_before": N_("List price, old"),
    "list_after": N_("List price, new"),
    "before": N_("Your price, old"),
    "after": N_("Your price, new"),
    "change": N_("Change in %"),
    "starts_on": N_("New prices from"),
    "greeting": N_(
        "Thank you for your continued business. We have to change our prices as follows."
    ),
    "net": N_("All prices are unit prices without tax."),
    "pieces": N_("from %(quantity)s pieces"),
}
BASES = {
    Basis.ORDER: N_("The day of the order decides: what is ordered on that day or later has the new price."),
    Basis.SHIP: N_("The day of shipping decides: what is shipped on that day or later has the new price."),
    Basis.WISHED: N_("The wished date decides: what is wished for that day or later has the new price."),
}  # fmt: skip


def plan_letters(revision_id: int) -> list[int]:
    """The customers that get a letter, by id; none once the revision is cancelled. Reads only."""
    revision = session.get_one(PriceRevision, revision_id)
    return [] if revision.state is RevisionState.CANCELLED else concerned(revision)


def ask_for_letters(revision_id: int, customer_ids: list[int], by: Actor) -> None:
    """One piece of work per customer, so that a worker that dies goes on where it was."""
    for customer_id in customer_ids:
        jobs.enqueue(
            LETTER, {"revision": revision_id, "customer": customer_id}, by=by,
            dedupe_key=f"{LETTER}:{revision_id}:{customer_id}",
        )  # fmt: skip


def draw_up(revision_id: int, customer_id: int) -> dict[str, Any] | None:
    """The facts of one customer's letter; None where there is nothing (more) to tell. Reads only."""
    revision = session.get_one(PriceRevision, revision_id)
    customer = session.get_one(Customer, customer_id)
    if revision.state is RevisionState.CANCELLED:
        return None
    starts_on, changes = own_changes(revision, customer)
    return facts_of(revision, customer, starts_on, changes) if changes else None


def post(revision_id: int, customer_id: int, facts: dict[str, Any] | None, by: Actor) -> None:
    """Keep a customer's paper and table, and post the letter that carries both. Once only."""
    known = select(PriceNotice.id).where(
        PriceNotice.revision_id == revision_id, PriceNotice.customer_id == customer_id
    )
    if facts is None or session.scalar(known) is not None:
        return
    # who cancels waits for this letter, or is seen here: nobody is told after the withdrawal
    revision = session.get_one(
        PriceRevision, revision_id, with_for_update=True, populate_existing=True
    )
    if revision.state is RevisionState.CANCELLED:
        return
    customer = session.get_one(Customer, customer_id)
    paper = papers.issue(
        Paper(
            kind=KIND, number=f"{revision.number}-{customer.id}", customer_id=customer.id,
            partner=customer.name, issued_on=date.fromisoformat(facts["issued_on"]), amount=None,
            currency=facts["currency"], locale=facts["locale"], facts=canonical(facts),
        ),
        by,
    )  # fmt: skip
    table = files.store(table_of(facts), name=f"{revision.number}.xlsx", media_type=XLSX)
    notice = PriceNotice(
        revision_id=revision.id, customer_id=customer.id, number=revision.number,
        paper_id=paper.id, table_sha256=table.sha256, lines=len(facts["lines"]),
        starts_on=date.fromisoformat(facts["starts_on"]), recipient=customer.orders_to,
        posted_at=clock.now(),
    )  # fmt: skip
    session.add(notice)
    if customer.orders_to:
        outbox.post(
            "price_revision", to=customer.orders_to, locale=customer.locale,
            key=f"price_revision:{revision.number}:{customer.id}", by=by, customer_id=customer.id,
            paper=paper, enclosed=[table], number=revision.number,
            customer=customer.display_name(customer.locale), starts_on=facts["starts_on"],
            basis=revision.basis.value, message=facts["message"], lines=len(facts["lines"]),
        )  # fmt: skip


def withdraw(revision_id: int, by: Actor) -> None:
    """Tell everybody who was written to that the revision doesn't come."""
    revision = session.get_one(PriceRevision, revision_id)
    notices = [one for one in notices_of(revision) if one.recipient]
    named = {
        one.id: one
        for one in session.scalars(
            select(Customer).where(Customer.id.in_([one.customer_id for one in notices]))
        )
    }
    for one in notices:
        customer = named[one.customer_id]
        outbox.post(
            "price_revision_cancelled", to=one.recipient, locale=customer.locale,
            key=f"price_revision_cancelled:{revision.number}:{customer.id}", by=by,
            customer_id=customer.id, number=revision.number,
            customer=customer.display_name(customer.locale), starts_on=one.starts_on.isoformat(),
        )  # fmt: skip


def facts_of(
    revision: PriceRevision, customer: Customer, starts_on: date, changes: list[OwnChange]
) -> dict[str, Any]:
    """Everything the letter says, in the customer's language; figures exact, days ISO."""
    locale = customer.locale
    translate = in_language(locale)
    currency = changes[0].currency if changes else money_terms(customer, starts_on).currency
    return {
        "kind": KIND, "locale": locale, "number": revision.number,
        "issued_on": clock.today().isoformat(), "starts_on": starts_on.isoformat(),
        "currency": currency, "digits": digits_of(currency),
        "issuer": asdict(issuer(locale)), "addressee": asdict(_addressee(customer, locale)),
        "basis": translate(BASES[revision.basis]), "message": localized(revision.message, locale),
        "words": {key: translate(word) for key, word in WORDS.items()},
        "lines": [_line(one, locale, translate) for one in changes],
    }  # fmt: skip


def table_of(facts: Mapping[str, Any]) -> bytes:
    """The same list as an Excel file."""
    words = facts["words"]
    heads = (
        "code",
        "description",
        "from",
        "list_before",
        "list_after",
        "before",
        "after",
        "change",
    )

    def cells(line: Mapping[str, Any]) -> list[Cell]:
        figures = [_figure(line[key]) for key in ("list_before", "list_after", "before", "after")]
        return [line["code"], line["description"], line["quantity"], *figures, line["change"]]

    named = [words[key] for key in heads]
    return xlsx(named, [cells(line) for line in facts["lines"]], name=facts["number"])


def facts_of_paper(paper: Paper) -> dict[str, Any]:
    """What a stored letter says."""
    facts: dict[str, Any] = json.loads(paper.facts)
    return facts


def _figure(text: str) -> Cell:
    return Decimal(text) if text else None


def _line(one: OwnChange, locale: str, translate: Callable[[str], str]) -> dict[str, Any]:
    name = localized(one.facts.full_name(), locale)
    steps = translate(WORDS["pieces"]) % {"quantity": one.quantity} if one.quantity > 1 else ""
    share = one.share
    return {
        "code": one.facts.code, "description": f"{name} ({steps})" if steps else name,
        "quantity": one.quantity, "change": "" if share is None else f"{share * 100:+.1f} %",
        **{
            key: "" if value is None else exact(value)
            for key, value in (
                ("list_before", one.list_before), ("list_after", one.list_after),
                ("before", one.before), ("after", one.after),
            )
        },
    }  # fmt: skip


def _addressee(customer: Customer, locale: str) -> Party:
    address = customer.address
    if customer.country == "JP" and customer.region and not address.startswith(customer.region):
        address = f"{customer.region}{address}"
    is_posted = customer.country == "JP" and customer.postal_code
    post = f"〒{customer.postal_code}" if is_posted else ""
    lines = tuple(part for part in (post, address, customer.building) if part)
    return Party(customer.display_name(locale), honorific(locale), lines)
