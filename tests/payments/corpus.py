"""The corpus of receipts and open invoices in tests/data/matching, and how decisions are scored."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from wholesale.customers.models import FeeBearer
from wholesale.payments.evidence import Decision
from wholesale.payments.formats import bank_csv, camt, mt940, zengin
from wholesale.payments.formats.statement import AccountRef
from wholesale.payments.incoming import Snapshot
from wholesale.payments.open_book import OpenBook, OpenInvoice
from wholesale.payments.payer_index import KnownName, Origin, Payer, PayerIndex
from wholesale.payments.payer_names import canonical_key
from wholesale.payments.rehearsing import Decided, Source

FOLDER = Path(__file__).parent.parent / "data" / "matching"
IMPORTED_ON = date(2026, 11, 21)


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def payers() -> PayerIndex:
    """The customers with their own names and what history teaches."""
    learned: dict[str, Counter[tuple[str, str, str]]] = {}
    for row in _rows("history.csv"):
        key = canonical_key(row["payer_name"]).key
        counter = learned.setdefault(row["customer_code"], Counter())
        counter[key, row["bank"], row["branch"]] += 1
    return PayerIndex(
        Payer(
            customer=row["code"],
            names=tuple(_names(row, learned.get(row["code"], Counter()))),
            group=row["group_code"],
            fee_bearer=FeeBearer(row["fee_bearer"]),
        )
        for row in _rows("customers.csv")
    )


def _names(row: Mapping[str, str], learned: Counter[tuple[str, str, str]]) -> Iterable[KnownName]:
    yield KnownName(canonical_key(row["name"]).key, Origin.NAME)
    yield KnownName(canonical_key(row["name_kana"]).key, Origin.KANA)
    for raw in filter(None, row["payer_names"].split(";")):
        yield KnownName(canonical_key(raw).key, Origin.REGISTERED)
    for (key, bank, branch), count in learned.items():
        yield KnownName(key, Origin.LEARNED, bank, branch, count)


def open_book() -> OpenBook:
    """What would be open if nothing of the bank files had been booked."""
    return OpenBook(
        OpenInvoice(
            number=row["number"],
            customer=row["customer_code"],
            issued_on=date.fromisoformat(row["issued_on"]),
            due_on=date.fromisoformat(row["due_on"]),
            currency=row["currency"],
            open_amount=Decimal(row["open_amount"]),
            closing_number=row["closing_number"],
        )
        for row in _rows("open_invoices.csv")
    )


def snapshot() -> Snapshot:
    """Payers and open book together, fresh."""
    return Snapshot(payers(), open_book())


def sources(*names: str) -> list[Source]:
    """The files read; a fixed-length file gives one source per account."""
    found: list[Source] = []
    for name in names:
        data = (FOLDER / name).read_bytes()
        if name.startswith("zengin"):
            statements = zengin.read(data, imported_on=IMPORTED_ON)
            found += [Source(name, statement) for statement in statements]
        elif name.startswith("camt"):
            found += [Source(name, statement) for statement in camt.read(data)]
        elif name.startswith("mt940"):
            found += [Source(name, statement) for statement in mt940.read(data)]
        else:
            account = AccountRef(bank_code=name.split(".")[0].removesuffix("_copy"))
            found.append(Source(name, bank_csv.read(data), account))
    return found


def truth() -> list[dict[str, Any]]:
    """The receipts as they really were."""
    receipts: list[dict[str, Any]] = json.loads((FOLDER / "truth.json").read_bytes())["receipts"]
    return receipts


@dataclass
class Score:
    """Counts of a scoring, and what went wrong."""

    automatic: int = 0
    automatic_right: int = 0
    allowed: int = 0
    allowed_right: int = 0
    findable: int = 0
    found: int = 0
    found_customer: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)

    @property
    def automatic_rate(self) -> Decimal:
        """Rightly cleared ÷ clearable without a person."""
        return Decimal(self.allowed_right) / self.allowed

    @property
    def recall(self) -> Decimal:
        """The true set of invoices stands among the first three candidates."""
        return Decimal(self.found) / self.findable


def score(receipts: Iterable[Mapping[str, Any]], decided: Iterable[Decided]) -> Score:
    """Compare decisions with the truth of the files they come from."""
    by_line = {(each.source, each.row.record): each for each in decided}
    files = {source for source, _record in by_line}
    result = Score()
    receipts = [each for each in receipts if each["file"] in files]
    for line in by_line.keys() - {(each["file"], each["record"]) for each in receipts}:
        if by_line[line].decision.is_certain:
            result.automatic += 1
            result.wrong.append(f"{line} is no receipt")
    for receipt in receipts:
        one = by_line[receipt["file"], receipt["record"]]
        _count(result, receipt, one.decision)
    return result


def _count(result: Score, receipt: Mapping[str, Any], decision: Decision) -> None:
    name = (
        f"{receipt['file']} {receipt['record']} {receipt['case']} {receipt['amount']} "
        f"{receipt['payer_name']} {[each.code for each in decision.reasons]}"
    )
    right = is_right(receipt, decision)
    result.allowed += receipt["auto_ok"]
    if decision.is_certain:
        result.automatic += 1
        if right and not receipt["must_not_auto"]:
            result.automatic_right += 1
            result.allowed_right += receipt["auto_ok"]
        else:
            result.wrong.append(name)
    elif receipt["auto_ok"]:
        result.missed.append(name)
    wanted = {each["invoice"] for each in receipt["applied"]}
    if wanted:
        first = decision.candidates[:3]
        result.findable += 1
        hit = any({each.invoice for each in one.applied} == wanted for one in first)
        result.found += hit
        result.found_customer += any(one.customer in receipt["customers_ok"] for one in first)
        if not hit:
            result.not_found.append(name)


def is_right(receipt: Mapping[str, Any], decision: Decision) -> bool:
    """The decision clears exactly what the truth clears, with the same named differences."""
    cleared = {each.invoice: each.amount for each in decision.applied}
    named = {each.kind: each.amount for each in decision.adjustments}
    return (
        decision.customer in receipt["customers_ok"]
        and cleared == {each["invoice"]: Decimal(each["amount"]) for each in receipt["applied"]}
        and named == {each["kind"]: Decimal(each["amount"]) for each in receipt["adjustments"]}
    )
