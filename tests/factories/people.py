"""The cast: buyers of two rival customers and our own people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wholesale.accounts.inviting import add_buyer, add_staff
from wholesale.accounts.models import BuyerRole, User
from wholesale.customers.models import Address, Customer, Terms
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session

PASSWORD = "correct horse battery"
BY = Actor.system("test")


@dataclass(frozen=True, slots=True)
class Cast:
    """Alma and Bo buy for Nordwind, Cleo for its rival; Dana sells, Egon counts, Frida ships, Gil owns."""

    nordwind: Customer
    rival: Customer
    alma: User
    bo: User
    cleo: User
    dana: User
    egon: User
    frida: User
    gil: User


def make_customer(
    code: str,
    name: str,
    *,
    rate: str | None = "0.6",
    currency: str = "JPY",
    credit_limit: str | None = None,
    locale: str = "ja",
    region: str = "京都府",
) -> Customer:
    """An active customer with terms since 2020 and one ship-to."""
    customer = Customer(
        code=code, name=name, locale=locale, region=region, invoice_email=f"keiri@{code}.example.jp"
    )
    session.add(customer)
    session.flush()  # terms and address carry its id
    session.add(
        Terms(
            customer_id=customer.id,
            valid_from=date(2020, 1, 1),
            currency=currency,
            default_rate=Decimal(rate) if rate else None,
            credit_limit=Decimal(credit_limit) if credit_limit is not None else None,
            closing_days="31",
            payment_text="末締め翌月末",
        )
    )
    session.add(
        Address(
            customer_id=customer.id,
            code=f"{code}-1",
            name=f"{name} 本店",
            postal_code="604-0001",
            region=region,
            address="京都市中京区窯元町1",
            is_default=True,
        )
    )
    session.flush()  # tests look at the ids
    return customer


def make_cast() -> Cast:
    """Everybody, with the same password."""
    nordwind = make_customer("nordwind", "ノルドヴィント株式会社")
    rival = make_customer("rival", "株式会社ライバル商会")
    return Cast(
        nordwind=nordwind,
        rival=rival,
        alma=add_buyer(
            "alma@nordwind.example", "Alma", nordwind, BY, role=BuyerRole.ADMIN, password=PASSWORD
        ),
        bo=add_buyer("bo@nordwind.example", "Bo", nordwind, BY, password=PASSWORD),
        cleo=add_buyer("cleo@rival.example", "Cleo", rival, BY, password=PASSWORD),
        dana=add_staff("dana@example.jp", "Dana", "sales", BY, password=PASSWORD),
        egon=add_staff("egon@example.jp", "Egon", "accounting", BY, password=PASSWORD),
        frida=add_staff("frida@example.jp", "Frida", "warehouse", BY, password=PASSWORD),
        gil=add_staff("gil@example.jp", "Gil", "owner", BY, password=PASSWORD),
    )
