"""For every route that changes something: a document in the right state and what its form says."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from lxml import html
from sqlalchemy import select

from tests.factories.belongings import (
    Goods,
    make_billed,
    make_gone,
    make_invitation,
    make_line,
    make_packed,
    make_planned,
    make_request,
)
from tests.factories.browsing import Browser
from tests.factories.orders import BY, make_order
from tests.factories.people import PASSWORD, Cast
from tests.factories.receipts import bank_csv
from wholesale.company import tax_table
from wholesale.company.models import TaxClass, TaxRate
from wholesale.customers.models import Customer
from wholesale.kernel import files
from wholesale.kernel.db import session
from wholesale.orders import cancelling, carting, confirming, holding, keeping_carts
from wholesale.orders.models import Cart, HoldReason, Order
from wholesale.payments import settling
from wholesale.payments.settling import Applied
from wholesale.shipping import packing

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Scene:
    """Who is there, whose documents are made, and what is sold."""

    cast: Cast
    customer: Customer
    goods: Goods


@dataclass(frozen=True, slots=True)
class Act:
    """What stands in the address, what the form says; with `page` the rest is read off that page."""

    values: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)
    page: str = ""

    def told(self, browser: Browser, url: str) -> dict[str, Any]:
        """The whole form, as the person's browser would send it."""
        if not self.page:
            return dict(self.form)
        reply = browser.get(self.page)
        assert reply.status_code == 200, (self.page, reply.status_code)
        (found, *_) = (one for one in html.fromstring(reply.text).forms if one.action == url)
        kept = [(name, value) for name, value in found.form_values() if "token" not in name]
        names = {name for name, _ in kept}
        read = {name: [value for one, value in kept if one == name] for name in names}
        return {**read, **self.form}


Make = Callable[[Scene], Act]


def _placed(scene: Scene, pieces: int = 2) -> Order:
    return make_order(scene.customer, {scene.goods.sku: pieces})


def _confirmed(scene: Scene) -> Order:
    return make_order(scene.customer, {scene.goods.sku: 2}, confirmed=True)


def _on_order(**form: Any) -> Make:
    return lambda scene: Act({"number": _placed(scene).number}, form)


def _approval(scene: Scene) -> Act:
    order = _placed(scene)
    order.terms = {**order.terms, "approval_needed": True}
    confirming.confirm(order, BY)
    return Act({"number": order.number})


def _release(scene: Scene) -> Act:
    order = _placed(scene)
    holding.hold(order, HoldReason.CHECK, BY)
    return Act({"number": order.number})


def _drop(scene: Scene) -> Act:
    return Act({"number": _placed(scene).number, "position": 1}, {"pieces": "1", "reason": "x"})


def _by_hand(scene: Scene) -> Act:
    order = _confirmed(scene)
    return Act({"number": order.number}, page=f"/office/orders/{order.number}")


def _rejection(scene: Scene) -> Act:
    order = _placed(scene)
    cancelling.reject(order, BY, reason="x")
    return Act({"number": order.number})


def _picks(scene: Scene) -> Act:
    return Act({"number": make_planned(scene.customer, scene.goods.sku).number}, {"all": "1"})


def _scan(scene: Scene) -> Act:
    shipment = make_planned(scene.customer, scene.goods.sku)
    return Act({"number": shipment.number}, {"code": scene.goods.sku.code})


def _cartons(scene: Scene) -> Act:
    shipment = make_planned(scene.customer, scene.goods.sku)
    packing.pick_all(shipment, BY)
    return Act({"number": shipment.number}, {f"carton-0-{shipment.lines[0].id}": "3"})


def _packed(scene: Scene) -> Act:
    return Act({"number": make_packed(scene.customer, scene.goods.sku).number})


def _gone(scene: Scene) -> Act:
    return Act({"number": make_gone(scene.customer, scene.goods.sku).number}, {"reason": "x"})


def _line(scene: Scene) -> Act:
    return Act({"line_id": make_line(scene.customer).id}, {"customer": scene.customer.code})


def _reopening(scene: Scene) -> Act:
    line = make_line(scene.customer)
    settling.set_apart(line, BY)
    return Act({"line_id": line.id})


def _settlement(scene: Scene) -> Act:
    invoice, line = make_billed(scene.customer, scene.goods.sku), make_line(scene.customer)
    form = {"customer": scene.customer.code, "invoice": invoice.number,
            f"amount-{invoice.number}": f"{line.amount:f}"}  # fmt: skip
    return Act({"line_id": line.id}, form)


