"""Shipments of the office: the list, one shipment, and the way back."""

from __future__ import annotations

from collections.abc import Callable

from tests.backoffice.test_packing import a_shipment, state_of
from tests.factories.browsing import Browser
from tests.factories.orders import BY
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.kernel.db import session
from wholesale.shipping import dispatching, packing
from wholesale.shipping.models import Shipment, ShipmentState

ClientOf = Callable[[User | None], Browser]


def a_packed_one(cast: Cast) -> Shipment:
    shipment = a_shipment(cast)
    packing.pick_all(shipment, BY)
    packing.pack_as_suggested(shipment, BY)
    session.flush()
    return shipment


def test_the_list_finds_a_shipment_by_state_and_number(client_of: ClientOf, cast: Cast) -> None:
    shipment = a_shipment(cast)
    frida = client_of(cast.frida)
    assert shipment.number in frida.get("/office/shipments?state=planned").text
    assert shipment.number not in frida.get("/office/shipments?state=packed").text
    part = frida.part(f"/office/shipments?state=all&q={shipment.number}")
    assert part.text.lstrip().startswith('<div id="shipment-list"')
    assert shipment.number in part.text


def test_goods_leave_and_come_back_while_nothing_is_billed(client_of: ClientOf, cast: Cast) -> None:
    shipment = a_packed_one(cast)
    url, gil = f"/office/shipments/{shipment.number}", client_of(cast.gil)
    assert gil.get(url).status_code == 200
    assert gil.post_part(f"{url}/dispatch", {"carrier": "Sagawa"}).status_code == 200
    assert gil.get(f"{url}/delivery-note").status_code == 409
    assert gil.post(f"{url}/reversal", {"reason": ""}).status_code == 422
    assert gil.post(f"{url}/reversal", {"reason": "wrong pallet"}).status_code == 303
    assert state_of(shipment) is ShipmentState.REVERSED


def test_a_billed_dispatch_cannot_be_taken_back(client_of: ClientOf, cast: Cast) -> None:
    shipment = a_packed_one(cast)
    dispatching.dispatch(shipment, BY)
    session.flush()
    url, gil = f"/office/shipments/{shipment.number}", client_of(cast.gil)
    assert gil.post(f"{url}/invoice").status_code == 303
    assert gil.post(f"{url}/invoice").status_code == 409
    assert gil.post(f"{url}/reversal", {"reason": "late"}).status_code == 409
    assert gil.post(f"{url}/delivery").status_code == 303
    assert state_of(shipment) is ShipmentState.DELIVERED


def test_a_planned_shipment_is_cancelled(client_of: ClientOf, cast: Cast) -> None:
    shipment = a_shipment(cast)
    url = f"/office/shipments/{shipment.number}"
    assert client_of(cast.frida).post(f"{url}/cancellation").status_code == 303
    assert state_of(shipment) is ShipmentState.CANCELLED
    assert client_of(cast.frida).post(f"{url}/cancellation").status_code == 409


def test_buyers_find_nothing_and_sales_may_only_look(client_of: ClientOf, cast: Cast) -> None:
    shipment = a_shipment(cast)
    url = f"/office/shipments/{shipment.number}"
    assert client_of(cast.alma).get(url).status_code == 404
    assert client_of(cast.dana).get(url).status_code == 200
    for act in ("dispatch", "delivery", "cancellation", "reversal", "invoice"):
        assert client_of(cast.alma).post(f"{url}/{act}").status_code == 404
        assert client_of(cast.dana).post(f"{url}/{act}").status_code == 403
    assert client_of(cast.dana).get("/office/shipments/SH-none").status_code == 404
