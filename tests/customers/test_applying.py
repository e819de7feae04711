"""Asking for an account: written down once, compared with whom we know, answered once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories.people import BY, Cast
from wholesale.accounts.admitting import Admission, approve
from wholesale.accounts.colleagues import NotInvitable
from wholesale.accounts.models import BuyerRole, Membership
from wholesale.company.changing import CodeTaken
from wholesale.customers.applicants import SignupRequest, SignupState
from wholesale.customers.applying import (
    AnsweredAlready,
    NoReason,
    alike,
    apply_for_account,
    core_of,
    refuse,
)
from wholesale.customers.models import Customer
from wholesale.customers.queries import ship_tos
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.mail.letters import compose
from wholesale.mail.models import Letter

ASKED = {"name": "株式会社雪あかり", "kana": "ユキアカリ", "contact": "雪野", "email": "yuki@snow.example",
         "phone": "011-234-5678", "country": "JP", "postal_code": "060-0001", "region": "北海道",
         "address": "札幌市中央区北一条西1", "website": "", "message": "", "locale": "ja"}  # fmt: skip


def asked(**values: Any) -> SignupRequest:
    apply_for_account({**ASKED, **values}, BY)
    session.flush()
    return session.scalars(select(SignupRequest).order_by(SignupRequest.id.desc())).first()  # type: ignore[return-value]


def test_who_asks_twice_is_written_down_once(cast: Cast) -> None:
    asked()
    asked(name="別名")
    assert session.scalar(select(func.count()).select_from(SignupRequest)) == 1


@pytest.mark.parametrize("name", ["㈱雪あかり", "雪あかり 有限会社", "（株）雪あかり", "雪あかり"])
def test_the_legal_form_is_no_part_of_the_name(name: str) -> None:
    assert core_of(name) == "雪あかり"
    assert core_of("Snow Lights Co., Ltd.") == "Snow Lights"


def test_customers_that_may_be_the_same_are_found(cast: Cast) -> None:
    assert alike(asked()) == []
    cast.nordwind.phone = "0112345678"
    cast.rival.kana = "ユキアカリ"
    session.flush()
    request = asked()
    assert alike(request) == [cast.nordwind, cast.rival]
    cast.nordwind.phone, cast.rival.kana = "", ""
    cast.rival.name = "有限会社 雪あかり"
    session.flush()
    assert alike(request) == [cast.rival]


def test_a_yes_makes_the_customer_and_invites_its_administrator(cast: Cast) -> None:
    request = asked()
    customer = approve(request, Admission("K77"), request.version, BY)
    assert (request.state, request.customer_id) == (SignupState.APPROVED, customer.id)
    assert [place.code for place in ship_tos(customer.id)] == ["K77-1"]
    member = session.scalars(select(Membership).where(Membership.customer_id == customer.id)).one()
    assert (member.role, member.is_accepted) == (BuyerRole.ADMIN, False)
    letter = session.scalars(select(Letter).where(Letter.event == "invitation")).one()
    assert letter.recipient == "yuki@snow.example"
    with pytest.raises(AnsweredAlready):
        approve(request, Admission("K78"), request.version, BY)


def test_a_yes_that_can_not_be(cast: Cast) -> None:
    with pytest.raises(CodeTaken):
        request = asked()
        approve(request, Admission(cast.nordwind.code), request.version, BY)
    with pytest.raises(NotInvitable):
        request = asked(email=cast.dana.email)
        approve(request, Admission("K79"), request.version, BY)
    with pytest.raises(Conflict):
        request = asked(email="b@snow.example")
        approve(request, Admission("K80"), request.version + 1, BY)
    assert session.scalar(select(Customer.id).where(Customer.code == "K80")) is None


def test_a_no_goes_out_by_letter(cast: Cast) -> None:
    request = asked(locale="zh")
    with pytest.raises(NoReason):
        refuse(request, " ", request.version, BY)
    refuse(request, "目前不接受新客户。", request.version, BY)
    letter = session.scalars(select(Letter).where(Letter.event == "application_refused")).one()
    assert "目前不接受新客户。" in compose(letter).get_content()
    with pytest.raises(AnsweredAlready):
        refuse(request, "x", request.version, BY)