def _reversal(scene: Scene) -> Act:
    invoice, line = make_billed(scene.customer, scene.goods.sku), make_line(scene.customer)
    receipt = settling.settle(line, scene.customer, [Applied(invoice, line.amount)], BY)
    return Act({"number": receipt.number})


def _statement() -> tuple[BytesIO, str]:
    return BytesIO(bank_csv((f"ﾀﾞﾚｶ{next(_numbers)}", 1234))), "nov.csv"


def _kept(content: bytes, name: str) -> str:
    stored = files.store(content, name=name, media_type="application/octet-stream")
    session.flush()
    return stored.sha256


def _bring_in_statement(scene: Scene) -> Act:
    content = _statement()[0].read()
    return Act(form={"sha256": _kept(content, "nov.csv"), "account": "MIYAKO"})


def _bring_in_file(scene: Scene) -> Act:
    sha256 = _kept(b"code,name\nNEW-1,cup\n", "products.csv")
    return Act(form={"kind": "products", "sha256": sha256, "name": "products.csv"})


def _checkout(scene: Scene) -> Act:
    cart = carting.open_cart(scene.customer, scene.cast.alma)
    carting.put(cart, scene.customer, scene.goods.sku.id, 2, BY)
    return Act(page="/checkout")


def _shared(scene: Scene) -> Cart:
    name = f"共有 {next(_numbers)}"
    cart = keeping_carts.start_cart(scene.customer, scene.cast.alma, name, is_shared=True, by=BY)
    carting.put(cart, scene.customer, scene.goods.sku.id, 1, BY)
    return cart


def _request(scene: Scene) -> Act:
    cart = make_request(scene.customer, scene.goods.sku)
    return Act({"number": cart.id}, {"reason": "x"}, f"/orders/approvals/{cart.id}")


def _own_request(scene: Scene) -> Act:
    cart = make_request(scene.customer, scene.goods.sku)
    cart.user_id = scene.cast.alma.id
    return Act({"number": cart.id}, page=f"/orders/approvals/{cart.id}")


def _acting_for(scene: Scene) -> Act:
    return Act(form={"customer": str(scene.cast.nordwind.id)})


def _invited(scene: Scene) -> Act:
    return Act({"word": make_invitation(scene.customer)}, {"password": PASSWORD})


def _invitation(scene: Scene) -> Act:
    email = f"new-{next(_numbers)}@{scene.customer.code}.example"
    form = {"name": "New", "email": email, "role": "buyer"}
    return Act({"code": scene.customer.code}, form)


def _of_stock(**form: str) -> Make:
    return lambda scene: Act({"code": scene.goods.sku.code}, {"place": "W1", **form})


def _expected(scene: Scene) -> Act:
    values = {"code": scene.goods.sku.code, "expected_id": scene.goods.expected.id}
    return Act(values, {"quantity": "1"})


def _office(scene: Scene) -> Act:
    form = {"code": "PARIS", "name_ja": "パリ支店", "address_ja": "パリ", "is_active": "y"}
    return Act(form=form)


def _account(scene: Scene) -> Act:
    form = {"code": "SECOND", "currency": "JPY", "holder": "土と紙", "kind": "1",
            "number": "7654321", "bank_name": "都銀行", "is_active": "y"}  # fmt: skip
    return Act(form=form)


def _rate(scene: Scene) -> Act:
    return Act(form={"tax_class": "standard", "percent": "12", "valid_from": "2030-04-01"})


def _withdrawal(_scene: Scene) -> Act:
    tax_table.state_rate(TaxClass.REDUCED, Decimal("0.09"), date(2031, 4, 1), BY)
    session.flush()
    row = session.scalars(select(TaxRate).where(TaxRate.valid_from == date(2031, 4, 1))).one()
    return Act({"rate_id": row.id})


def _same(values: Mapping[str, Any], page: str, **form: Any) -> Make:
    return lambda _scene: Act(values, form, page)


