"""The delivery note (納品書): its facts, frozen at dispatch."""

from __future__ import annotations

from sqlalchemy import select

from wholesale.company.queries import company, digits_of, main_office
from wholesale.customers.queries import the_customer
from wholesale.kernel import papers
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.money import ZERO
from wholesale.kernel.paper_facts import PaperFacts, PaperLine, Party, exact, honorific, words
from wholesale.kernel.papers import Paper
from wholesale.kernel.text import in_language, localized
from wholesale.orders.models import Order
from wholesale.sales_ledger.queries import entries_of_slip
from wholesale.shipping.models import Shipment

KIND = "delivery_note"


def issue_delivery_note(shipment: Shipment, by: Actor) -> Paper:
    """Freeze and issue the delivery note of a dispatched shipment."""
    customer = the_customer(shipment.customer_id)
    locale = customer.locale
    orders = _orders(shipment)
    entries = {entry.source_id: entry for entry in session.scalars(
        entries_of_slip(shipment.delivery_note_number or ""))}  # fmt: skip
    currency = orders[0].currency
    lines = []
    total = ZERO
    for part in shipment.lines:
        line, entry = part.order_line, entries.get(part.id)
        lines.append(
            PaperLine(
                code=line.code,
                description=localized(line.description, locale),
                quantity=part.quantity,
                unit_price=exact(line.unit_price),
                amount=exact(entry.amount) if entry else "0",
                ordered=line.quantity - line.dropped,
                remaining=line.open,
            )
        )
        total += entry.amount if entry else ZERO
    facts = PaperFacts(
        kind=KIND,
        locale=locale,
        number=shipment.delivery_note_number or "",
        issued_on=str(shipment.dispatched_on),
        currency=currency,
        digits=digits_of(currency),
        issuer=issuer(locale),
        addressee=Party(customer.display_name(locale), honorific(locale)),
        ship_to=ship_to(shipment),
        lines=tuple(lines),
        words=words(in_language(locale)),
        net=str(total),
        cartons=len(shipment.cartons),
        references=tuple((order.number, order.po_number) for order in orders),
    )
    paper = papers.issue(
        Paper(
            kind=KIND,
            number=facts.number,
            customer_id=customer.id,
            partner=customer.name,
            issued_on=shipment.dispatched_on,
            amount=None,
            currency=currency,
            locale=locale,
            facts=facts.as_json(),
        ),
        by,
    )
    shipment.paper_id = paper.id
    return paper


def issuer(locale: str) -> Party:
    """Our firm as it is printed on papers."""
    ours, office = company(), main_office(locale)
    address = localized(office.address, locale)
    first = (
        f"〒{office.postal_code} {address}" if locale == "ja" and office.postal_code else address
    )
    return Party(
        name=localized(ours.name, locale),
        lines=(first,),
        phone=office.phone,
        registration_number=office.registration_number or ours.registration_number or "",
        mark=office.mark or ours.mark,
    )


def ship_to(shipment: Shipment) -> Party:
    """Where the goods go, as a parcel says it."""
    told = shipment.ship_to
    post = f"〒{told['postal_code']}" if told.get("country") == "JP" and told.get("postal_code") else (
        told.get("postal_code") or "")  # fmt: skip
    region = "" if str(told.get("address", "")).startswith(str(told.get("region", ""))) else (
        told.get("region", ""))  # fmt: skip
    lines = tuple(part for part in (f"{post} {region}{told.get('address', '')}".strip(),) if part)
    return Party(name=str(told.get("name", "")), lines=lines, phone=str(told.get("phone", "")))


def _orders(shipment: Shipment) -> list[Order]:
    ids = {line.order_line.order_id for line in shipment.lines}
    return list(session.scalars(select(Order).where(Order.id.in_(ids)).order_by(Order.id)))
