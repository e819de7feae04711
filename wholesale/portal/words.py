"""How states read to a buyer: a word, a tone and a mark. Nothing internal comes through here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import gettext as _

from wholesale.billing.models import Invoice, InvoiceKind
from wholesale.catalog.models import Life, SkuState
from wholesale.catalog.queries import SkuFacts
from wholesale.kernel import clock
from wholesale.kernel.db import Names
from wholesale.kernel.text import N_
from wholesale.offers.offering import Offer
from wholesale.orders.models import GoodsState, Order, OrderState
from wholesale.pricing.resolving import Price
from wholesale.shipping.models import Shipment, ShipmentState
from wholesale.web.chips import Chip, Step
from wholesale.web.filters import day


def stock_chip(offer: Offer) -> Chip:
    """What a customer reads about stock: never the figure above the threshold."""
    stock = offer.availability
    if offer.stock_word == "in_stock":
        return Chip(_("In stock"), "done", "100")
    if offer.stock_word == "few_left":
        return Chip(_("%(pieces)s left", pieces=stock.free), "go", "75")
    if offer.stock_word == "arriving":
        return Chip(_("Arrives %(day)s", day=day(stock.next_on)), "wait", "hold")
    if offer.stock_word == "made_to_order":
        days = offer.lead_days
        word = _("Made to order, %(days)s days", days=days) if days else _("Made to order")
        return Chip(word, "", "25")
    if offer.stock_word == "backorder":
        return Chip(_("On back order"), "wait", "hold")
    return Chip(_("Sold out"), "", "x")


def life_chip(facts: SkuFacts) -> Chip | None:
    """What a buyer is told of where a product is in its life; None for a current one."""
    if facts.life is Life.NEW:
        return Chip(_("New items"), "go", "0")
    if facts.is_over(clock.today()):
        return Chip(_("Discontinued"), "", "x")
    if facts.life is Life.ENDING:
        until = day(facts.last_order_on)
        return Chip(_("To be discontinued: orders until %(day)s", day=until), "wait", "hold")
    return None


_WHY_NOT = {
    "not_in_catalog": N_("Not in your catalogue"),
    "discontinued": N_("No longer sold"),
    "deadline_passed": N_("The deadline has passed"),
    "no_price": N_("No price in your currency yet: ask us"),
    "sold_out": N_("Sold out"),
}


def why_not(offer: Offer) -> str:
    """Why an item can't be ordered; "" when it can."""
    return _(_WHY_NOT[offer.why_not]) if offer.why_not else ""


def gone(offer: Offer) -> str:
    """What became of an item the customer once had, without a word on what it is today."""
    if offer.facts.state is SkuState.DISCONTINUED:
        return _("No longer sold. It can't be ordered any more.")
    return _("No longer in your catalogue. It can't be ordered any more.")


def problem(offer: Offer, code: str, left: int | None) -> str:
    """What is wrong with a line of a cart, and what to do; "" when nothing is."""
    if not code:
        return ""
    limits = offer.limits
    if code == "only_left":
        return _too_many(offer, left or 0)
    if code == "below_minimum":
        return _("At least %(minimum)s pieces.", minimum=limits.minimum)
    if code == "not_multiple":
        return _("Sold in packs of %(multiple)s.", multiple=limits.multiple)
    if code == "above_maximum":
        return _("At most %(maximum)s pieces.", maximum=limits.maximum)
    return _("%(why)s. Take it out to order the rest.", why=_(_WHY_NOT[code]))


def _too_many(offer: Offer, left: int) -> str:
    """More than there is, without a figure above the threshold."""
    if offer.stock_word == "in_stock":
        return _("We don't have that many in stock. Order fewer, or ask us.")
    return _("Only %(left)s are left. Order fewer.", left=left)


MOST_NAMED = 8


def left_out(said: str, codes: Sequence[str]) -> str:
    """A sentence on what was put in, and the codes of what can't be had now."""
    if not codes:
        return said
    named = ", ".join(codes[:MOST_NAMED]) + (" …" if len(codes) > MOST_NAMED else "")
    return _("%(said)s Not available now: %(codes)s", said=said, codes=named)


def cart_name(name: str) -> str:
    """What a cart is called; the first one has no name."""
    return name or _("Cart")


def is_matrix(facts: SkuFacts) -> bool:
    """Whether this SKU is one of several sizes of its colour."""
    return bool(facts.option_2)


def card_name(facts: SkuFacts) -> Names:
    """The name on a card: the product with its colour, and the rest where it stands alone."""
    if not is_matrix(facts):
        return facts.full_name()
    option = facts.option_1 or {}
    fallback = option.get("ja") or option.get("en") or ""
    return {
        language: f"{called} {option.get(language) or fallback}".strip()
        for language, called in facts.name.items()
    }


_OWNERS = {
    "customer": N_("your own terms"),
    "price_list": N_("your price list"),
    "group": N_("your price group"),
    "catalog": N_("this catalogue"),
}
_SCOPES = {
    "sku": N_("for this item"),
    "product": N_("for this product"),
    "category": N_("for this category"),
    "brand": N_("for this brand"),
    "all": N_("for everything"),
}


def price_origin(price: Price) -> str:
    """Where a price comes from, in words."""
    owner, _sep, rest = price.rule.partition("/")
    scope = rest.partition("/")[0]
    if owner in _OWNERS and scope in _SCOPES:
        return _("%(owner)s, %(scope)s", owner=_(_OWNERS[owner]), scope=_(_SCOPES[scope]))
    if price.rule == "default":
        return _("your general rate")
    return _("list price")


