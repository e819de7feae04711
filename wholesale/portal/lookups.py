"""What turns an address into an object, always within the signed-in customer: a stranger gets 404."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import NotFound

from wholesale.accounts.models import Membership, User
from wholesale.billing.models import Invoice, InvoiceState
from wholesale.catalog.models import Brand, Catalog, Picture, Product, Sku
from wholesale.catalog.queries import SkuFacts
from wholesale.catalog.visibility import is_visible, open_catalogs, shows_picture
from wholesale.company.models import Notice
from wholesale.customers.models import Address, Customer
from wholesale.customers.queries import ship_tos
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.files import StoredFile
from wholesale.kernel.papers import Paper
from wholesale.offers.collections import Collection, collections
from wholesale.offers.listing import ProductView, product_view
from wholesale.offers.models import LineSheet
from wholesale.offers.offering import Offer
from wholesale.offers.watch_tables import Watch
from wholesale.orders import carting
from wholesale.orders.list_tables import StandardList
from wholesale.orders.models import Cart, CartState, Order
from wholesale.shipping.models import Shipment
from wholesale.web.door import the_visitor
from wholesale.web.lookups import found


def own_customer() -> Customer:
    """The customer the buyer acts for."""
    return found(session.get(Customer, the_visitor().customer_id))


def own_ids() -> frozenset[int]:
    """The customers whose documents the buyer may read: its own, and those billed through it."""
    return the_visitor().customer_ids or frozenset()


def own_user() -> User:
    """The person who is signed in."""
    return found(session.get(User, the_visitor().user_id))


def own_membership() -> Membership:
    """What the person may do for the customer: role and spending limit."""
    someone = the_visitor()
    return found(
        session.scalar(
            select(Membership).where(
                Membership.user_id == someone.user_id, Membership.customer_id == someone.customer_id
            )
        )
    )


def colleague(number: int) -> Membership:
    """A buyer of the customer, by the number of the membership. Raises NotFound."""
    return found(
        session.scalar(
            select(Membership)
            .where(Membership.id == number, Membership.customer_id == the_visitor().customer_id)
            .options(selectinload(Membership.user), selectinload(Membership.customer))
        )
    )


def own_cart() -> Cart | None:
    """The person's open cart, where there is one."""
    someone = the_visitor()
    return carting.find_cart(someone.customer_id or 0, someone.user_id)


def cart_to_fill() -> Cart:
    """The person's open cart, made at the first use. For routes that write."""
    return carting.open_cart(own_customer(), own_user())


def reachable_cart(number: int) -> Cart:
    """A cart of the person's own, or one its colleagues share; open, or deleted a while ago.

    Raises NotFound.
    """
    someone = the_visitor()
    return found(
        session.scalar(
            select(Cart)
            .where(
                Cart.id == number, Cart.customer_id == someone.customer_id,
                or_(Cart.user_id == someone.user_id, Cart.is_shared),
                Cart.state.in_([CartState.OPEN, CartState.DELETED]),
            )
            .options(selectinload(Cart.user))
        )
    )  # fmt: skip


def standard_list(number: int) -> StandardList:
    """A standard list of the customer's. Raises NotFound."""
    return found(
        session.scalar(
            select(StandardList)
            .where(
                StandardList.id == number,
                StandardList.customer_id == the_visitor().customer_id,
            )
            .options(selectinload(StandardList.lines))
        )
    )


def own_watch(number: int) -> Watch:
    """A notice the person has switched on, for whichever of its customers. Raises NotFound."""
    someone = the_visitor()
    return found(
        session.scalar(
            select(Watch).where(
                Watch.id == number, Watch.user_id == someone.user_id,
                Watch.customer_id == someone.customer_id,
            )
        )
    )  # fmt: skip


def asked_cart(number: int) -> Cart:
    """A cart of the customer for which approval was asked, to a ship-to of the person's.

    Raises NotFound.
    """
    someone = the_visitor()
    cart = found(
        session.scalar(
            select(Cart)
            .where(
                Cart.id == number,
                Cart.customer_id == someone.customer_id,
                Cart.asked_at.is_not(None),
            )
            .options(selectinload(Cart.lines), selectinload(Cart.user))
        )
    )
    if not may_see(cart):
        raise NotFound
    return cart


def own_asked_cart(number: int) -> Cart:
    """A cart for which the person itself has asked for approval. Raises NotFound."""
    cart = asked_cart(number)
    if cart.user_id != the_visitor().user_id:
        raise NotFound
    return cart


def may_see(cart: Cart) -> bool:
    """Whether a cart is the person's own, or goes to where it may order for."""
    someone = the_visitor()
    mine = someone.ship_to_ids
    return cart.user_id == someone.user_id or mine is None or set(cart.place_ids) <= set(mine)


def own_order(number: str) -> Order:
    """An order of the customer, its lines with it. Raises NotFound."""
    return found(
        session.scalar(
            select(Order)
            .where(Order.number == number, Order.customer_id.in_(own_ids()))
            .options(selectinload(Order.lines), selectinload(Order.customer))
        )
    )


