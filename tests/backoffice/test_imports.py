"""Imports in the office: the rehearsal, the refused rows, the run."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.catalog.models import Sku
from wholesale.exchange.models import ImportRun
from wholesale.kernel.db import session

ClientOf = Callable[[User | None], Browser]
PRODUCTS = Path(__file__).parents[1] / "data" / "moving_in" / "products_messy.csv"


def how_many(model: type[Sku | ImportRun]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_rehearsal_names_refused_rows_and_writes_nothing(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.gil)
    seen = browser.post(
        "/office/imports/preview",
        {"kind": "products", "file": (BytesIO(PRODUCTS.read_bytes()), "products.csv")},
    )
    assert seen.status_code == 200
    assert 'class="bad"' in seen.text
    assert how_many(Sku) == how_many(ImportRun) == 0
    sha256 = seen.text.split('name="sha256" value="')[1].split('"')[0]
    answer = browser.post(
        "/office/imports", {"kind": "products", "sha256": sha256, "name": "products.csv"}
    )
    assert answer.status_code == 303
    assert how_many(Sku) > 0
    run = session.scalars(select(ImportRun)).one()
    page = browser.get(f"/office/imports/{run.id}")
    assert 'class="bad"' in page.text
    assert "products.csv" in browser.get("/office/imports").text


def test_a_file_that_is_no_table_is_refused_whole(client_of: ClientOf, cast: Cast) -> None:
    answer = client_of(cast.gil).post(
        "/office/imports/preview", {"kind": "products", "file": (BytesIO(b""), "empty.csv")}
    )
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="products" selected' in answer.text


def test_without_a_file_or_with_a_lost_one_nothing_happens(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.gil)
    assert browser.post("/office/imports/preview", {"kind": "products"}).status_code == 422
    assert browser.post("/office/imports", {"kind": "products", "sha256": "0"}).status_code == 422
    assert how_many(ImportRun) == 0


def test_only_who_may_import_gets_in(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(cast.alma).get("/office/imports").status_code == 404
    assert client_of(cast.dana).get("/office/imports").status_code == 403
    assert client_of(cast.dana).post("/office/imports").status_code == 403
    assert client_of(cast.gil).get("/office/imports/1").status_code == 404


MESSY = "品番,品名,上代\nTK-1,湯呑,1200\nTK-2,飯碗,八百\n"


def rehearsed(browser: Browser) -> str:
    seen = browser.post(
        "/office/imports/preview",
        {"kind": "products", "file": (BytesIO(MESSY.encode()), "messy.csv")},
    )
    assert seen.status_code == 200
    return seen.text


def test_a_refused_cell_is_mended_in_its_place_and_looked_at_again(
    client_of: ClientOf, cast: Cast
) -> None:
    browser = client_of(cast.gil)
    text = rehearsed(browser)
    sha256 = text.split('name="sha256" value="')[1].split('"')[0]
    (field,) = re.findall(r'name="(fix:3:2:[^"]*)"', text)
    kept = {"kind": "products", "sha256": sha256, "name": "messy.csv"}
    once = browser.post_part("/office/imports/correction", {**kept, field: "900円位"})
    assert once.status_code == 200
    assert once.text.lstrip().startswith('<div id="import-preview"')
    assert 'value="900円位"' in once.text
    twice = browser.post("/office/imports/correction", {**kept, field: "800"}).text
    assert "fix:" not in twice
    assert how_many(Sku) == how_many(ImportRun) == 0
    mended = twice.split('name="sha256" value="')[1].split('"')[0]
    assert mended != sha256
    browser.post("/office/imports", {"kind": "products", "sha256": mended, "name": "messy.csv"})
    assert how_many(Sku) == 2
    assert browser.post("/office/imports/correction", {"kind": "products"}).status_code == 422
    assert client_of(cast.dana).post("/office/imports/correction", kept).status_code == 403
    assert client_of(cast.alma).post("/office/imports/correction", kept).status_code == 404
