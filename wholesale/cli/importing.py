"""`import KIND FILE` and `price CUSTOMER SKU QUANTITY`: masters in, one price out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from wholesale.catalog.queries import sku_facts, sku_ids_by_code
from wholesale.catalog.visibility import catalog_of, open_catalogs
from wholesale.cli.long_importing import bring_in_large, say_what_broke_off
from wholesale.cli.opening import open_database
from wholesale.cli.speaking import as_json, operators_language, reason_of, said
from wholesale.customers.queries import customer_by_code, money_terms
from wholesale.exchange import orders
from wholesale.exchange.cells import digits_written
from wholesale.exchange.importing import KINDS, import_file
from wholesale.exchange.orders import OrderReport
from wholesale.exchange.reports import Report
from wholesale.kernel import clock, db
from wholesale.kernel.access import Principal
from wholesale.kernel.errors import DomainError
from wholesale.kernel.table_stream import is_large
from wholesale.kernel.text import N_, in_language
from wholesale.pricing.resolving import Price, resolve

CLEAN, SOME_REFUSED, REFUSED_WHOLE = 0, 1, 2


class UnknownCode(DomainError):
    """A customer or SKU nobody has heard of."""

    message = N_("There is nothing with the code %(code)s.")


def import_words(argv: Sequence[str]) -> int:
    """`import KIND FILE [--customer CODE] [--dry-run] [--json]`: 0 clean, 1 some rows refused, 2 refused whole."""
    parser = argparse.ArgumentParser("import")
    parser.add_argument("kind", choices=[*KINDS, orders.KIND])
    parser.add_argument("file", type=Path)
    parser.add_argument("--customer", default="", metavar="CODE", help="who orders (kind order)")
    parser.add_argument("--dry-run", action="store_true", help="report, and change nothing")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(list(argv))
    open_database()
    who = Principal.system("import")
    try:
        if asked.kind in KINDS and is_large(asked.file):
            return bring_in_large(
                asked.kind, asked.file, dry_run=asked.dry_run, json=asked.json, who=who
            )
        say_what_broke_off(who)
        data = asked.file.read_bytes()
        report = db.run_unit(
            lambda: _bring_in(asked, data, who),
            who,
        )
    except (DomainError, OSError) as trouble:
        told = {"reason": reason_of(trouble), "message": said(trouble)}
        _say({"kind": asked.kind, "file": told}, json=asked.json)
        return REFUSED_WHOLE
    _say(report.as_json(in_language(operators_language())), json=asked.json)
    return _exit_code(report)


def _bring_in(asked: argparse.Namespace, data: bytes, who: Principal) -> Report | OrderReport:
    name, dry_run = asked.file.name, asked.dry_run
    if asked.kind == orders.KIND:
        return orders.import_order(data, name, asked.customer, dry_run=dry_run, by=who.actor)
    return import_file(asked.kind, data, name, dry_run=dry_run, by=who.actor)


def _exit_code(report: Report | OrderReport) -> int:
    if report.file is not None:
        return REFUSED_WHOLE
    return CLEAN if report.is_clean else SOME_REFUSED


def _say(told: dict[str, Any], *, json: bool) -> None:
    if json:
        print(as_json(told))
        return
    if "file" in told:
        print(told["file"]["message"], file=sys.stderr)
        return
    for one in (*told["refused"], *told["warnings"]):
        place = f"{one['sheet']} {one['row']}".strip()
        print(f"{place}: {one['message']} ({one['reason']})", file=sys.stderr)
    print(
        f"{told['rows']} rows: {told['created']} created, {told['updated']} updated, "
        f"{told['unchanged']} unchanged, {len(told['refused'])} refused"
    )


def price_words(argv: Sequence[str]) -> int:
    """`price CUSTOMER SKU QUANTITY [--on DATE] [--json]`: 0 told, 2 an unknown code."""
    parser = argparse.ArgumentParser("price")
    parser.add_argument("customer")
    parser.add_argument("sku")
    parser.add_argument("quantity", type=int)
    parser.add_argument("--on", type=date.fromisoformat, default=None, help="YYYY-MM-DD")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(list(argv))
    open_database()
    try:
        told = db.run_unit(
            lambda: _price(asked.customer, asked.sku, asked.quantity, asked.on),
            Principal.system("price"),
            read_only=True,
        )
    except DomainError as trouble:
        print(said(trouble), file=sys.stderr)
        return REFUSED_WHOLE
    if asked.json:
        print(as_json(told))
        return 0
    print(f"{told['price']} {told['currency']}  {told['rule']}" if told["price"] else "no price")
    for step in told["trace"]:
        print(f"  {step['place']:32} {step['value']:>12}  {step['outcome']}")
    return 0


def _price(customer_code: str, sku_code: str, quantity: int, on: date | None) -> dict[str, Any]:
    """{customer, sku, quantity, on, price, currency, rule, trace}; price null where there is none."""
    customer = customer_by_code(customer_code)
    if customer is None:
        raise UnknownCode(code=customer_code)
    sku_id = sku_ids_by_code([sku_code]).get(sku_code)
    if sku_id is None:
        raise UnknownCode(code=sku_code)
    day = on or clock.today()
    noon = datetime.combine(day, time(12), clock.zone()).astimezone(UTC)
    facts = sku_facts([sku_id])
    catalogs = catalog_of(open_catalogs(customer, noon), [sku_id])
    found: Price | None = None
    if sku_id in catalogs:
        mine = {sku_id: catalogs[sku_id].id}
        prices = resolve(customer, {sku_id: quantity}, on=day, catalogs=mine, facts=facts)
        found = prices.get(sku_id)
    told = {"customer": customer_code, "sku": sku_code, "quantity": quantity, "on": day}
    if found is None:
        currency = money_terms(customer, day).currency
        return {**told, "price": None, "currency": currency, "rule": None, "trace": []}
    digits = digits_written(found.currency)
    return {
        **told,
        "price": f"{found.unit_price:.{digits}f}",
        "currency": found.currency,
        "rule": found.rule,
        "trace": [step._asdict() for step in found.trace],
    }
