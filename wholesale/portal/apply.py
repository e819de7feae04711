"""Asking to trade with us: a page for everybody that tells nobody whom we know."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField, StringField
from wtforms import TextAreaField as LongField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Regexp

from wholesale.accounts import throttling
from wholesale.accounts.addresses import BadAddress, the_address
from wholesale.customers.applying import apply_for_account
from wholesale.customers.models import PaymentMeans
from wholesale.kernel.errors import DomainError
from wholesale.web import door
from wholesale.web.answers import moved, refused
from wholesale.web.filters import language
from wholesale.web.forms import HouseForm, Required, complete_address
from wholesale.web.gate import public
from wholesale.web.signing_in import bp

PAGE = "signing/apply.html"


class ApplyForm(HouseForm):
    """Who asks."""

    name = StringField(_l("Company"), [Required(), Length(max=120)])
    kana = StringField(_l("Reading"), [Length(max=120)])
    contact = StringField(_l("Your name"), [Required(), Length(max=80)])
    email = EmailField(_l("E-mail"), [Required(), Length(max=254)])
    phone = StringField(_l("Telephone"), [Length(max=30)])
    country = StringField(
        _l("Country"),
        [Required(), Regexp(r"^[A-Z]{2}$", message=_l("Two letters, such as JP."))],
    )
    postal_code = StringField(_l("Postal code"), [Length(max=12)])
    region = StringField(_l("Prefecture or region"), [Length(max=60)])
    address = StringField(_l("Address"), [Length(max=200)])
    website = StringField(_l("Web site"), [Length(max=200)])
    payment_means = SelectField(
        _l("How you would like to pay"),
        choices=[
            SelectChoice("", _l("as you propose")),
            SelectChoice(PaymentMeans.ON_ACCOUNT.value, _l("on credit terms")),
            SelectChoice(PaymentMeans.PREPAYMENT.value, _l("in advance")),
            SelectChoice(PaymentMeans.CASH_ON_DELIVERY.value, _l("cash on delivery")),
            SelectChoice(PaymentMeans.DIRECT_DEBIT.value, _l("direct debit")),
        ],
        default="",
    )
    message = LongField(_l("What you sell, and where"), [Length(max=1000)])

    def values(self) -> dict[str, str]:
        """Columns of SignupRequest. Raises BadAddress."""
        told = {field.short_name: (field.data or "").strip() for field in self}
        return {**told, "email": the_address(told["email"]), "locale": language()}


@bp.get("/apply")
@public()
def apply() -> ResponseReturnValue:
    """The form."""
    return render_template(PAGE, form=ApplyForm(data={"country": "JP"}), refusal="")


@bp.post("/apply")
@public()
def send_application() -> ResponseReturnValue:
    """Take the request down; the answer is the same whoever asks, and looks nobody up."""
    form, address = ApplyForm(), door.remote_address()
    if "complete" in request.form:
        complete_address(form)
        return render_template(PAGE, form=form, refusal="")
    if not form.validate():
        return refused(PAGE, form=form)
    try:
        values = form.values()
        throttling.slow_down(f"apply:{address}", address)
        apply_for_account(values, door.DOOR.actor)
    except BadAddress as error:
        form.email.errors = [gettext(error.message)]
        return refused(PAGE, form=form)
    except DomainError as error:
        return refused(PAGE, form=form, error=error)
    throttling.note(f"apply:{address}", address)
    return moved(url_for(".applied"))


@bp.get("/apply/sent")
@public()
def applied() -> ResponseReturnValue:
    """What happens next."""
    return render_template("signing/applied.html")
