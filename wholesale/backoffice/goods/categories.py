"""The tree of categories: all of it on one page, each place on its own."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import lookups, settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.form_desk import FormDesk, edit_desk
from wholesale.backoffice.forms.products import CategoryForm
from wholesale.catalog import arranging
from wholesale.catalog.models import Category
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.gate import needs


@office.get("/categories")
@needs(Permission.CATALOG_READ)
def categories() -> Answer:
    """The tree, with how many products lie in each place."""
    return answer(
        "backoffice/products/categories.html", rows=arranging.tree(), held=arranging.held(),
        changes=settings_history.newest(["categories"]),
    )  # fmt: skip


@office.get("/categories/new")
@needs(Permission.PRODUCTS_EDIT)
def new_category() -> Answer:
    """An empty form."""
    return _desk(None).show()


@office.post("/categories")
@needs(Permission.PRODUCTS_EDIT)
def add_category() -> Answer:
    """A new place in the tree."""
    return _save(None)


@office.get("/categories/<code>")
@needs(Permission.PRODUCTS_EDIT)
def category_of_ours(code: str) -> Answer:
    """One place."""
    return _desk(lookups.category(code)).show()


@office.post("/categories/<code>")
@needs(Permission.PRODUCTS_EDIT)
def change_category(code: str) -> Answer:
    """Rename a place, or move it with all that lies in it."""
    return _save(lookups.category(code))


def _save(row: Category | None) -> Answer:
    form, by = CategoryForm().offer(arranging.tree()), the_visitor().actor
    return _desk(row).save(
        form, lambda: arranging.save_category(row, form.values(), form.seen, by), gettext("Saved"),
        url_for("office.categories"),
    )  # fmt: skip


def _desk(row: Category | None) -> FormDesk:
    back, tree = url_for("office.categories"), arranging.tree()
    parent = next((one.code for one in tree if row and one.id == row.parent_id), "")
    form = CategoryForm.of(row, parent) if row else CategoryForm(data={})
    url = url_for("office.category_of_ours", code=row.code) if row else back
    words = (gettext("Categories"), row.code if row else gettext("New category"))
    return edit_desk(form.offer(tree), url, back, words, is_new=row is None)
