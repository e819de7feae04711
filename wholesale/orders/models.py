"""Carts and orders: what was asked for, on what terms, and how far each line has come."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wholesale.accounts.models import User
from wholesale.catalog.models import OrderPolicy, Sku, is_of_another_brand
from wholesale.company.models import TaxClass
from wholesale.customers.models import Customer, PaymentMeans
from wholesale.kernel.access import Principal
from wholesale.kernel.db import Limited, Model, Names, Owned
from wholesale.kernel.lifecycle import Lifecycle
from wholesale.kernel.money import Rounding
from wholesale.kernel.types import CanonicalJSON
from wholesale.orders.list_tables import (  # noqa: F401 - their tables
    CartChange,
    CartChoice,
    Favourite,
    StandardLine,
    StandardList,
)


class OrderState(StrEnum):
    """The short life of an order itself; goods and money are derived from its lines."""

    DRAFT = "draft"
    PLACED = "placed"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


_S = OrderState
ORDER_LIFECYCLE = Lifecycle(
    {
        _S.DRAFT: {_S.PLACED, _S.CANCELLED},
        _S.PLACED: {_S.PROPOSED, _S.CONFIRMED, _S.REJECTED, _S.CANCELLED},
        _S.PROPOSED: {_S.CONFIRMED, _S.PLACED, _S.CANCELLED},
        _S.CONFIRMED: {_S.PROPOSED, _S.COMPLETED, _S.CANCELLED},
        _S.COMPLETED: {_S.CONFIRMED},
        _S.REJECTED: {_S.PLACED},
        _S.CANCELLED: set(),
    }
)


class CartState(StrEnum):
    """Where a cart stands."""

    OPEN = "open"
    AWAITING_APPROVAL = "awaiting_approval"
    PLACED = "placed"
    DELETED = "deleted"


_C = CartState
CART_LIFECYCLE = Lifecycle(
    {
        _C.OPEN: {_C.AWAITING_APPROVAL, _C.PLACED, _C.DELETED},
        _C.AWAITING_APPROVAL: {_C.OPEN, _C.PLACED},
        _C.PLACED: set(),
        _C.DELETED: {_C.OPEN},
    }
)


class GoodsState(StrEnum):
    """How far the goods have come (lines that need goods only)."""

    NONE = "none"
    PARTLY_ALLOCATED = "partly_allocated"
    ALLOCATED = "allocated"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"


class MoneyState(StrEnum):
    """How far the money has come (lines that cost money only)."""

    UNBILLED = "unbilled"
    PARTLY_BILLED = "partly_billed"
    BILLED = "billed"
    PAID = "paid"


class OrderSource(StrEnum):
    """Through which door an order came."""

    PORTAL = "portal"
    STAFF = "staff"
    IMPORT = "import"
    OPENING = "opening"
    LINK = "link"


class LineKind(StrEnum):
    """Goods, or a fee without goods."""

    GOODS = "goods"
    FREIGHT = "freight"
    FEE = "fee"
    DISCOUNT = "discount"


class HoldReason(StrEnum):
    """Why an order may not go on."""

    CREDIT = "credit"
    PREPAYMENT = "prepayment"
    SERVICE = "service"
    CHECK = "check"
    OWN = "own"


class Cart(Owned, Model):
    """What a buyer has put together; it holds no price and no stock.

    `plan` is how it is divided by places and days (`orders.splitting`), empty for one order.
    `user_id` is whose it is; colleagues fill and order a shared one, too. `emptied` is what was taken
    out at once, [SKU, pieces, note], until it is put back or ordered. While it waits for a colleague's
    approval nothing in it changes; `asked_seen` are the figures the buyer saw when asking. `refusal`
    stays until the cart is sent again.
    """

    __tablename__ = "carts"
    __table_args__ = (Index("ix_carts_open", "customer_id", "user_id", "state"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(default="")
    is_shared: Mapped[bool] = mapped_column(default=False)
    state: Mapped[CartState] = mapped_column(default=CartState.OPEN)
    ship_to_id: Mapped[int | None] = mapped_column(ForeignKey("addresses.id"))
    wished_on: Mapped[date | None]
    po_number: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(default="")
    sent_back_order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    asked_at: Mapped[datetime | None]
    asked_note: Mapped[str] = mapped_column(default="")
    asked_seen: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON, default=dict)
    refused_by: Mapped[str] = mapped_column(default="")
    refusal: Mapped[str] = mapped_column(default="")
    plan: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON, default=dict)
    emptied: Mapped[list[Any]] = mapped_column(CanonicalJSON, default=list)
    emptied_by: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    user: Mapped[User] = relationship()
    lines: Mapped[list[CartLine]] = relationship(
        back_populates="cart", order_by="CartLine.id", cascade="all, delete-orphan"
    )

    @property
    def asked_net(self) -> Decimal:
        """The net sum the buyer saw when asking for approval."""
        return Decimal(self.asked_seen.get("net", "0"))

    @property
    def place_ids(self) -> list[int | None]:
        """The ship-tos it goes to; None for the customer's own address, or one typed for it alone."""
        parts = self.plan.get("parts", [])
        return [part["to"] for part in parts] if parts else [self.ship_to_id]

    def move_to(self, state: CartState) -> None:
        """Change the state along the table of moves. Raises IllegalMove."""
        CART_LIFECYCLE.check(self.state, state)
        self.state = state


