"""Orders for our people: the list by work to do, one order with all its acts, confirming many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import selectinload

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import lookups, marks, queues
from wholesale.backoffice.acting import Desk
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.forms.orders import (
    ChooseForm,
    DropForm,
    HoldForm,
    NoteForm,
    PlanForm,
    PromiseForm,
    ReasonForm,
)
from wholesale.backoffice.sales import order_filters, order_page
from wholesale.backoffice.sales.order_filters import Narrowed
from wholesale.kernel import db
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.orders import (
    cancelling,
    confirming,
    goods,
    holding,
    noting,
    prepaying,
    promising_dates,
    queries,
)
from wholesale.orders.models import HoldReason, Order, OrderState
from wholesale.orders.queries import OrderFilter
from wholesale.shipping import allocating_by_hand, planning
from wholesale.web.answers import Answer, answer, moved
from wholesale.web.door import the_visitor
from wholesale.web.errors import words
from wholesale.web.forms import HouseForm, first_trouble
from wholesale.web.gate import needs
from wholesale.web.paging import Page, keyed_page

Act = Callable[[Order], None]

VIEWS = (
    ("to_confirm", N_("To confirm")),
    ("promises", N_("Delivery date open")),
    ("on_hold", N_("On hold")),
    ("questions", N_("Questions")),
    ("short", N_("Short of stock")),
    ("to_ship", N_("To ship")),
    ("to_bill", N_("To invoice")),
    ("open", N_("All open")),
    ("done", N_("Done")),
)


@office.get("/orders")
@needs(Permission.ORDERS_READ)
def orders() -> Answer:
    """One view of the orders, searched and turned page by page."""
    return answer(
        "backoffice/orders/index.html", "backoffice/orders/_list.html", **_listed(), refusals=[]
    )


def _listed() -> dict[str, Any]:
    view = request.values.get("view", "open")
    text = request.values.get("q", "").strip()
    narrowed = order_filters.asked()
    page = _page(OrderFilter(view=view, text=text), narrowed)
    counts = {**queries.counts(), **queues.figures({"promises", "questions"})}
    return {
        "rows": order_page.rows(page.rows),
        "tabs": [(name, gettext(word), counts.get(name)) for name, word in VIEWS],
        "view": view,
        "q": text,
        "newer": page.newer,
        "older": page.older,
        "narrowed": narrowed,
        "kept": {name: request.values.get(name, "") for name in order_filters.FIELDS},
        "sources": [(source.value, marks.source_word(source)) for source in marks.SOURCES],
        "currencies": order_filters.currencies(),
    }


def _page(asked: OrderFilter, narrowed: Narrowed) -> Page[Order]:
    found = narrowed.apply(queries.orders_matching(asked)).options(selectinload(Order.customer))
    return keyed_page(
        found, [Order.placed_at, Order.id], lambda one: (one.placed_at, one.id), request.args
    )


@office.post("/orders/confirmations")
@needs(Permission.ORDERS_CONFIRM)
def confirm_many() -> Answer:
    """Confirm the ticked orders; one that can't be stays, and says why."""
    by = the_visitor().actor
    done, refusals = _each(lambda it: _nothing(confirming.confirm(it, by=by)))
    said = ngettext("%(num)s order confirmed", "%(num)s orders confirmed", done) if done else ""
    return _told(said, refusals)


@office.post("/orders/shipments")
@needs(Permission.ORDERS_EDIT)
def plan_many() -> Answer:
    """Plan the shipments of the ticked orders; one that can't be shipped stays, and says why."""
    by = the_visitor().actor
    done, refusals = _each(lambda it: _nothing(planning.plan_shipments(it, by)))
    said = ngettext("%(num)s order planned", "%(num)s orders planned", done) if done else ""
    return _told(said, refusals)


def _each(act: Act) -> tuple[int, list[tuple[str, str]]]:
    """Run one verb on each ticked order: how many it was done to, and who refused and why."""
    done, refusals = 0, []
    for number in request.form.getlist("numbers"):
        try:
            with db.savepoint():
                act(lookups.order(number))
            done += 1
        except DomainError as error:
            db.session.expire_all()
            refusals.append((number, words(error)))
    return done, refusals


def _told(said: str, refusals: list[tuple[str, str]]) -> Answer:
    if not refusals:
        view = request.form.get("view", "open")
        return moved(url_for("office.orders", view=view), said=said)
    return answer(
        "backoffice/orders/index.html",
        "backoffice/orders/_list.html",
        **_listed(),
        refusals=refusals,
        said=said,
    )


@office.get("/orders/<number>")
@needs(Permission.ORDERS_READ)
def order(number: str) -> Answer:
    """One order: how far it is, its lines with their allocation, and what can be done next."""
    found = lookups.order(number)
    return answer(
        "backoffice/orders/show.html",
        "backoffice/orders/_order.html",
        **order_page.page(found),
        refusal="",
    )


def run(number: str, act: Act, said: str, form: HouseForm | None = None) -> Answer:
    """Run one verb on an order; the order again with what was done, or with why not."""
    desk = Desk(
        find=lambda: lookups.order(number),
        page="backoffice/orders/show.html",
        part="backoffice/orders/_order.html",
        values=order_page.page,
        url=url_for("office.order", number=number),
        typed=lambda it: {**order_page.page(it), "typed": request.form},
    )
    if form is not None and not form.validate():
        return desk.refuse(first_trouble(form))
    return desk.act(act, said)


