"""Fourteen months of trade, day by day: orders, shipments, invoices, receipts."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from wholesale.billing import invoicing
from wholesale.billing.models import Invoice
from wholesale.catalog.models import Sku, SkuState
from wholesale.customers.models import Customer
from wholesale.customers.queries import ship_tos
from wholesale.demo import money
from wholesale.demo.masters import KEPT_SCARCE
from wholesale.demo.wording import rows
from wholesale.kernel import clock
from wholesale.kernel.access import Actor, ActorKind
from wholesale.kernel.db import session
from wholesale.orders import confirming, noting, prepaying
from wholesale.orders.checkout import Requested
from wholesale.orders.holding import hold
from wholesale.orders.models import HoldReason, Order, OrderSource, OrderState
from wholesale.orders.placing import OrderRequest, place_request
from wholesale.shipping import dispatching, packing, planning
from wholesale.shipping.models import Shipment
from wholesale.stock import ledger, receiving
from wholesale.stock.setting_up import location_id

SALES = Actor(ActorKind.STAFF, None, "高瀬 みのり")
FLOOR = Actor(ActorKind.STAFF, None, "西川 亮")
SUNDAY = 6
STAGES = 4  # planned, being picked, packed, gone
DAYS_IN_THE_WAREHOUSE = 8
NEWEST = 10  # days: the newest orders name a wished day
SCARCE_SINCE = 24
LINES_FOR_TWO_SHIPMENTS = 5
CARRIERS = ("ヤマト運輸", "佐川急便", "日本郵便")


class Story:
    """What is planned for which day; each step is a real verb."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.dice = random.Random(f"土と紙 {today}")  # noqa: S311 - a story, no secret
        self.plan: dict[date, list[Callable[[], None]]] = defaultdict(list)
        self.weights = [int(row["weight"]) for row in rows("customers.csv")]
        self.codes = [row["code"] for row in rows("customers.csv")]
        self.sent = 0

    def day(self) -> None:
        """Everything that happens on the clock's day."""
        now = clock.today()
        for step in self.plan.pop(now, ()):
            step()
        if now.weekday() == SUNDAY:
            return
        if now.day in {5, 15, 25}:
            self._replenish()
        ahead = (self.today - now).days
        for _ in range(3 if ahead < 9 else self.dice.choice((0, 0, 1, 1, 1, 2))):  # noqa: PLR2004
            self._order(ahead)
        money.banking_day(self, now)

    def _order(self, ahead: int) -> None:
        code = self.dice.choices(self.codes, self.weights)[0]
        customer = session.scalars(select(Customer).where(Customer.code == code)).one()
        skus = session.execute(
            select(Sku.id, Sku.multiple).where(Sku.state == SkuState.SELLING).order_by(Sku.id)
        ).all()
        chosen = self.dice.sample(range(len(skus)), self.dice.choice((2, 3, 4, 4, 6, 9)))
        lines = [
            Requested(skus[n][0], skus[n][1] * self.dice.choice((1, 1, 2, 2, 3, 4))) for n in chosen
        ]
        if 5 < ahead < 8:  # noqa: PLR2004 - somebody wants more than there is
            scarce, free = min(money.stock_of_main_warehouse(), key=lambda level: level[1])
            pack = dict(skus)[scarce]
            lines = [line for line in lines if line.sku_id != scarce]
            lines.append(Requested(scarce, (max(free, 0) // pack + 4) * pack))
        portal = self.dice.random() < 0.6  # noqa: PLR2004
        order = place_request(
            OrderRequest(
                customer=customer, lines=lines, ship_to=ship_tos(customer.id)[0],
                source=OrderSource.PORTAL if portal else OrderSource.STAFF,
                wished_on=clock.today() + timedelta(days=self.dice.randrange(4, 9))
                if ahead < NEWEST
                else None,
                po_number=f"PO-{self.dice.randrange(1000, 9999)}" if self.dice.random() < 0.4 else "",  # noqa: PLR2004
            ),
            SALES,
        )  # fmt: skip
        number = order.number
        if ahead > 2:  # noqa: PLR2004 - the newest orders wait to be confirmed
            self._on(1, lambda: self._confirm(number))

    def _on(self, days: int, step: Callable[[], None]) -> None:
        day = clock.today() + timedelta(days=days)
        while day.weekday() == SUNDAY:
            day += timedelta(days=1)
        self.plan[day].append(step)

    def _confirm(self, number: str) -> None:
        order = _order(number)
        if order.state is not OrderState.PLACED or order.on_hold:
            return
        if self.dice.random() < 0.02 or (self.today - clock.today()).days in {3, 4}:  # noqa: PLR2004
            if self.dice.choice((HoldReason.CHECK, HoldReason.PREPAYMENT)) is HoldReason.CHECK:
                hold(order, HoldReason.CHECK, SALES, note="在庫と条件の確認")
            else:
                prepaying.demand(order, SALES, note="初めての大口のため前金で")
            if order.on_hold and (self.today - clock.today()).days > 4:  # noqa: PLR2004
                self._on(1, lambda: self._release(number))
            return
        confirming.confirm(order, SALES)
        if (self.today - clock.today()).days in {2, 5}:
            noting.note(order, "先方から電話、分納でよい。納期の回答を待っている", SALES)
        is_part = len(order.lines) > LINES_FOR_TWO_SHIPMENTS
        self._on(1, lambda: self._ship(number, is_part=is_part))

    def _release(self, number: str) -> None:
        from_hold = _order(number)
        if from_hold.on_hold:
            money.release(from_hold, SALES)
        self._confirm(number)

    def _ship(self, number: str, *, is_part: bool) -> None:
        order = _order(number)
        if order.state is not OrderState.CONFIRMED or order.on_hold:
            return
        ready = planning.ready_of(order)
        if not ready:
            self._on(7, lambda: self._ship(number, is_part=False))
            return
        if is_part:
            half = {one.line.id: one.quantity for one in ready[: len(ready) // 2 + 1]}
            made = planning.plan_part(order, half, FLOOR)
            self._on(6, lambda: self._ship(number, is_part=False))
        else:
            made = planning.plan_shipments(order, FLOOR)
            if any(line.open > line.planned for line in order.lines if line.needs_goods):
                self._on(9, lambda: self._ship(number, is_part=False))
        for shipment in made:
            self._pack(shipment.id)

    def _pack(self, shipment_id: int) -> None:
        shipment = session.get_one(Shipment, shipment_id)
        days = (self.today - clock.today()).days
        self.sent += 1
        stage = self.sent % STAGES if days <= DAYS_IN_THE_WAREHOUSE else STAGES
        if stage == 0:
            return
        if stage == 1:
            packing.start_picking(shipment, FLOOR)
            return
        packing.pick_all(shipment, FLOOR)
        packing.pack_as_suggested(shipment, FLOOR)
        if stage == 2:  # noqa: PLR2004 - packed, waiting for the carrier
            return
        dispatching.dispatch(
            shipment, FLOOR, carrier=self.dice.choice(CARRIERS),
            tracking_number=str(self.dice.randrange(10**11, 10**12)),
        )  # fmt: skip
        if days > 7:  # noqa: PLR2004 - the newest goods wait for their invoice
            self._on(1, lambda: self._bill(shipment_id))
        if days > 2:  # noqa: PLR2004
            self._on(2, lambda: dispatching.deliver(session.get_one(Shipment, shipment_id), FLOOR))

    def _bill(self, shipment_id: int) -> None:
        invoice = invoicing.invoice_shipment(session.get_one(Shipment, shipment_id), money.ACCOUNTS)
        self.plan[max(invoice.due_on, clock.today())].append(lambda: None)

    def _replenish(self) -> None:
        """What has run low comes in from the kilns and the mills; towards the end some does not."""
        soon = (self.today - clock.today()).days < SCARCE_SINCE
        for place, (sku_id, free) in enumerate(money.stock_of_main_warehouse()):
            scarce = place % 17 == KEPT_SCARCE
            if free < (40 if scarce else 400) and not (scarce and soon):
                ledger.receive(
                    sku_id, location_id("W1"), 60 if scarce else 800, FLOOR, source=("kiln", 0)
                )


def expect_goods(story: Story) -> None:
    """On the last day some goods are on their way in, for those who wait."""
    levels = sorted(money.stock_of_main_warehouse(), key=lambda level: level[1])
    skus = [sku for sku, _ in levels[:5]]
    for place, sku_id in enumerate(skus):
        receiving.expect(
            sku_id,
            location_id("W1"),
            240,
            story.today + timedelta(days=1 + place),
            FLOOR,
            note="窯出し",
        )


def _order(number: str) -> Order:
    return session.scalars(select(Order).where(Order.number == number)).one()


def open_invoices(until: date) -> list[tuple[Invoice, Customer, Decimal]]:
    """Invoices with something open that are due by a day, and who pays them."""
    found = session.execute(
        select(Invoice, Customer)
        .join(Customer, Customer.id == Invoice.customer_id)
        .where(Invoice.total != Invoice.settled, Invoice.due_on <= until)
        .order_by(Invoice.id)
    )
    return [(invoice, payer, invoice.total - invoice.settled) for invoice, payer in found]
