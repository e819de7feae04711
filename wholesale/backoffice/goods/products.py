"""Products: the list, one product whole, its SKUs, and axes that may change later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import lookups, settings_history
from wholesale.backoffice.acting import Desk
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.form_desk import FormDesk, edit_desk
from wholesale.backoffice.forms.product_papers import section
from wholesale.backoffice.forms.products import (
    LIVES,
    STATES,
    AxisForm,
    NewAxisForm,
    ProductForm,
    SkuForm,
    ValueForm,
)
from wholesale.backoffice.forms.settings import SettingsForm
from wholesale.backoffice.goods import product_figures as figures
from wholesale.catalog import arranging, axes, editing, picturing
from wholesale.catalog.models import Life, Product, Sku
from wholesale.kernel.access import Actor
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm, first_trouble
from wholesale.web.gate import needs
from wholesale.web.paging import keyed_page

PAGE, PART = "backoffice/products/show.html", "backoffice/products/_product.html"
VIEWS = (
    ("", N_("All products")), ("new", N_("New items")), ("ending", N_("To be discontinued")),
    ("ended", N_("Discontinued")), ("hidden", N_("Nothing for sale")),
)  # fmt: skip


Shown = Callable[[Product], dict[str, Any]]


@office.get("/products")
@needs(Permission.CATALOG_READ)
def products() -> Answer:
    """Products by code, found as in the portal and by filter."""
    args = request.args
    wanted = figures.Wanted(
        args.get("q", "").strip()[:100], args.get("brand", ""), args.get("category", ""),
        args.get("state", ""), "bare" in args,
    )  # fmt: skip
    page = keyed_page(
        figures.matching(wanted), [Product.code], lambda one: (one.code,), args, descending=False
    )
    return answer(
        "backoffice/products/index.html", "backoffice/products/_list.html", listing=page,
        facts=figures.facts_of(page.rows), wanted=wanted, brands=figures.brands(),
        categories=arranging.tree(), lives=LIVES,
        views=[(name, gettext(word)) for name, word in VIEWS],
    )  # fmt: skip


@office.get("/products/new")
@needs(Permission.PRODUCTS_EDIT)
def new_product() -> Answer:
    """An empty form."""
    return _new_desk().show()


@office.post("/products")
@needs(Permission.PRODUCTS_EDIT)
def add_product() -> Answer:
    """A new product with its first SKU."""
    form, by = _offered(ProductForm()), the_visitor().actor
    url = url_for("office.product_of_ours", code=(form.code.data or "").strip() or "-")
    return _new_desk().save(
        form, lambda: editing.add_product(form.values(), by), gettext("Saved"), url
    )


def _new_desk() -> FormDesk:
    words = (gettext("Products"), gettext("New product"))
    form = _offered(ProductForm(data={"unit": "piece", "life": Life.CURRENT.value}))
    url = url_for("office.products")
    return edit_desk(form, url, url, words, is_new=True)


def _offered(form: ProductForm) -> ProductForm:
    return form.offer(figures.brands(), arranging.tree())


@office.get("/products/<code>")
@needs(Permission.CATALOG_READ)
def product_of_ours(code: str) -> Answer:
    """One product: what it is called and belongs to, its SKUs and axes, what was changed."""
    return answer(PAGE, PART, refusal="", **page(lookups.product(code)))


@office.post("/products/<code>")
@needs(Permission.PRODUCTS_EDIT)
def change_product(code: str) -> Answer:
    """Change what belongs to the product as a whole."""
    product, by = lookups.product(code), the_visitor().actor
    form = _offered(ProductForm())
    form.code.validators = ()  # it stays as it is, whatever an import made it

    def shown(typed: HouseForm | None) -> dict[str, Any]:
        return {**page(lookups.product(code)), **({"form": typed} if typed else {})}

    desk = FormDesk(PAGE, PART, url_for("office.product_of_ours", code=code), shown)
    return desk.save(
        form,
        lambda: editing.change_product(product, form.values(), form.seen, by),
        gettext("Saved"),
    )


def page(found: Product) -> dict[str, Any]:
    """What the page of a product shows."""
    skus = axes.skus_of(found)
    by_axis = enumerate(found.axes, 1)
    return {
        "product": found,
        "form": _offered(ProductForm.of(found, figures.code_of(found.successor_id))),
        "facts": figures.facts_of([found])[found.id],
        "skus": skus,
        "axes": [(number, name, axes.values_of(skus, number)) for number, name in by_axis],
        "most_axes": axes.MOST_AXES,
        "lives": LIVES,
        "states": STATES,
        "axis_form": NewAxisForm(data={}),
        "value_form": ValueForm(data={}),
        "pictures": picturing.pictures_of(found),
        "colours": picturing.colours_of(found),
        "address_of": figures.address_of,
        **section(found),
        "changes": settings_history.newest(["products"], found.id),
    }


@office.get("/products/<code>/skus/<sku>")
@needs(Permission.PRODUCTS_EDIT)
def product_sku(code: str, sku: str) -> Answer:
    """One SKU of a product."""
    return _sku_desk(lookups.sku_of(code, sku)).show()


@office.post("/products/<code>/skus/<sku>")
@needs(Permission.PRODUCTS_EDIT)
def change_product_sku(code: str, sku: str) -> Answer:
    """Change what belongs to one variant."""
    row, form, by = lookups.sku_of(code, sku), SkuForm(), the_visitor().actor
    return _sku_desk(row).save(
        form, lambda: editing.change_sku(row, form.values(), form.seen, by), gettext("Saved"),
        url_for("office.product_of_ours", code=code),
    )  # fmt: skip


def _sku_desk(row: Sku) -> FormDesk:
    back = url_for("office.product_of_ours", code=row.product.code)
    url = url_for("office.product_sku", code=row.product.code, sku=row.code)
    return edit_desk(SkuForm.of(row), url, back, (row.product.code, row.code), is_new=False)


@office.post("/products/<code>/axes")
@needs(Permission.PRODUCTS_EDIT)
def add_axis(code: str) -> Answer:
    """One axis more; the SKUs there are get a value on it."""
    form, by = NewAxisForm(), the_visitor().actor
    return act(
        code, form,
        lambda it: axes.add_axis(
            it, form.axis(), form.code.data or "", form.chosen(), form.seen, by
        ),
    )  # fmt: skip


@office.post("/products/<code>/axes/<int:axis>")
@needs(Permission.PRODUCTS_EDIT)
def rename_axis(code: str, axis: int) -> Answer:
    """Call an axis something else."""
    form, by = AxisForm(), the_visitor().actor
    return act(code, form, lambda it: axes.rename_axis(it, axis, form.chosen(), form.seen, by))


@office.post("/products/<code>/axes/<int:axis>/values")
@needs(Permission.PRODUCTS_EDIT)
def add_value(code: str, axis: int) -> Answer:
    """One value more, with its SKUs."""
    form, by = ValueForm(), the_visitor().actor
    return act(
        code, form,
        lambda it: axes.add_value(it, axis, form.code.data or "", form.chosen(), form.seen, by),
    )  # fmt: skip


@office.post("/products/<code>/axes/<int:axis>/values/name")
@needs(Permission.PRODUCTS_EDIT)
def rename_value(code: str, axis: int) -> Answer:
    """Call a value something else; which one stands in the form."""
    form, by, value = AxisForm(), the_visitor().actor, request.form.get("value", "")
    return act(
        code, form, lambda it: axes.rename_value(it, axis, value, form.chosen(), form.seen, by)
    )


MOVES: dict[str, Callable[[Product, int, str, int, Actor], None]] = {
    "earlier": lambda it, axis, value, seen, by: axes.move_value(it, axis, value, -1, seen, by),
    "later": lambda it, axis, value, seen, by: axes.move_value(it, axis, value, 1, seen, by),
    "retire": axes.retire_value,
    "restore": axes.restore_value,
}


class UnknownMove(DomainError):
    """A button that no page has."""

    message = N_("A value can be moved, retired or restored.")


@office.post("/products/<code>/axes/<int:axis>/values/place")
@needs(Permission.PRODUCTS_EDIT)
def move_value(code: str, axis: int) -> Answer:
    """Put a value earlier or later, sell it no more, or again; which one stands in the form."""
    form, by, value = SettingsForm(), the_visitor().actor, request.form.get("value", "")
    move = MOVES.get(request.form.get("move", ""))

    def verb(it: Product) -> None:
        if move is None:
            raise UnknownMove
        move(it, axis, value, form.seen, by)

    return _desk(code).act(verb, gettext("Saved"))


def _desk(code: str, shown: Shown | None = None) -> Desk[Product]:
    url = url_for("office.product_of_ours", code=code)
    return Desk(lambda: lookups.product(code), PAGE, PART, page, url, shown)


def act(
    code: str,
    form: HouseForm,
    verb: Callable[[Product], object],
    shown: Shown | None = None,
) -> Answer:
    """Run one verb on a product; its page again with what was done, or with why not.

    `shown` is what the page shows after a refusal, where more was typed than it keeps.
    """
    desk = _desk(code, shown)
    if not form.validate():
        return desk.refuse(first_trouble(form))
    return desk.act(verb, gettext("Saved"))
