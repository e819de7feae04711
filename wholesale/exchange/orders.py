"""An order from a buyer's sheet: the good lines are ordered at once, the others are named."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from wholesale.customers.models import Customer
from wholesale.customers.queries import ship_tos
from wholesale.exchange import order_lines
from wholesale.exchange.models import ImportRun, RunState
from wholesale.exchange.order_sheets import OrderSheet, understood
from wholesale.exchange.reports import Translate, filled_in
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.sheets import FileRefused
from wholesale.kernel.text import N_
from wholesale.orders.checkout import Requested
from wholesale.orders.models import OrderSource
from wholesale.orders.placing import OrderRequest, place_request

KIND = "order"
FARTHEST = timedelta(days=365)
WARNINGS = {
    "other_customer": N_("The sheet names another customer: %(value)s"),
    "no_such_day": N_(
        "The wanted day %(value)s is past or more than a year away. It was left out."
    ),
}


class UnknownBuyer(DomainError):
    """Nobody said who orders, or nobody knows them."""

    message = N_("Say who orders: no customer is known as “%(code)s”.")


@dataclass(slots=True)
class OrderReport:
    """What became of one order sheet. `is_known` says that the same file was ordered before."""

    sheet: OrderSheet = field(default_factory=OrderSheet)
    customer: str = ""
    order: str = ""
    is_known: bool = False
    warnings: list[tuple[str, str]] = field(default_factory=list)
    file: FileRefused | None = None

    @property
    def is_clean(self) -> bool:
        """Every line was taken."""
        return self.file is None and not self.sheet.refused

    def as_json(self, translate: Translate = str) -> dict[str, Any]:
        """The shape of the other imports; `rows` = created + unchanged + refused lines."""
        if self.file is not None:
            message = filled_in(translate(self.file.message), self.file.values)
            return {"kind": KIND, "file": {"reason": self.file.reason, "message": message}}
        good = len(self.sheet.lines)
        wanted_on = self.sheet.wanted_on
        return {
            "kind": KIND, "rows": good + len(self.sheet.refused),
            "created": 0 if self.is_known else good, "updated": 0,
            "unchanged": good if self.is_known else 0,
            "refused": [one.as_json(translate) for one in self.sheet.refused],
            "warnings": [self._warning(*one, translate) for one in self.warnings],
            "customer": self.customer, "po_number": self.sheet.po_number,
            "wanted_on": wanted_on.isoformat() if wanted_on else None, "order": self.order,
            "lines": [line.as_json() for line in self.sheet.lines], "merged": self.sheet.merged,
        }  # fmt: skip

    @staticmethod
    def _warning(reason: str, value: str, translate: Translate) -> dict[str, Any]:
        message = filled_in(translate(WARNINGS[reason]), {"value": value})
        return {"sheet": "", "row": 0, "column": "", "reason": reason, "message": message}


def import_order(
    data: bytes, name: str, customer_code: str, *, dry_run: bool, by: Actor
) -> OrderReport:
    """Read an order sheet and order its good lines for a customer, "" for the one it names.

    A file that was ordered for the customer before is not ordered again. Raises UnknownBuyer.
    """
    report = OrderReport()
    try:
        raw = order_lines.read_file(data, name)
    except FileRefused as refusal:
        report.file = refusal
        return report
    told = order_lines.head_text(raw.head, "customer")
    customer = _customer(customer_code or told)
    report.customer = customer.code
    report.sheet = understood(raw, customer)
    _warn(report, customer, told)
    sha256 = hashlib.sha256(data).hexdigest()
    report.order = _ordered_before(sha256, customer)
    report.is_known = bool(report.order)
    if not dry_run and not report.is_known:
        if report.sheet.lines:
            report.order = _place(report.sheet, customer, by)
        _note(report, name, sha256, by)
    return report


def _customer(code: str) -> Customer:
    """The customer with this code or exact name. Raises UnknownBuyer."""
    found: Sequence[Customer] = ()
    if code:
        asked = select(Customer).where(or_(Customer.code == code, Customer.name == code)).limit(2)
        found = session.scalars(asked).all()
    if len(found) != 1:
        raise UnknownBuyer(code=code)
    return found[0]


def _warn(report: OrderReport, customer: Customer, told: str) -> None:
    if told and told not in {customer.code, customer.name}:
        report.warnings.append(("other_customer", told[:60]))
    day, today = report.sheet.wanted_on, clock.today()
    if day is not None and not today <= day <= today + FARTHEST:
        report.warnings.append(("no_such_day", day.isoformat()))
        report.sheet.wanted_on = None


def _place(sheet: OrderSheet, customer: Customer, by: Actor) -> str:
    places = ship_tos(customer.id)
    request = OrderRequest(
        customer=customer,
        lines=[Requested(sku, pieces) for sku, pieces in sheet.sums.items()],
        ship_to=places[0] if places else None,
        source=OrderSource.IMPORT,
        wished_on=sheet.wanted_on,
        po_number=sheet.po_number,
    )
    return place_request(request, by).number


def _ordered_before(sha256: str, customer: Customer) -> str:
    """The order that this very file became for the customer, "" for none."""
    runs = session.scalars(
        select(ImportRun).where(ImportRun.kind == KIND, ImportRun.sha256 == sha256)
    )
    return next(
        (str(run.report["order"]) for run in runs
         if run.report.get("customer") == customer.code and run.report.get("order")),
        "",
    )  # fmt: skip


def _note(report: OrderReport, name: str, sha256: str, by: Actor) -> None:
    """Write the run down, with its report and the fingerprint of the file."""
    now = clock.now()
    told = report.as_json()
    run = ImportRun(
        kind=KIND, name=name, sha256=sha256, state=RunState.DONE, report=told,
        asked_by=by.name, at=now, done_at=now,
    )  # fmt: skip
    session.add(run)
    journal.record(
        run, "import:done", by, kind=KIND, name=name, sha256=sha256, order=report.order,
        rows=told["rows"], created=told["created"],
    )  # fmt: skip
