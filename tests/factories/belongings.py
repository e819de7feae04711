"""One document of every kind for a customer, and the address of every route that shows one."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pypdf
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import IntegerConverter, Rule

from tests.factories.catalogs import make_catalog
from tests.factories.freight import make_rule
from tests.factories.goods import make_brand, make_category, make_product, make_sku
from tests.factories.links import make_link
from tests.factories.orders import BY, make_order, ship_to_of
from tests.factories.people import PASSWORD
from tests.factories.prices import make_price_list
from tests.factories.receipts import make_bank_lines
from tests.factories.revisions import make_price_notice
from tests.factories.stock import put_on_shelf
from wholesale.accounts import inviting
from wholesale.accounts.models import BuyerRole, Membership, User, UserKind
from wholesale.billing import invoicing
from wholesale.billing.models import Invoice
from wholesale.catalog import searching
from wholesale.catalog.models import Audience, Picture, Sku
from wholesale.catalog.product_papers import PaperKind, add_paper
from wholesale.company import scheduling
from wholesale.company.models import Notice
from wholesale.customers import vetting
from wholesale.customers.applicants import SignupRequest
from wholesale.customers.models import Customer
from wholesale.customers.vettings import VettingKind, VettingResult
from wholesale.exchange import exporting, laying_out
from wholesale.exchange import line_sheets as excel
from wholesale.exchange.importing import import_file
from wholesale.exchange.models import ExportFormat, ImportRun
from wholesale.kernel import clock, files
from wholesale.kernel.access import Actor, ActorKind
from wholesale.kernel.db import session
from wholesale.offers import line_sheets, watching
from wholesale.offers.models import SheetKind
from wholesale.offers.watch_tables import WatchKind
from wholesale.offers.watching import Thing
from wholesale.orders import approving, carting, keeping_carts, standard_lists
from wholesale.orders.approving import Wanted
from wholesale.orders.list_tables import StandardList
from wholesale.orders.models import Cart, Order
from wholesale.payments import settling
from wholesale.payments.models import BankLine, Receipt
from wholesale.payments.settling import Applied
from wholesale.shipping import dispatching, packing, planning
from wholesale.shipping.models import Shipment
from wholesale.stock import receiving
from wholesale.stock.models import Expected
from wholesale.stock.setting_up import location_id
from wholesale.trade_docs import printing

_numbers = itertools.count(1)
NOWHERE = {
    "number": "NONE-26-00001",
    "code": "NONE",
    "sha256": "0" * 64,
    "word": "none",
    "link": "none",
}


@dataclass(frozen=True, slots=True)
class Goods:
    """What belongs to the house: an SKU with a picture, goods on their way, an import, a notice."""

    sku: Sku
    picture: str
    expected: Expected
    run: ImportRun
    notice: Notice
    freight_rule: int
    price_list: str
    price_rule: int
    signup: int
    catalog: str
    link: str
    link_id: int
    paper: int
    layout: int


@dataclass(frozen=True, slots=True)
class Belongings:
    """What belongs to one customer. Every paper has its pages."""

    customer: Customer
    placed: Order
    confirmed: Order
    planned: Shipment
    dispatched: Shipment
    invoice: Invoice
    line: BankLine
    vetting: int
    receipt: Receipt
    invitation: str
    reset: str
    member: int
    colleague: int
    request: Cart
    price_notice: str
    cart: Cart
    standard_list: StandardList
    watch: int
    notices: str
    line_sheet: int


def make_goods() -> Goods:
    """An SKU that everybody may see."""
    sku = make_sku(
        make_product("飯碗 灰白", category=make_category("BOWLS"), brand=make_brand("KILN"))
    )
    put_on_shelf(sku, 500)
    stored = files.store(b"\x89PNG\r\n\x1a\n picture", name="bowl.png", media_type="image/png")
    session.add(Picture(product_id=sku.product_id, position=1, sha256=stored.sha256))
    due_on = clock.today() + timedelta(days=20)
    expected = receiving.expect(sku.id, location_id("W1"), 100, due_on, BY)
    scheduling.save_carrier(
        None,
        {"code": "SAGAWA", "name": {"ja": "佐川急便"}, "weekdays": "0123456", "cut_off": ""}, 0, BY,
    )  # fmt: skip
    import_file("products", b"code,name\n", "products.csv", dry_run=False, by=BY)
    session.flush()
    searching.index([sku.id])
    run = session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()
    notice = Notice(published_on=clock.today(), title={"en": "New kiln"}, body={"en": "It is lit."})
    session.add(notice)
    session.flush()  # addresses hold its number
    rule = make_rule(fee="990", country="FR")
    prices, price_rule = make_price_list(sku)
    signup = make_signup()
    seller = session.scalars(select(Customer).order_by(Customer.id).limit(1)).one()
    link = make_link(seller, sku)
    return Goods(
        sku, stored.sha256, expected, run, notice, rule.id, prices.code, price_rule.id, signup,
        make_catalog([sku]).code,
        link.word, link.id, make_paper(sku), make_layout(),
    )  # fmt: skip


def make_layout() -> int:
    """A saved layout of an export."""
    wanted = exporting.Wanted(["sku", "quantity"], "ja", ExportFormat.CSV_UTF8)
    one = laying_out.save(None, "stock", f"layout {next(_numbers)}", wanted, BY)
    session.flush()  # its number stands in addresses
    return one.id


def make_paper(sku: Sku) -> int:
    """A paper of the product that counts everywhere; its number."""
    blank = {"kind": PaperKind.FOOD_CONTACT, "name": "", "markets": "", "sku_id": None,
             "valid_from": None, "expires_on": None}  # fmt: skip
    page, pages = io.BytesIO(), pypdf.PdfWriter()
    pages.add_blank_page(72, 72)
    pages.write(page)
    data, product = page.getvalue(), sku.product
    made = add_paper(product, blank, data, "bowl.pdf", product.version, BY)
    return made.id


def make_signup() -> int:
    """Somebody who asks to trade with us."""
    row = SignupRequest(
        name="株式会社雪あかり",
        contact="Yuki",
        email="yuki@yukiakari.example",
        asked_at=clock.now(),
    )
    session.add(row)
    session.flush()  # its number stands in addresses
    return row.id


def make_planned(customer: Customer, sku: Sku, pieces: int = 3) -> Shipment:
    """A shipment to be picked."""
    order = make_order(customer, {sku: pieces}, confirmed=True)
    (shipment,) = planning.plan_shipments(order, BY)
    return shipment


def make_packed(customer: Customer, sku: Sku, pieces: int = 3) -> Shipment:
    """A shipment whose cartons are closed."""
    shipment = make_planned(customer, sku, pieces)
    packing.pick_all(shipment, BY)
    packing.pack_as_suggested(shipment, BY)
    return shipment


def make_gone(customer: Customer, sku: Sku, pieces: int = 3) -> Shipment:
    """A dispatched shipment, its delivery note printed, not yet billed."""
    shipment = make_packed(customer, sku, pieces)
    dispatching.dispatch(shipment, BY)
    assert shipment.paper_id is not None
    printing.print_paper(shipment.paper_id)
    return shipment


def make_billed(customer: Customer, sku: Sku, pieces: int = 3) -> Invoice:
    """An issued and printed invoice."""
    invoice = invoicing.invoice_shipment(make_gone(customer, sku, pieces), BY)
    assert invoice.paper_id is not None
    printing.print_paper(invoice.paper_id)
    return invoice


def make_invitation(customer: Customer) -> str:
    """The word of an invitation that was sent and not yet used."""
    email = f"guest-{next(_numbers)}@{customer.code}.example"
    return inviting.make_link(inviting.add_buyer(email, "Guest", customer, BY), "invite")


def make_reset(customer: Customer) -> tuple[int, str]:
    """A buyer of the customer, and the word of a letter for its forgotten password."""
    member = session.scalars(
        select(Membership)
        .where(Membership.customer_id == customer.id, Membership.accepted_at.is_not(None))
        .limit(1)
    ).one()
    return member.id, inviting.make_link(member.user, "reset")


def make_request(customer: Customer, sku: Sku) -> Cart:
    """A cart of a buyer who may order nothing alone; it waits for a colleague's approval."""
    email = f"asker-{next(_numbers)}@{customer.code}.example"
    asker = inviting.add_buyer(email, "Asker", customer, BY, password=PASSWORD)
    inviting.add_buyer(
        f"second-{email}", "Second", customer, BY, role=BuyerRole.APPROVER, password=PASSWORD
    )
    cart = carting.open_cart(customer, asker)
    carting.put(cart, customer, sku.id, 2, BY)
    cart.ship_to_id = ship_to_of(customer).id
    seen = approving.look(cart, customer).fingerprint
    by = Actor(ActorKind.BUYER, asker.id, asker.name)
    approving.ask(cart, customer, Wanted(ship_to_of(customer)), seen, by)
    return cart