def own_shipment(number: str) -> Shipment:
    """A dispatched shipment to the customer, by the number of its delivery note. Raises NotFound."""
    return found(
        session.scalar(
            select(Shipment).where(
                Shipment.delivery_note_number == number, Shipment.customer_id.in_(own_ids())
            )
        )
    )


def own_invoice(number: str) -> Invoice:
    """An issued invoice of the customer. Raises NotFound."""
    return found(
        session.scalar(
            select(Invoice)
            .where(
                Invoice.number == number,
                Invoice.customer_id.in_(own_ids()),
                Invoice.state != InvoiceState.DRAFT,
            )
            .options(selectinload(Invoice.lines), selectinload(Invoice.taxes))
        )
    )


def own_paper(paper_id: int | None) -> Paper:
    """An issued paper of the customer. Raises NotFound."""
    return found(
        session.scalar(select(Paper).where(Paper.id == paper_id, Paper.customer_id.in_(own_ids())))
    )


def own_places() -> list[Address]:
    """The active ship-tos the person may order for, the default first."""
    someone = the_visitor()
    return [
        place
        for place in ship_tos(someone.customer_id or 0)
        if someone.ship_to_ids is None or place.id in someone.ship_to_ids
    ]


def own_address(code: str) -> Address:
    """An active ship-to the person may order for, by its code. Raises NotFound."""
    return found(next((place for place in own_places() if place.code == code), None))


def published_notice(notice_id: int) -> Notice:
    """A notice that is out. Raises NotFound."""
    return found(
        session.scalar(
            select(Notice).where(Notice.id == notice_id, Notice.published_on <= clock.today())
        )
    )


def visible_product(code: str) -> tuple[Product, ProductView]:
    """A product the customer may see, with the offers of its SKUs. Raises NotFound."""
    view = product_view(own_customer(), code, at=clock.now())
    if view is None or not view.offers:
        raise NotFound
    product = session.scalars(
        select(Product)
        .where(Product.id == view.offers[0].facts.product_id)
        .options(selectinload(Product.category), selectinload(Product.brand))
    ).one()
    return product, view


def visible_sku(code: str) -> tuple[Product, SkuFacts]:
    """A SKU the customer may see, by its code, and its product. Raises NotFound."""
    product, view = visible_product(code)
    facts = next((one.facts for one in view.offers if one.facts.code == code), None)
    return product, found(facts)


def visible_collection(code: str) -> Collection:
    """A catalogue the customer sees now. Raises NotFound."""
    shown = collections(own_customer(), at=clock.now(), code=code)
    return found(next((one for one in shown if one.catalog.code == code), None))


def own_line_sheet(number: int) -> tuple[LineSheet, Catalog]:
    """A line sheet the customer asked for, of a catalogue it still sees; one with prices only for
    who sees prices. Raises NotFound.
    """
    mine = the_visitor().customer_id
    sheet = found(
        session.scalar(
            select(LineSheet).where(LineSheet.id == number, LineSheet.customer_id == mine)
        )
    )
    if sheet.with_prices and not the_visitor().sees_prices:
        raise NotFound
    catalog = session.get_one(Catalog, sheet.catalog_id)
    return sheet, visible_collection(catalog.code).catalog


def offered_sku(offer: Offer) -> Sku:
    """The SKU of an offer that was made to the customer, with all that is known of it."""
    return session.get_one(Sku, offer.facts.id)


def gallery(product: Product, view: ProductView) -> list[Picture]:
    """The stored pictures of a visible product and of its visible colours, in their order."""
    colours = {"", *(offer.facts.option_1_code for offer in view.offers)}
    return list(
        session.scalars(
            select(Picture)
            .where(
                Picture.product_id == product.id,
                Picture.sha256.is_not(None),
                Picture.option_1_code.in_(colours),
            )
            .order_by(Picture.position, Picture.id)
        )
    )


def visible_successor(product: Product) -> Product | None:
    """What takes the place of a product, where the customer may see it."""
    if product.successor_id is None:
        return None
    return session.scalar(
        select(Product)
        .join(Sku, Sku.product_id == Product.id)
        .where(
            Product.id == product.successor_id,
            is_visible(open_catalogs(own_customer(), clock.now())),
        )
        .limit(1)
    )


def visible_picture(sha256: str) -> StoredFile:
    """A stored picture of a product the customer may see, of its brand, or the cover of a catalogue
    it sees. Raises NotFound.
    """
    catalogs = open_catalogs(own_customer(), clock.now())
    of_brand = (
        select(Sku.id)
        .join(Product, Product.id == Sku.product_id)
        .join(Brand, Brand.id == Product.brand_id)
        .where(is_visible(catalogs), Brand.logo_sha256 == sha256)
        .exists()
    )
    is_cover = (
        select(Catalog.id)
        .where(
            or_(Catalog.cover_sha256 == sha256, Catalog.cover_small_sha256 == sha256),
            Catalog.id.in_([one.id for one in catalogs]),
        )
        .exists()
    )
    return found(
        session.scalar(
            select(StoredFile)
            .where(
                StoredFile.sha256 == sha256,
                or_(shows_picture(catalogs, sha256), of_brand, is_cover),
            )
            .limit(1)
        )
    )
