"""A request to trade: written down by whoever asks, looked at and answered by our people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, or_, select

from wholesale.company.changing import check_version
from wholesale.customers.applicants import SignupRequest, SignupState
from wholesale.customers.models import Customer, CustomerState
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_
from wholesale.mail import outbox

LEGAL_FORMS = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|\(株\)|\(有\)|\(同\)|㈱|㈲|有限公司|"
    r"\b(co\.?,? ?ltd\.?|ltd\.?|inc\.?|llc|gmbh|k\.?k\.?)(?=\s|$)",
    re.IGNORECASE,
)
FEWEST_DIGITS = 8
SHORTEST_NAME = 2
MOST_ALIKE = 10


class AnsweredAlready(Conflict):
    """A request is answered once."""

    message = N_("%(name)s has been answered already.")


class NoReason(DomainError):
    """A refusal goes out by letter."""

    message = N_("Say why: the letter carries these words.")


def apply_for_account(values: Mapping[str, Any], by: Actor) -> None:
    """Write a request down. One that waits already, or an address we know, is told the same."""
    waiting = session.scalar(
        select(SignupRequest.id).where(
            SignupRequest.email == values["email"], SignupRequest.state == SignupState.WAITING
        )
    )
    if waiting is None:
        request = SignupRequest(**values, asked_at=clock.now())
        session.add(request)
        journal.record(request, "signup:asked", by)


def alike(request: SignupRequest) -> list[Customer]:
    """Customers that may be the one who asks: by name, reading, telephone or e-mail. One statement."""
    signs = [Customer.invoice_email == request.email]
    if len(core := core_of(request.name)) >= SHORTEST_NAME:
        signs.append(Customer.name.contains(core, autoescape=True))
    if request.kana:
        signs.append(Customer.kana == request.kana)
    digits = re.sub(r"\D", "", request.phone)
    if len(digits) >= FEWEST_DIGITS:
        signs.append(func.replace(func.replace(Customer.phone, "-", ""), " ", "") == digits)
    return list(
        session.scalars(
            select(Customer)
            .where(or_(*signs), Customer.state != CustomerState.MERGED)
            .order_by(Customer.code)
            .limit(MOST_ALIKE)
        )
    )


def core_of(name: str) -> str:
    """The name of a firm without the words of its legal form."""
    return LEGAL_FORMS.sub("", unicodedata.normalize("NFKC", name)).strip(" 　,.、・")


def refuse(request: SignupRequest, reason: str, version: int, by: Actor) -> None:
    """Say no by letter. Raises AnsweredAlready, NoReason, Conflict."""
    if not reason.strip():
        raise NoReason
    answered(request, SignupState.REFUSED, version, by)
    request.reason = reason.strip()
    outbox.post(
        "application_refused", to=request.email, locale=request.locale,
        key=f"application_refused:{request.id}", by=by, name=request.contact or request.name,
        firm=request.name, reason=request.reason,
    )  # fmt: skip


def answered(request: SignupRequest, state: SignupState, version: int, by: Actor) -> None:
    """Note the answer, whichever it is. Raises AnsweredAlready, Conflict."""
    if request.state is not SignupState.WAITING:
        raise AnsweredAlready(name=request.name)
    check_version(request, version)
    request.state, request.answered_at, request.answered_by = state, clock.now(), by.name
    journal.record(request, f"signup:{state.value}", by)
