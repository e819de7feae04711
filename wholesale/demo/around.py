"""What stands around the demo's story on its last day: a second office, rates, freight, a fair's link."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from wholesale.catalog import presenting, selecting
from wholesale.catalog.models import Audience, Product, Sku
from wholesale.company import changing, converting
from wholesale.company.models import TaxClass
from wholesale.customers.queries import customer_by_code
from wholesale.kernel import clock, config
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.offers import freight_rules, links
from wholesale.offers.models import Basis, ChargeKind, LinkOrders

# Yen for a unit of theirs, as a bank would quote them; one step a working day.
QUOTED = {"USD": Decimal("154.20"), "EUR": Decimal("166.85"), "CNY": Decimal("21.34")}
STEPS = (Decimal("0.9940"), Decimal("0.9975"), Decimal(1))
FAIR = ("TK-1101", "TK-1102", "TK-1103", "TK-1104")
FAIR_CUSTOMER, PASS_CODE = "K0305", "utsuwa"
NORTH_AND_ISLANDS = {"北海道": "1600", "沖縄県": "2200"}


def settle(by: Actor) -> None:
    """All of it, by the clock's day."""
    _second_office(by)
    _exchange_rates(by)
    _freight(by)
    _fair(by)


def _second_office(by: Actor) -> None:
    changing.save_office(
        None,
        {
            "code": "TOKYO",
            "name": {"ja": "東京営業所", "en": "Tokyo office", "zh": "东京办事处"},
            "address": {
                "ja": "東京都台東区紙問屋町3-2", "en": "3-2 Kamidonya-machi, Taito, Tokyo",
                "zh": "东京都台东区纸问屋町3-2",
            },
            "postal_code": "111-0000", "phone": "03-0000-0111", "is_main": False, "locales": "",
            "registration_number": "", "mark": "", "is_active": True,
        },
        0, by,
    )  # fmt: skip


def _exchange_rates(by: Actor) -> None:
    for back, step in enumerate(reversed(STEPS)):
        rates = {
            (currency, "TTM"): (rate * step).quantize(Decimal("0.01"))
            for currency, rate in QUOTED.items()
        }
        converting.enter_rates(clock.today() - timedelta(days=back), rates, by)


def _freight(by: Actor) -> None:
    """What costs more than the company's freight: the far prefectures, and heavy parcels."""
    blank: dict[str, Any] = {
        "kind": ChargeKind.FREIGHT, "basis": Basis.DELIVERY, "tax_class": TaxClass.STANDARD,
        "name": {}, "currency": "JPY", "country": "JP", "regions": "", "free_from": None,
        "min_amount": Decimal(0), "min_weight_grams": 0, "min_quantity": 0, "min_cartons": 0,
        "position": 0, "valid_from": clock.today(), "valid_until": None, "is_active": True,
    }  # fmt: skip
    for region, fee in NORTH_AND_ISLANDS.items():
        freight_rules.save_rule(
            None,
            {**blank, "regions": region, "fee": Decimal(fee), "free_from": Decimal(60000)},
            0, by,
        )  # fmt: skip
    cod = {"ja": "代引手数料", "en": "Cash on delivery fee", "zh": "货到付款手续费"}
    freight_rules.save_rule(
        None,
        {**blank, "kind": ChargeKind.CASH_ON_DELIVERY, "name": cod, "fee": Decimal(400)}, 0, by,
    )  # fmt: skip


def _fair(by: Actor) -> None:
    """A catalogue for the visitors of a fair, behind an order link."""
    zone = config.current().time_zone
    last = clock.today() + timedelta(days=12)
    values = {
        "code": "FAIR",
        "name": {"ja": "冬のうつわ展", "en": "Winter ware fair", "zh": "冬季器皿展"},
        "text": {
            "ja": "展示会でご覧いただいた器を、会期中の条件でご注文いただけます。",
            "en": "The ware you saw at the fair, at the terms of the fair.",
            "zh": "展会上展出的器皿，可按展会条件订购。",
        },
        "audience": Audience.INVITED, "opens_at": None,
        "closes_at": clock.instant(last, time(18), zone), "ends_at": None,
        "time_zone": zone, "policy": None, "lead_days": None,
    }  # fmt: skip
    catalog = presenting.save_catalog(None, values, 0, by)
    session.flush()  # what is added names it
    codes = session.scalars(
        select(Sku.code).join(Product, Product.id == Sku.product_id).where(Product.code.in_(FAIR))
    )
    selecting.add_codes(catalog, "\n".join(codes), catalog.version, by)
    presenting.open_catalog(catalog, catalog.version, by)
    stated = {
        "name": "冬のうつわ展", "greeting": "ご来場ありがとうございました。会期中の価格でご注文いただけます。",
        "catalog": catalog, "customer": customer_by_code(FAIR_CUSTOMER),
        "orders_as": LinkOrders.OF_VISITORS, "opens_on": None, "closes_on": last, "is_on": True,
        "view_only": False, "shows_prices": True,
    }  # fmt: skip
    links.save_link(None, stated, PASS_CODE, 0, by)
