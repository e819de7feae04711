"""Files of masters: upload, a rehearsal with its refused rows, then the import; earlier runs."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.files import import_rows
from wholesale.backoffice.money import money_lookups as lookups
from wholesale.exchange import correcting, large_runs, long_imports
from wholesale.exchange.importing import KINDS, import_file
from wholesale.exchange.models import UNDER_WAY, ImportRun
from wholesale.exchange.reports import Report, filled_in
from wholesale.exchange.staged import ImportWork
from wholesale.kernel import files
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.raw_sheets import FILE_REASONS
from wholesale.kernel.table_stream import is_large
from wholesale.kernel.text import N_
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs

WORDS = {
    "products": N_("Products"),
    "customers": N_("Customers"),
    "prices": N_("Prices and rates"),
    "stock": N_("Stock"),
    "open-orders": N_("Open orders"),
    "open-invoices": N_("Open invoices"),
    "rates-of-exchange": N_("Exchange rates"),
    "payer-names": N_("Names customers paid under"),
}
MOST_SHOWN = 300


class NothingChosen(DomainError):
    """The form came without a file or without its kind."""

    message = N_("Choose what the file holds, and the file.")


class PreviewGone(DomainError):
    """The file of a preview is no longer there."""

    message = N_("The file of this preview is no longer kept. Choose it again.")


@office.get("/imports")
@needs(Permission.IMPORTS_RUN)
def imports() -> Answer:
    """Earlier runs, and the form for the next file."""
    return answer("backoffice/imports/index.html", **_page(), refusal="")


@office.post("/imports/preview")
@needs(Permission.IMPORTS_RUN)
def preview_import() -> Answer:
    """Rehearse a file: everything is checked, nothing is left behind."""
    upload = request.files.get("file")
    kind = request.form.get("kind", "")
    if upload is None or not upload.filename or kind not in KINDS:
        return refused("backoffice/imports/index.html", error=NothingChosen(), **_page())
    by = the_visitor().actor
    with TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        upload.save(path)
        if is_large(path):
            return _large(kind, path, upload.filename)
        content = path.read_bytes()
    report = import_file(kind, content, upload.filename, dry_run=True, by=by)
    if report.file is not None:
        return refused("backoffice/imports/index.html", error=report.file, **_page())
    return _preview(kind, upload.filename, content, report)


def _large(kind: str, path: Path, name: str) -> Answer:
    """A file of many rows is read and checked by the worker, while its page tells how far it is."""
    by = the_visitor().actor
    begun = large_runs.begin(kind, path, name, goes_on=False, by=by)
    long_imports.ask_to_go_on(begun.run_id, by)
    return moved(url_for("office.import_run", run_id=begun.run_id))


@office.post("/imports/correction")
@needs(Permission.IMPORTS_RUN)
def correct_import() -> Answer:
    """Rehearse the file again with some cells written anew; the file that was sent stays as it was."""
    kind, kept = request.form.get("kind", ""), _kept()
    if kept is None or kind not in KINDS:
        return refused("backoffice/imports/index.html", error=PreviewGone(), **_page())
    name = request.form.get("name", "") or kept.name
    fixes = import_rows.fixes(request.form)
    content, name = correcting.corrected(kind, files.read(kept.sha256), name, fixes)
    report = import_file(kind, content, name, dry_run=True, by=the_visitor().actor)
    if report.file is not None:
        return refused("backoffice/imports/index.html", error=report.file, **_page())
    return _preview(kind, name, content, report)


def _preview(kind: str, name: str, content: bytes, report: Report) -> Answer:
    stored = files.store(content, name=name, media_type="application/octet-stream")
    told = report.as_json(gettext)
    return answer(
        "backoffice/imports/preview.html", "backoffice/imports/_preview.html",
        kind=kind, words=WORDS, name=name, sha256=stored.sha256, size=len(content), report=told,
        most=MOST_SHOWN, sheets=import_rows.shown(kind, content, told, MOST_SHOWN),
    )  # fmt: skip


def _kept() -> files.StoredFile | None:
    """The file of the preview that was looked at."""
    return session.scalar(
        select(files.StoredFile).where(files.StoredFile.sha256 == request.form.get("sha256", ""))
    )


@office.post("/imports")
@needs(Permission.IMPORTS_RUN)
def bring_in_file() -> Answer:
    """Bring the rehearsed file in; its refused rows stay out."""
    kind = request.form.get("kind", "")
    kept = _kept()
    if kept is None or kind not in KINDS:
        return refused("backoffice/imports/index.html", error=PreviewGone(), **_page())
    name = request.form.get("name", "") or kept.name
    report = import_file(kind, files.read(kept.sha256), name, dry_run=False, by=the_visitor().actor)
    session.flush()  # the run that was noted gets its id
    run = session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()
    taken = report.created + report.updated + report.unchanged
    return moved(
        url_for("office.import_run", run_id=run.id),
        said=gettext("%(count)s rows brought in", count=taken),
    )


@office.get("/imports/<int:run_id>")
@needs(Permission.IMPORTS_RUN)
def import_run(run_id: int) -> Answer:
    """What one run did, row by row where it refused; of a large one, how far it has come."""
    run = lookups.import_run(run_id)
    return answer("backoffice/imports/show.html", "backoffice/imports/_run.html", **_run(run))


@office.post("/imports/<int:run_id>/application")
@needs(Permission.IMPORTS_RUN)
def apply_import(run_id: int) -> Answer:
    """Bring in what a large file's rehearsal found to be good."""
    run = lookups.import_run(run_id)
    long_imports.apply_checked(run, the_visitor().actor)
    return _back_to(run)


