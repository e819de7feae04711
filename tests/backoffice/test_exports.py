"""Exports in the office: a list in the columns of a layout, and a word about what is lacking."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.goods import make_product, make_sku
from tests.factories.people import BY, PASSWORD, Cast
from wholesale.accounts.inviting import add_staff
from wholesale.accounts.models import Role, User
from wholesale.backoffice.files.exports import READS
from wholesale.exchange.exporting import KINDS
from wholesale.exchange.models import ExportLayout
from wholesale.kernel.db import session

ClientOf = Callable[[User | None], Browser]
FILE = "/office/exports/file?kind=products"


def test_a_list_is_written_out_in_the_columns_of_a_saved_layout(
    client_of: ClientOf, cast: Cast
) -> None:
    make_sku(make_product("湯呑", code="TK-1"), code="TK-1-A")
    browser = client_of(cast.gil)
    assert 'name="take:sku"' in browser.get("/office/exports/layouts/new?kind=products").text
    told = {
        "kind": "products", "name": "店頭用", "language": "en", "format": "csv",
        "take:name": "1", "at:name": "2", "take:sku": "1", "at:sku": "1", "at:cost": "3",
    }  # fmt: skip
    bare = {name: text for name, text in told.items() if not name.startswith("take:")}
    refused = browser.post("/office/exports/layouts", bare)
    assert (refused.status_code, 'value="店頭用"' in refused.text) == (422, True)
    assert browser.post("/office/exports/layouts", told).status_code == 303
    assert browser.post("/office/exports/layouts", told).status_code == 409
    layout = session.scalars(select(ExportLayout)).one()
    assert layout.fields == ["sku", "name"]
    page = browser.get(f"/office/exports/layouts/{layout.id}").text
    assert "店頭用" in page and "店頭用" in browser.get("/office/exports").text
    sent = browser.get(f"{FILE}&layout=店頭用")
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.data.decode("utf-8-sig") == "SKU code,name\r\nTK-1-A,湯呑\r\n"
    changed = {**told, "at:sku": "9", "version": str(layout.version)}
    assert browser.post(f"/office/exports/layouts/{layout.id}", changed).status_code == 303
    assert layout.fields == ["name", "sku"]
    again = browser.post(f"/office/exports/layouts/{layout.id}", changed)
    assert again.status_code == 409
    assert browser.post(f"/office/exports/layouts/{layout.id}/removal").status_code == 303
    assert session.scalar(select(ExportLayout)) is None
    assert browser.get(f"{FILE}&layout=店頭用").status_code == 422


def test_signs_that_shift_jis_lacks_are_named_before_anything_is_sent(
    client_of: ClientOf, cast: Cast
) -> None:
    product = make_product("飯碗", code="TK-2")
    product.name = {"ja": "飯碗", "zh": "饭碗"}
    make_sku(product, code="TK-2-A")
    browser = client_of(cast.gil)
    asked = browser.get(f"{FILE}&format=csv_cp932")
    assert "饭" in asked.text and "Content-Disposition" not in asked.headers
    sent = browser.get(f"{FILE}&format=csv_cp932&accept=1")
    assert "〓碗" in sent.data.decode("cp932")
    assert browser.get(f"{FILE}&format=xlsx").data[:2] == b"PK"


def test_only_who_may_bring_files_in_may_send_lists_out(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(cast.alma).get(FILE).status_code == 404
    assert client_of(cast.dana).get(FILE).status_code == 403
    assert client_of(cast.gil).get("/office/exports/file?kind=none").status_code == 404
    assert client_of(cast.gil).get("/office/exports/layouts/1").status_code == 404


def test_a_list_goes_out_to_whoever_may_read_it(client_of: ClientOf, cast: Cast) -> None:
    assert READS.keys() == KINDS.keys()
    session.add(Role(code="clerk", name="Clerk", permissions=["imports:run", "stock:read"]))
    session.flush()
    clerk = client_of(add_staff("pia@example.jp", "Pia", "clerk", BY, password=PASSWORD))
    page = clerk.get("/office/exports").text
    answers = {kind: clerk.get(f"/office/exports/file?kind={kind}").status_code for kind in KINDS}
    assert answers == {**dict.fromkeys(KINDS, 403), "stock": 200}
    assert [f'form="export-{kind}"' in page for kind in KINDS] == [
        kind == "stock" for kind in KINDS
    ]
