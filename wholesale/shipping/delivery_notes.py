"""The delivery note (納品書): its facts, frozen at dispatch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from wholesale.company.queries import company, digits_of, main_office
from wholesale.kernel import papers
from wholesale.kernel.access import Actor
from wholesale.kernel.money import ZERO
from wholesale.kernel.paper_facts import PaperFacts, PaperLine, Party, exact, honorific, words
from wholesale.kernel.papers import Paper
from wholesale.kernel.text import in_language, localized
from wholesale.orders.models import Order
from wholesale.shipping.models import Shipment

KIND = "delivery_note"


def issue_delivery_note(
    shipment: Shipment,
    number: str,
    orders: Sequence[Order],
    amounts: Mapping[int, Decimal],
    by: Actor,
) -> Paper:
    """Freeze and issue the delivery note of a dispatched shipment; `amounts` by shipment line."""
    customer = shipment.customer
    locale = customer.locale
    currency = orders[0].currency
    lines = []
    for part in shipment.lines:
        line = part.order_line
        lines.append(
            PaperLine(
                code=line.code,
                description=localized(line.description, locale),
                quantity=part.quantity,
                unit_price=exact(line.unit_price),
                amount=exact(amounts[part.id]),
                ordered=line.quantity - line.dropped,
                remaining=line.open,
            )
        )
    facts = PaperFacts(
        kind=KIND,
        locale=locale,
        number=number,
        issued_on=str(shipment.dispatched_on),
        currency=currency,
        digits=digits_of(currency),
        issuer=issuer(locale),
        addressee=Party(customer.display_name(locale), honorific(locale)),
        ship_to=ship_to(shipment),
        lines=tuple(lines),
        words=words(in_language(locale)),
        net=str(sum(amounts.values(), ZERO)),
        collects="" if shipment.collects is None else exact(shipment.collects),
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
    shipment.delivery_note_number, shipment.paper_id = number, paper.id
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
