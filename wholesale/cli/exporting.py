"""`export KIND FILE`: a list as Excel or CSV, in the columns of a saved layout or in all."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from wholesale.cli.opening import open_database
from wholesale.cli.speaking import said
from wholesale.exchange import exporting
from wholesale.exchange.exporting import LANGUAGES, Wanted
from wholesale.exchange.models import ExportFormat
from wholesale.kernel import db
from wholesale.kernel.access import Principal
from wholesale.kernel.errors import DomainError
from wholesale.kernel.table_files import LACKING, Written

DONE, SOME_LACKING, REFUSED = 0, 1, 2
FORMATS = {("csv", "utf-8"): ExportFormat.CSV_UTF8, ("csv", "cp932"): ExportFormat.CSV_CP932}


def export_words(argv: Sequence[str]) -> int:
    """`export KIND FILE [--layout NAME] [--language ja|en] [--encoding utf-8|cp932]`.

    0 written, 1 written with signs that CP932 does not have, 2 not written. FILE ends in .xlsx or .csv.
    """
    parser = argparse.ArgumentParser("export")
    parser.add_argument("kind", choices=[*exporting.KINDS])
    parser.add_argument("file", type=Path)
    parser.add_argument("--layout", default="", metavar="NAME", help="a saved layout")
    parser.add_argument("--language", choices=LANGUAGES, help="of the headings (ja)")
    parser.add_argument("--encoding", choices=["utf-8", "cp932"], help="of a CSV file (utf-8)")
    asked = parser.parse_args(list(argv))
    open_database()
    try:
        with db.unit_of_work(Principal.system("export"), read_only=True):
            done = exporting.export(asked.kind, asked.file, _wanted(asked))
    except (DomainError, OSError) as trouble:
        print(said(trouble), file=sys.stderr)
        return REFUSED
    return _tell(done)


def _wanted(asked: argparse.Namespace) -> Wanted:
    """The layout, with what the command says otherwise; the file's ending says its form."""
    is_book = asked.file.suffix.lower() == ".xlsx"
    form = ExportFormat.XLSX if is_book else FORMATS["csv", asked.encoding or "utf-8"]
    if not asked.layout:
        return Wanted(exporting.usual_fields(asked.kind), asked.language or "ja", form)
    wanted = exporting.wanted_by(exporting.layout_named(asked.kind, asked.layout))
    if not is_book and not asked.encoding and wanted.format is ExportFormat.CSV_CP932:
        form = wanted.format
    return replace(wanted, format=form, language=asked.language or wanted.language)


def _tell(done: Written) -> int:
    print(f"{done.rows} rows")
    if not done.lacking:
        return DONE
    signs = "".join(sign for sign, _ in done.lacking.most_common(20))
    print(
        f"{done.lacking.total()} characters are not in CP932 and were written as {LACKING}: {signs} "
        f"(first in row {done.first_lacking}). Export as UTF-8 or .xlsx to keep them.",
        file=sys.stderr,
    )
    return SOME_LACKING
