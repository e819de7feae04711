"""Prices, rates and list prices by Excel: down, up again with what it would change, then applied."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.files.imports import NothingChosen, PreviewGone
from wholesale.backoffice.prices.floor_guard import keep_above_floor
from wholesale.catalog.models import Brand, Catalog
from wholesale.customers.models import CustomerGroup
from wholesale.exchange import price_sheets
from wholesale.exchange.price_sheets import Brought
from wholesale.kernel import clock, files
from wholesale.kernel.db import savepoint, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.tables import XLSX
from wholesale.pricing import editing, naming, revision_filling
from wholesale.pricing.effects import effect
from wholesale.pricing.list_pricing import state_list_prices
from wholesale.pricing.models import OwnerKind, PriceList, Scope
from wholesale.pricing.revision_filling import skus_within
from wholesale.pricing.revision_models import PriceRevision, RevisionState
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.door import the_visitor
from wholesale.web.filters import language
from wholesale.web.forms import read_day
from wholesale.web.gate import needs
from wholesale.web.lookups import found

PAGE, PART = "backoffice/price_sheets/index.html", "backoffice/price_sheets/_page.html"
MOST_SHOWN = 200


@office.get("/price-sheets")
@needs(Permission.PRICES_READ)
def price_sheets_page() -> Answer:
    """What can be taken down as Excel, and the form for a file that comes back."""
    return answer(PAGE, PART, refusal="", **_page())


@office.get("/price-sheets/file")
@needs(Permission.PRICES_READ)
def price_sheet_file() -> Answer | Response:
    """A workbook: `?of=group:A`, `customer:…`, `brand:…`, or `lists:` (as without) with a brand's code or none."""
    word, _, code = request.args.get("of", "lists:").partition(":")
    try:
        content = _content(word, code.strip())
    except DomainError as error:
        return refused(PAGE, PART, error=error, **_page())
    reply = Response(content, mimetype=XLSX)
    plain = "".join(
        one for one in f"{word}-{code}" if one.isascii() and (one.isalnum() or one in "-_")
    )
    reply.headers["Content-Disposition"] = f'attachment; filename="prices-{plain}.xlsx"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


@office.post("/price-sheets/preview")
@needs(Permission.PRICES_EDIT)
def preview_price_sheet() -> Answer:
    """What a file would change for whom; nothing is written but the file itself."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return refused(PAGE, PART, error=NothingChosen(), **_page())
    content = upload.read()
    kept = files.store(content, name=upload.filename, media_type="application/octet-stream")
    try:
        day = _day()
        brought = price_sheets.read(content, upload.filename, day)
    except DomainError as error:
        return refused(PAGE, PART, error=error, **_page())
    return answer(PAGE, PART, refusal="", **_page(brought, day, kept.sha256, upload.filename))


@office.post("/price-sheets/application")
@needs(Permission.PRICES_EDIT)
def apply_price_sheet() -> Answer:
    """Apply the file whose effect was looked at, or put it into a draft of a price revision."""
    kept = session.scalar(
        select(files.StoredFile).where(files.StoredFile.sha256 == request.form.get("sha256", ""))
    )
    if kept is None:
        return refused(PAGE, PART, error=PreviewGone(), **_page())
    name = request.form.get("name", "") or kept.name
    try:
        day = _day()
        brought = price_sheets.read(files.read(kept.sha256), name, day)
        plan = brought.together(day)
        if plan.digest() != request.form.get("looked", ""):
            shown = _page(brought, day, kept.sha256, name)
            return refused(PAGE, PART, error=editing.LookFirst(), **shown)
        with savepoint():
            said = _write(brought, day)
    except DomainError as error:
        session.expire_all()
        return refused(PAGE, PART, error=error, **_page())
    session.expire_all()
    return moved(url_for("office.price_sheets_page"), PART, said=said, refusal="", **_page())


def _write(brought: Brought, day: date) -> str:
    by = the_visitor().actor
    plan = brought.together(day)
    if plan.is_empty:
        raise editing.TableUnchanged
    revision = _revision()
    if revision is not None:
        for one in brought.plans.values():
            if not one.is_empty:
                revision_filling.take_plan(revision, one, by)
        if brought.listed:
            revision_filling.set_list_prices(revision, brought.listed, by, how="Excel")
        return gettext("The changes are noted in %(number)s", number=revision.number)
    keep_above_floor(plan)
    for (owner, _begins), one in brought.plans.items():
        if not one.is_empty:
            editing.apply(one, naming.the_owner(owner), by)
    if brought.listed:
        state_list_prices(brought.listed, day, by)
    return gettext("The prices are changed")


def _revision() -> PriceRevision | None:
    number = request.form.get("revision", "").strip()
    if not number:
        return None
    return found(session.scalar(select(PriceRevision).where(PriceRevision.number == number)))


def _day() -> date:
    """The first day of what the file changes: that of the chosen revision, else the typed one."""
    revision = _revision()
    if revision is not None:
        return revision.effective_on
    return read_day(request.form.get("day", ""), clock.today()) or clock.today()


def _content(word: str, code: str) -> bytes:
    if word == "lists":
        brand = naming.look_up(Scope.BRAND, code) if code else None
        wanted = skus_within(Scope.BRAND, found(brand)) if code else skus_within(Scope.ALL, 0)
        return price_sheets.export_lists(wanted, language(), gettext)
    if word == "brand":
        brand_id = found(naming.look_up(Scope.BRAND, code))
        return price_sheets.export_rules(price_sheets.of_brand(brand_id), language(), gettext)
    kind = found(next((one for one in OwnerKind if one.value == word), None))
    owner = found(naming.owner_of(kind, code))
    wanted_rules = price_sheets.of_owner((kind, owner.id))
    return price_sheets.export_rules(wanted_rules, language(), gettext)


def _page(
    brought: Brought | None = None, day: date | None = None, sha256: str = "", name: str = ""
) -> dict[str, Any]:
    plan = brought.together(day) if brought is not None and day is not None else None
    made = None if plan is None or plan.is_empty else effect(plan)
    drafts = select(PriceRevision).where(PriceRevision.state == RevisionState.DRAFT)
    return {
        "choices": _choices(), "today": clock.today(), "typed": request.form, "plan": plan,
        "effect": made, "report": brought.report if brought else None, "sha256": sha256,
        "name": name, "translate": gettext, "most": MOST_SHOWN, "day": day,
        "drafts": session.scalars(drafts.order_by(PriceRevision.id.desc()).limit(20)).all(),
    }  # fmt: skip


def _choices() -> list[tuple[str, list[tuple[str, Any]]]]:
    """What can be taken down, in groups: (word, [("group:A", name) …])."""
    tables: list[tuple[str, str, Any]] = [
        (gettext("Ranks"), "group", CustomerGroup), (gettext("Price lists"), "price_list", PriceList),
        (gettext("Catalogues"), "catalog", Catalog), (gettext("Brands"), "brand", Brand),
    ]  # fmt: skip
    made = [(title, _named(word, table)) for title, word, table in tables]
    brands = [(f"lists:{one.partition(':')[2]}", name) for one, name in made[-1][1]]
    return [*made, (gettext("List prices of"), [("lists:", None), *brands])]


def _named(word: str, table: Any) -> list[tuple[str, Any]]:
    rows = session.execute(select(table.code, table.name).order_by(table.code).limit(200))
    return [(f"{word}:{code}", name) for code, name in rows]