class CartLine(Model):
    """One SKU in a cart; `seen_price` is the unit price that was shown when it was put in.

    `known_as` is its name as it was then: what is said of it once it is hidden from the customer.
    """

    __tablename__ = "cart_lines"
    __table_args__ = (
        UniqueConstraint("cart_id", "sku_id"),
        CheckConstraint("quantity > 0", "quantity_positive"),
    )

    cart_id: Mapped[int] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    quantity: Mapped[int]
    seen_price: Mapped[Decimal | None]
    note: Mapped[str] = mapped_column(default="")
    known_as: Mapped[Names] = mapped_column(default=dict)
    changed_by: Mapped[str] = mapped_column(default="")
    changed_by_id: Mapped[int | None]
    changed_at: Mapped[datetime | None]

    cart: Mapped[Cart] = relationship(back_populates="lines")
    sku: Mapped[Sku] = relationship()


class Order(Limited, Owned, Model):
    """An order. Everything the terms said when it was placed is copied here and stays.

    Amounts are net in `currency`; `tax_estimate` is only that (消費税(目安)). `goods_state` and
    `money_state` are written beside the lines' quantities by `orders.progress` alone. `approved_by` is
    the buyer's colleague who agreed before it was placed. `prepayment` (gross) must lie on account
    before it goes on; `prepaid` of it does and is set apart for this order (`orders.prepaying`).
    """

    __tablename__ = "orders"
    __table_args__ = (
        Index("ix_orders_customer_placed", "customer_id", "placed_at"),
        Index("ix_orders_state_placed", "state", "placed_at", "id"),
        Index("ix_orders_placed", "placed_at", "id"),
        # What the counts of every list look at, without the wide rows.
        Index("ix_orders_work", "state", "money_state", "goods_state", "on_hold"),
        # For what is typed: the beginning of a number, whatever the database's collation.
        Index("ix_orders_number", "number", postgresql_ops={"number": "varchar_pattern_ops"}),
        Index(
            "ix_orders_po_number", "po_number", postgresql_ops={"po_number": "varchar_pattern_ops"}
        ),
    )

    number: Mapped[str] = mapped_column(String(30), unique=True)
    is_opening: Mapped[bool] = mapped_column(default=False)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    bill_to_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    state: Mapped[OrderState] = mapped_column(default=OrderState.DRAFT)
    goods_state: Mapped[GoodsState] = mapped_column(default=GoodsState.NONE)
    money_state: Mapped[MoneyState] = mapped_column(default=MoneyState.UNBILLED)
    on_hold: Mapped[bool] = mapped_column(default=False)
    source: Mapped[OrderSource]
    placed_at: Mapped[datetime]
    placed_by: Mapped[str]
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    on_behalf_of: Mapped[str | None]
    approved_by: Mapped[str | None]
    link_id: Mapped[int | None] = mapped_column(index=True)
    currency: Mapped[str] = mapped_column(String(3))
    incoterm: Mapped[str] = mapped_column(String(8), default="")
    incoterm_place: Mapped[str] = mapped_column(default="")
    tax_mode: Mapped[Rounding]
    tax_region_is_export: Mapped[bool] = mapped_column(default=False)
    terms: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    ship_to_id: Mapped[int | None] = mapped_column(ForeignKey("addresses.id"))
    ship_to: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    wished_on: Mapped[date | None]
    planned_on: Mapped[date]
    po_number: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(default="")
    internal_note: Mapped[str] = mapped_column(default="")
    amount_net: Mapped[Decimal]
    tax_estimate: Mapped[Decimal]
    credit_counted: Mapped[Decimal] = mapped_column(default=Decimal(0))
    credit_is_later: Mapped[bool] = mapped_column(default=False)
    prepayment: Mapped[Decimal] = mapped_column(default=Decimal(0), server_default=text("0"))
    prepaid: Mapped[Decimal] = mapped_column(default=Decimal(0), server_default=text("0"))
    confirmed_revision: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
    bill_to: Mapped[Customer] = relationship(foreign_keys=[bill_to_id])
    lines: Mapped[list[OrderLine]] = relationship(
        back_populates="order", order_by="OrderLine.position", cascade="all, delete-orphan"
    )

    @classmethod
    def allowed(cls, who: Principal) -> ColumnElement[bool] | None:
        """Who is kept to some brands sees the orders that hold goods of these alone; a buyer kept
        to some ship-tos, the orders that go to these.
        """
        if who.ship_to_ids is not None:
            return cls.ship_to_id.in_(who.ship_to_ids)
        if who.brand_ids is None:
            return None
        lines = OrderLine.__table__.alias()
        other = is_of_another_brand(lines.c.sku_id, who.brand_ids)
        return ~exists().where(lines.c.order_id == cls.id, other)

    @property
    def amount_gross(self) -> Decimal:
        """Net amount plus the estimated tax."""
        return self.amount_net + self.tax_estimate

    @property
    def prepayment_missing(self) -> Decimal:
        """What must still arrive before the order goes on, in its currency."""
        return self.prepayment - self.prepaid

    @property
    def payment_means(self) -> PaymentMeans:
        """How it is paid, by the terms it was placed on."""
        return PaymentMeans(self.terms.get("payment_means", PaymentMeans.ON_ACCOUNT.value))

    @property
    def is_open(self) -> bool:
        """Whether goods or decisions are still to come."""
        return self.state in {_S.PLACED, _S.PROPOSED, _S.CONFIRMED}

    def move_to(self, state: OrderState) -> None:
        """Change the state along the table of moves. Raises IllegalMove."""
        ORDER_LIFECYCLE.check(self.state, state)
        self.state = state


