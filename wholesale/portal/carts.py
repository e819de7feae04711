"""A buyer's carts: changing over, sharing, copying, deleting, and taking it back."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import Length

from wholesale.accounts.permissions import Permission
from wholesale.kernel.db import savepoint
from wholesale.kernel.errors import DomainError
from wholesale.orders import carting, keeping_carts, standard_lists
from wholesale.orders.keeping_carts import LONGEST_NAME
from wholesale.orders.models import Cart, CartState
from wholesale.portal import lookups, words
from wholesale.portal.blueprints import portal
from wholesale.portal.cart import version_of
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm
from wholesale.web.gate import needs

PAGE = "portal/carts/index.html"


class CartForm(HouseForm):
    """What a cart is called, and whether colleagues fill it, too."""

    name = StringField(_l("Name"), [Length(max=LONGEST_NAME)])
    is_shared = BooleanField(_l("Colleagues fill and order it, too"))


@portal.get("/carts")
@needs(Permission.CARTS_EDIT)
def all_carts() -> Answer:
    """All carts the person may fill, and those deleted a while ago."""
    return answer(PAGE, form=CartForm(request.args), refusal="", deleted=_deleted())


@portal.post("/carts")
@needs(Permission.CARTS_EDIT)
def start_cart() -> Answer:
    """Begin another cart; from now on it is filled."""
    form = CartForm()
    if not form.validate():
        return _refused(form=form)
    try:
        with savepoint():  # a refusal makes no cart
            made = keeping_carts.start_cart(
                lookups.own_customer(), lookups.own_user(), form.name.data or "",
                is_shared=bool(form.is_shared.data), by=the_visitor().actor,
            )  # fmt: skip
    except DomainError as error:
        return _refused(error, form)
    return moved(url_for(".cart"), said=_("You fill the cart “%(name)s” now.", name=made.name))


@portal.post("/carts/<int:number>/choice")
@needs(Permission.CARTS_EDIT)
def choose_cart(number: int) -> Answer:
    """Change over to a cart."""
    cart = lookups.reachable_cart(number)
    try:
        carting.choose(cart, the_visitor().user_id)
    except DomainError as error:
        return _refused(error)
    name = words.cart_name(cart.name)
    return moved(url_for(".cart"), said=_("You fill the cart “%(name)s” now.", name=name))


@portal.post("/carts/<int:number>")
@needs(Permission.CARTS_EDIT)
def set_up_cart(number: int) -> Answer:
    """Rename a cart, share it or keep it for oneself."""
    cart, form = _held(number), CartForm()
    if not form.validate():
        return _refused()
    try:
        with savepoint():  # a refusal changes nothing
            _check_owner(cart)
            keeping_carts.set_up(
                cart, form.name.data or "", is_shared=bool(form.is_shared.data),
                version=version_of(request.form), by=the_visitor().actor,
            )  # fmt: skip
    except DomainError as error:
        return _refused(error)
    return moved(url_for(".all_carts"), said=_("Saved."))


@portal.post("/carts/<int:number>/copy")
@needs(Permission.CARTS_EDIT)
def copy_cart(number: int) -> Answer:
    """Put everything of one cart on top of what is in another; `to` is its number."""
    source = lookups.reachable_cart(number)
    to = request.form.get("to", "")
    target = _held(int(to) if to.isascii() and to.isdecimal() else 0)
    try:
        with savepoint():  # a refusal copies nothing
            done = keeping_carts.refill(
                target, lookups.own_customer(), carting.quantities(source), the_visitor().actor
            )
    except DomainError as error:
        return _refused(error)
    said = _(
        "%(items)s items are in the cart “%(name)s”, too.",
        items=len(done.put), name=words.cart_name(target.name),
    )  # fmt: skip
    return moved(url_for(".all_carts"), said=words.left_out(said, done.left_out))


@portal.post("/carts/<int:number>/list")
@needs(Permission.CARTS_EDIT)
def list_from_cart(number: int) -> Answer:
    """Make a standard list of what is in a cart; `name` is what the list is called."""
    cart = lookups.reachable_cart(number)
    try:
        with savepoint():  # a refusal makes no list
            made = standard_lists.list_from(
                lookups.own_customer(), request.form.get("name", ""), carting.quantities(cart),
                the_visitor().actor,
            )  # fmt: skip
    except DomainError as error:
        return _refused(error)
    return moved(url_for(".standard_list", number=made.id), said=_("The list is made."))


@portal.post("/carts/<int:number>/deletion")
@needs(Permission.CARTS_EDIT)
def delete_cart(number: int) -> Answer:
    """Put a cart away; for a month it can be brought back."""
    cart = _held(number)
    try:
        _check_owner(cart)
        keeping_carts.delete(cart, version=version_of(request.form), by=the_visitor().actor)
    except DomainError as error:
        return _refused(error)
    said = _("The cart “%(name)s” is deleted. Below you can bring it back.", name=_name(cart))
    return moved(url_for(".all_carts"), said=said)


@portal.post("/carts/<int:number>/restoration")
@needs(Permission.CARTS_EDIT)
def restore_cart(number: int) -> Answer:
    """Bring a deleted cart back, or put back into an open one what was taken out at once."""
    cart = _held(number)
    try:
        if cart.state is CartState.DELETED:
            _check_owner(cart)
            keeping_carts.bring_back(cart, the_visitor().actor)
            said = _("The cart “%(name)s” is there again.", name=_name(cart))
            return moved(url_for(".all_carts"), said=said)
        with savepoint():  # a refusal leaves it to be put back later
            done = keeping_carts.put_back(cart, lookups.own_customer(), the_visitor().actor)
    except DomainError as error:
        return _refused(error)
    said = words.left_out(_("Everything is in the cart again."), done.left_out)
    return moved(url_for(".cart"), said=said)


def _held(number: int) -> Cart:
    """A cart of the person's reach, as it is now and nobody else's until the unit ends."""
    return carting.hold(lookups.reachable_cart(number))


def _check_owner(cart: Cart) -> None:
    someone = the_visitor()
    is_admin = someone.may(Permission.BUYERS_EDIT)
    keeping_carts.check_owner(cart, someone.user_id, is_admin=is_admin)


def _name(cart: Cart) -> str:
    return words.cart_name(cart.name)


def _deleted() -> list[Cart]:
    someone = the_visitor()
    return keeping_carts.deleted_carts(someone.customer_id or 0, someone.user_id)


def _refused(error: DomainError | None = None, form: CartForm | None = None) -> Answer:
    shown = form or CartForm(data={})
    return refused(PAGE, error=error, form=shown, deleted=_deleted())
