"""Money received: bringing bank files in, and the workbench where receipts meet invoices."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.money import bench_lists as bench
from wholesale.backoffice.money import money_lookups as lookups
from wholesale.backoffice.money import money_words
from wholesale.customers.models import Customer
from wholesale.customers.queries import customer_by_code
from wholesale.kernel import clock
from wholesale.kernel.errors import DomainError
from wholesale.kernel.money import LARGEST, ZERO
from wholesale.kernel.text import N_
from wholesale.payments import matching, settling
from wholesale.payments.models import BankLine, DifferenceKind
from wholesale.web.answers import Answer, answer, is_part, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.filters import amount
from wholesale.web.forms import folded
from wholesale.web.gate import needs

PLACES = 4  # what an amount holds
KINDS = (
    (DifferenceKind.FEE, N_("Transfer fee")),
    (DifferenceKind.DISCOUNT, N_("Discount")),
    (DifferenceKind.OFFSET, N_("Offset")),
    (DifferenceKind.WRITE_OFF, N_("Write-off")),
)


class NotAFigure(DomainError):
    """An amount to clear can't be read."""

    message = N_("%(number)s: enter the amount to clear as a number.")


class NoPayer(DomainError):
    """Nobody said whose money it is."""

    message = N_("Choose the customer this money is from.")


class NothingTicked(DomainError):
    """Clearing without an invoice would quietly put the money on account."""

    message = N_("Tick the invoices this money pays, or put it on account.")


@office.get("/match")
@needs(Permission.RECEIPTS_READ)
def match() -> Answer:
    """The workbench: lines left, the chosen line with its proposals right."""
    return answer("backoffice/receipts/match.html", "backoffice/receipts/_bench.html", **_bench())


@office.post("/match/<int:line_id>/settlement")
@needs(Permission.RECEIPTS_SETTLE)
def settle(line_id: int) -> Answer:
    """Clear the ticked invoices with a line; a remainder stays on account."""
    line = lookups.bank_line(line_id)
    rank, by = bench.rank_of(line), the_visitor().actor
    try:
        payer, applied = _payer(), _applied()
        named = sum((one.amount for one in applied), Decimal(0)) - line.amount
        kind = request.form.get("difference", "")
        differences = (
            [(DifferenceKind(kind), named)] if named > 0 and kind in set(DifferenceKind) else []
        )
        receipt = settling.settle(line, payer.payer, applied, by, differences=differences)
    except DomainError as error:
        return _refusal(line, error)
    return _next(
        line, rank, undo=receipt.number,
        said=gettext("%(payer)s: %(amount)s cleared", payer=payer.name, amount=amount(line.amount, line.currency)),
    )  # fmt: skip


@office.post("/match/<int:line_id>/on-account")
@needs(Permission.RECEIPTS_SETTLE)
def put_on_account(line_id: int) -> Answer:
    """The money is this customer's, for nothing yet."""
    line = lookups.bank_line(line_id)
    rank = bench.rank_of(line)
    try:
        receipt = settling.put_on_account(line, _payer().payer, by=the_visitor().actor)
    except DomainError as error:
        return _refusal(line, error)
    return _next(line, rank, said=gettext("Put on account"), undo=receipt.number)


@office.post("/match/<int:line_id>/hold")
@needs(Permission.RECEIPTS_SETTLE)
def set_apart(line_id: int) -> Answer:
    """Lay a line aside."""
    line = lookups.bank_line(line_id)
    rank = bench.rank_of(line)
    try:
        settling.set_apart(line, by=the_visitor().actor, note=request.form.get("note", "")[:200])
    except DomainError as error:
        return _refusal(line, error)
    return _next(line, rank, said=gettext("Set apart"))


@office.post("/match/<int:line_id>/reopening")
@needs(Permission.RECEIPTS_SETTLE)
def take_up_again(line_id: int) -> Answer:
    """Put a line that was set apart back among the open ones."""
    line = lookups.bank_line(line_id)
    settling.take_up_again(line, by=the_visitor().actor)
    return moved(url_for("office.match", line=line.id), said=gettext("Taken up again"))


@office.post("/receipts/<number>/reversal")
@needs(Permission.RECEIPTS_SETTLE)
def undo(number: str) -> Answer:
    """Take a clearing back: every balance is what it was before."""
    receipt = lookups.receipt(number)
    settling.undo(receipt, by=the_visitor().actor)
    return moved(
        url_for("office.match", line=receipt.bank_line_id), said=gettext("The clearing is undone")
    )


@office.post("/match/certain")
@needs(Permission.RECEIPTS_SETTLE)
def clear_certain() -> Answer:
    """Clear every line whose proposal is unique and certain."""
    done = matching.match_all(by=the_visitor().actor, apply=True)
    return moved(
        url_for("office.match"), said=gettext("%(count)s lines cleared", count=done.applied)
    )


