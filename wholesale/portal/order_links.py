"""Order links: a catalog by its address, for people without an account."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from wtforms import EmailField, HiddenField, StringField
from wtforms import TextAreaField as LongField
from wtforms.validators import Length, Optional, Regexp, ValidationError

from wholesale.accounts import throttling
from wholesale.accounts.addresses import BadAddress, the_address
from wholesale.catalog.queries import sku_ids_by_code
from wholesale.kernel import clock, files
from wholesale.kernel.access import Principal
from wholesale.kernel.db import acts_as, savepoint, session, unit_of_work
from wholesale.kernel.errors import DomainError
from wholesale.offers import links as verbs
from wholesale.offers.dates import can_be_wished
from wholesale.offers.models import LinkOrders, LinkVisit, OrderLink
from wholesale.orders import by_link
from wholesale.orders.by_link import OnlyToLookAt, Sender
from wholesale.orders.models import Order
from wholesale.portal.baskets import typed
from wholesale.portal.blueprints import links
from wholesale.portal.words import problem
from wholesale.web import door
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.filters import language
from wholesale.web.forms import DayField, HouseForm, Required, complete_address
from wholesale.web.gate import public
from wholesale.web.lookups import found

FURTHEST = 100_000
HOUSE = Principal.system("order link")


class OrderForm(HouseForm):
    """Who sends the order, and where it goes."""

    name = StringField(_l("Company or shop name"), [Length(max=120)])
    contact = StringField(_l("Your name"), [Required(), Length(max=80)])
    email = EmailField(_l("E-mail"), [Required(), Length(max=254)])
    phone = StringField(_l("Telephone"), [Length(max=30)])
    country = StringField(
        _l("Country"),
        [Optional(), Regexp(r"^[A-Z]{2}$", message=_l("Two letters, such as JP."))],
    )
    postal_code = StringField(_l("Postal code"), [Length(max=12)])
    region = StringField(_l("Prefecture or region"), [Length(max=60)])
    address = StringField(_l("Address"), [Length(max=200)])
    wished_on = DayField(_l("Wished delivery date"))
    po_number = StringField(_l("Your order number"), [Length(max=40)])
    note = LongField(_l("Note"), [Length(max=1000)])
    fingerprint = HiddenField()

    def validate_wished_on(self, field: DayField) -> None:
        """A day somebody can wish for; what nobody can read has been said already."""
        if field.data is not None and not can_be_wished(field.data):
            field.data = None
            raise ValidationError(gettext("Enter a day such as 11/27 or +3."))

    def of(self, link: OrderLink) -> OrderForm:
        """With the fields that this link needs filled."""
        if link.orders_as is LinkOrders.OF_VISITORS:
            for field in (self.name, self.address):
                field.validators = [Required(), *field.validators]
                field.flags.required = True
        return self

    def sender(self) -> Sender:
        """Who sends it. Raises BadAddress."""
        told = {
            name: (self[name].data or "").strip()
            for name in ("name", "contact", "phone", "postal_code", "region", "address")
        }
        return Sender(
            **told, email=the_address(self.email.data or ""), country=self.country.data or "JP",
            locale=language(),
        )  # fmt: skip


@links.get("/<link>")
@public()
def show(link: str) -> Answer:
    """The goods of a link; or the question for its pass code, or that it is closed."""
    row = _link(link)
    if not verbs.is_open(row, clock.today()):
        later = row.opens_on is not None and row.opens_on > clock.today()
        return refused("portal/order_links/closed.html", link=row, later=later, status=410)
    visit = _visit(row)
    if not verbs.is_let_in(row, visit):
        return answer("portal/order_links/locked.html", link=row, refusal="")
    return answer("portal/order_links/show.html", **_goods(row, visit))


@links.post("/<link>/entry")
@public()
def enter(link: str) -> Answer:
    """Give the pass code."""
    row, address = _open_link(link), door.remote_address()
    key = f"link:{row.id}:{address}"
    try:
        throttling.slow_down(key, address)
        verbs.enter(row, _secret(), request.form.get("pass_code", "").strip())
    except verbs.WrongPassCode as error:
        with unit_of_work(door.DOOR):  # the guess stays, though the refusal undoes the rest
            throttling.note(key, address)
        return refused("portal/order_links/locked.html", link=_open_link(link), error=error)
    except DomainError as error:
        return refused("portal/order_links/locked.html", link=row, error=error)
    return moved(url_for(".show", link=row.word))


@links.post("/<link>/lines")
@public()
def choose(link: str) -> Answer:
    """Take down the quantities of a page, and go on: to another page, or to the order."""
    row = _open_link(link)
    _let_in(row)
    if row.view_only:
        raise OnlyToLookAt
    told = typed(request.form)
    codes = sku_ids_by_code(told.pieces)
    visit = _visit(row) or verbs.enter(row, _secret(), "")
    wanted = {codes[code]: number for code, number in told.pieces.items() if code in codes}
    rounded = verbs.choose(row, visit, wanted, clock.now())
    session.flush()  # the page that follows reads it
    said = []
    if rounded:
        said.append(gettext("Rounded up to whole lots: %(count)s lines", count=len(rounded)))
    if told.unread:
        said.append(gettext("Not a number of pieces: %(codes)s", codes=", ".join(told.unread)))
    if request.form.get("act") == "order":
        return moved(url_for(".review", link=row.word), said=" ".join(said))
    after = request.form.get("after", "") if request.form.get("after", "").isdigit() else ""
    query = request.form.get("q", "")[:100]
    url = url_for(".show", link=row.word, q=query or None, after=after or None)
    return moved(url, said=" ".join(said) or gettext("Your quantities are kept"))


@links.get("/<link>/order")
@public()
def review(link: str) -> Answer:
    """What would be ordered, and the form of who orders."""
    row = _open_link(link)
    _let_in(row)
    if row.view_only:
        raise OnlyToLookAt
    return answer("portal/order_links/order.html", refusal="", **_order(row, None))


@links.post("/<link>/order")
@public()
def order(link: str) -> Answer:
    """Place the order; what was typed stays where it is refused."""
    row, address = _open_link(link), door.remote_address()
    visit = found(_let_in(row))
    form = OrderForm().of(row)
    if "complete" in request.form:
        complete_address(form)
        return answer("portal/order_links/order.html", refusal="", **_order(row, form))
    if not form.validate():
        return refused("portal/order_links/order.html", **_order(row, form))
    key = f"link-order:{row.id}:{address}"
    try:
        throttling.slow_down(key, address)
        acts_as(HOUSE)  # a visitor becomes a customer of ours
        with savepoint():
            by_link.order_by_link(
                row, visit, form.sender(), fingerprint=form.fingerprint.data or "",
                wished_on=form.wished_on.data, po_number=(form.po_number.data or "").strip(),
                note=(form.note.data or "").strip(),
            )  # fmt: skip
    except BadAddress as error:
        form.email.errors = [gettext(error.message)]
        return refused("portal/order_links/order.html", **_order(row, form))
    except DomainError as error:
        return refused("portal/order_links/order.html", error=error, **_order(row, form))
    throttling.note(key, address)
    return moved(url_for(".done", link=row.word))


@links.get("/<link>/done")
@public()
def done(link: str) -> Answer:
    """What was ordered, to be kept or printed."""
    row = _link(link)
    visit = _visit(row)
    acts_as(HOUSE)  # the order may be a new customer's
    sent = session.scalar(
        select(Order).where(
            Order.number == (visit.order_number if visit else ""), Order.link_id == row.id
        )
    )
    return answer("portal/order_links/done.html", link=row, order=sent)


@links.get("/<link>/pictures/<sha256>")
@public()
def picture(link: str, sha256: str) -> Response:
    """A picture of goods that stand on the link's page."""
    row = _open_link(link)
    _let_in(row)
    stored = found(verbs.shown_picture(row, sha256, clock.now()))
    reply = Response(files.read(stored.sha256), mimetype=stored.media_type)
    reply.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return reply


