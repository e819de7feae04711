"""Under which names customers paid before us: the confirmed receipts of the old system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from wholesale.customers.models import Customer
from wholesale.exchange import cells
from wholesale.exchange.known import CUSTOMER_CODE, by_code, known_customer
from wholesale.exchange.reports import Refused, Report, accepted
from wholesale.kernel.access import Actor
from wholesale.kernel.sheets import Row, SheetKind, Table
from wholesale.payments.learning import remember
from wholesale.payments.payer_names import canonical_key

COLUMNS: dict[str, Sequence[str]] = {
    "customer": (*CUSTOMER_CODE, "得意先", "取引先", "客户"),
    "name": ("振込名義", "振込依頼人名", "振込名義人", "入金名義", "依頼人名", "payer name", "payer", "name", "付款人名称", "付款户名"),
    "bank": ("仕向銀行", "仕向銀行名", "銀行", "銀行名", "bank", "bank name", "付款银行"),
    "branch": ("仕向支店", "仕向店名", "支店", "支店名", "branch", "branch name", "付款支行"),
    "times": ("回数", "確認回数", "times", "confirmations", "次数"),
}  # fmt: skip
KINDS = (SheetKind("payer-names", COLUMNS, ("customer", "name")),)


@dataclass(frozen=True, slots=True)
class _Paid:
    """One confirmed receipt, or `times` of them."""

    customer: Customer
    raw: str
    key: str
    bank: str
    branch: str
    times: int


def bring_in(tables: Sequence[Table], report: Report, by: Actor) -> None:
    """Know these names as confirmed as often as they stand here; a second run changes nothing."""
    codes = [cells.text(row, "customer") for table in tables for row in table.rows]
    customers = by_code(Customer, codes)
    good = [
        one
        for table in tables
        for _, one in accepted(table, report, lambda row: _paid(row, customers))
    ]
    times: Counter[tuple[int, str, str, str]] = Counter()
    raws: dict[tuple[int, str, str, str], str] = {}
    for one in good:
        place = (one.customer.id, one.key, one.bank, one.branch)
        times[place] += one.times
        raws.setdefault(place, one.raw)
    changed = remember({place: (raws[place], count) for place, count in times.items()})
    new = sum((one.customer.id, one.key, one.bank, one.branch) in changed for one in good)
    report.created += new
    report.unchanged += len(good) - new


def _paid(row: Row, customers: dict[str, Customer]) -> _Paid:
    customer = known_customer(customers, cells.needed_code(row, "customer"), "customer")
    raw = cells.needed_name(row, "name")
    key = canonical_key(raw).key
    if not key:
        raise Refused("missing_name", "name")
    return _Paid(
        customer, raw, key, cells.text(row, "bank"), cells.text(row, "branch"),
        cells.whole(row, "times") or 1,
    )  # fmt: skip