class OrderLine(Model):
    """One line: what was agreed (frozen), and how far it has come (counters of upstairs).

    `quantity` pieces ordered, `dropped` given up (打切). Open = quantity − dropped − shipped.
    `planned`, `allocated`, `shipped`, `returned`, `invoiced`, `settled` are kept by
    `orders.progress` as the sum of the rows beneath, opening figures included. `together` lines of one
    wished day leave when all of them are there.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint("quantity > 0 AND dropped >= 0 AND shipped >= 0", "not_negative"),
        CheckConstraint("shipped + dropped <= quantity", "not_beyond_ordered"),
        CheckConstraint(
            "allocated >= 0 AND allocated <= quantity - dropped - shipped", "allocated"
        ),
        CheckConstraint("planned >= 0 AND planned <= quantity - dropped - shipped", "planned"),
        CheckConstraint("returned >= 0 AND returned <= shipped", "returned"),
        Index("ix_order_lines_sku", "sku_id"),
        Index(
            "ix_order_lines_open",
            "sku_id",
            "planned_on",
            sqlite_where=text("quantity > dropped + shipped"),
            postgresql_where=text("quantity > dropped + shipped"),
        ),
        # All that the queues count, so that they never touch the wide rows.
        Index(
            "ix_order_lines_work",
            "order_id",
            "kind",
            "promised_on",
            "wished_on",
            "sku_id",
            "quantity",
            "dropped",
            "shipped",
            "allocated",
            sqlite_where=text("quantity > dropped + shipped"),
            postgresql_where=text("quantity > dropped + shipped"),
        ),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[LineKind] = mapped_column(default=LineKind.GOODS)
    sku_id: Mapped[int | None] = mapped_column(ForeignKey("skus.id"))
    catalog_id: Mapped[int | None] = mapped_column(ForeignKey("catalogs.id"))
    code: Mapped[str] = mapped_column(String(60))
    description: Mapped[Names]
    quantity: Mapped[int]
    dropped: Mapped[int] = mapped_column(default=0)
    drop_reason: Mapped[str] = mapped_column(default="")
    planned: Mapped[int] = mapped_column(default=0)
    allocated: Mapped[int] = mapped_column(default=0)
    shipped: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    invoiced: Mapped[int] = mapped_column(default=0)
    settled: Mapped[Decimal] = mapped_column(default=Decimal(0))
    opening_shipped: Mapped[int] = mapped_column(default=0)
    opening_invoiced: Mapped[int] = mapped_column(default=0)
    list_price: Mapped[Decimal | None]
    rate: Mapped[Decimal | None]
    unit_price: Mapped[Decimal]
    amount: Mapped[Decimal]
    tax_class: Mapped[TaxClass]
    price_rule: Mapped[str] = mapped_column(default="")
    price_trace: Mapped[list[Any]] = mapped_column(CanonicalJSON, default=list)
    policy: Mapped[OrderPolicy | None]
    wished_on: Mapped[date | None]
    promised_on: Mapped[date | None]
    planned_on: Mapped[date]
    po_number: Mapped[str] = mapped_column(String(40), default="")
    together: Mapped[bool] = mapped_column(default=False)
    demand_id: Mapped[int | None] = mapped_column(ForeignKey("demands.id"), unique=True)
    note: Mapped[str] = mapped_column(default="")

    order: Mapped[Order] = relationship(back_populates="lines")
    sku: Mapped[Sku | None] = relationship()

    @property
    def open(self) -> int:
        """Pieces still to be delivered."""
        return self.quantity - self.dropped - self.shipped

    @property
    def needs_goods(self) -> bool:
        """Whether goods belong to this line at all."""
        return self.kind is LineKind.GOODS


class Promise(Model):
    """One answer about a line's date (納期回答): the history behind `promised_on`."""

    __tablename__ = "promises"

    order_line_id: Mapped[int] = mapped_column(
        ForeignKey("order_lines.id", ondelete="CASCADE"), index=True
    )
    promised_on: Mapped[date | None]
    quantity: Mapped[int]
    said_at: Mapped[datetime]
    said_by: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")


class Confirmation(Model):
    """One numbered revision of what was agreed: its lines as canonical JSON, and whether it counts."""

    __tablename__ = "confirmations"
    __table_args__ = (UniqueConstraint("order_id", "revision"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    revision: Mapped[int]
    lines: Mapped[list[Any]] = mapped_column(CanonicalJSON)
    proposed_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str] = mapped_column(default="")
    forced: Mapped[bool] = mapped_column(default=False)
    paper_id: Mapped[int | None]


class Hold(Model):
    """Why an order may not go on, since when, and who released it. The buyer never reads it."""

    __tablename__ = "holds"
    __table_args__ = (Index("ix_holds_order", "order_id"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    reason: Mapped[HoldReason]
    note: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by: Mapped[str] = mapped_column(default="")
