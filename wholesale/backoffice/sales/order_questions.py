"""Answering what customers ask about their orders."""

from __future__ import annotations

from flask import request
from flask_babel import gettext

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.sales.orders import run
from wholesale.orders import messages
from wholesale.orders.models import Order
from wholesale.web.answers import Answer
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs


@office.post("/orders/<number>/answers")
@needs(Permission.ORDERS_EDIT)
def answer_question(number: str) -> Answer:
    """Answer the question about a line, or about the order; or note that it was answered elsewhere."""
    by, about = the_visitor().actor, request.form.get("about", "")
    elsewhere = bool(request.form.get("elsewhere"))

    def act(it: Order) -> None:
        line = next((one for one in it.lines if str(one.position) == about), None)
        if elsewhere:
            messages.close(it, line, by)
        else:
            messages.answer(it, line, request.form.get("answer", ""), by)

    return run(number, act, gettext("Noted") if elsewhere else gettext("Answered"))
