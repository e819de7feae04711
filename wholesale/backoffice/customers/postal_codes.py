"""Filling an address from its postal code: while it is typed, or by a button of the form."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.forms.customers import AddressForm
from wholesale.customers import postal_codes
from wholesale.web.answers import Answer, answer
from wholesale.web.forms import complete_address
from wholesale.web.gate import needs


@office.get("/postal-codes")
@needs(Permission.CUSTOMERS_READ)
def postal_code() -> Answer:
    """The prefecture and address of a Japanese postal code, as the fields of a form or as a page."""
    typed = {name: request.args.get(name, "") for name in ("postal_code", "region", "address")}
    form = AddressForm(data=typed)
    known = postal_codes.place_of(typed["postal_code"])
    if request.args.get("country", "JP") == "JP":
        complete_address(form)
    return answer(
        "backoffice/customers/postal_code.html",
        "backoffice/customers/_place.html",
        form=form,
        known=known,
    )


def is_completion(typed: Mapping[str, str]) -> bool:
    """Whether a form was sent by the button that fills the address, not to be saved."""
    return "complete" in typed
