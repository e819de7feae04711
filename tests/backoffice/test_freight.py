"""Freight rules in the office: the table, the editor, the trial."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.freight import make_rule
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.customers.queries import forget_terms
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry
from wholesale.offers import freight
from wholesale.offers.models import FreightRule

ClientOf = Callable[[User | None], Browser]
URL = "/office/freight"
FIELDS = {"kind": "freight", "currency": "JPY", "fee": "1,800", "basis": "carton", "free_from": "",
          "tax_class": "standard", "country": "JP", "regions": "北海道、沖縄県", "min_kilograms": "2.5",
          "valid_from": "2026-11-01", "is_active": "y"}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh(database: None) -> Iterator[None]:
    for once in (True, False):
        freight.forget_rules()
        forget_terms()
        if once:
            yield


def test_a_rule_is_stated_and_changed(client_of: ClientOf, cast: Cast) -> None:
    gil = client_of(cast.gil)
    assert gil.post(URL, {**FIELDS, "fee": "-1"}).status_code == 422
    assert gil.post(URL, {**FIELDS, "valid_until": "2026-10-01"}).status_code == 422
    wrong = gil.post_part(URL, {**FIELDS, "country": "Japan"})
    assert wrong.status_code == 422
    assert wrong.text.lstrip().startswith('<div class="stack" id="settings-edit"')
    assert gil.post(URL, FIELDS).status_code == 303
    row = session.scalars(select(FreightRule)).one()
    assert (row.fee, row.regions, row.min_weight_grams) == (Decimal(1800), "北海道,沖縄県", 2500)
    page = gil.get(f"{URL}/{row.id}")
    assert page.status_code == 200
    again = {**FIELDS, "fee": "1900", "version": str(row.version)}
    assert gil.post(f"{URL}/{row.id}", again).status_code == 303
    assert gil.post(f"{URL}/{row.id}", again).status_code == 409
    table = gil.get(URL).text
    assert "1,900" in table
    assert "<del>1800</del> → <ins>1900</ins>" in table
    assert gil.get(f"{URL}/999999").status_code == 404


def test_a_trial_names_the_rule_that_counts(client_of: ClientOf, cast: Cast) -> None:
    rule = make_rule(fee="777", regions="京都府")
    dana = client_of(cast.dana)
    ask = "customer=nordwind&country=JP&region=京都府&net=100"
    part = dana.part(f"{URL}?{ask}")
    assert part.text.lstrip().startswith('<section class="sheet" id="freight-trial"')
    assert 'value="777"' in part.text
    assert f"{rule.id}" in part.text
    assert "1,200" in dana.part(f"{URL}?customer=nordwind&region=東京都&net=29999").text
    assert "1,200" not in dana.part(f"{URL}?customer=nordwind&region=東京都&net=30000").text
    assert 'role="alert"' in dana.part(f"{URL}?customer=nobody").text


def test_who_may_read_may_not_write_and_looking_writes_nothing(
    client_of: ClientOf, cast: Cast
) -> None:
    rule = make_rule(fee="777")
    dana, alma, frida = (client_of(one) for one in (cast.dana, cast.alma, cast.frida))
    session.commit()
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    assert dana.get(URL).status_code == 200
    for page in ("/new", f"/{rule.id}"):
        assert dana.get(f"{URL}{page}").status_code == 403
    for act in ("", f"/{rule.id}"):
        assert dana.post(f"{URL}{act}", FIELDS).status_code == 403
        assert alma.post(f"{URL}{act}", FIELDS).status_code == 404
    assert frida.get(URL).status_code == 403
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before
