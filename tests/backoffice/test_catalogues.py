"""Catalogues in the office: made, filled, opened; what a customer sees of one; who may do so."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.catalogs import make_catalog, shut_standard
from tests.factories.goods import make_brand, make_product, make_sku
from tests.factories.people import Cast
from tests.factories.prices import make_price_rule
from wholesale.accounts.models import User
from wholesale.backoffice.forms.catalogues import WrongRow
from wholesale.backoffice.goods.catalogue_items import UnknownSort
from wholesale.backoffice.goods.catalogues import NoCover
from wholesale.catalog import selecting
from wholesale.catalog.models import Audience, Catalog, CatalogState
from wholesale.customers.models import CustomerGroup
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.offers import line_sheets
from wholesale.pricing.models import OwnerKind, Scope

ClientOf = Callable[[User | None], Browser]
URL = "/office/catalogues"
FIELDS = {
    "code": "WINTER", "name_ja": "冬の器", "name_zh_hant": "冬之器", "audience": "limited",
    "opens_on": "2026-11-20", "closes_on": "2026-12-01", "closes_time": "18:00",
    "ends_on": "2026-12-05", "time_zone": "Europe/Paris", "policy": "preorder", "lead_days": "30",
}  # fmt: skip


def newest() -> Catalog:
    return session.scalars(select(Catalog).order_by(Catalog.id.desc()).limit(1)).one()


def picture() -> tuple[io.BytesIO, str]:
    held = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(held, "JPEG")
    return io.BytesIO(held.getvalue()), "cover.jpg"


def test_a_catalogue_is_made_filled_and_opened(client_of: ClientOf, cast: Cast) -> None:
    gil = client_of(cast.gil)
    red, blue = (make_sku(make_product(brand=make_brand(code))) for code in ("赤窯", "青窯"))
    wrong = gil.post_part(URL, {**FIELDS, "closes_time": "26:00", "name_ja": "消えない名"})
    assert wrong.status_code == 422
    assert "消えない名" in wrong.text
    assert gil.post(URL, {**FIELDS, "ends_on": "2026-11-21"}).status_code == 422
    assert gil.post(URL, {**FIELDS, "opens_on": "", "opens_time": "9:00"}).status_code == 422
    assert gil.post(URL, FIELDS).status_code == 303
    made = newest()
    assert (made.state, made.name) == (CatalogState.DRAFT, {"ja": "冬の器", "zh-Hant": "冬之器"})
    assert (made.opens_at, made.closes_at, made.ends_at) == (
        datetime(2026, 11, 19, 23, tzinfo=UTC), datetime(2026, 12, 1, 17, tzinfo=UTC),
        datetime(2026, 12, 5, 23, tzinfo=UTC),
    )  # fmt: skip

    def send(path: str, status: int = 200, **typed: Any) -> str:
        session.expire_all()
        reply = gil.post_part(f"{URL}/WINTER/{path}", {"version": made.version, **typed})
        assert reply.status_code == status, reply.text[-3000:]
        assert reply.text.lstrip().startswith('<div class="stack" id="catalogue"')
        return reply.text

    send("opening", 422)  # nothing is in it
    assert f"{red.code} NIX" in send("items", 422, codes=f"{red.code} NIX")
    send("items", codes=red.code)
    send("items", brand="青窯")
    send("items", 422)
    send("opening", 422)  # limited, and nobody is named
    assert "nordwind zzz" in send("audience", 422, customers="nordwind zzz")
    send("audience", customers="nordwind")
    page = send("rows", **{f"place-{red.code}": "2", f"minimum-{red.code}": "１２",
                           f"multiple-{red.code}": "6", f"place-{blue.code}": "1"})  # fmt: skip
    assert page.index(blue.code) < page.index(red.code)
    kept = send("rows", 422, **{f"place-{red.code}": "2", f"minimum-{red.code}": "a dozen"})
    assert "a dozen" in kept
    assert WrongRow(code=red.code).values["code"] in kept
    assert [row.minimum for row in selecting.rows_of(made)] == [None, 12]
    send("rows", sort="code")
    assert UnknownSort.status == NoCover.status == 422
    send("rows", 422, sort="colour")
    send("rows", remove=blue.code)
    send("cover", 422)
    send("cover", picture=picture())
    assert made.cover_small_sha256 is not None
    assert gil.get(f"/office/pictures/{made.cover_small_sha256}").mimetype == "image/webp"
    send("cover", act="remove")
    send("opening")
    assert made.state is CatalogState.OPEN
    send("closing")
    assert gil.post(f"{URL}/WINTER/opening", {"version": made.version - 1}).status_code == 409
    changed = {**FIELDS, "lead_days": "20", "version": made.version}
    part = gil.post_part(f"{URL}/WINTER", changed)
    assert part.status_code == 200, part.text[-2000:]
    whole = gil.get(f"{URL}/WINTER").text
    for shown in (
        'value="2026-12-01"',
        'value="18:00"',
        'value="2026-12-05"',
        "中央ヨーロッパ時間",
    ):
        assert shown in whole, shown


def test_a_catalogue_keeps_a_time_zone_that_is_not_a_common_one(
    client_of: ClientOf, cast: Cast
) -> None:
    gil, made = client_of(cast.gil), make_catalog([make_sku()], time_zone="Asia/Kathmandu")
    url = f"{URL}/{made.code}"
    assert 'value="Asia/Kathmandu"' in gil.get(url).text
    told = {"version": made.version, "name_ja": "山の器", "audience": "all", "policy": ""}
    assert gil.post(url, {**told, "time_zone": "Asia/Kathmandu"}).status_code == 303
    assert gil.post_part(url, {**told, "time_zone": "Mars/Base"}).status_code == 422
    session.expire_all()
    assert (made.name, made.time_zone) == ({"ja": "山の器"}, "Asia/Kathmandu")


def test_the_company_puts_its_catalogues_in_order(client_of: ClientOf, cast: Cast) -> None:
    gil, made = client_of(cast.gil), make_catalog([make_sku()])
    listed = gil.get(URL).text
    assert listed.index(made.code) < listed.index("STANDARD")
    moved = gil.post_part(f"{URL}/{made.code}/place", {"version": made.version, "move": "later"})
    assert moved.text.index(made.code) > moved.text.index("STANDARD")


def test_what_a_customer_sees_is_shown_with_its_price_or_with_the_reason(
    client_of: ClientOf, cast: Cast
) -> None:
    dana = client_of(cast.dana)
    sku, free = make_sku(list_price="1000"), make_sku(list_price=None)
    catalog = make_catalog([sku, free], audience=Audience.LIMITED, customers=[cast.nordwind])
    make_price_rule((OwnerKind.CATALOG, catalog.id), Scope.SKU, sku.id, "550")
    own = f"{URL}/{catalog.code}/preview?customer="
    text = dana.get(own + "nordwind").text
    assert "550" in text  # the customer's default rate comes after what the catalogue states
    assert "この取引先の通貨の価格がありません" in text
    assert "550" in dana.get(f"{URL}/{catalog.code}").text
    assert (
        dana.part(own + "rival")
        .text.lstrip()
        .startswith('<div class="stack" id="catalogue-preview"')
    )
    assert "この取引先には見えません" in dana.get(own + "rival").text
    assert "このコードの取引先はありません" in dana.get(own + "nobody").text
    catalog.opens_at = clock.now() + timedelta(hours=1)
    assert "まだ始まっていません" in dana.get(own + "nordwind").text
    catalog.opens_at, catalog.audience = None, Audience.ALL
    shut_standard()
    assert free.code in dana.get(own + "rival").text


def test_line_sheets_are_drawn_for_a_customer_that_sees_the_catalogue(
    client_of: ClientOf, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana = client_of(cast.dana)
    catalog = make_catalog(
        [make_sku(list_price="1000")], audience=Audience.LIMITED, customers=[cast.nordwind]
    )
    url = f"{URL}/{catalog.code}/line-sheet"
    assert dana.get(f"{url}/nordwind").data.startswith(b"PK")
    assert dana.get(f"{url}/nordwind?kind=pdf").data.startswith(b"%PDF")
    assert dana.get(f"{url}/rival").status_code == 422
    assert dana.get(f"{url}/nobody").status_code == 404
    assert client_of(cast.frida).get(f"{url}/nordwind").status_code == 403
    monkeypatch.setattr(line_sheets, "MOST_AT_ONCE", 0)
    large = dana.get(f"{url}/nordwind")
    assert large.status_code == line_sheets.TooLargeToWaitFor.status == 409
    asked = dana.post(f"{url}s/nordwind", {"kind": "pdf"})
    page = asked.headers["Location"]
    assert dana.part(page).text.lstrip().startswith('<section class="stack" id="line-sheet"')
    number = int(page.rsplit("/", 1)[1])
    line_sheets.keep(number, b"%PDF drawn")
    assert f"{page}/file" in dana.get(page).text
    assert dana.get(f"{page}/file").data == b"%PDF drawn"


@pytest.mark.parametrize("who", ["egon", "frida"])
def test_who_may_not_edit_catalogues_reads_them_alone(
    client_of: ClientOf, cast: Cast, who: str
) -> None:
    catalog = make_catalog([make_sku()], audience=Audience.LIMITED, customers=[cast.nordwind])
    session.add(CustomerGroup(code="A", name={"ja": "A"}))
    reader = client_of(getattr(cast, who))
    assert reader.get(f"{URL}/{catalog.code}").status_code == 200
    assert "<textarea" not in reader.get(f"{URL}/{catalog.code}").text
    for path in ("", "/opening", "/closing", "/place", "/cover", "/items", "/rows", "/audience"):
        assert reader.post(f"{URL}/{catalog.code}{path}", {"version": 1}).status_code == 403, path
    preview = reader.get(f"{URL}/{catalog.code}/preview?customer=nordwind")
    assert preview.status_code == (403 if who == "frida" else 200)
    assert client_of(cast.alma).get(f"{URL}/{catalog.code}").status_code in {403, 404}
    assert reader.get(f"{URL}/NONE").status_code == 404