def _link(word: str) -> OrderLink:
    """The link of an address; the unit sees its customer's rows alone. Raises NotFound."""
    acts_as(HOUSE)
    row = found(verbs.link_by_word(word))
    acts_as(Principal(HOUSE.actor, frozenset({row.customer_id})))
    return row


def _open_link(word: str) -> OrderLink:
    row = _link(word)
    if not verbs.is_open(row, clock.today()):
        raise NotFound
    return row


def _secret() -> str:
    return door.current_door().secret


def _visit(row: OrderLink) -> LinkVisit | None:
    return verbs.visit_of(row, _secret())


def _let_in(row: OrderLink) -> LinkVisit | None:
    """The visit; whoever owes the pass code finds nothing. Raises NotFound."""
    visit = _visit(row)
    if not verbs.is_let_in(row, visit):
        raise NotFound
    return visit


def _goods(row: OrderLink, visit: LinkVisit | None) -> dict[str, Any]:
    query = request.args.get("q", "").strip()[:100]
    offset = min(max(request.args.get("after", 0, type=int), 0), FURTHEST)
    page = verbs.link_page(row, query, offset, clock.now())
    open_visit = visit if visit is not None and not visit.order_number else None
    return {
        "link": row, "page": page, "query": query, "offset": offset,
        "pieces": verbs.chosen(open_visit), "review": by_link.look(row, open_visit),
    }  # fmt: skip


def _order(row: OrderLink, form: OrderForm | None) -> dict[str, Any]:
    visit = _visit(row)
    wished_on = form.wished_on.data if form is not None else None
    seen = by_link.look(row, visit, wished_on)
    shown = form if form is not None else OrderForm(data={"country": "JP"}).of(row)
    problems = {
        line.offer.facts.id: problem(line.offer, line.problem, line.left) for line in seen.lines
    }
    return {
        "link": row, "form": shown, "review": seen, "problems": problems,
        "ordered": visit.order_number if visit else "",
        "of_visitors": row.orders_as is LinkOrders.OF_VISITORS,
    }  # fmt: skip
