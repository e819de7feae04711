"""The text of the quick order: bare lines, and what the buttons of the lines change in them."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from wholesale.exchange.order_lines import Sheet, figure_of, told_text, ways_of
from wholesale.exchange.order_sheets import OrderSheet
from wholesale.portal import baskets


def changed(form: MultiDict[str, str]) -> str:
    """The text of the pad with what the form asks for.

    `pieces-<n>` is the quantity of line n (whose text was `line-<n>`, its code `code-<n>`), which a
    `step` of "<n>|+6" moves; `take` of "<n>|12" sets it; `away` is a line to take out, `instead`
    "<line>|<code>" another code for it, `scan` a code to count once more.
    """
    lines = form.get("text", "").splitlines()
    lines = _with_pieces(lines, form)
    if form.get("away") in lines:
        lines.remove(form["away"])
    old, _sep, code = form.get("instead", "").rpartition("|")
    if old and old in lines:
        told = next((told for _code, told in ways_of(old) if figure_of(told)), "1")
        lines[lines.index(old)] = f"{code} {told_text(told)}"
    scanned = " ".join(form.get("scan", "").split())
    return "\n".join(counted(lines, scanned) if scanned else lines)


def _with_pieces(lines: list[str], form: MultiDict[str, str]) -> list[str]:
    """The lines with the quantities of their fields; a line that was rewritten meanwhile stays."""
    wanted: dict[int, str] = {}
    for name, typed in form.items():
        number = name.removeprefix(baskets.FIELD)
        if name.startswith(baskets.FIELD) and number.isdecimal():
            wanted[int(number)] = _stepped(number, typed, form.get("step", ""))
    number, _sep, pieces = form.get("take", "").rpartition("|")
    if number.isdecimal():
        wanted[int(number)] = pieces
    for at, typed in wanted.items():
        code = form.get(f"code-{at}", "")
        is_same = 0 < at <= len(lines) and lines[at - 1].strip() == form.get(f"line-{at}", "")
        if not is_same or not code or _says(lines[at - 1], code, typed):
            continue
        lines[at - 1] = "" if baskets.pieces_in(typed) == 0 else f"{code} {typed.strip()}"
    return lines


def _stepped(number: str, typed: str, step: str) -> str:
    at, _sep, by = step.rpartition("|")
    pieces = baskets.pieces_in(typed)
    if at != number or pieces is None or not by.lstrip("+-").isdecimal():
        return typed
    return str(max(0, pieces + int(by)))


def _says(line: str, code: str, typed: str) -> bool:
    """Whether a line says so already; then it keeps its own words."""
    pieces = baskets.pieces_in(typed)
    return pieces is not None and any(figure_of(told) == pieces for _code, told in ways_of(line))


def counted(lines: list[str], scanned: str) -> list[str]:
    """One more piece of a scanned code: on its line where it has one, else as a new line."""
    for place, line in enumerate(lines):
        for code, told in ways_of(line) if line.strip() else ():
            figure = figure_of(told)
            if figure is not None and code.upper() == scanned.upper():
                return [*lines[:place], f"{code} {int(figure) + 1}", *lines[place + 1 :]]
    return [*lines, f"{scanned} 1"]


def is_bare(sheet: Sheet) -> bool:
    """Every line stands for itself: no names of columns above, no grid."""
    return all(one.variant is None and one.columns == ("", "") for one in sheet.asked)


def as_lines(read: OrderSheet) -> str:
    """A sheet as bare lines in its order, to go on with in the pad."""
    told = [(one.place.row, one.offer.facts.code, str(one.quantity)) for one in read.lines]
    told += [(one.place.row, one.code, one.quantity) for one in read.refused]
    told.sort(key=lambda one: one[0])
    return "\n".join(
        " ".join(part for part in (code, pieces) if part) for _row, code, pieces in told
    )
