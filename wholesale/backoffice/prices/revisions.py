"""Price revisions in the office: begun, filled, looked at, announced, and orders on the way."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.forms import revisions as forms
from wholesale.backoffice.prices import revision_pages as pages
from wholesale.backoffice.prices.floor_guard import keep_above_floor
from wholesale.customers.queries import customer_by_code
from wholesale.kernel.db import savepoint, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.papers import Paper
from wholesale.orders.models import Order, OrderLine
from wholesale.orders.repricing import reprice
from wholesale.pricing import revision_filling, revisions
from wholesale.pricing.notices import own_changes
from wholesale.pricing.revision_models import PriceNotice, PriceRevision
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs
from wholesale.web.lookups import found
from wholesale.web.sheets import sheet

INDEX, LIST = "backoffice/revisions/index.html", "backoffice/revisions/_list.html"
PAGE, PART = "backoffice/revisions/show.html", "backoffice/revisions/_page.html"


@office.get("/price-revisions")
@needs(Permission.PRICES_READ)
def price_revisions() -> Answer:
    """The price revisions, the newest first."""
    return answer(INDEX, LIST, refusal="", **pages.listed())


@office.post("/price-revisions")
@needs(Permission.PRICES_EDIT)
def begin_price_revision() -> Answer:
    """Begin a revision without changes."""
    try:
        title, day, basis, message = forms.read_head()
        with savepoint():
            made = revisions.make_revision(title, day, basis, the_visitor().actor, message=message)
    except DomainError as error:
        return refused(INDEX, LIST, error=error, **pages.listed())
    said = gettext("The price revision is begun")
    return moved(url_for("office.price_revision", number=made.number), said=said)


@office.get("/price-revisions/<number>")
@needs(Permission.PRICES_READ)
def price_revision(number: str) -> Answer:
    """One revision: its changes, its effect, the orders on the way, or the letters (`?view=`)."""
    return answer(PAGE, PART, refusal="", **pages.shown(_revision(number), _view()))


@office.post("/price-revisions/<number>")
@needs(Permission.PRICES_EDIT)
def change_price_revision(number: str) -> Answer:
    """Change the head of a draft."""
    revision, by = _revision(number), the_visitor().actor

    def verb() -> None:
        title, day, basis, message = forms.read_head()
        revisions.change_revision(revision, _version(), title, day, basis, message, by)

    return _done(revision, verb, gettext("Saved"))


@office.post("/price-revisions/<number>/changes")
@needs(Permission.PRICES_EDIT)
def change_revised_prices(number: str) -> Answer:
    """Raise list prices together or one by one, move rates, or take changes out (`do`)."""
    revision, by = _revision(number), the_visitor().actor

    def verb() -> None:
        do = request.form.get("do", "")
        if do == "raise":
            scope, object_id, currency, percent, rounded = forms.read_raise()
            revision_filling.raise_list_prices(
                revision, scope, object_id, currency, percent, rounded, by
            )
        elif do == "move":
            owner, points, percent = forms.read_move()
            revision_filling.raise_rules(revision, owner, points, percent, by)
        elif do == "drop":
            revision_filling.drop_changes(
                revision, forms.read_ids("price"), forms.read_ids("rate"), by
            )
        else:
            revision_filling.set_list_prices(revision, forms.read_prices(), by)

    return _done(revision, verb, gettext("The changes are noted"))


@office.post("/price-revisions/<number>/left-out")
@needs(Permission.PRICES_EDIT)
def leave_out_of_revision(number: str) -> Answer:
    """Let a customer keep its prices until a day, or no longer."""
    revision, by = _revision(number), the_visitor().actor

    def verb() -> None:
        customer, day = forms.read_left_out()
        revisions.leave_out(revision, customer, day, by)

    return _done(revision, verb, gettext("Saved"))


@office.post("/price-revisions/<number>/announcement")
@needs(Permission.PRICES_EDIT)
def announce_price_revision(number: str) -> Answer:
    """Write the dated prices and send each customer its letter."""
    revision, by = _revision(number), the_visitor().actor

    def verb() -> None:
        keep_above_floor(revisions.plan_of(revision))
        revisions.announce(revision, _version(), by)

    return _done(revision, verb, gettext("Announced: the letters are on their way"), "letters")


@office.post("/price-revisions/<number>/cancellation")
@needs(Permission.PRICES_EDIT)
def cancel_price_revision(number: str) -> Answer:
    """Give a revision up before its day."""
    revision, by = _revision(number), the_visitor().actor
    reason = request.form.get("reason", "").strip()[:200]
    said = gettext("The price revision is cancelled")
    return _done(revision, lambda: revisions.cancel(revision, reason, by), said)


@office.post("/price-revisions/<number>/orders")
@needs(Permission.ORDERS_EDIT)
def reprice_orders(number: str) -> Answer:
    """Give the ticked lines of open orders the new price."""
    revision, by = _revision(number), the_visitor().actor
    ticked = forms.read_ids("line")
    orders = session.scalars(
        select(Order).where(
            Order.id.in_(select(OrderLine.order_id).where(OrderLine.id.in_(ticked)))
        )
    ).all()
    done = 0

    def verb() -> None:
        nonlocal done
        done = sum(reprice(order, ticked, revision, by) for order in orders)

    return _done(revision, verb, "", "orders", lambda: ngettext(
        "%(num)s line has the new price", "%(num)s lines have the new price", done
    ))  # fmt: skip


@office.get("/price-revisions/<number>/customers/<code>")
@needs(Permission.PRICES_READ)
def revised_prices_of(number: str, code: str) -> Answer:
    """One customer's own old and new prices, as its letter has them."""
    revision, customer = _revision(number), found(customer_by_code(code))
    starts_on, changes = own_changes(revision, customer)
    return answer(
        "backoffice/revisions/own.html", revision=revision, customer=customer,
        starts_on=starts_on, changes=changes, chip=pages.chip_of(revision),
    )  # fmt: skip


@office.get("/price-revisions/<number>/customers/<code>/pdf")
@needs(Permission.PRICES_READ)
def price_notice_pdf(number: str, code: str) -> Response:
    """The letter as it was sent."""
    revision, customer = _revision(number), found(customer_by_code(code))
    notice = found(
        session.scalar(
            select(PriceNotice).where(
                PriceNotice.revision_id == revision.id, PriceNotice.customer_id == customer.id
            )
        )
    )
    paper = session.scalar(
        select(Paper).where(Paper.id == notice.paper_id, Paper.sha256.is_not(None))
    )
    return sheet(found(paper))


def _revision(number: str) -> PriceRevision:
    return found(session.scalar(select(PriceRevision).where(PriceRevision.number == number)))


def _view() -> str:
    view = request.values.get("view", "changes")
    return view if view in pages.VIEWS else "changes"


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isdigit() and len(text) <= forms.MOST_SIGNS else 0


def _done(
    revision: PriceRevision, verb: Callable[[], None], said: str, view: str = "",
    told: Callable[[], str] | None = None,
) -> Answer:  # fmt: skip
    """Run a verb; the page again, or with what was typed and why not."""
    view = view or _view()
    try:
        with savepoint():
            verb()
            session.flush()  # the page below is read by queries
    except DomainError as error:
        session.expire_all()
        stays = _view() if view == "letters" else view
        return refused(PAGE, PART, error=error, **pages.shown(revision, stays, typed=True))
    session.expire_all()
    url = url_for("office.price_revision", number=revision.number, view=view)
    words = told() if told else said
    return moved(url, PART, said=words, refusal="", **pages.shown(revision, view))
