"""Catalogues: the list in the company's order, and one whole: items, audience, cover, period, life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import func, select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import lookups, settings_history
from wholesale.backoffice.acting import Desk
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.form_desk import FormDesk, edit_desk
from wholesale.backoffice.forms.catalogues import AUDIENCES, CatalogueForm
from wholesale.backoffice.forms.settings import SettingsForm
from wholesale.backoffice.goods import catalogue_figures as figures
from wholesale.backoffice.goods import product_figures
from wholesale.catalog import admitting, arranging, presenting
from wholesale.catalog.models import Catalog, CatalogSku
from wholesale.customers.models import CustomerGroup
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.kernel.zones import local_end
from wholesale.web import zones
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm
from wholesale.web.gate import needs

PAGE, PART = "backoffice/catalogues/show.html", "backoffice/catalogues/_catalogue.html"
LIST = "backoffice/catalogues/index.html", "backoffice/catalogues/_list.html"
SORTS = {
    "code": N_("By code"),
    "catalogue": N_("As in the general catalogue"),
    "new": N_("Newest first"),
}


class NoCover(DomainError):
    """The form came without a picture."""

    message = N_("Choose a picture for the cover.")


@office.get("/catalogues")
@needs(Permission.CATALOG_READ)
def catalogues() -> Answer:
    """All of them in the company's order: of several with an item, the first gives its price."""
    return answer(*LIST, refusal="", **_list())


def _list() -> dict[str, Any]:
    rows = presenting.catalogs()
    return {
        "rows": rows, "facts": figures.facts_of(rows), "audience": figures.audience_words,
        "end": local_end, "zone_word": zones.zone_word,
    }  # fmt: skip


@office.get("/catalogues/new")
@needs(Permission.CATALOGS_EDIT)
def new_catalogue() -> Answer:
    """An empty form."""
    return _new_desk().show()


@office.post("/catalogues")
@needs(Permission.CATALOGS_EDIT)
def add_catalogue() -> Answer:
    """A new catalogue, as a draft."""
    form, by = CatalogueForm(), the_visitor().actor
    url = url_for("office.catalogue", code=(form.code.data or "").strip() or "-")
    said = gettext("The draft is made: now choose its items")
    return _new_desk().save(
        form, lambda: presenting.save_catalog(None, form.values(), 0, by), said, url
    )


def _new_desk() -> FormDesk:
    words = (gettext("Catalogues"), gettext("New catalogue"))
    form, url = CatalogueForm(data={}), url_for("office.catalogues")
    return edit_desk(form, url, url, words, is_new=True)


@office.get("/catalogues/<code>")
@needs(Permission.CATALOG_READ)
def catalogue(code: str) -> Answer:
    """One catalogue: its items, whom it names, its cover, what it is, what was changed."""
    return answer(PAGE, PART, refusal="", **page(lookups.catalog(code)))


@office.post("/catalogues/<code>")
@needs(Permission.CATALOGS_EDIT)
def change_catalogue(code: str) -> Answer:
    """Change what belongs to the catalogue as a whole."""
    row, by = lookups.catalog(code), the_visitor().actor
    form = CatalogueForm().offer(row.time_zone)
    form.code.validators = ()  # it stays as it is, whoever made it

    def shown(typed: HouseForm | None) -> dict[str, Any]:
        return {**page(lookups.catalog(code)), **({"form": typed} if typed else {})}

    desk = FormDesk(PAGE, PART, url_for("office.catalogue", code=code), shown)
    return desk.save(
        form, lambda: presenting.save_catalog(row, form.values(), form.seen, by), gettext("Saved")
    )


def page(row: Catalog, typed: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - a template's flag
    """What the page of a catalogue shows; `typed` keeps what was typed into its small forms."""
    start = max(request.values.get("from", 0, type=int), 0)
    count = 0 if row.holds_everything else _count(row)
    return {
        "catalog": row, "form": CatalogueForm.of(row), "facts": figures.facts_of([row])[row.id],
        "items": figures.items(row, start), "start": start, "size": figures.PAGE, "count": count,
        "named": admitting.admitted(row), "audiences": AUDIENCES,
        "groups": session.scalars(select(CustomerGroup).order_by(CustomerGroup.code)).all(),
        "brands": product_figures.brands(), "categories": arranging.tree(),
        "sorts": [(name, gettext(word)) for name, word in SORTS.items()],
        "typed": request.form if typed else {}, "end": local_end,
        "zone_word": zones.zone_word, "changes": settings_history.newest(["catalogs"], row.id),
    }  # fmt: skip


def _count(row: Catalog) -> int:
    counted = select(func.count(CatalogSku.id)).where(CatalogSku.catalog_id == row.id)
    return session.scalar(counted) or 0


def act(code: str, verb: Callable[[Catalog, int], object], said: str = "") -> Answer:
    """Run one verb with the version the reader saw; what was typed stays when it refuses."""
    seen = SettingsForm().seen
    desk = Desk(
        lambda: lookups.catalog(code), PAGE, PART, page, url_for("office.catalogue", code=code),
        lambda row: page(row, typed=True),
    )  # fmt: skip
    return desk.act(lambda row: verb(row, seen), said or gettext("Saved"))


@office.post("/catalogues/<code>/opening")
@needs(Permission.CATALOGS_EDIT)
def open_catalogue(code: str) -> Answer:
    """Show it from now on, within its period."""
    by = the_visitor().actor
    return act(
        code, lambda row, seen: presenting.open_catalog(row, seen, by),
        gettext("The catalogue is open"),
    )  # fmt: skip


@office.post("/catalogues/<code>/closing")
@needs(Permission.CATALOGS_EDIT)
def close_catalogue(code: str) -> Answer:
    """Show it no more."""
    by = the_visitor().actor
    return act(
        code, lambda row, seen: presenting.close_catalog(row, seen, by),
        gettext("The catalogue is closed"),
    )  # fmt: skip


@office.post("/catalogues/<code>/place")
@needs(Permission.CATALOGS_EDIT)
def move_catalogue(code: str) -> Answer:
    """Put it earlier or later in the company's order."""
    row, by, seen = lookups.catalog(code), the_visitor().actor, SettingsForm().seen
    step = -1 if request.form.get("move") == "earlier" else 1
    desk = FormDesk(*LIST, url_for("office.catalogues"), lambda _form: _list())
    return desk.save(
        HouseForm(), lambda: presenting.move_catalog(row, step, seen, by), gettext("Saved")
    )


@office.post("/catalogues/<code>/cover")
@needs(Permission.CATALOGS_EDIT)
def change_cover(code: str) -> Answer:
    """Give it a cover, or take it off."""
    by, upload = the_visitor().actor, request.files.get("picture")
    data = upload.read() if upload else b""

    def verb(row: Catalog, seen: int) -> None:
        if request.form.get("act") == "remove":
            presenting.remove_cover(row, seen, by)
        elif upload is None or not data:
            raise NoCover
        else:
            presenting.set_cover(row, data, upload.filename or "", seen, by)

    return act(code, verb)