def buyer_of(customer: Customer) -> User:
    """The first who may sign in for the customer."""
    return session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.customer_id == customer.id, Membership.accepted_at.is_not(None))
        .order_by(Membership.id)
        .limit(1)
    ).one()


def make_watch(customer: Customer, sku: Sku) -> int:
    """A notice that a buyer of the customer has switched on."""
    thing = Thing(WatchKind.BACK, sku.code, {}, sku.id)
    watching.set_notices(customer, buyer_of(customer), {thing: True}, BY)
    return watching.watches_of(customer.id, buyer_of(customer).id)[0].id


def make_cart(customer: Customer, sku: Sku) -> Cart:
    """A cart that all buyers of the customer fill."""
    member = session.scalars(
        select(Membership).where(Membership.customer_id == customer.id).limit(1)
    ).one()
    cart = keeping_carts.start_cart(customer, member.user, "共有", is_shared=True, by=BY)
    carting.put(cart, customer, sku.id, 1, BY)
    return cart


def make_line_sheet(customer: Customer, sku: Sku) -> int:
    """A line sheet of a catalogue of the customer's own, as the worker drew it."""
    catalog = make_catalog([sku], audience=Audience.LIMITED, customers=[customer])
    sheet = line_sheets.ask(customer, catalog, SheetKind.EXCEL, "ja", BY, with_prices=True)
    line_sheets.keep(sheet.id, excel.drawn(line_sheets.gather(customer, catalog, "ja", with_prices=True)))  # fmt: skip
    return sheet.id


