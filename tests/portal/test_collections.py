"""Collections in the portal: which are shown to whom and how long, and what can be done with each."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote

import openpyxl
import pytest
from PIL import Image
from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.catalogs import make_catalog, shut_standard
from tests.factories.goods import make_product, make_sku
from tests.factories.orders import BY, make_order
from tests.factories.people import Cast
from wholesale.accounts.models import Membership, User
from wholesale.catalog import presenting, searching
from wholesale.catalog.models import Audience, Catalog, Sku
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.offers import line_sheets
from wholesale.offers.models import LineSheet
from wholesale.orders import carting

ClientOf = Callable[[User | None], Browser]


def make(cast: Cast, *skus: Sku, **values: object) -> Catalog:
    """A catalogue for Nordwind alone."""
    return make_catalog(
        skus or [make_sku()], audience=Audience.LIMITED, customers=[cast.nordwind], **values
    )


def test_the_deadline_is_told_in_the_readers_words_and_zone(
    client_of: ClientOf, cast: Cast
) -> None:
    zone = "Asia/Tokyo"
    make(cast, opens_at=clock.now(), closes_at=clock.instant(date(2026, 12, 1), time(18), zone))
    alma = client_of(cast.alma)
    assert "あと11日、12月1日 18:00まで" in alma.get("/collections").text
    alma.post("/language", {"language": "en"})
    assert "11 days left, until 1 Dec 18:00" in alma.get("/collections").text
    cast.nordwind.country = "FR"
    told = alma.get("/collections").text
    assert "until 1 Dec 10:00" in told
    assert "until 1 Dec 18:00 (Japan Time)" in told
    for now, words in (
        (datetime(2026, 12, 1, 5, 30), "3 hours left"), (datetime(2026, 12, 1, 8, 59), "1 minute left"),
        (datetime(2026, 11, 30, 12), "1 day left"),
    ):  # fmt: skip
        with clock.at(now.replace(tzinfo=UTC)):
            browser = client_of(cast.alma)
            browser.post("/language", {"language": "en"})
            assert words in browser.get("/collections").text, words


def test_it_is_shown_from_its_first_instant_to_its_last(client_of: ClientOf, cast: Cast) -> None:
    shut_standard()
    sku = make_sku(make_product("銀の盃"))
    searching.index([sku.id])
    now = clock.now()
    catalog = make(
        cast, sku, opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=2),
        ends_at=now + timedelta(hours=3),
    )  # fmt: skip
    pages = (
        "/collections", f"/collections/{catalog.code}", f"/collections/{catalog.code}?view=list",
        f"/collections/{catalog.code}/line-sheet", "/catalogue", f"/catalogue?q={quote('銀の盃')}",
        f"/products/{sku.product.code}", f"/search?q={quote('銀の盃')}",
    )  # fmt: skip
    tick = timedelta(microseconds=1)
    shows: dict[int, list[bool]] = {}
    for hour in (1, 2, 3):
        for before in (tick, timedelta(0)):
            with clock.at(now + timedelta(hours=hour) - before):
                alma = client_of(cast.alma)
                texts = [alma.get(page) for page in pages]
                seen = [
                    reply.status_code == 200
                    and (
                        sku.code in reply.text or catalog.code in reply.text
                        if reply.mimetype == "text/html" else True
                    )
                    for reply in texts
                ]  # fmt: skip
                assert len({*seen}) == 1, (hour, before, dict(zip(pages, seen, strict=True)))
                shows.setdefault(hour, []).append(seen[0])
    assert shows == {1: [False, True], 2: [True, True], 3: [True, False]}


def test_after_the_deadline_nothing_can_be_ordered_by_any_way(
    client_of: ClientOf, cast: Cast
) -> None:
    shut_standard()
    sku, other = make_sku(), make_sku()
    now = clock.now()
    catalog = make(cast, sku, closes_at=now + timedelta(hours=1), ends_at=now + timedelta(days=1))
    old = make_order(cast.nordwind, {sku: 2})
    carting.put(carting.open_cart(cast.nordwind, cast.alma), cast.nordwind, sku.id, 3, BY)
    with clock.at(now + timedelta(hours=1)):
        alma = client_of(cast.alma)
        page = alma.get(f"/collections/{catalog.code}?view=list").text
        assert "受付を締め切りました" in page
        assert f'name="pieces-{sku.code}"' not in page
        assert alma.post("/cart/lines", {f"pieces-{sku.code}": "5"}).status_code == 422
        pad = alma.post_part("/quick-order", {"text": f"{sku.code} 4\n{other.code} 1"}).text
        assert f"{sku.code} のご注文は締め切りました" in pad
        assert other.code not in pad.replace(f"{other.code} 1", "").replace(f"“{other.code}”", "").replace(f"「{other.code}」", "")  # fmt: skip
        alma.post(f"/orders/{old.number}/again")
        assert session.scalars(select(carting.CartLine.quantity)).all() == [3]
        assert "受付を締め切りました" in alma.get("/cart").text
        assert "checkout" not in alma.post("/checkout", {"fingerprint": "x"}).headers.get("Location", "")  # fmt: skip


def test_a_stranger_learns_nothing_of_it(client_of: ClientOf, cast: Cast) -> None:
    held = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(held, "JPEG")
    catalog = make(cast)
    presenting.set_cover(catalog, held.getvalue(), "cover.jpg", catalog.version, BY)
    cover = f"/pictures/{catalog.cover_sha256}"
    alma, cleo = client_of(cast.alma), client_of(cast.cleo)
    assert catalog.code in alma.get("/collections").text
    assert alma.get(cover).mimetype == "image/webp"
    asked = alma.post(f"/collections/{catalog.code}/line-sheets", {"kind": "pdf"})
    number = session.scalars(select(LineSheet.id)).one()
    assert asked.headers["Location"].endswith(f"/line-sheets/{number}")
    part = alma.part(f"/line-sheets/{number}")
    assert part.text.lstrip().startswith('<section class="stack" id="line-sheet"')
    assert alma.get(f"/line-sheets/{number}/file").status_code == 404  # not drawn yet
    line_sheets.keep(number, b"%PDF drawn")
    assert alma.get(f"/line-sheets/{number}/file").data == b"%PDF drawn"
    nothing = ("/collections/NONE", "/line-sheets/99999", "/pictures/" + "0" * 64)
    for theirs, none in zip(
        (f"/collections/{catalog.code}", f"/line-sheets/{number}", cover), nothing, strict=True
    ):
        assert (cleo.get(theirs).status_code, cleo.get(none).status_code) == (404, 404), theirs
    assert cleo.post(f"/collections/{catalog.code}/line-sheets").status_code == 404
    assert catalog.code not in cleo.get("/collections").text
    presenting.close_catalog(catalog, catalog.version, BY)
    for gone in (cover, f"/line-sheets/{number}/file", f"/collections/{catalog.code}"):
        assert alma.get(gone).status_code == 404, gone
    assert client_of(cast.dana).get("/collections").status_code in {303, 403, 404}


def test_who_sees_no_prices_gets_a_sheet_without(
    client_of: ClientOf, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = make(cast, make_sku(list_price="2345"))
    url = f"/collections/{catalog.code}/line-sheet"
    alma = client_of(cast.alma)
    reply = alma.get(url)
    assert "attachment" in reply.headers["Content-Disposition"]
    assert "1407" in cells(reply.data)
    line_sheets.keep(line_sheets.ask(cast.nordwind, catalog, line_sheets.SheetKind.PDF, "ja", BY,
                                     with_prices=True).id, b"%PDF")  # fmt: skip
    priced = session.scalars(select(LineSheet.id)).one()
    member = session.scalars(select(Membership).where(Membership.user_id == cast.bo.id)).one()
    member.sees_prices = False
    bo = client_of(cast.bo)
    hidden = cells(bo.get(url).data)
    assert "1407" not in hidden
    assert "2345" not in hidden
    assert bo.get(f"/line-sheets/{priced}").status_code == 404
    assert alma.get(f"{url}?kind=pdf").data.startswith(b"%PDF")
    monkeypatch.setattr(line_sheets, "MOST_AT_ONCE", 0)
    assert alma.get(url).status_code == line_sheets.TooLargeToWaitFor.status == 409
    assert (
        f'action="/collections/{catalog.code}/line-sheets"'
        in alma.get(f"/collections/{catalog.code}").text
    )


def cells(book: bytes) -> str:
    rows = openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows(values_only=True)
    return str([cell for row in rows for cell in row if cell is not None])
