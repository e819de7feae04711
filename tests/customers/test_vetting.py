"""Checks of customers: what counts, what is due, what stops a confirmation, and the papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest

from tests.factories.browsing import Browser
from tests.factories.goods import make_sku
from tests.factories.orders import BY, make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.accounts.models import User
from wholesale.company.queries import company
from wholesale.customers import vetting
from wholesale.customers.models import Customer
from wholesale.customers.vetting import (
    BadFile,
    DaysCrossed,
    NoNumber,
    NotYetDone,
    VettingFailed,
    write_vetting,
)
from wholesale.customers.vettings import Vetting, VettingKind, VettingResult
from wholesale.kernel.db import session
from wholesale.orders.confirming import confirm

URL = "/office/customers/nordwind/checks"
TODAY = date(2026, 11, 20)
FORM = {"kind": "contract", "result": "passed", "done_on": "2026-11-20", "done_by": "高瀬",
        "source": "", "score": "", "amount": "", "expires_on": "2027-01-10", "review_on": "",
        "note": "自動更新なし"}  # fmt: skip


def look(customer: Customer, kind: VettingKind, result: VettingResult, **more: Any) -> Vetting:
    values = {"kind": kind, "result": result, "done_on": TODAY, "done_by": "Dana", "source": "",
              "score": None, "amount": None, "expires_on": None, "review_on": None, "note": ""}  # fmt: skip
    row = write_vetting(customer, {**values, **more}, BY)
    session.flush()
    return row


def due() -> list[Vetting]:
    return list(session.scalars(vetting.due(TODAY)))


def test_the_newest_counts_and_what_is_due_is_told(cast: Cast) -> None:
    failed = look(cast.nordwind, VettingKind.ANTISOCIAL, VettingResult.FAILED)
    soon = look(cast.rival, VettingKind.CONTRACT, VettingResult.PASSED,
                expires_on=TODAY + timedelta(days=30))  # fmt: skip
    look(cast.rival, VettingKind.CREDIT, VettingResult.PASSED, score=61,
         review_on=TODAY + timedelta(days=200))  # fmt: skip
    assert set(due()) == {failed, soon}
    passed = look(cast.nordwind, VettingKind.ANTISOCIAL, VettingResult.PASSED)
    session.expire_all()
    assert (failed.is_newest, due()) == (False, [soon])
    assert vetting.newest(cast.nordwind.id) == {VettingKind.ANTISOCIAL: passed}


def test_what_is_refused(cast: Cast) -> None:
    one, passed = cast.nordwind, VettingResult.PASSED
    with pytest.raises(NotYetDone):
        look(one, VettingKind.CREDIT, passed, done_on=TODAY + timedelta(days=1))
    with pytest.raises(DaysCrossed):
        look(one, VettingKind.CONTRACT, passed, expires_on=TODAY)
    with pytest.raises(NoNumber):
        look(one, VettingKind.REGISTRATION, passed)
    one.registration_number = "T1234567890123"  # a sole proprietor's: its digit needn't fit
    assert look(one, VettingKind.REGISTRATION, passed).source == "T1234567890123"


def test_the_gate_stops_confirmations_while_a_check_is_failed(cast: Cast) -> None:
    sku = make_sku()
    put_on_shelf(sku, 20)
    look(cast.nordwind, VettingKind.ANTISOCIAL, VettingResult.FAILED)
    confirm(make_order(cast.nordwind, {sku: 5}), BY)  # the house hasn't switched the gate on
    company().vetting_gate = True
    waiting = make_order(cast.nordwind, {sku: 5})
    with pytest.raises(VettingFailed):
        confirm(waiting, BY)
    look(cast.nordwind, VettingKind.ANTISOCIAL, VettingResult.PASSED)
    confirm(waiting, BY)


def test_checks_in_the_office(client_of: Callable[[User | None], Browser], cast: Cast) -> None:
    dana = client_of(cast.dana)
    assert dana.get(URL).status_code == 200
    part = dana.post_part(URL, {**FORM, "file": (BytesIO(b"%PDF-1.7 x"), "契約書.pdf")})
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div class="stack" id="checks-of">')
    (row,) = due()
    paper = dana.get(f"{URL}/{row.id}/file")
    assert (paper.data, paper.mimetype) == (b"%PDF-1.7 x", "application/pdf")
    assert "attachment" in paper.headers["Content-Disposition"]
    assert dana.get(f"/office/customers/rival/checks/{row.id}/file").status_code == 404
    wrong = dana.post(URL, {**FORM, "note": "消えないで", "file": (BytesIO(b"MZ"), "x.exe")})
    assert wrong.status_code == 422
    assert 'value="消えないで"' in wrong.text
    listed = dana.get("/office/checks")
    assert URL in listed.text
    assert "/office/checks" in dana.get("/office/").text
    assert dana.get("/office/customers/nordwind").text.count(URL) >= 1
    assert client_of(cast.frida).get(URL).status_code == 403
    assert client_of(cast.egon).post(URL, FORM).status_code == 403
    with pytest.raises(BadFile):
        write_vetting(
            cast.nordwind,
            {"kind": VettingKind.CONTRACT, "result": VettingResult.OPEN, "done_on": TODAY,
             "expires_on": None, "review_on": None, "source": "", "note": ""},
            BY, file=("x.exe", b"MZ"),
        )  # fmt: skip
