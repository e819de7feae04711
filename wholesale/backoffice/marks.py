"""Words, tones and marks: how far a document has come, as a chip or as four marks in a row."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from flask_babel import gettext

from wholesale.backoffice.blueprints import office
from wholesale.kernel.db import Names
from wholesale.kernel.text import N_
from wholesale.orders import progress
from wholesale.orders.models import GoodsState, HoldReason, MoneyState, Order, OrderSource
from wholesale.shipping.models import ShipmentState
from wholesale.stock.models import MoveKind
from wholesale.web.chips import Chip, Step
from wholesale.web.filters import MINUS, figure, language, name

# The mark names of the domain, as the icon sheet calls them.
SYMBOLS = {
    "ring": "0", "quarter": "25", "half": "50", "three-quarters": "75", "done": "100",
    "alert": "hold", "void": "x", "draft": "none",
}  # fmt: skip


def chip(word: str, tone: str, mark: str) -> Chip:
    """A chip in the reader's language."""
    return Chip(gettext(word), tone, SYMBOLS.get(mark, mark))


def order_chip(order: Order) -> Chip:
    """The headline of an order."""
    return chip(*progress.headline(order))


_ALLOCATED = {
    GoodsState.NONE: (N_("not yet"), "none", "0"),
    GoodsState.PARTLY_ALLOCATED: (N_("partly"), "now", "50"),
    GoodsState.ALLOCATED: (N_("done"), "done", "100"),
    GoodsState.PARTLY_SHIPPED: (N_("done"), "done", "100"),
    GoodsState.SHIPPED: (N_("done"), "done", "100"),
}
_SHIPPED = {
    GoodsState.PARTLY_SHIPPED: (N_("partly"), "now", "50"),
    GoodsState.SHIPPED: (N_("done"), "done", "100"),
}
_INVOICED = {
    MoneyState.UNBILLED: (N_("not yet"), "none", "0"),
    MoneyState.PARTLY_BILLED: (N_("partly"), "now", "50"),
    MoneyState.BILLED: (N_("done"), "done", "100"),
    MoneyState.PAID: (N_("done"), "done", "100"),
}
_NOT_YET = (N_("not yet"), "none", "0")


def track(order: Order) -> tuple[Step, ...]:
    """Allocated, shipped, invoiced, paid: the four marks of every list of orders."""
    return _track(order.goods_state, order.money_state, language())


@cache
def _track(goods: GoodsState, money: MoneyState, _language: str) -> tuple[Step, ...]:
    """The marks in the language of the page that asks; there are few of them."""
    paid = (N_("done"), "done", "100") if money is MoneyState.PAID else _NOT_YET
    parts = (
        (N_("Allocated"), _ALLOCATED[goods]),
        (N_("Shipped"), _SHIPPED.get(goods, _NOT_YET)),
        (N_("Invoiced"), _INVOICED[money]),
        (N_("Paid"), paid),
    )
    return tuple(
        Step(gettext(label), gettext(word), tone, mark) for label, (word, tone, mark) in parts
    )


_SHIPMENTS = {
    ShipmentState.PLANNED: (N_("To be picked"), "", "0"),
    ShipmentState.PICKING: (N_("Picking"), "go", "25"),
    ShipmentState.PACKED: (N_("Packed"), "go", "50"),
    ShipmentState.DISPATCHED: (N_("On its way"), "go", "75"),
    ShipmentState.DELIVERED: (N_("Delivered"), "done", "100"),
    ShipmentState.CANCELLED: (N_("Cancelled"), "", "x"),
    ShipmentState.REVERSED: (N_("Taken back"), "", "x"),
}


def shipment_chip(state: ShipmentState) -> Chip:
    """Where a shipment stands."""
    return chip(*_SHIPMENTS[state])


