"""The customer file and its addresses: what may be changed, and what the journal keeps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.people import BY, Cast
from wholesale.accounts import looking_after, managing
from wholesale.company.changing import CodeTaken
from wholesale.company.registration import BadRegistrationNumber
from wholesale.customers.addressing import DefaultOutOfUse, default_address, save_address
from wholesale.customers.changing import IsMerged, TooManyTags, save_customer
from wholesale.customers.models import AddressKind, Customer, CustomerState
from wholesale.customers.queries import ship_tos
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict
from wholesale.kernel.journal import JournalEntry
from wholesale.payments import learning
from wholesale.payments.models import PayerName

PLACE = {"name": "京都倉庫", "attention": "", "phone": "", "country": "JP", "postal_code": "604-0001",
         "region": "京都府", "address": "京都市中京区道場町1", "is_active": True}  # fmt: skip


def file_of(customer: Customer, **values: Any) -> dict[str, Any]:
    names = ("code", "name", "kana", "name_en", "name_zh", "locale", "registration_number",
             "country", "postal_code", "region", "address", "building", "phone", "invoice_email",
             "order_email", "delivery_email", "state", "priority", "group_id", "tags")  # fmt: skip
    return {**{name: getattr(customer, name) for name in names}, **values}


def place(code: str, **values: Any) -> dict[str, Any]:
    return {**PLACE, "code": code, "kind": AddressKind.SHIP_TO, "is_default": False, **values}


def changes_of(did: str) -> dict[str, Any]:
    session.commit()
    entry = session.scalars(
        select(JournalEntry).where(JournalEntry.did == did).order_by(JournalEntry.sequence.desc())
    ).first()
    assert entry is not None
    return dict(json.loads(entry.details)["changes"])


def test_old_and_new_values_are_kept(cast: Cast) -> None:
    values = file_of(cast.nordwind, name_zh="北风", tags=["ホテル", " ホテル", "京都"],
                     registration_number="Ｔ1-2345-6789-0123")  # fmt: skip
    save_customer(cast.nordwind, values, cast.nordwind.version, BY)
    assert changes_of("customer:changed") == {
        "name_zh": ["", "北风"], "tags": [[], ["ホテル", "京都"]],
        "registration_number": ["", "T1234567890123"],
    }  # fmt: skip
    assert cast.nordwind.display_name("zh-Hant") == "北风"


def test_who_saw_an_older_version_is_refused(cast: Cast) -> None:
    seen = cast.nordwind.version
    save_customer(cast.nordwind, file_of(cast.nordwind, phone="075-1"), seen, BY)
    session.flush()
    with pytest.raises(Conflict):
        save_customer(cast.nordwind, file_of(cast.nordwind, phone="075-2"), seen, BY)


def test_what_is_refused(cast: Cast) -> None:
    with pytest.raises(CodeTaken):
        save_customer(None, file_of(cast.nordwind), 0, BY)
    with pytest.raises(BadRegistrationNumber):
        save_customer(cast.nordwind, file_of(cast.nordwind, registration_number="T12"), 1, BY)
    with pytest.raises(TooManyTags):
        save_customer(cast.nordwind, file_of(cast.nordwind, tags=["x" * 31]), 1, BY)
    cast.rival.state = CustomerState.MERGED
    with pytest.raises(IsMerged):
        save_customer(cast.rival, file_of(cast.rival), cast.rival.version, BY)


def test_one_address_of_a_kind_is_the_usual_one(cast: Cast) -> None:
    old = default_address(cast.nordwind.id, AddressKind.SHIP_TO)
    new = save_address(cast.nordwind, None, place("W2", is_default=True), 0, BY)
    session.expire_all()
    assert default_address(cast.nordwind.id, AddressKind.SHIP_TO) == new
    assert old is not None
    assert (old.is_default, old.version) == (False, 2)
    with pytest.raises(DefaultOutOfUse):
        save_address(cast.nordwind, new, place("W2", is_active=False), new.version, BY)
    with pytest.raises(Conflict):
        save_address(cast.nordwind, old, place(old.code), 1, BY)
    with pytest.raises(CodeTaken):
        save_address(cast.nordwind, None, place("W2"), 0, BY)


def test_billing_addresses_receive_no_goods(cast: Cast) -> None:
    save_address(cast.nordwind, None, place("B1", kind=AddressKind.BILLING), 0, BY)
    session.flush()
    assert [one.code for one in ship_tos(cast.nordwind.id)] == ["nordwind-1"]
    billing = default_address(cast.nordwind.id, AddressKind.BILLING)
    assert billing is not None
    assert billing.code == "B1"


def test_who_looks_after_a_customer(cast: Cast) -> None:
    looking_after.state_reps(cast.nordwind, [cast.dana.id, cast.alma.id], BY)
    assert managing.assigned(cast.dana) == [cast.nordwind.id]
    assert managing.assigned(cast.alma) == []  # a buyer is nobody of ours
    assert changes_of("customer:changed") == {"reps": ["", "Dana"]}
    looking_after.state_reps(cast.nordwind, [], BY)
    assert managing.assigned(cast.dana) == []


def test_payer_names_are_stated_whole_and_learned_ones_stay(cast: Cast) -> None:
    session.add(PayerName(customer_id=cast.nordwind.id, raw="ﾉﾙﾄﾞ", key="ﾉﾙﾄﾞ", is_registered=False))
    learning.state_names(cast.nordwind, ["ｶ)ﾉﾙﾄﾞｳｲﾝﾄ", "ﾉﾙﾄﾞｳｲﾝﾄﾎﾝﾃﾝ"], BY)
    learning.state_names(cast.nordwind, ["ﾉﾙﾄﾞｳｲﾝﾄﾎﾝﾃﾝ"], BY)
    session.flush()
    left = session.execute(
        select(PayerName.raw, PayerName.is_registered).where(
            PayerName.customer_id == cast.nordwind.id
        )
    ).all()
    assert sorted(left) == [("ﾉﾙﾄﾞ", False), ("ﾉﾙﾄﾞｳｲﾝﾄﾎﾝﾃﾝ", True)]
