"""Product materials: pictures, texts, codes, list prices and sizes for the customer's own shop."""

from __future__ import annotations

import tempfile
from datetime import datetime

from flask import Response, request, send_file
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from wholesale.accounts.permissions import Permission
from wholesale.exchange import materials as verbs
from wholesale.exchange.materials import COLUMNS, PART, Material, Wanted
from wholesale.kernel import clock
from wholesale.kernel.tables import Cell
from wholesale.kernel.text import N_
from wholesale.offers.listing import brand_facets, category_facets
from wholesale.portal import lookups
from wholesale.portal.blueprints import portal
from wholesale.portal.spreadsheets import table_bytes, table_file
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.filters import language
from wholesale.web.gate import needs

KEPT_IN_MEMORY = 16 * 1024 * 1024
HEADS = {
    "code": N_("Code"), "product": N_("Product code"), "jan": N_("JAN"),
    "name_ja": N_("Name in Japanese"), "name_en": N_("Name in English"),
    "name_zh": N_("Name in Chinese"), "text_ja": N_("Description in Japanese"),
    "text_en": N_("Description in English"), "text_zh": N_("Description in Chinese"),
    "brand": N_("Brand"), "category": N_("Category"), "option_1": N_("Colour"),
    "option_2": N_("Size"), "option_3": N_("Variant"), "list_price": N_("List price"),
    "retail": N_("List price with tax"), "currency": N_("Currency"), "materials": N_("Materials"),
    "width_mm": N_("Width (mm)"), "depth_mm": N_("Depth (mm)"), "height_mm": N_("Height (mm)"),
    "weight_grams": N_("Weight (g)"), "carton_quantity": N_("Pieces per carton"),
    "origin": N_("Country of origin"), "launched_on": N_("On sale from"),
    "pictures": N_("Pictures"),
}  # fmt: skip


@portal.get("/materials")
@needs(Permission.CATALOG_READ)
def materials() -> Answer:
    """Which goods, and as what."""
    customer, now = lookups.own_customer(), clock.now()
    wanted = _wanted(request.args, last := verbs.last_taken(customer, the_visitor().actor))
    found = verbs.products_of(customer, wanted, now)
    return answer(
        "portal/materials/index.html", "portal/materials/_choice.html",
        wanted=wanted, fresh=bool(request.args.get("fresh")), last=last, total=len(found),
        parts=range(1, -(-len(found) // PART) + 1), part_size=PART,
        categories=category_facets(customer, at=now), brands=brand_facets(customer, "", at=now),
    )  # fmt: skip


@portal.post("/materials")
@needs(Permission.CATALOG_READ)
def take_materials() -> Response:
    """The file: CSV or Excel of all that is wanted, or a ZIP of one part with its pictures."""
    customer, now, someone = lookups.own_customer(), clock.now(), the_visitor()
    wanted = _wanted(request.form, verbs.last_taken(customer, someone.actor))
    found = verbs.products_of(customer, wanted, now)
    part = max(request.form.get("part", 1, type=int), 1)
    verbs.note_taken(customer, wanted, len(found), someone.actor)
    name = f"materials-{clock.local(now):%Y%m%d}"
    heads, kind = [gettext(HEADS[column]) for column in COLUMNS], request.form.get("kind", "csv")
    if kind != "zip":
        return table_file(
            kind, name, heads, (_row(one) for one in verbs.materials(customer, found, now))
        )
    given = list(verbs.materials(customer, found[(part - 1) * PART : part * PART], now))
    out = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115 - sent, and closed with it
    verbs.pack(out, f"{name}.csv", table_bytes("csv", heads, [_row(one) for one in given]), given)
    out.seek(0)
    more = f"-{part}" if len(found) > PART else ""
    reply = send_file(out, "application/zip", as_attachment=True, download_name=f"{name}{more}.zip")
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _row(one: Material) -> list[Cell]:
    return verbs.row_of(one, language(), prices=the_visitor().sees_prices)


def _wanted(told: MultiDict[str, str], last: datetime | None) -> Wanted:
    return Wanted(
        brand=told.get("brand", "")[:60], category=told.get("category", "")[:60],
        since=last if told.get("fresh") else None,
    )  # fmt: skip
