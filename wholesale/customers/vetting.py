"""Vetting (審査): writing down what was looked at, what is due again, and what stops an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, update

from wholesale.company.queries import company
from wholesale.customers.models import Customer, CustomerState
from wholesale.customers.vettings import Vetting, VettingKind, VettingResult
from wholesale.kernel import clock, files, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_

# How long before its day a review or the end of a contract is told.
REVIEW_AHEAD = timedelta(days=14)
EXPIRY_AHEAD = timedelta(days=60)
LARGEST_FILE = 10 * 1024 * 1024
HIGHEST_SCORE = 100
FILES = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


class NotYetDone(DomainError):
    """A look is written down after it was taken."""

    message = N_("A check is of today or an earlier day.")


class DaysCrossed(DomainError):
    """What ends or is looked at again does so later."""

    message = N_("The day of expiry and the next review come after the day of the check.")


class NoNumber(DomainError):
    """There is nothing to confirm. A digit that doesn't fit is a warning only: sole proprietors."""

    message = N_("Enter the registration number of the customer before confirming it.")


class BadFile(DomainError):
    """Contracts are papers."""

    message = N_("Send a PDF, a picture, a Word or an Excel file of at most 10 MB.")


class VettingFailed(Conflict):
    """The house has decided not to confirm orders while a check is failed."""

    message = N_("%(customer)s has failed a check. Nothing is confirmed until it is passed.")


def write_vetting(
    customer: Customer,
    values: Mapping[str, Any],
    by: Actor,
    *,
    file: tuple[str, bytes] | None = None,
) -> Vetting:
    """Write down a look; it is the newest of its kind from here on. `file` is (name, bytes).

    Raises NotYetDone, DaysCrossed, NoNumber, BadFile.
    """
    done_on: date = values["done_on"]
    if done_on > clock.today():
        raise NotYetDone
    if any(
        day is not None and day <= done_on for day in (values["expires_on"], values["review_on"])
    ):
        raise DaysCrossed
    kind, result = values["kind"], values["result"]
    number = customer.registration_number
    is_number = kind is VettingKind.REGISTRATION and result is VettingResult.PASSED
    if is_number and not number:
        raise NoNumber
    session.execute(
        update(Vetting)
        .where(Vetting.customer_id == customer.id, Vetting.kind == kind, Vetting.is_newest)
        .values(is_newest=False)
    )
    row = Vetting(
        customer_id=customer.id, written_at=clock.now(), written_by=by.name, is_newest=True,
        **{**values, "source": values["source"] or (number if is_number else "")},
    )  # fmt: skip
    if file is not None:
        row.file_name, row.file_sha256 = _keep(*file)
    session.add(row)
    journal.record(
        customer, "customer:vetted", by, code=customer.code, kind=kind.value, reason=result.value,
        note=values["note"],
    )  # fmt: skip
    return row


def newest(customer_id: int) -> dict[VettingKind, Vetting]:
    """The look that counts of each kind."""
    rows = session.scalars(
        select(Vetting).where(Vetting.customer_id == customer_id, Vetting.is_newest)
    )
    return {row.kind: row for row in rows}


def history(customer_id: int) -> Sequence[Vetting]:
    """Every look at a customer, the newest first."""
    return session.scalars(
        select(Vetting).where(Vetting.customer_id == customer_id).order_by(Vetting.id.desc())
    ).all()


def is_due(today: date) -> ColumnElement[bool]:
    """A look that is failed, is to be taken again soon, or is about what ends soon."""
    return Vetting.is_newest & or_(
        Vetting.result == VettingResult.FAILED,
        Vetting.review_on <= today + REVIEW_AHEAD,
        Vetting.expires_on <= today + EXPIRY_AHEAD,
    )


def due(today: date) -> Select[Vetting]:
    """What somebody should look at, of customers that trade."""
    return (
        select(Vetting)
        .join(Customer, Customer.id == Vetting.customer_id)
        .where(is_due(today), Customer.state == CustomerState.ACTIVE)
    )


def must_be_sound(customers: Sequence[Customer]) -> None:
    """With the gate of the settings on, nothing is confirmed for who failed a check.

    Raises VettingFailed.
    """
    if not company().vetting_gate:
        return
    failed = session.scalar(
        select(Vetting.customer_id)
        .where(
            Vetting.customer_id.in_([one.id for one in customers]),
            Vetting.is_newest,
            Vetting.result == VettingResult.FAILED,
        )
        .limit(1)
    )
    for one in customers:
        if one.id == failed:
            raise VettingFailed(customer=one.name)


def _keep(name: str, content: bytes) -> tuple[str, str]:
    kind = FILES.get(name.rpartition(".")[2].lower())
    if kind is None or not 0 < len(content) <= LARGEST_FILE:
        raise BadFile
    stored = files.store(content, name=name, media_type=kind)
    return name[-120:], stored.sha256
