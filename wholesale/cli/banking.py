"""`bank import FILE…` and `bank match`: statements in, proposals out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from wholesale.cli.opening import open_database
from wholesale.cli.speaking import as_json, reason_of, said
from wholesale.kernel import db
from wholesale.kernel.access import Principal
from wholesale.kernel.errors import DomainError
from wholesale.payments import importing, matching
from wholesale.payments.matching import Matched

SYSTEM = Principal.system("bank")


def bank(words: Sequence[str]) -> int:
    """`bank import FILE… [--account CODE] [--json]`, `bank match [--apply] [--json]`."""
    parser = argparse.ArgumentParser("bank")
    verbs = parser.add_subparsers(dest="verb", required=True)
    bringing = verbs.add_parser("import")
    bringing.add_argument("files", nargs="+", type=Path)
    bringing.add_argument(
        "--account", default="", help="our account's code, where the file names none"
    )
    bringing.add_argument("--json", action="store_true")
    pairing = verbs.add_parser("match")
    pairing.add_argument("--apply", action="store_true", help="clear what is certain")
    pairing.add_argument("--json", action="store_true")
    asked = parser.parse_args(list(words))
    open_database()
    return _import(asked) if asked.verb == "import" else _match(asked)


def _import(asked: argparse.Namespace) -> int:
    """Each file by itself: 0 all read, 2 when one was refused (the others are kept).

    One row per file: {file, format, new, known, receipts, total}, the last two of the new lines; or
    {file, refused, reason}.
    """
    results: list[dict[str, Any]] = []
    for path in asked.files:
        try:
            data = path.read_bytes()
            result = db.run_unit(lambda p=path, d=data: _bring(p, d, asked.account), SYSTEM)  # type: ignore[misc]
        except (DomainError, OSError) as trouble:
            result = {"file": path.name, "refused": said(trouble), "reason": reason_of(trouble)}
        results.append(result)
    if asked.json:
        print(as_json(results))
    else:
        for result in results:
            print(
                result["file"],
                result.get("refused") or f"{result['new']} new, {result['known']} known before",
                file=sys.stderr if "refused" in result else sys.stdout,
            )
    return 2 if any("refused" in result for result in results) else 0


def _bring(path: Path, data: bytes, account: str) -> dict[str, Any]:
    done = importing.import_statement(data, path.name, SYSTEM.actor, account_code=account)
    credits_ = [line for line in done.new if line.is_credit and not line.is_reversal]
    return {
        "file": path.name, "format": done.file.format, "new": len(done.new), "known": done.known,
        "receipts": len(credits_), "total": sum((line.amount for line in credits_), Decimal(0)),
    }  # fmt: skip


def _match(asked: argparse.Namespace) -> int:
    rows = db.run_unit(lambda: _rows(matching.match_all(SYSTEM.actor, apply=asked.apply)), SYSTEM)
    if asked.json:
        print(as_json(rows))
        return 0
    words = {"auto": 0, "suggest": 0, "none": 0}
    for row in rows:
        words[row["decision"]] += 1
    print(
        f"{words['auto']} certain, {words['suggest']} suggested, {words['none']} without a proposal"
    )
    return 0


def _rows(done: Matched) -> list[dict[str, Any]]:
    """One row per line: {file, record, decision, customer, applied, adjustments, candidates, reasons}."""
    return [matching.row_json(line, decision) for line, decision, _ in done.rows]
