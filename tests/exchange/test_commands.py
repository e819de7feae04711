"""The words `import` and `price` as somebody types them, against a committed database."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from wholesale.catalog.models import Sku
from wholesale.cli.importing import UnknownCode, import_words, price_words
from wholesale.exchange.models import ImportRun
from wholesale.kernel import config
from wholesale.kernel.access import Principal
from wholesale.kernel.db import session, unit_of_work

FOLDER = Path(__file__).parents[1] / "data" / "moving_in"


@pytest.fixture
def installation(committed_database: str) -> Iterator[None]:
    before = config.current()
    config.use(dataclasses.replace(before, database_url=committed_database))
    yield
    config.use(before)


def typed(*words: str) -> int:
    return import_words([*words, "--json"])


def test_the_exit_code_says_whether_all_some_or_nothing_was_taken(
    installation: None, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert typed("products", str(FOLDER / "products.xlsx"), "--dry-run") == 0
    rehearsed = json.loads(capsys.readouterr().out)
    with unit_of_work(Principal.system("test"), read_only=True):
        assert session.scalar(select(Sku.id)) is None
        assert session.scalar(select(ImportRun.id)) is None
    assert typed("products", str(FOLDER / "products.xlsx")) == 0
    assert json.loads(capsys.readouterr().out) == rehearsed
    assert typed("customers", str(FOLDER / "customers.xlsx")) == 0
    assert typed("prices", str(FOLDER / "rates.xlsx")) == 1
    capsys.readouterr()
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    assert typed("stock", str(empty)) == 2
    assert json.loads(capsys.readouterr().out)["file"]["reason"] == "empty_file"
    assert typed("stock", str(tmp_path / "nowhere.xlsx")) == 2
    capsys.readouterr()

    assert price_words(["K0022", "TK-1206-AI", "10", "--on", "2026-11-22", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["price"], told["currency"]) == ("896", "JPY")
    assert told["trace"]
    assert price_words(["K0049", "TK-3104-KN-2", "10", "--on", "2026-11-22", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["price"], told["currency"]) == (None, "TWD")
    monkeypatch.setenv("WHOLESALE_LANGUAGE", "en")
    for customer, sku, unknown in (
        ("NOBODY", "TK-3104-KN-2", "NOBODY"), ("K0022", "NOTHING", "NOTHING"),
    ):  # fmt: skip
        assert price_words([customer, sku, "10"]) == 2
        assert capsys.readouterr().err.strip() == str(UnknownCode(code=unknown))


def test_an_order_sheet_is_read_for_a_customer_and_ordered_once(
    installation: None, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind, name in (("products", "products.xlsx"), ("customers", "customers.xlsx")):
        assert typed(kind, str(FOLDER / name)) == 0
    capsys.readouterr()
    sheet = str(FOLDER / "orders" / "order_bad.csv")
    assert typed("order", sheet, "--customer", "K0001", "--dry-run") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["created"], told["customer"]) == (17, 5, "K0001")
    assert told["order"] == "" and told["merged"] == {"TK-2205-AS": 240}
    assert typed("order", str(FOLDER / "orders" / "order_clean.xlsx")) == 0
    assert json.loads(capsys.readouterr().out)["order"].startswith("SO-")
    assert typed("order", sheet) == 2
    assert json.loads(capsys.readouterr().out)["file"]["reason"] == "unknown_buyer"