def make_line(customer: Customer) -> BankLine:
    """A transfer of nobody we know."""
    (line,) = make_bank_lines((f"ｼﾗﾇﾋﾄ{next(_numbers)}", 1000 + next(_numbers)))
    return line


def make_belongings(customer: Customer, sku: Sku) -> Belongings:
    """One of everything."""
    invoice = make_billed(customer, sku)
    line = make_line(customer)
    receipt = settling.settle(line, customer, [Applied(invoice, line.amount)], BY)
    invitation = make_invitation(customer)
    member, reset = make_reset(customer)
    colleague = session.scalars(select(User.id).where(User.kind == UserKind.STAFF).limit(1)).one()
    session.flush()
    return Belongings(
        customer=customer,
        placed=make_order(customer, {sku: 1}, po_number=f"PO-{customer.code}"),
        confirmed=make_order(customer, {sku: 2}, confirmed=True),
        planned=make_planned(customer, sku),
        dispatched=make_gone(customer, sku),
        invoice=invoice,
        line=line,
        receipt=receipt,
        invitation=invitation,
        reset=reset,
        member=member,
        colleague=colleague,
        request=make_request(customer, sku),
        vetting=make_vetting(customer),
        price_notice=make_price_notice(customer, sku),
        cart=make_cart(customer, sku),
        standard_list=standard_lists.make_list(customer, "定番", {sku.id: 2}, BY),
        watch=make_watch(customer, sku),
        notices=inviting.make_link(buyer_of(customer), watching.PURPOSE),
        line_sheet=make_line_sheet(customer, sku),
    )


def make_vetting(customer: Customer) -> int:
    """A basic contract with its paper."""
    values = {"kind": VettingKind.CONTRACT, "result": VettingResult.PASSED, "done_on": clock.today(),
              "done_by": "Dana", "source": "", "score": None, "amount": None, "expires_on": None,
              "review_on": None, "note": ""}  # fmt: skip
    row = vetting.write_vetting(customer, values, BY, file=("契約.pdf", b"%PDF-1.7"))
    session.flush()  # its number stands in addresses
    return row.id