@office.post("/match/proposals")
@needs(Permission.RECEIPTS_SETTLE)
def propose_again() -> Answer:
    """Look at every open line again with what is known now."""
    matching.match_all(by=the_visitor().actor)
    return moved(url_for("office.match"), said=gettext("All open lines were looked at again"))


def _payer() -> Customer:
    code = request.form.get("customer", "").strip()
    if not code:
        raise NoPayer
    return lookups.customer(code)


def _applied() -> list[settling.Applied]:
    numbers = request.form.getlist("invoice")
    invoices = matching.invoices_by_number(numbers)
    if not invoices:
        raise NothingTicked
    return [
        settling.Applied(invoices[number], _amount(number, invoices[number].open))
        for number in numbers
        if number in invoices
    ]


def _amount(number: str, whole: Decimal) -> Decimal:
    typed = request.form.get(f"amount-{number}", "").strip()
    if not typed:
        return whole
    figure = _figure(typed)
    if figure is None:
        raise NotAFigure(number=number)
    return figure


def _figure(typed: str) -> Decimal | None:
    """An amount as people type it; None for what is no amount of money."""
    try:
        figure = Decimal(folded(typed))
    except InvalidOperation:
        return None
    if not figure.is_finite() or abs(figure) > LARGEST or figure != round(figure, PLACES):
        return None
    return figure


def _next(line: BankLine, rank: int, *, said: str, undo: str = "") -> Answer:
    following = bench.next_after(line, rank)
    if not is_part():
        return moved(url_for("office.match", line=following, undo=undo or None), said=said)
    values = _bench(chosen=following, undo=undo)
    values["said"] = said
    return answer("backoffice/receipts/match.html", "backoffice/receipts/_bench.html", **values)


def _refusal(line: BankLine, error: DomainError) -> Answer:
    values = _bench(chosen=line.id)
    del values["refusal"]
    return refused(
        "backoffice/receipts/match.html", "backoffice/receipts/_bench.html", error=error, **values
    )


def _bench(chosen: int | None = None, undo: str = "") -> dict[str, Any]:
    view = request.args.get("state", "open")
    view = view if view in bench.VIEWS else "open"
    listing = bench.lines(view, request.args)
    if chosen is None:
        chosen = request.args.get("line", type=int)
    line = _chosen(listing.rows, chosen)
    return {
        "view": view,
        "listing": listing,
        "counts": bench.counts(),
        "line": line,
        "groups": _groups(listing.rows) if view == "open" else [(None, listing.rows)],
        "names": bench.first_names(listing.rows),
        "line_chip": money_words.line_chip,
        "undo_number": undo or request.args.get("undo", ""),
        "refusal": "",
        "said": "",
        "today": clock.today(),
        **(_pane(line) if line else {}),
    }


def _chosen(rows: Any, chosen: int | None) -> BankLine | None:
    for row in rows:
        if row.id == chosen:
            return row  # type: ignore[no-any-return]
    if chosen is not None:
        return lookups.bank_line(chosen)
    return rows[0] if rows else None


def _groups(rows: Any) -> list[tuple[int, list[BankLine]]]:
    found: dict[int, list[BankLine]] = {}
    for row in rows:
        found.setdefault(bench.rank_of(row), []).append(row)
    return sorted(found.items())


def _pane(line: BankLine) -> dict[str, Any]:
    offered = bench.options(line)
    place = request.args.get("candidate", 1, type=int)
    option = next((one for one in offered if one.place == place), None)
    code = request.values.get("customer", "") or (option.code if option else "")
    if option and code != option.code:
        option = None
    payer = _customer_or_none(code)
    amounts = _typed() if request.method == "POST" else (option.amounts if option else {})
    invoices = bench.open_invoices(payer.payer, line.currency, amounts) if payer else []
    text = request.args.get("q", "").strip()
    cleared = bench.total(invoices)
    return {
        "offered": offered,
        "option": option,
        "payer": payer,
        "invoices": invoices,
        "cleared": cleared,
        "difference": line.amount - cleared,
        "kinds": KINDS,
        "kind": request.form.get("difference", option.difference_kind if option else ""),
        "receipt": bench.live_receipt(line),
        "against": bench.against(line),
        "text": text,
        "customers_found": bench.customers_like(text),
    }


def _customer_or_none(code: str) -> Customer | None:
    return customer_by_code(code) if code else None


def _typed() -> dict[str, Decimal]:
    """The ticked amounts as they were typed; one that can't be read counts as nothing."""
    return {
        number: _figure(request.form.get(f"amount-{number}", "")) or ZERO
        for number in request.form.getlist("invoice")
    }
