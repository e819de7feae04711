"""One front for every file that is brought in: read, check, save or only rehearse, report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from wholesale.customers.queries import forget_terms
from wholesale.exchange import (
    customers,
    exchange_rates,
    open_invoices,
    open_orders,
    payer_names,
    prices,
    products,
    stock,
)
from wholesale.exchange.models import ImportRun, RunState
from wholesale.exchange.near import point_at_near_codes
from wholesale.exchange.reports import Report
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import savepoint, session
from wholesale.kernel.sheets import FileRefused, SheetKind, Table, read_tables


class _Kind(NamedTuple):
    sheets: Sequence[SheetKind]
    bring_in: Callable[[Sequence[Table], Report, Actor], None]
    # the same for a rehearsal, where less has to be written to know what would come of it
    look: Callable[[Sequence[Table], Report, Actor], None] | None = None


KINDS: Mapping[str, _Kind] = {
    "products": _Kind(products.KINDS, products.bring_in, products.look),
    "customers": _Kind(customers.KINDS, customers.bring_in),
    "prices": _Kind(prices.KINDS, prices.bring_in),
    "stock": _Kind(stock.KINDS, stock.bring_in),
    "open-orders": _Kind(open_orders.KINDS, open_orders.bring_in),
    "open-invoices": _Kind(open_invoices.KINDS, open_invoices.bring_in),
    "payer-names": _Kind(payer_names.KINDS, payer_names.bring_in),
    "rates-of-exchange": _Kind(exchange_rates.KINDS, exchange_rates.bring_in),
}


class _Undone(Exception):
    """What a rehearsal wrote is taken back."""


def import_file(kind: str, data: bytes, name: str, *, dry_run: bool, by: Actor) -> Report:
    """Bring in a file of one of KINDS; good rows are saved, others are named in the report.

    A dry run computes the same report and leaves nothing behind. A file refused whole has `file`.
    """
    report = Report(kind)
    try:
        tables = read_tables(data, name, KINDS[kind].sheets)
    except FileRefused as refusal:
        report.file = refusal
    else:
        _bring_in(KINDS[kind], tables, report, by, dry_run=dry_run)
        point_at_near_codes(report)
        order = {table.sheet: index for index, table in enumerate(tables)}
        for remarks in (report.refused, report.warnings):
            remarks.sort(key=lambda one: (order[one.sheet], one.row))
    if not dry_run:
        _note(report, data, name, by)
    return report


def _bring_in(
    kind: _Kind, tables: Sequence[Table], report: Report, by: Actor, *, dry_run: bool
) -> None:
    if dry_run:
        rehearse(kind, tables, report, by)
    else:
        kind.bring_in(tables, report, by)


def rehearse(kind: _Kind, tables: Sequence[Table], report: Report, by: Actor) -> None:
    """Bring tables in and take everything back that was written; the report stays."""
    try:
        with savepoint():
            (kind.look or kind.bring_in)(tables, report, by)
            raise _Undone  # noqa: TRY301 - ends the savepoint
    except _Undone:
        forget_terms()


def _note(report: Report, data: bytes, name: str, by: Actor) -> None:
    """Write the run down, with its report and the fingerprint of the file."""
    told = report.as_json()
    now = clock.now()
    run = ImportRun(
        kind=report.kind, name=name, sha256=hashlib.sha256(data).hexdigest(),
        state=RunState.REFUSED if report.file else RunState.DONE, report=told,
        asked_by=by.name, at=now, done_at=now,
    )  # fmt: skip
    session.add(run)
    did = "import:refused" if report.file else "import:done"
    counts = {key: told[key] for key in ("rows", "created", "updated", "unchanged") if key in told}
    journal.record(run, did, by, kind=report.kind, name=name, sha256=run.sha256, **counts)
