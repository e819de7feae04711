"""Papers of products for our people: sent, withdrawn, and which run out soon."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Response, request
from flask_babel import gettext
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import lookups
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.forms.product_papers import KINDS, PaperForm, section
from wholesale.backoffice.forms.settings import SettingsForm
from wholesale.backoffice.goods import products
from wholesale.catalog import axes
from wholesale.catalog import product_papers as verbs
from wholesale.catalog.models import Product
from wholesale.catalog.product_papers import ProductPaper
from wholesale.kernel import clock, files
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import WrongField
from wholesale.web.gate import needs
from wholesale.web.lookups import found

AHEAD = timedelta(days=60)


class NoPaper(DomainError):
    """The form came without a file."""

    message = N_("Choose a PDF.")


@office.post("/products/<code>/papers")
@needs(Permission.PRODUCTS_EDIT)
def add_product_paper(code: str) -> Answer:
    """Keep a paper of a product."""
    form, by, upload = PaperForm(), the_visitor().actor, request.files.get("file")

    def verb(it: Product) -> object:
        if upload is None or not upload.filename:
            raise NoPaper
        values = {**form.values(), "sku_id": _sku_id(it, form)}
        return verbs.add_paper(it, values, upload.read(), upload.filename, form.seen, by)

    def shown(it: Product) -> dict[str, Any]:
        return {**products.page(it), **section(it, form)}

    return products.act(code, form, verb, shown)


@office.post("/products/<code>/papers/<int:paper>")
@needs(Permission.PRODUCTS_EDIT)
def withdraw_product_paper(code: str, paper: int) -> Answer:
    """Show a paper no more."""
    form, by, row = SettingsForm(), the_visitor().actor, _paper(code, paper)
    return products.act(code, form, lambda it: verbs.withdraw_paper(it, row, form.seen, by))


@office.get("/products/<code>/papers/<int:paper>")
@needs(Permission.CATALOG_READ)
def product_paper(code: str, paper: int) -> Response:
    """The PDF."""
    return pdf(_paper(code, paper))


@office.get("/product-papers")
@needs(Permission.CATALOG_READ)
def product_papers() -> Answer:
    """What has run out, or does within sixty days."""
    today: date = clock.today()
    return answer(
        "backoffice/products/papers.html", rows=verbs.running_out(today + AHEAD), today=today,
        kinds={kind: gettext(word) for kind, word in KINDS.items()},
    )  # fmt: skip


def pdf(row: ProductPaper) -> Response:
    """A paper as a download that the browser shows."""
    reply = Response(files.read(row.sha256), mimetype="application/pdf")
    reply.headers["Content-Disposition"] = f'inline; filename="paper-{row.id}.pdf"'
    return reply


def _sku_id(product: Product, form: PaperForm) -> int | None:
    typed = (form.sku.data or "").strip()
    if not typed:
        return None
    for sku in axes.skus_of(product):
        if sku.code == typed:
            return sku.id
    raise WrongField(field=form.sku.label.text, why=gettext("There is no item with this code"))


def _paper(code: str, number: int) -> ProductPaper:
    product = lookups.product(code)
    return found(
        session.scalar(
            select(ProductPaper).where(
                ProductPaper.id == number, ProductPaper.product_id == product.id
            )
        )
    )
