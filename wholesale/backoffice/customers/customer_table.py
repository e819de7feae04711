"""Customers as a table with cells edited in place, and as Excel down and up again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, request, url_for
from flask_babel import ngettext
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.customers import customer_figures as figures
from wholesale.backoffice.files.imports import NothingChosen, PreviewGone
from wholesale.customers.models import Customer
from wholesale.exchange import customer_table as tables
from wholesale.exchange.customer_cells import BY_NAME, Column
from wholesale.exchange.customer_table import Known, LookAgain, Plan, Typed
from wholesale.kernel import files
from wholesale.kernel.db import savepoint, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.tables import XLSX
from wholesale.kernel.types import canonical
from wholesale.web import errors
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.filters import language
from wholesale.web.gate import needs
from wholesale.web.paging import keyed_page

PAGE, PART = "backoffice/customer_table/index.html", "backoffice/customer_table/_table.html"
UP_PAGE, UP_PART = "backoffice/customer_table/sheet.html", "backoffice/customer_table/_sheet.html"
MOST_SHOWN = 500
VIEWS: dict[str, tuple[str, ...]] = {
    "": ("group", "reps", "tags", "state", "priority", "default_rate", "closing_days", "payment_means"),
    "terms": ("currency", "default_rate", "minimum_amount", "billing", "closing_days",
              "payment_months", "payment_day", "payment_days", "payment_text", "payment_means",
              "payment_gate", "deposit_share", "fee_bearer"),
    "rounding": ("price_digits", "price_mode", "amount_mode", "amount_basis", "tax_mode",
                 "freight_fee", "freight_free_from", "approval_needed"),
    "papers": ("phone", "locale", "registration_number", "invoice_email", "order_email",
               "delivery_email"),
}  # fmt: skip


@office.get("/customers/table")
@needs(Permission.CUSTOMERS_EDIT)
def customer_table() -> Answer:
    """A page of customers, a cell for each thing that is often changed."""
    return answer(PAGE, PART, refusal="", **_page())


@office.post("/customers/table")
@needs(Permission.CUSTOMERS_EDIT)
def change_table() -> Answer:
    """Write the cells that were changed; all of them, or none."""
    rows, columns = _typed(), _columns()
    wanted = tables.plan(rows, may_limit=False)
    if wanted.troubles:
        return refused(PAGE, PART, error=wanted.troubles[0].why, **_page(rows, wanted))
    try:
        _as_seen(rows, columns)
        with savepoint():
            count = tables.apply(wanted, wanted.digest(), the_visitor().actor)
    except DomainError as error:
        session.expire_all()
        return refused(PAGE, PART, error=error, **_page(rows, wanted))
    session.expire_all()
    said = ngettext("%(num)s customer changed", "%(num)s customers changed", count)
    return moved(
        url_for("office.customer_table", **dict[str, Any](_asked())),
        PART,
        said=said,
        refusal="",
        **_page(),
    )


@office.get("/customers/sheet")
@needs(Permission.CUSTOMERS_EDIT)
def customer_sheet() -> Answer:
    """Where a file of customers is put up again."""
    return answer(UP_PAGE, UP_PART, refusal="", **_up())


@office.get("/customers/sheet/file")
@needs(Permission.CUSTOMERS_EDIT)
def customer_sheet_file() -> Response:
    """The customers of a search as a workbook, with every column that can be changed."""
    asked = _asked()
    found = figures.matching(asked.get("q", ""), asked.get("group", ""))
    customers = session.scalars(found.order_by(Customer.code).limit(tables.MOST)).all()
    reply = Response(tables.sheet(customers, language()), mimetype=XLSX)
    reply.headers["Content-Disposition"] = 'attachment; filename="customers.xlsx"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


@office.post("/customers/sheet/preview")
@needs(Permission.CUSTOMERS_EDIT)
def preview_customer_sheet() -> Answer:
    """What a file would change, cell by cell; nothing is written but the file itself."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return refused(UP_PAGE, UP_PART, error=NothingChosen(), **_up())
    content = upload.read()
    try:
        wanted = _planned(content, upload.filename)
    except DomainError as error:
        return refused(UP_PAGE, UP_PART, error=error, **_up())
    kept = files.store(content, name=upload.filename, media_type="application/octet-stream")
    return answer(UP_PAGE, UP_PART, refusal="", **_up(wanted, upload.filename, kept.sha256))