@office.post("/orders/<number>/confirmation")
@needs(Permission.ORDERS_CONFIRM)
def confirm(number: str) -> Answer:
    """Agree to the order as it stands."""
    by = the_visitor().actor
    return run(number, lambda it: _nothing(confirming.confirm(it, by=by)), gettext("Confirmed"))


@office.post("/orders/<number>/promises")
@needs(Permission.ORDERS_CONFIRM)
def promise(number: str) -> Answer:
    """Answer the delivery date of the ticked lines, or of all that are open."""
    form = PromiseForm()
    by, ticked = the_visitor().actor, set(request.form.getlist("line"))

    def act(it: Order) -> None:
        lines = [line for line in it.lines if line.needs_goods and line.open]
        for day, answered in form.days_of(lines, ticked).items():
            promising_dates.answer(it, answered, day, by)

    return run(number, act, gettext("Delivery date answered"), form)


@office.post("/orders/<number>/hold")
@needs(Permission.ORDERS_EDIT)
def hold(number: str) -> Answer:
    """Stop the order."""
    form, by = HoldForm(), the_visitor().actor

    def verb(it: Order) -> None:
        reason, note = HoldReason(form.reason.data), form.note.data or ""
        if reason is HoldReason.PREPAYMENT:
            prepaying.demand(it, by, note=note)
        else:
            holding.hold(it, reason, by, note=note)

    return run(number, verb, gettext("On hold"), form)


@office.post("/orders/<number>/release")
@needs(Permission.ORDERS_RELEASE)
def release(number: str) -> Answer:
    """Let the order go on."""
    by = the_visitor().actor
    return run(number, lambda it: holding.release(it, by), gettext("Released"))


@office.post("/orders/<number>/cancellation")
@needs(Permission.ORDERS_EDIT)
def cancel(number: str) -> Answer:
    """Withdraw the order, with a reason."""
    form, by = ReasonForm(), the_visitor().actor
    return run(
        number, lambda it: cancelling.cancel(it, by, reason=form.reason.data or ""),
        gettext("Cancelled"), form,
    )  # fmt: skip


@office.post("/orders/<number>/rejection")
@needs(Permission.ORDERS_EDIT)
def reject(number: str) -> Answer:
    """Say no to the order; when it is rejected already, take the no back."""
    form, by = ReasonForm(), the_visitor().actor
    found = lookups.order(number)
    if found.state is OrderState.REJECTED:
        return run(number, lambda it: cancelling.unreject(it, by), gettext("Taken back"))
    return run(
        number, lambda it: cancelling.reject(it, by, reason=form.reason.data or ""),
        gettext("Rejected"), form,
    )  # fmt: skip


@office.post("/orders/<number>/lines/<int:position>/drop")
@needs(Permission.ORDERS_EDIT)
def drop(number: str, position: int) -> Answer:
    """Give up the rest of one line, with a reason."""
    form, by = DropForm(), the_visitor().actor

    def act(it: Order) -> None:
        line = order_page.line_at(it, position)
        pieces = int(form.pieces.data or line.open)
        cancelling.drop_rest(it, line, pieces, by, reason=form.reason.data or "")

    return run(number, act, gettext("The rest is given up"), form)


@office.post("/orders/<number>/allocation")
@needs(Permission.ORDERS_EDIT)
def allocate(number: str) -> Answer:
    """Give free stock to the lines that wait."""
    by = the_visitor().actor
    return run(
        number, lambda it: _nothing(goods.fill_waiting(goods.open_skus(it), by)),
        gettext("Free stock allocated"),
    )  # fmt: skip


@office.post("/orders/<number>/allocation/by-hand")
@needs(Permission.ORDERS_EDIT)
def choose(number: str) -> Answer:
    """Let the figures that were typed be what is allocated at each warehouse."""
    form, by = ChooseForm(), the_visitor().actor
    return run(
        number,
        lambda it: allocating_by_hand.allocate(it, form.chosen, by),
        gettext("Allocated as chosen"),
        form,
    )


@office.post("/orders/<number>/allocation/gathering")
@needs(Permission.ORDERS_EDIT)
def gather(number: str) -> Answer:
    """Allocate everything at one warehouse."""
    by = the_visitor().actor
    return run(
        number,
        lambda it: allocating_by_hand.gather(it, by),
        gettext("Gathered at one warehouse"),
    )


@office.post("/orders/<number>/notes")
@needs(Permission.ORDERS_EDIT)
def note(number: str) -> Answer:
    """Note something on the order, for our people alone."""
    form, by = NoteForm(), the_visitor().actor
    return run(number, lambda it: noting.note(it, form.note.data or "", by), gettext("Noted"))


@office.post("/orders/<number>/shipments")
@needs(Permission.ORDERS_EDIT)
def plan(number: str) -> Answer:
    """Make shipments of all that is allocated, or of the quantities that were typed."""
    form, by = PlanForm(), the_visitor().actor

    def act(it: Order) -> None:
        pieces = form.pieces_of(it)
        planning.plan_part(it, pieces, by) if pieces else planning.plan_shipments(it, by)

    return run(number, act, gettext("Shipment planned"), form)


def _nothing(_made: object) -> None:
    """A verb's result that the page reads afresh."""