_MOVES = {
    MoveKind.OPENING: N_("Opening stock"),
    MoveKind.RECEIPT: N_("Received"),
    MoveKind.SHIPMENT: N_("Shipped"),
    MoveKind.TRANSFER: N_("Moved"),
    MoveKind.ADJUSTMENT: N_("Counted"),
    MoveKind.RETURN: N_("Returned"),
    MoveKind.REVERSAL: N_("Shipment taken back"),
}


def move_word(kind: MoveKind) -> str:
    """Why stock moved."""
    return gettext(_MOVES[kind])


SOURCES = {
    OrderSource.PORTAL: N_("Portal"),
    OrderSource.STAFF: N_("Our staff"),
    OrderSource.IMPORT: N_("Import"),
    OrderSource.OPENING: N_("Brought in"),
    OrderSource.LINK: N_("Order link"),
}


def source_word(source: OrderSource) -> str:
    """Through which door an order came."""
    return gettext(SOURCES[source])


HOLDS = {
    HoldReason.CREDIT: N_("Credit limit"),
    HoldReason.PREPAYMENT: N_("Waiting for prepayment"),
    HoldReason.SERVICE: N_("Waiting for the settlement service"),
    HoldReason.CHECK: N_("To be checked"),
    HoldReason.OWN: N_("Our own reason"),
}


def hold_word(reason: HoldReason) -> str:
    """Why an order stands still."""
    return gettext(HOLDS[reason])


