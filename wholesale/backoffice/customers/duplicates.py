"""Duplicates: likely pairs, one beside the other before they are merged, and the way back."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.exceptions import Forbidden

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.form_desk import FormDesk
from wholesale.backoffice.forms.customers import MergeForm
from wholesale.backoffice.forms.terms import VersionForm
from wholesale.backoffice.money import money_lookups as lookups
from wholesale.customers.models import Customer, CustomerGroup
from wholesale.customers.trading import history
from wholesale.kernel.db import session
from wholesale.merging import likely, merging, previewing
from wholesale.merging.models import Merge
from wholesale.web.answers import Answer, answer, moved
from wholesale.web.door import the_visitor
from wholesale.web.filters import name
from wholesale.web.forms import HouseForm
from wholesale.web.gate import needs
from wholesale.web.lookups import found

PAGE, PART = "backoffice/duplicates/merge.html", "backoffice/duplicates/_merge.html"


@office.get("/duplicates")
@needs(Permission.CUSTOMERS_READ)
def duplicates() -> Answer:
    """Customers that may be the same, the likeliest first."""
    _sees_all()
    return answer(
        "backoffice/duplicates/index.html", "backoffice/duplicates/_list.html",
        pairs=likely.likely_duplicates(), refusal="",
    )  # fmt: skip


@office.post("/duplicates/two")
@needs(Permission.CUSTOMERS_EDIT)
def are_two() -> Answer:
    """These two look alike and are two."""
    _sees_all()
    first = lookups.customer(request.form.get("first", ""))
    second = lookups.customer(request.form.get("second", ""))
    merging.are_different(first, second, the_visitor().actor)
    session.flush()  # the list below is read by queries
    return moved(
        url_for("office.duplicates"), "backoffice/duplicates/_list.html",
        said=gettext("They won't be proposed again"), pairs=likely.likely_duplicates(), refusal="",
    )  # fmt: skip


@office.get("/customers/<code>/merge/<into>")
@needs(Permission.CUSTOMERS_EDIT)
def merge_preview(code: str, into: str) -> Answer:
    """What goes from one to the other, and what must be decided."""
    return _desk(code, into).show()


@office.post("/customers/<code>/merge/<into>")
@needs(Permission.CUSTOMERS_EDIT)
def merge_customers(code: str, into: str) -> Answer:
    """Merge the first into the second."""
    old, new = _both(code, into)
    form, by, take = MergeForm(), the_visitor().actor, request.form.getlist("take")
    if "terms" in take and not the_visitor().may(Permission.ORDERS_RELEASE):
        raise Forbidden  # the credit limit goes with the terms
    return _desk(code, into).save(
        form,
        lambda: merging.merge(old, new, form.versions, by, take=take),
        gettext("%(old)s lives on in %(new)s", old=old.code, new=new.code),
        url_for("office.customer", code=new.code),
    )


@office.post("/customers/<code>/merges/<int:number>/undoing")
@needs(Permission.CUSTOMERS_EDIT)
def undo_merge(code: str, number: int) -> Answer:
    """Make two of them again."""
    _sees_all()
    customer = lookups.customer(code)
    done = found(
        session.scalar(select(Merge).where(Merge.id == number, Merge.new_id == customer.id))
    )
    desk = FormDesk(
        "backoffice/duplicates/done.html", "backoffice/duplicates/_done.html",
        url_for("office.customer", code=code),
        lambda _: {"customer": customer, "merges": merging.merges_of(customer.id)},
    )  # fmt: skip
    return desk.save(
        VersionForm(), lambda: merging.undo(done, the_visitor().actor),
        gettext("They are two again"), url_for("office.customer", code=code),
    )  # fmt: skip


def _both(code: str, into: str) -> tuple[Customer, Customer]:
    _sees_all()
    return lookups.customer(code), lookups.customer(into)


def _sees_all() -> None:
    """Who is kept to some customers or brands doesn't see what would move. Raises Forbidden."""
    someone = the_visitor()
    if someone.customer_ids is not None or someone.brand_ids is not None:
        raise Forbidden


def _desk(code: str, into: str) -> FormDesk:
    old, new = _both(code, into)
    url = url_for("office.merge_preview", code=old.code, into=new.code)

    def shown(form: HouseForm | None) -> dict[str, Any]:
        told = previewing.preview(old, new)
        versions = {"version": old.version, "other_version": new.version}
        return {
            "old": old, "new": new, "told": told, "url": url,
            "form": form or MergeForm(data=versions),
            "taken": request.form.getlist("take") if request.method == "POST" else [],
            "both_have_terms": bool(history(old.id)) and bool(history(new.id)),
            "groups": {one.id: name(one.name) for one in session.scalars(select(CustomerGroup))},
        }  # fmt: skip

    return FormDesk(PAGE, PART, url, shown)