SETTINGS = "/office/settings"
ACTS: dict[str, Make] = {
    "floor.dispatch": _packed,
    "floor.pack": _cartons,
    "floor.save_picks": _picks,
    "floor.scan": _scan,
    "language.choose": lambda _: Act(form={"language": "en"}),
    "language.theme": lambda _: Act(form={"theme": "dark"}),
    "office.add_account": _account,
    "office.add_office": _office,
    "office.adjust": _of_stock(counted="400", reason="counted"),
    "office.allocate": _on_order(),
    "office.bring_in_file": _bring_in_file,
    "office.bring_in_statement": _bring_in_statement,
    "office.cancel": _on_order(reason="x"),
    "office.cancel_shipment": _packed,
    "office.change_account": _same({"code": "MIYAKO"}, f"{SETTINGS}/banks/MIYAKO"),
    "office.change_company": _same({}, SETTINGS),
    "office.change_currencies": _same({}, f"{SETTINGS}/currencies"),
    "office.change_languages": _same({}, f"{SETTINGS}/currencies", languages=["ja", "en", "zh"]),
    "office.change_office": _same({"code": "KYOTO"}, f"{SETTINGS}/offices/KYOTO"),
    "office.reshape_numbers": _same({"code": "TR"}, f"{SETTINGS}/numbers"),
    "office.choose": _by_hand,
    "office.clear_certain": lambda _: Act(),
    "office.confirm": _on_order(),
    "office.confirm_many": lambda scene: Act(form={"numbers": _placed(scene).number}),
    "office.deliver": _gone,
    "office.dispatch": _packed,
    "office.drop": _drop,
    "office.gather": _on_order(),
    "office.hold": _on_order(reason="check"),
    "office.invite": _invitation,
    "office.issue": _gone,
    "office.issue_all": lambda _: Act(),
    "office.note": _on_order(note="x"),
    "office.place": lambda scene: Act(
        form={"customer": scene.customer.code, "what": scene.goods.sku.code, "pieces": "1"}
    ),
    "office.plan": lambda scene: Act({"number": _confirmed(scene).number}),
    "office.preview_import": lambda _: Act(
        form={"kind": "products", "file": (BytesIO(b"code,name\nNEW-2,cup\n"), "products.csv")}
    ),
    "office.preview_statement": lambda _: Act(form={"file": _statement(), "account": "MIYAKO"}),
    "office.promise": _on_order(promised_on="2026-12-24"),
    "office.propose_again": lambda _: Act(),
    "office.put_on_account": _line,
    "office.receive": _of_stock(quantity="5"),
    "office.receive_expected": _expected,
    "office.reject": _rejection,
    "office.release": _release,
    "office.reverse": _gone,
    "office.set_apart": _line,
    "office.settle": _settlement,
    "office.state_tax_rate": _rate,
    "office.take_up_again": _reopening,
    "office.undo": _reversal,
    "portal.approve": _approval,
    "portal.approve_request": _request,
    "portal.cancel": _on_order(reason="x"),
    "portal.copy_cart": lambda scene: Act(
        {"number": _shared(scene).id}, {"to": str(_shared(scene).id)}
    ),
    "portal.choose_cart": lambda scene: Act({"number": _shared(scene).id}),
    "portal.list_from_cart": lambda scene: Act(
        {"number": _shared(scene).id}, {"name": f"L{next(_numbers)}"}
    ),
    "portal.list_from_order": _on_order(name="O"),
    "portal.make_list": lambda _: Act(form={"name": "M"}),
    "portal.start_cart": lambda _: Act(form={"name": "S"}),
    "portal.star": lambda scene: Act(form={"item": scene.goods.sku.code, "on": "1"}),
    "portal.checkout_whole": lambda _: Act(),
    "portal.divide_checkout": lambda scene: replace(_checkout(scene), page="/checkout/parts"),
    "portal.empty_cart": lambda scene: replace(_checkout(scene), page="/cart"),
    "portal.order_again": _on_order(),
    "portal.place": _checkout,
    "portal.put_lines": lambda scene: Act(form={f"pieces-{scene.goods.sku.code}": "4"}),
    "portal.refuse_request": _request,
    "portal.take_back_request": _own_request,
    "portal.read_lines": lambda scene: Act(form={"text": f"{scene.goods.sku.code} 3"}),
    "office.withdraw_tax_rate": _withdrawal,
    "signing.accept": _invited,
    "signing.act_for": _acting_for,
    "signing.sign_in": lambda scene: Act(
        form={"email": scene.cast.alma.email, "password": PASSWORD}
    ),
    "signing.sign_out": lambda _: Act(),
}