@office.post("/imports/<int:run_id>/work")
@needs(Permission.IMPORTS_RUN)
def go_on_importing(run_id: int) -> Answer:
    """Let the worker go on with a run that broke off."""
    run = lookups.import_run(run_id)
    if run.state in UNDER_WAY:
        long_imports.ask_to_go_on(run.id, the_visitor().actor)
    return _back_to(run)


@office.post("/imports/<int:run_id>/removal")
@needs(Permission.IMPORTS_RUN)
def throw_import_away(run_id: int) -> Answer:
    """Forget a large rehearsal that nobody wants to bring in."""
    run = lookups.import_run(run_id)
    long_imports.throw_away(run)
    return moved(url_for("office.imports"))


def _back_to(run: ImportRun) -> Answer:
    url = url_for("office.import_run", run_id=run.id)
    return moved(url, "backoffice/imports/_run.html", **_run(run))


def _run(run: ImportRun) -> dict[str, Any]:
    session.flush()  # what was just changed is looked at
    work = session.scalar(select(ImportWork).where(ImportWork.run_id == run.id))
    return {
        "run": run, "words": WORDS, "most": MOST_SHOWN, "work": work,
        "progress": large_runs.progress_of(run, work) if work else None,
        "is_silent": work is not None and large_runs.is_silent(run, work),
        "report": _told(run),
    }  # fmt: skip


def _told(run: ImportRun) -> dict[str, Any]:
    """The report of a run; a file refused while it was being read is told in the reader's language."""
    told = dict(run.report)
    if "values" in told.get("file", {}):
        sentence = FILE_REASONS[told["file"]["reason"]]
        told["file"] = {"message": filled_in(gettext(sentence), told["file"]["values"])}
    return told


def _page() -> dict[str, Any]:
    runs = session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(50)).all()
    works = {
        work.run_id: work
        for work in session.scalars(
            select(ImportWork).where(ImportWork.run_id.in_([run.id for run in runs]))
        )
    }
    busy = [run for run in runs if run.state in UNDER_WAY and run.id in works]
    return {
        "runs": runs, "words": WORDS, "kind": request.form.get("kind", ""),
        "under_way": {run.id: large_runs.progress_of(run, works[run.id]) for run in busy},
        "silent": {run.id for run in busy if large_runs.is_silent(run, works[run.id])},
    }  # fmt: skip
