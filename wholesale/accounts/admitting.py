"""Answering a request to trade with yes: the customer, its ship-to, and the first invitation."""

from __future__ import annotations

from dataclasses import dataclass

from wholesale.accounts import colleagues, looking_after
from wholesale.accounts.colleagues import Standing
from wholesale.accounts.models import BuyerRole
from wholesale.customers.addressing import free_code, save_address
from wholesale.customers.applicants import SignupRequest, SignupState
from wholesale.customers.applying import answered
from wholesale.customers.changing import save_customer
from wholesale.customers.models import AddressKind, Customer, CustomerState
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session

PRIORITY = 5
SAME = ("name", "kana", "country", "postal_code", "region", "address", "phone", "locale")


@dataclass(frozen=True, slots=True)
class Admission:
    """Under which code, and at whose prices."""

    code: str
    group_id: int | None = None


def approve(request: SignupRequest, admission: Admission, version: int, by: Actor) -> Customer:
    """Make the customer and invite who asked as its administrator; terms are entered next.

    Raises AnsweredAlready, Conflict, CodeTaken, BadAddress, NotInvitable.
    """
    answered(request, SignupState.APPROVED, version, by)
    same = {name: getattr(request, name) for name in SAME}
    values = {
        **same, "code": admission.code, "group_id": admission.group_id, "name_en": "",
        "name_zh": "", "building": "", "registration_number": "", "tags": [],
        "invoice_email": request.email, "order_email": "", "delivery_email": "",
        "state": CustomerState.ACTIVE, "priority": PRIORITY,
    }  # fmt: skip
    customer = save_customer(None, values, 0, by)
    looking_after.state_reps(customer, (), by)
    if request.address:
        place = {name: same[name] for name in ("name", "country", "postal_code", "region",
                                               "address", "phone")}  # fmt: skip
        save_address(
            customer, None,
            {**place, "kind": AddressKind.SHIP_TO, "code": free_code(customer), "attention": "",
             "is_default": True, "is_active": True},
            0, by,
        )  # fmt: skip
    colleagues.invite(customer, request.email, request.contact, Standing(role=BuyerRole.ADMIN), by)
    request.customer_id = customer.id
    session.flush()  # the page below is read by queries
    return customer
