"""Imports in the office: the rehearsal, the refused rows, the run."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.catalog.models import Sku
from wholesale.exchange import large_runs
from wholesale.exchange.long_imports import JOB, go_on
from wholesale.exchange.models import ImportRun
from wholesale.kernel import table_stream
from wholesale.kernel.access import Principal
from wholesale.kernel.db import session
from wholesale.kernel.jobs import Job

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


def worked(run: ImportRun) -> None:
    """What the worker does of the run's job."""
    asked = select(func.count()).select_from(Job).where(Job.name == JOB)
    assert session.scalar(asked)
    assert go_on(run.id, Principal.system("worker"))


def test_a_large_file_is_checked_and_brought_in_by_the_worker_while_its_page_tells_how_far(
    client_of: ClientOf, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_stream, "LARGE_TEXT", 1000)
    monkeypatch.setattr(large_runs, "CHUNK", 50)
    browser = client_of(cast.gil)
    file = (BytesIO(PRODUCTS.read_bytes()), "products.csv")
    sent = browser.post("/office/imports/preview", {"kind": "products", "file": file})
    assert sent.status_code == 303
    run = session.scalars(select(ImportRun)).one()
    page = f"/office/imports/{run.id}"
    under_way = browser.get(page).text
    assert f'hx-get="{page}"' in under_way
    assert "<progress" in under_way
    assert "products.csv" in browser.get("/office/imports").text
    worked(run)
    checked = browser.get(page).text
    assert 'hx-trigger="load' not in checked
    assert 'class="bad"' in checked
    assert how_many(Sku) == 0
    assert browser.post(f"{page}/work").status_code == 303
    assert browser.post_part(f"{page}/application").text.lstrip().startswith('<div id="import-run"')
    worked(run)
    assert how_many(Sku) == 150
    assert 'class="bad"' in browser.get(page).text
    assert browser.post(f"{page}/removal").status_code == 303  # what is in stays in
    assert how_many(ImportRun) == 1
    monkeypatch.setattr(table_stream, "LARGE_TEXT", 3)
    other = (BytesIO(b"a,b\n1,2\n"), "other.csv")
    browser.post("/office/imports/preview", {"kind": "products", "file": other})
    last = session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()
    worked(last)
    assert 'role="alert"' in browser.get(f"/office/imports/{last.id}").text
    third = (BytesIO("品番,品名\nA,い\n".encode()), "third.csv")
    browser.post("/office/imports/preview", {"kind": "products", "file": third})
    assert how_many(ImportRun) == 3
    last = session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()
    assert browser.post(f"/office/imports/{last.id}/removal").status_code == 303
    assert how_many(ImportRun) == 2
    assert client_of(cast.dana).post(f"{page}/application").status_code == 403