_SHIPMENTS = {
    ShipmentState.PLANNED: (N_("Being prepared"), "go", "25"),
    ShipmentState.PICKING: (N_("Being packed"), "go", "50"),
    ShipmentState.PACKED: (N_("Packed"), "go", "50"),
    ShipmentState.DISPATCHED: (N_("On its way"), "go", "75"),
    ShipmentState.DELIVERED: (N_("Delivered"), "done", "100"),
    ShipmentState.CANCELLED: (N_("Cancelled"), "", "x"),
    ShipmentState.REVERSED: (N_("Taken back"), "", "x"),
}


def shipment_chip(shipment: Shipment) -> Chip:
    """Where one delivery stands."""
    word, tone, mark = _SHIPMENTS[shipment.state]
    return Chip(_(word), tone, mark)


_ENDED = {
    OrderState.CANCELLED: Chip(N_("Cancelled"), "", "x"),
    OrderState.REJECTED: Chip(N_("Not accepted"), "", "x"),
}
_EARLY = {
    OrderState.DRAFT: Chip(N_("Draft"), "", "none"),
    OrderState.PLACED: Chip(N_("Being checked"), "", "0"),
    OrderState.PROPOSED: Chip(N_("Your answer needed"), "wait", "hold"),
}


def is_delivered(order: Order, shipments: Sequence[Shipment]) -> bool:
    """Whether everything has left and arrived."""
    return order.goods_state is GoodsState.SHIPPED and all(
        one.state is ShipmentState.DELIVERED for one in shipments
    )


def order_chip(order: Order, shipments: Sequence[Shipment]) -> Chip:
    """The word for an order as its buyer reads it. A hold of ours reads as being checked."""
    if order.state in _ENDED or order.state in _EARLY:
        chip = _ENDED.get(order.state) or _EARLY[order.state]
        return chip._replace(word=_(chip.word))
    if is_delivered(order, shipments):
        return Chip(_("Delivered"), "done", "100")
    if order.goods_state is GoodsState.SHIPPED:
        return Chip(_("On its way"), "go", "75")
    if order.goods_state is GoodsState.PARTLY_SHIPPED:
        return Chip(_("Partly shipped"), "go", "50")
    if order.goods_state is GoodsState.ALLOCATED:
        return Chip(_("Confirmed"), "go", "25")
    return Chip(_("Waiting for goods"), "wait", "hold")


def order_track(order: Order, shipments: Sequence[Shipment]) -> list[Step]:
    """Three marks: accepted, shipped, delivered. Payment is shown per invoice."""
    ended = order.state in _ENDED
    accepted = order.state in {OrderState.CONFIRMED, OrderState.COMPLETED}
    asked = order.state in {OrderState.PLACED, OrderState.PROPOSED}
    first = _step(_("Accepted"), "done" if accepted else "part" if asked else "open")
    if ended:
        return [
            _step(_("Accepted"), "done"),
            _step(_("Shipping"), "void"),
            _step(_("Arrival"), "void"),
        ]
    shipped = {GoodsState.SHIPPED: "done", GoodsState.PARTLY_SHIPPED: "part"}.get(
        order.goods_state, "open"
    )
    if accepted and order.goods_state in {GoodsState.NONE, GoodsState.PARTLY_ALLOCATED}:
        shipped = "wait"
    arrived = any(one.state is ShipmentState.DELIVERED for one in shipments)
    delivered = "done" if is_delivered(order, shipments) else "part" if arrived else "open"
    return [first, _step(_("Shipping"), shipped), _step(_("Arrival"), delivered)]


_STEPS = {
    "done": (N_("done"), "done", "100"),
    "part": (N_("in part"), "now", "50"),
    "wait": (N_("waiting for goods"), "stop", "hold"),
    "open": (N_("not yet"), "none", "0"),
    "void": (N_("cancelled"), "none", "x"),
}


def _step(label: str, state: str) -> Step:
    word, tone, mark = _STEPS[state]
    return Step(label, _(word), tone, mark)


def invoice_chip(invoice: Invoice, today: date) -> Chip:
    """What is still to do about an invoice."""
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        return Chip(
            _("Credit note"), "done" if invoice.is_paid else "", "100" if invoice.is_paid else "0"
        )
    if invoice.is_paid:
        return Chip(_("Paid"), "done", "100")
    if invoice.due_on < today:
        return Chip(_("Overdue"), "stop", "hold")
    if invoice.settled:
        return Chip(_("Partly paid"), "go", "75")
    return Chip(_("To be paid"), "go", "0")


_STORY: Mapping[str, tuple[str, str, str]] = {
    "order:placed": (N_("We received your order"), "done", "100"),
    "order:approved": (N_("Approved within your company"), "done", "100"),
    "order:proposed": (N_("We sent you our answer"), "wait", "hold"),
    "order:asked": (N_("You asked for a change"), "", "25"),
    "order:confirmed": (N_("The order is confirmed"), "done", "100"),
    "order:brought_in": (N_("The order is confirmed"), "done", "100"),
    "order:repriced": (N_("New prices of a price revision were entered"), "wait", "hold"),
    "order:promised": (N_("We told you a delivery day"), "done", "100"),
    "order:planned": (N_("A delivery is being prepared"), "go", "50"),
    "order:shipped": (N_("Goods left our warehouse"), "done", "100"),
    "order:dropped": (N_("Items that could not be delivered were taken off"), "wait", "hold"),
    "order:cancelled": (N_("The order was cancelled"), "", "x"),
    "order:rejected": (N_("We could not accept the order"), "", "x"),
    "order:unrejected": (N_("The order was taken up again"), "done", "100"),
}


def told(did: str) -> Chip | None:
    """A buyer's sentence for an entry of the journal; None for what stays with us."""
    if did not in _STORY:
        return None
    sentence, tone, mark = _STORY[did]
    return Chip(_(sentence), tone, mark)