@office.post("/customers/sheet")
@needs(Permission.CUSTOMERS_EDIT)
def apply_customer_sheet() -> Answer:
    """Apply what was looked at; cells that can't be taken stay out."""
    sha256, name = request.form.get("sha256", ""), request.form.get("name", "")
    kept = session.scalar(select(files.StoredFile).where(files.StoredFile.sha256 == sha256))
    if kept is None:
        return refused(UP_PAGE, UP_PART, error=PreviewGone(), **_up())
    wanted = _planned(files.read(sha256), name or kept.name)
    try:
        with savepoint():
            count = tables.apply(wanted, request.form.get("looked", ""), the_visitor().actor)
    except DomainError as error:
        session.expire_all()
        return refused(UP_PAGE, UP_PART, error=error, **_up(wanted, name, sha256))
    said = ngettext("%(num)s customer changed", "%(num)s customers changed", count)
    return moved(url_for("office.customer_sheet"), said=said)


def _planned(content: bytes, name: str) -> Plan:
    may_limit = the_visitor().may(Permission.ORDERS_RELEASE)
    return tables.plan(tables.read(content, name), may_limit=may_limit)


def _up(wanted: Plan | None = None, name: str = "", sha256: str = "") -> dict[str, Any]:
    return {
        "plan": wanted, "name": name, "sha256": sha256, "most": MOST_SHOWN,
        "columns": BY_NAME, "asked": _asked(), "groups": figures.groups(),
        "reason": errors.words,
    }  # fmt: skip


def _asked() -> dict[str, str]:
    """What of the address stays: the search, the group, the columns, the page."""
    names = ("q", "group", "view", "older", "newer")
    return {name: request.values[name] for name in names if request.values.get(name)}


def _columns() -> list[Column]:
    return [BY_NAME[name] for name in VIEWS.get(request.values.get("view", ""), VIEWS[""])]


def _page(rows: Sequence[Typed] = (), wanted: Plan | None = None) -> dict[str, Any]:
    asked, columns = _asked(), _columns()
    listing = keyed_page(
        figures.matching(asked.get("q", ""), asked.get("group", "")),
        [Customer.code], lambda one: (one.code,), request.values, descending=False,
    )  # fmt: skip
    known = Known(listing.rows)
    told = {one.code: {c.name: known.tell(one, c) for c in columns} for one in listing.rows}
    return {
        "listing": listing, "asked": asked, "columns": columns, "told": told, "views": list(VIEWS),
        "view": asked.get("view", ""), "groups": figures.groups(), "staff": list(known.staff),
        "typed": {row.code: row.cells for row in rows},
        "seen": {code: _stamp(cells.values()) for code, cells in told.items()},
        "reason": errors.words,
        "troubles": {
            (one.code, one.column): one.why for one in (wanted.troubles if wanted else ())
        },
    }  # fmt: skip


def _typed() -> list[Typed]:
    """The rows of the form: cells are called column@code."""
    wanted = {column.name for column in _columns()}
    rows: dict[str, dict[str, str]] = {}
    for key, value in request.form.items():
        column, at, code = key.partition("@")
        if at and column in wanted:
            rows.setdefault(code, {})[column] = value
    return [Typed(code, cells) for code, cells in rows.items()]


def _as_seen(rows: Sequence[Typed], columns: Sequence[Column]) -> None:
    """Whether every row still says what the reader saw. Raises LookAgain."""
    customers = session.scalars(
        select(Customer).where(Customer.code.in_([row.code for row in rows]))
    ).all()
    known = Known(customers)
    for one in customers:
        now = _stamp(known.tell(one, column) for column in columns)
        if request.form.get(f"seen@{one.code}", "") != now:
            raise LookAgain


def _stamp(texts: Iterable[str]) -> str:
    return hashlib.sha256(canonical(list(texts)).encode()).hexdigest()[:16]
