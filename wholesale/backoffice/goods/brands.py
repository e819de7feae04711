"""Brands: all on one page, each with its names, description and logo."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import lookups, settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.form_desk import FormDesk, edit_desk
from wholesale.backoffice.forms.brands import BrandForm
from wholesale.backoffice.forms.settings import SettingsForm
from wholesale.backoffice.goods import product_figures
from wholesale.catalog import branding
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm
from wholesale.web.gate import needs


class NoLogo(DomainError):
    """The form came without a picture."""

    message = N_("Choose a picture for the logo.")


@office.get("/brands")
@needs(Permission.CATALOG_READ)
def brands() -> Answer:
    """Every brand with how many products it has."""
    return answer(
        "backoffice/brands/index.html", rows=product_figures.brands(), held=branding.held(),
        changes=settings_history.newest(["brands"]),
    )  # fmt: skip


@office.get("/brands/new")
@needs(Permission.PRODUCTS_EDIT)
def new_brand() -> Answer:
    """An empty form."""
    return _new_desk().show()


@office.post("/brands")
@needs(Permission.PRODUCTS_EDIT)
def add_brand() -> Answer:
    """A new brand."""
    form, by = BrandForm(), the_visitor().actor
    return _new_desk().save(
        form, lambda: branding.save_brand(None, form.values(), 0, by), gettext("Saved"),
        url_for("office.brands"),
    )  # fmt: skip


def _new_desk() -> FormDesk:
    words, url = (gettext("Brands"), gettext("New brand")), url_for("office.brands")
    return edit_desk(BrandForm(data={}), url, url, words, is_new=True)


@office.get("/brands/<code>")
@needs(Permission.PRODUCTS_EDIT)
def brand_of_ours(code: str) -> Answer:
    """One brand."""
    return _desk(code).show()


@office.post("/brands/<code>")
@needs(Permission.PRODUCTS_EDIT)
def change_brand(code: str) -> Answer:
    """Change what it is called and what is told of it."""
    row, form, by = lookups.brand(code), BrandForm(), the_visitor().actor
    return _desk(code).save(
        form, lambda: branding.save_brand(row, form.values(), form.seen, by), gettext("Saved")
    )


@office.post("/brands/<code>/logo")
@needs(Permission.PRODUCTS_EDIT)
def change_logo(code: str) -> Answer:
    """Give it a logo, or take it off."""
    row, by, seen = lookups.brand(code), the_visitor().actor, SettingsForm().seen
    upload = request.files.get("picture")
    data = upload.read() if upload else b""

    def verb() -> None:
        if request.form.get("act") == "remove":
            branding.remove_logo(row, seen, by)
        elif upload is None or not data:
            raise NoLogo
        else:
            branding.set_logo(row, data, upload.filename or "", seen, by)

    return _desk(code).save(HouseForm(), verb, gettext("Saved"))


def _desk(code: str) -> FormDesk:
    def shown(typed: HouseForm | None) -> dict[str, Any]:
        row = lookups.brand(code)
        return {
            "maker": row, "form": typed if isinstance(typed, BrandForm) else BrandForm.of(row),
            "changes": settings_history.newest(["brands"], row.id),
        }  # fmt: skip

    url = url_for("office.brand_of_ours", code=code)
    return FormDesk("backoffice/brands/show.html", "backoffice/brands/_brand.html", url, shown)
