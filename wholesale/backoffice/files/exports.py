"""Lists as files: what is written, in which columns; saved layouts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import request, send_file, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.exceptions import Forbidden

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.money import money_lookups as file_lookups
from wholesale.exchange import exporting, laying_out
from wholesale.exchange.exporting import KINDS, LANGUAGES, Wanted
from wholesale.exchange.models import ExportFormat, ExportLayout
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.table_files import LACKING, Written
from wholesale.kernel.text import N_
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs
from wholesale.web.lookups import found

FORMATS = {
    ExportFormat.XLSX: N_("Excel (.xlsx)"),
    ExportFormat.CSV_UTF8: N_("CSV (UTF-8)"),
    ExportFormat.CSV_CP932: N_("CSV (Shift_JIS)"),
}
MOST_SIGNS = 20
# Who may send lists out sends what its role may read; that of the products tells costs and prices.
READS = {
    "products": Permission.PRICES_READ, "customers": Permission.CUSTOMERS_READ,
    "prices": Permission.PRICES_READ, "rates": Permission.PRICES_READ,
    "stock": Permission.STOCK_READ, "orders": Permission.ORDERS_READ,
}  # fmt: skip


@office.get("/exports")
@needs(Permission.IMPORTS_RUN)
def exports() -> Answer:
    """The lists that can be written out, and the saved layouts."""
    sent = {kind for kind, right in READS.items() if the_visitor().may(right)}
    return answer("backoffice/exports/index.html", **_words(), layouts=_layouts(), sent=sent)


@office.get("/exports/file")
@needs(Permission.IMPORTS_RUN)
def export_file() -> Answer:
    """A list as a file; where the encoding lacks signs of it, a word about them first."""
    kind, wanted = _asked()
    if not the_visitor().may(READS[kind]):
        raise Forbidden
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        done = exporting.export(kind, path, wanted)
        if done.lacking and request.args.get("accept") != "1":
            return _lacking(kind, done)
        is_book = wanted.format is ExportFormat.XLSX
        ending = "xlsx" if is_book else "csv"
        reply = send_file(
            path.open("rb"), as_attachment=True, max_age=0,
            download_name=f"{kind}-{clock.today():%Y%m%d}.{ending}",
            mimetype=None if is_book else "text/csv",
        )  # fmt: skip
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _asked() -> tuple[str, Wanted]:
    """The list and how it shall be written. Raises NotFound for a list that is none."""
    kind = _list(request.args)
    form = request.args.get("format", "")
    language = request.args.get("language", "")
    if name := request.args.get("layout", ""):
        wanted = exporting.wanted_by(exporting.layout_named(kind, name))
    else:
        wanted = Wanted(exporting.usual_fields(kind), "ja", ExportFormat.XLSX)
    if form in [*ExportFormat]:
        wanted = replace(wanted, format=ExportFormat(form))
    return kind, replace(wanted, language=language) if language in LANGUAGES else wanted


def _list(told: Mapping[str, str]) -> str:
    """Which list is meant, the products where none is said. Raises NotFound for one that is none."""
    kind = told.get("kind", "") or next(iter(KINDS))
    found(KINDS.get(kind))
    return kind


def _lacking(kind: str, done: Written) -> Answer:
    told: dict[str, Any] = {
        key: value for key, value in request.args.items() if key not in {"accept", "format"}
    }
    return answer(
        "backoffice/exports/lacking.html", kind=kind, word=KINDS[kind].word, done=done,
        signs=[sign for sign, _ in done.lacking.most_common(MOST_SIGNS)], mark=LACKING,
        anyway=url_for("office.export_file", **told, format=ExportFormat.CSV_CP932, accept=1),
        utf8=url_for("office.export_file", **told, format=ExportFormat.CSV_UTF8),
    )  # fmt: skip


@office.get("/exports/layouts/new")
@needs(Permission.IMPORTS_RUN)
def new_layout() -> Answer:
    """A new layout of a list, with its usual columns."""
    kind = _list(request.args)
    wanted = Wanted(exporting.usual_fields(kind), "ja", ExportFormat.XLSX)
    return answer("backoffice/exports/layout.html", **_page(kind, "", wanted), refusal="")


@office.post("/exports/layouts")
@needs(Permission.IMPORTS_RUN)
def make_layout() -> Answer:
    """Save a new layout."""
    kind = _list(request.form)
    return _saved(kind, None)


@office.get("/exports/layouts/<int:layout_id>")
@needs(Permission.IMPORTS_RUN)
def layout(layout_id: int) -> Answer:
    """A saved layout, to be changed."""
    one = file_lookups.export_layout(layout_id)
    page = _page(one.kind, one.name, exporting.wanted_by(one), one)
    return answer("backoffice/exports/layout.html", **page, refusal="")


@office.post("/exports/layouts/<int:layout_id>")
@needs(Permission.IMPORTS_RUN)
def change_layout(layout_id: int) -> Answer:
    """Save what was changed of a layout."""
    one = file_lookups.export_layout(layout_id)
    return _saved(one.kind, one)


@office.post("/exports/layouts/<int:layout_id>/removal")
@needs(Permission.IMPORTS_RUN)
def remove_layout(layout_id: int) -> Answer:
    """Take a layout away; files that were written stay what they are."""
    laying_out.remove(file_lookups.export_layout(layout_id), the_visitor().actor)
    return moved(url_for("office.exports"), said=gettext("The layout is removed"))


def _saved(kind: str, one: ExportLayout | None) -> Answer:
    name, by = request.form.get("name", "").strip(), the_visitor().actor
    told = request.form.get("language", "")
    form = request.form.get("format", "")
    wanted = Wanted(
        _chosen(kind), told if told in LANGUAGES else "ja",
        ExportFormat(form) if form in [*ExportFormat] else ExportFormat.XLSX,
    )  # fmt: skip
    try:
        laying_out.save(one, kind, name, wanted, by, seen=request.form.get("version", ""))
    except DomainError as error:
        page = _page(kind, name, wanted, one)
        return refused("backoffice/exports/layout.html", error=error, **page)
    return moved(url_for("office.exports"), said=gettext("The layout is saved"))


def _chosen(kind: str) -> list[str]:
    """The ticked columns by the figures typed beside them; without a figure, as they stand."""
    chosen = []
    for place, field in enumerate(KINDS[kind].sheets[0].heads):
        if request.form.get(f"take:{field}"):
            typed = request.form.get(f"at:{field}", "").strip()
            at = int(typed) if typed.isascii() and typed.isdigit() else len(request.form)
            chosen.append((at, place, field))
    return [field for _, _, field in sorted(chosen)]


def _page(kind: str, name: str, wanted: Wanted, one: ExportLayout | None = None) -> dict[str, Any]:
    heads = KINDS[kind].sheets[0].heads
    rest = [field for field in heads if field not in wanted.fields]
    return {
        **_words(), "kind": kind, "name": name, "wanted": wanted, "layout": one, "heads": heads,
        "fields": [*wanted.fields, *rest],
    }  # fmt: skip


def _layouts() -> list[ExportLayout]:
    return list(
        session.scalars(select(ExportLayout).order_by(ExportLayout.kind, ExportLayout.name))
    )


def _words() -> dict[str, Any]:
    return {
        "kinds": {kind: one.word for kind, one in KINDS.items()}, "formats": FORMATS,
        "languages": {"ja": N_("Japanese"), "en": N_("English")},
    }  # fmt: skip
