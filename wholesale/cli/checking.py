"""`check`: every invariant on the live database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from wholesale.billing import checks as billing
from wholesale.cli.speaking import as_json
from wholesale.exchange import checks as exchange
from wholesale.kernel import config, db, engines, migrating
from wholesale.kernel.access import Principal
from wholesale.kernel.checking import Check, Severity
from wholesale.merging import checks as merging
from wholesale.orders import checks as orders
from wholesale.payments import checks as payments
from wholesale.stock import checks as stock

CHECKS: tuple[Check, ...] = (
    *stock.CHECKS,
    *orders.CHECKS,
    *billing.CHECKS,
    *payments.CHECKS,
    *merging.CHECKS,
    *exchange.CHECKS,
)
CLEAN, WARNING, BROKEN, BLIND = 0, 1, 2, 3


def check(words: Sequence[str]) -> int:
    """`check [--json]`: 0 clean, 1 warnings, 2 broken, 3 could not look."""
    parser = argparse.ArgumentParser("check")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(list(words))
    try:
        engine = db.connect(config.current().database_url)
        if migrating.stamp_of(engine) != migrating.newest():
            return _blind(
                "The database is not at this version's shape. Run `migrate` first.", asked.json
            )
        results = look()
    except (SQLAlchemyError, OSError) as trouble:
        return _blind(str(trouble).splitlines()[0], asked.json)
    worst = max((r["level"] for r in results), default=CLEAN)
    if asked.json:
        print(as_json({"result": ("clean", "warning", "broken")[worst], "checks": results}))
    else:
        _print(results)
    return int(worst)


def look() -> list[dict[str, Any]]:
    """Every check with its offending rows, all at one instant: {id, says, level 0|1|2, rows}."""
    found = []
    with db.unit_of_work(Principal.system("check"), read_only=True):
        engines.take_your_time(db.session.connection())
        for one in CHECKS:
            rows = one.offenders()
            bad = WARNING if one.severity is Severity.WARNING else BROKEN
            found.append(
                {"id": one.id, "says": one.says, "level": bad if rows else CLEAN, "rows": rows}
            )
    return found


def _print(results: list[dict[str, Any]]) -> None:
    for result in results:
        print(f"{('ok', 'warning', 'BROKEN')[result['level']]:8} {result['id']:6} {result['says']}")
        for row in result["rows"]:
            print("         ", ", ".join(f"{name}={value}" for name, value in row.items()))


def _blind(why: str, in_json: bool) -> int:  # noqa: FBT001 - a flag of the command line
    print(
        as_json({"result": "blind", "why": why}) if in_json else why,
        file=sys.stdout if in_json else sys.stderr,
    )
    return BLIND