def values_of(rule: Rule, own: Belongings, goods: Goods) -> dict[str, Any]:
    """What stands in the address of a route for one customer. A kind of address that nobody has
    thought of raises KeyError.
    """
    places: dict[str, Any] = {
        "/orders/<number>": own.placed.number,
        "/carts/<int:number>": own.cart.id,
        "/standard-lists/<int:number>": own.standard_list.id,
        "/notices/<int:number>": own.watch,
        "/off/<word>": own.notices,
        "/checkout/done/<number>": own.placed.number,
        "/approvals/<int:number>": own.request.id,
        "/lines/<int:position>": 1,
        "/invoices/<number>": own.invoice.number,
        "/credit/<number>": own.placed.number,
        "/terms/<day>": "2020-01-01",
        "/signup-requests/<int:number>": goods.signup,
        "/delivery-notes/<number>": own.dispatched.delivery_note_number,
        "/shipments/<number>": own.dispatched.number,
        "/pick/<number>": own.planned.number,
        "/receipts/<number>": own.receipt.number,
        "/match/<int:line_id>": own.line.id,
        "/customers/<code>": own.customer.code,
        "/invite/<word>": own.invitation,
        "/o/<link>": goods.link,
        "/order-links/<int:link_id>": goods.link_id,
        "/stock/<code>": goods.sku.code,
        "/expected/<int:expected_id>": goods.expected.id,
        "/products/<code>": goods.sku.product.code,
        "/skus/<sku>": goods.sku.code,
        "/categories/<code>": "BOWLS",
        "/brands/<code>": "KILN",
        "/catalogues/<code>": goods.catalog,
        "/collections/<code>": goods.catalog,
        "/audience/<int:number>": 1,
        "/line-sheets/<int:number>": own.line_sheet,
        "/line-sheet/<customer>": own.customer.code,
        "/line-sheets/<customer>": own.customer.code,
        "/papers/<int:paper>": goods.paper,
        "/axes/<int:axis>": 1,
        "/pictures/<sha256>": goods.picture,
        "/pictures/<int:picture>": 1,
        "/imports/<int:run_id>": goods.run.id,
        "/layouts/<int:layout_id>": goods.layout,
        "/news/<int:notice_id>": goods.notice.id,
        "/offices/<code>": "KYOTO",
        "/banks/<code>": "MIYAKO",
        "/numbers/<code>": "SO",
        "/tax/<int:rate_id>": 1,
        "/carriers/<code>": "SAGAWA",
        "/freight/<int:rule_id>": goods.freight_rule,
        "/price-lists/<code>": goods.price_list,
        "/rules/<int:rule_id>": goods.price_rule,
        "/price-revisions/<number>": own.price_notice,
        "/price-notices/<number>": own.price_notice,
        "/days/<int:day_id>": 1,
        "/roads/<int:lead_id>": 1,
        "/addresses/<address>": f"{own.customer.code}-1",
        "/closed/<int:closed_id>": 1,
        "/reset/<word>": own.reset,
        "/checks/<int:number>": own.vetting,
        "/merge/<into>": own.customer.code,
        "/merges/<int:number>": 1,
        "/roles/<code>": "sales",
        "/people/<int:number>": own.colleague if "/settings/" in rule.rule else own.member,
        "/sessions/<int:session>": 1,
        "/sessions/<int:number>": 1,
        "/passkeys/<int:number>": 1,
    }
    return {name: places[_place(rule, name)] for name in rule.arguments}


def nowhere(rule: Rule) -> dict[str, Any]:
    """What stands in the address of a route for something that was never there."""
    return {
        name: 10**8 if isinstance(kind, IntegerConverter) else NOWHERE.get(name, "NONE")
        for name, kind in rule._converters.items()
    }


def address_of(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    """The address of a route."""
    return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def routes(app: Flask, method: str) -> Iterator[Rule]:
    """Every rule that answers to a method, but for the assets."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if rule.endpoint != "static" and method in (rule.methods or set()):
            yield rule


def _place(rule: Rule, name: str) -> str:
    """The stretch of an address before and with a value: `/orders/<number>`."""
    parts = rule.rule.split("/")
    (at,) = (n for n, part in enumerate(parts) if part.rstrip(">").endswith(name) and "<" in part)
    known = "/".join(["", *parts[at - 1 : at + 1]])
    return "/checkout" + known if known == "/done/<number>" else known
