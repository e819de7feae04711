"""The floor: from the shelf through the cartons to the door."""

from __future__ import annotations

from collections.abc import Callable

from tests.backoffice.test_orders import an_order
from tests.factories.browsing import Browser
from tests.factories.orders import BY
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.kernel.db import session
from wholesale.shipping import planning
from wholesale.shipping.models import Shipment, ShipmentState

ClientOf = Callable[[User | None], Browser]


def a_shipment(cast: Cast, pieces: int = 6) -> Shipment:
    (made,) = planning.plan_shipments(an_order(cast, pieces, confirmed=True), BY)
    session.flush()
    return made


def state_of(shipment: Shipment) -> ShipmentState:
    session.expire_all()
    return session.get(Shipment, shipment.id).state


def test_a_shipment_is_picked_packed_and_dispatched(client_of: ClientOf, cast: Cast) -> None:
    shipment = a_shipment(cast)
    line, number = shipment.lines[0].id, shipment.number
    frida = client_of(cast.frida)
    assert number in frida.get("/floor/").text
    url = f"/floor/pick/{number}"
    assert frida.get(url).status_code == 200
    scanned = frida.post_part(f"{url}/scans", {"code": shipment.lines[0].sku.code})
    assert scanned.status_code == 200, scanned.text[-2000:]
    assert scanned.text.lstrip().startswith(f'<div id="pick-{shipment.id}"')
    early = frida.post(f"{url}/cartons", {f"carton-0-{line}": "6"})
    assert early.status_code == 422
    assert 'value="6"' in early.text
    assert frida.post(f"{url}/picks", {"all": "1"}).status_code == 303
    wrong = frida.post(f"{url}/cartons", {f"carton-0-{line}": "5"})
    assert wrong.status_code == 422
    packed = {f"carton-0-{line}": "4", f"carton-1-{line}": "2", "weight-0": "1,200"}
    assert frida.post(f"{url}/cartons", packed).status_code == 303
    assert state_of(shipment) is ShipmentState.PACKED
    assert [carton.weight_grams for carton in shipment.cartons] == [1200, None]
    out = frida.post(f"{url}/dispatch", {"carrier": "Yamato", "tracking_number": "4471"})
    assert out.status_code == 303
    assert state_of(shipment) is ShipmentState.DISPATCHED
    assert shipment.tracking_number == "4471"
    assert frida.post(f"{url}/dispatch").status_code == 409


def test_a_foreign_barcode_is_refused(client_of: ClientOf, cast: Cast) -> None:
    shipment = a_shipment(cast)
    url = f"/floor/pick/{shipment.number}"
    answer = client_of(cast.frida).post(f"{url}/scans", {"code": "4900000000000"})
    assert answer.status_code == 422
    assert state_of(shipment) is ShipmentState.PLANNED
    words = client_of(cast.frida).post(f"{url}/picks", {f"picked-{shipment.lines[0].id}": "two"})
    assert words.status_code == 422


def test_only_the_warehouse_comes_in(client_of: ClientOf, cast: Cast) -> None:
    shipment = a_shipment(cast)
    for url in ("/floor/", f"/floor/pick/{shipment.number}"):
        assert client_of(cast.alma).get(url).status_code == 404
        assert client_of(cast.dana).get(url).status_code == 403
    for act in ("picks", "scans", "cartons", "dispatch"):
        assert client_of(cast.dana).post(f"/floor/pick/{shipment.number}/{act}").status_code == 403
    assert client_of(cast.frida).get("/floor/pick/SH-none").status_code == 404