# What the journal says of a document, in the past tense.
_DID = {
    "order:placed": (N_("Placed"), "done", "100"),
    "order:forced": (N_("Placed after the last order day"), "wait", "hold"),
    "order:approved": (N_("Approved within the customer"), "done", "100"),
    "order:confirmed": (N_("Confirmed"), "done", "100"),
    "order:brought_in": (N_("Brought in as opening"), "done", "100"),
    "order:proposed": (N_("Sent to the buyer for approval"), "now", "25"),
    "order:asked": (N_("The buyer asked for changes"), "wait", "hold"),
    "order:promised": (N_("Delivery date answered"), "done", "100"),
    "order:held": (N_("Put on hold"), "wait", "lock"),
    "order:released": (N_("Released"), "done", "100"),
    "order:prepaid": (N_("The prepayment is there"), "done", "100"),
    "order:allocated": (N_("Allocated by hand"), "done", "100"),
    "order:question-asked": (N_("Question of the customer"), "wait", "hold"),
    "order:question-answered": (N_("Question answered"), "done", "100"),
    "order:question-closed": (N_("Question answered elsewhere"), "done", "100"),
    "order:noted": (N_("Note"), "", "none"),
    "order:planned": (N_("Shipment planned"), "now", "25"),
    "order:shipped": (N_("Shipped"), "done", "100"),
    "order:dropped": (N_("Rest given up"), "", "x"),
    "order:repriced": (N_("New price of a revision"), "now", "50"),
    "revision:made": (N_("Begun"), "", "0"),
    "revision:changed": (N_("Day, basis or message changed"), "", "0"),
    "revision:list_prices": (N_("List prices entered"), "", "25"),
    "revision:rates": (N_("Rates entered"), "", "25"),
    "revision:dropped": (N_("Changes taken out"), "", "x"),
    "revision:left_out": (N_("Exception for a customer"), "", "hold"),
    "revision:announced": (N_("Announced"), "now", "50"),
    "revision:applied": (N_("In force"), "done", "100"),
    "revision:cancelled": (N_("Cancelled"), "", "x"),
    "order:cancelled": (N_("Cancelled"), "", "x"),
    "order:rejected": (N_("Rejected"), "", "x"),
    "order:unrejected": (N_("Rejection taken back"), "now", "25"),
    "shipment:planned": (N_("Shipment planned"), "done", "100"),
    "shipment:picking": (N_("Picking begun"), "done", "100"),
    "shipment:packed": (N_("Packed"), "done", "100"),
    "shipment:dispatched": (N_("Dispatched"), "done", "100"),
    "shipment:delivered": (N_("Delivered"), "done", "100"),
    "shipment:cancelled": (N_("Shipment cancelled"), "", "x"),
    "shipment:reversed": (N_("Dispatch taken back"), "wait", "hold"),
    "invoice:issued": (N_("Issued"), "done", "100"),
    "invoice:brought_in": (N_("Brought in as opening"), "done", "100"),
    "customer:added": (N_("Customer added"), "done", "100"),
    "customer:changed": (N_("Customer changed"), "now", "50"),
    "customer:registered": (N_("Customer added"), "done", "100"),
    "customer:terms": (N_("Terms of trade changed"), "now", "50"),
    "customer:merged": (N_("Merged"), "done", "100"),
    "customer:unmerged": (N_("Merge undone"), "", "x"),
    "customer:distinct": (N_("Found to be two"), "", "none"),
    "customer:bill_to": (N_("Bill-to changed"), "now", "50"),
    "customer:vetted": (N_("Check written down"), "done", "100"),
    "customer:noted": (N_("Memo written"), "now", "50"),
    "customer:invited": (N_("Buyer invited"), "done", "100"),
    "customer:buyer_changed": (N_("Buyer's role or limits changed"), "now", "50"),
    "customer:buyer_signed_out": (N_("Buyer signed out everywhere"), "", "x"),
    "customer:buyer_removed": (N_("Buyer removed"), "", "x"),
    "user:added": (N_("Account opened"), "done", "100"),
    "user:admitted": (N_("Came in for the first time"), "done", "100"),
    "user:accepted": (N_("Invitation accepted"), "done", "100"),
    "user:joined": (N_("May act for a customer"), "done", "100"),
    "user:signed_in": (N_("Signed in"), "", "0"),
    "user:changed": (N_("Role or limits changed"), "now", "50"),
    "user:assigned": (N_("Customers assigned"), "now", "50"),
    "user:renamed": (N_("Name changed"), "now", "50"),
    "user:disabled": (N_("Shut out"), "stop", "x"),
    "user:enabled": (N_("Let in again"), "done", "100"),
    "user:made_owner": (N_("Made owner from the command line"), "wait", "hold"),
    "user:password": (N_("Password changed"), "now", "50"),
    "user:password_reset": (N_("Password set by a link"), "now", "50"),
    "user:reset_asked": (N_("A link for a new password was sent"), "wait", "hold"),
    "user:factor_set_up": (N_("Second proof set up"), "done", "100"),
    "user:factor_removed": (N_("Second proof removed"), "wait", "hold"),
    "user:codes_renewed": (N_("New recovery codes"), "now", "50"),
    "user:code_used": (N_("A recovery code was used"), "wait", "hold"),
    "user:session_ended": (N_("A session was ended"), "", "x"),
    "user:sessions_ended": (N_("Signed out everywhere"), "", "x"),
    "receipt:used": (N_("Used for an invoice"), "done", "100"),
    "receipt:settled": (N_("Cleared"), "done", "100"),
    "receipt:undone": (N_("Clearing undone"), "wait", "hold"),
    "bank_line:set_apart": (N_("Set apart"), "", "none"),
    "bank_line:taken_up": (N_("Taken up again"), "now", "25"),
    "bank_line:reversed": (N_("Taken back"), "", "x"),
}


def did_chip(did: str) -> Chip:
    """One entry of a history."""
    word, tone, mark = _DID.get(did, (did, "", "0"))
    return chip(word, tone, mark)


@office.app_template_filter("change")
def change(value: Decimal | None) -> str:
    """0.068 → +6.8%, −0.182 → −18.2%; a dash where there is nothing to compare with."""
    if value is None:
        return "–"
    return f"{'+' if value > 0 else MINUS if value < 0 else '±'}{abs(value) * 100:.1f}%"


@office.app_template_filter("signed")
def signed(value: int) -> str:
    """24 → +24, −3 → −3, 0 → ±0: a change of a level."""
    return f"{'+' if value > 0 else '' if value < 0 else '±'}{figure(value)}"


def localized_name(names: Names) -> str:
    """A name in the page's language, for sentences put together below the templates."""
    return name(names)
