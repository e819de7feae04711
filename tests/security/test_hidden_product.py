"""A product that a reader may not see is for that reader as if it had never been there.

One hidden product has a name, a price, a picture and a JAN that occur nowhere else. Every route of
the portal and every open door is called as every stranger: as it is, and with the product's code,
JAN, picture and name wherever something can be put in. The answers are those of a house without
it, and nothing of it stands in body, headers, PDF text, cells of sheets, letters or counts.
"""

from __future__ import annotations

import io
import itertools
import json
import mimetypes
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlencode

import openpyxl
import pypdf
import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.factories.belongings import (
    Goods,
    address_of,
    make_belongings,
    make_goods,
    routes,
    values_of,
)
from tests.factories.browsing import Browser
from tests.factories.goods import make_brand, make_category, make_product, make_sku
from tests.factories.orders import BY
from tests.factories.people import PASSWORD, Cast, make_customer
from tests.factories.stock import put_on_shelf
from wholesale.accounts.inviting import add_buyer
from wholesale.accounts.models import BuyerRole, User
from wholesale.catalog import searching
from wholesale.catalog.models import (
    Audience,
    Catalog,
    CatalogAudience,
    CatalogSku,
    CatalogState,
    Picture,
    Sku,
    SkuState,
)
from wholesale.kernel import clock, files, keeping
from wholesale.kernel.db import session
from wholesale.mail.models import Letter
from wholesale.pricing.models import OwnerKind, RuleKind, Scope
from wholesale.pricing.revising import RuleDraft, save_rules
from wholesale.stock import receiving
from wholesale.stock.setting_up import location_id

ClientOf = Callable[[User | None], Browser]

NAME, ENGLISH, READING = "幻銀河盃", "Quillowax goblet", "まぼろしぎんがはい"
CODE, JAN, PRICE = "QX-77813", "4598765432106", "918273"
OWN_PRICE = "777713"
IMAGE = b"the only picture of the hidden goblet"
SHELF, MAKER, COLOUR = "秘密棚", "無双窯", "QZC"
# Of the same shape as the product's own, and of nothing: what is answered to them is the measure.
DECOYS = {CODE: "QX-77814", f"{CODE}-{COLOUR}": f"QX-77814-{COLOUR[:2]}D", JAN: "4598765432113",
          NAME: "夢金運酒杯"}  # fmt: skip
# What people write about themselves and their orders is kept and shown to them again.
OWN_WORDS = {"csrf_token", "form_token", "acting_for", "name", "email", "password", "current", "new",
             "repeated", "po_number", "note", "reason", "comment",
    "secret"}  # fmt: skip
FIELDS = {"q", "category", "brand", "option", "sort", "after", "stock", "view", "look", "text", "code",
          "sku", "jan", "catalog", "collection", "item"}  # fmt: skip
ENDS_SESSIONS = {"signing.log_out", "signing.logout"}
# A fresh secret at every call: searched for traces, not compared.
EVER_FRESH = (
    "/profile/app",
    "/login/passkey/question",
    "/profile/passkeys/question",
    "/profile/codes",
)
TOKENS = re.compile(r'name="(csrf_token|form_token)" value="[^"]*"|content="[A-Za-z0-9_-]{32,}"')


def plant(cast: Cast) -> Sku:
    """The product: dear, well stocked, expected, with a price of its own for who may see it."""
    product = make_product(
        NAME, code=CODE, reading=READING, brand=make_brand(MAKER), category=make_category(SHELF)
    )
    product.name = {"ja": NAME, "en": ENGLISH, "zh": NAME}
    product.axes, product.launched_on = [{"ja": "色"}], clock.today()
    sku = make_sku(product, code=f"{CODE}-{COLOUR}", jan=JAN, list_price=PRICE)
    sku.option_1, sku.option_1_code = {"ja": "幻色"}, COLOUR
    put_on_shelf(sku, 4321)
    receiving.expect(sku.id, location_id("W1"), 17, clock.today() + timedelta(days=9), BY)
    stored = files.store(IMAGE, name="goblet.png", media_type="image/png")
    session.add(Picture(product_id=product.id, position=1, sha256=stored.sha256, alt={"ja": NAME}))
    searching.index([sku.id])
    for customer in (cast.nordwind, cast.rival):
        own = RuleDraft(
            OwnerKind.CUSTOMER, customer.id, RuleKind.FIXED, Scope.SKU, sku.id, Decimal(OWN_PRICE),
            date(2020, 1, 1), currency="JPY",
        )  # fmt: skip
        save_rules([own], BY)
    session.flush()
    return sku


def sha_of(sku: Sku) -> str:
    found = session.scalar(select(Picture.sha256).where(Picture.product_id == sku.product_id))
    assert found is not None
    return found


def canaries(sku: Sku) -> dict[str, str]:
    """Every trace the product can leave, folded as `told` folds answers, by what it is."""
    return {
        "name": NAME, "english": ENGLISH.lower(), "reading": READING, "code": CODE.lower(), "jan": JAN,
        "price": PRICE, "rated price": str(int(Decimal(PRICE) * Decimal("0.6"))), "own": OWN_PRICE,
        "picture": sha_of(sku), "shelf": SHELF, "maker": MAKER, "colour": "幻色",
    }  # fmt: skip


def hide(way: str, cast: Cast, goods: Goods, sku: Sku) -> None:
    """Everybody sees the goods of the house; the hidden product is kept from all but nobody's friend."""
    for catalog in session.scalars(select(Catalog).where(Catalog.holds_everything)):
        catalog.state = CatalogState.OPEN if way == "hidden sku" else CatalogState.CLOSED
    shown = Catalog(code="ALL-MAY", name={"ja": "みんな"}, position=1)
    secret = Catalog(code="SECRET", name={"ja": "内緒"}, position=2)
    session.add_all([shown, secret])
    session.flush()  # products and audiences carry their ids
    session.add(CatalogSku(catalog_id=shown.id, sku_id=goods.sku.id))
    session.add(CatalogSku(catalog_id=secret.id, sku_id=sku.id))
    if way == "for others":
        friend = make_customer("friend", "友人商店")
        secret.audience = Audience.LIMITED
        session.add(CatalogAudience(catalog_id=secret.id, customer_id=friend.id))
    if way == "switched off":
        secret.state = CatalogState.CLOSED
    secret.closes_at = clock.now() - timedelta(seconds=1) if way == "past its deadline" else None
    secret.opens_at = clock.now() + timedelta(hours=1) if way == "not yet open" else None
    sku.state = SkuState.HIDDEN if way == "hidden sku" else SkuState.SELLING
    session.flush()


WAYS = ("for others", "switched off", "past its deadline", "not yet open", "hidden sku")


def told(reply: TestResponse) -> str:
    """All that an answer says: headers, and all that its body holds."""
    return folded(f"{reply.headers}\n{read(reply.mimetype, reply.get_data())}")


def read(kind: str, content: bytes) -> str:
    """The text of a page, of a PDF, of the cells of a workbook, of all that a ZIP holds."""
    if kind == "application/pdf":
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return "\n".join(page.extract_text() for page in pages)
    if "spreadsheetml" in kind:
        book = openpyxl.load_workbook(io.BytesIO(content))
        rows = itertools.chain.from_iterable(sheet.iter_rows(values_only=True) for sheet in book)
        return "\n".join(str(cell) for row in rows for cell in row if cell is not None)
    if kind == "application/zip":
        with zipfile.ZipFile(io.BytesIO(content)) as held:
            return "\n".join(
                f"{name} {read(mimetypes.guess_type(name)[0] or '', held.read(name))}"
                for name in held.namelist()
            )
    return content.decode("utf-8", "replace")


def folded(text: str) -> str:
    """One spelling: lower case, addresses unquoted, figures without their commas."""
    return re.sub(r"(?<=\d),(?=\d{3})", "", unquote(text)).lower()


def plain(reply: TestResponse, put_in: str = "") -> str:
    """An answer without what differs at every call, and with a mark where the input comes back."""
    text = TOKENS.sub("", read(reply.mimetype, reply.get_data()))
    text = f"{reply.status_code} {reply.headers.get('Location', '')} {text}"
    twice = quote(quote(put_in))
    for spelled in (put_in, twice, quote(put_in), quote_plus(put_in), put_in.lower()):
        text = text.replace(spelled, "⟨in⟩") if put_in else text
    return text


def strangers(client_of: ClientOf, cast: Cast) -> list[tuple[str, Browser]]:
    """Every kind of reader the product is kept from."""
    viewer = add_buyer(
        "vic@nordwind.example", "Vic", cast.nordwind, BY, role=BuyerRole.VIEWER, password=PASSWORD
    )
    people = (
        ("admin", cast.alma), ("nobody", None), ("viewer", viewer), ("rival", cast.cleo),
    )  # fmt: skip
    return [(word, client_of(user)) for word, user in people]


def of_portal(app: Flask, method: str) -> Iterator[Rule]:
    """The routes of buyers, and those that are everybody's."""
    for rule in routes(app, method):
        if not rule.endpoint.startswith(("office.", "floor.", "api.")):
            yield rule


def names_of_inputs(pages: list[str]) -> set[str]:
    """Where something can be put in: every field of every form of these pages."""
    found = set(FIELDS)
    for page in pages:
        if "<form" in page:
            found |= {one.get("name") for one in html.fromstring(page).iterfind(".//*[@name]")}
    return {name for name in found if name and not name.startswith("pieces-")} - OWN_WORDS


def traces(reply: TestResponse, wanted: dict[str, str], put_in: str = "") -> list[str]:
    """What of the product an answer says, beyond what was put in."""
    text, given = told(reply), folded(put_in)
    return [word for word, one in wanted.items() if one not in given and one in text]


@pytest.mark.parametrize("way", WAYS)
def test_every_page_is_that_of_a_house_without_it(
    app: Flask, client_of: ClientOf, cast: Cast, way: str
) -> None:
    goods = make_goods()
    own = make_belongings(cast.nordwind, goods.sku)
    pages = [address_of(app, rule, values_of(rule, own, goods)) for rule in of_portal(app, "GET")]
    pages += ["/catalogue?view=list", "/catalogue?sort=price", "/catalogue?stock=now",
              "/catalogue?stock=coming", "/catalogue?sort=new", "/catalogue?lowest=500000"]  # fmt: skip
    readers = strangers(client_of, cast)[: 9 if way == "for others" else 1]
    sku = plant(cast)
    wanted = canaries(sku)
    hide(way, cast, goods, sku)
    found, seen = [], {}
    for word, browser in readers:
        keeping.forget()
        for page in pages:
            reply = browser.get(page)
            seen[word, page] = plain(reply) if reply.mimetype == "text/html" else ""
            found += [(word, page, trace) for trace in traces(reply, wanted)]
    assert found == []
    take_away(sku)
    for word, browser in readers:
        keeping.forget()
        for page in pages:
            reply = browser.get(page)
            if reply.mimetype == "text/html" and page not in EVER_FRESH:
                assert plain(reply) == seen[word, page], (word, page)


def take_away(sku: Sku) -> None:
    """A house in which nothing of the product is for sale, and no catalogue or shelf names it."""
    for row in session.scalars(select(CatalogSku).where(CatalogSku.sku_id == sku.id)):
        session.delete(row)
    sku.state, sku.leads, sku.product.category_id, sku.product.brand_id = (
        SkuState.DISCONTINUED, False, None, None,
    )  # fmt: skip
    session.flush()


def test_whatever_is_put_in_the_answer_is_that_to_nothing(
    app: Flask, client_of: ClientOf, cast: Cast, dialect: str
) -> None:
    goods = make_goods()
    sku = plant(cast)
    wanted = canaries(sku)
    hide("for others", cast, goods, sku)
    decoys = {**DECOYS, sha_of(sku): "0" * 64}
    found, differing, letters = [], [], set[str]()
    readers = strangers(client_of, cast)
    for word, browser in readers if dialect == "sqlite" else readers[:1]:
        keeping.forget()
        pages = [browser.get(page).text for page in ("/", "/catalogue", "/quick-order", "/cart")]
        fields = names_of_inputs(pages)
        # Whoever may order, and whoever comes by a link, sends every form; the others ask every page.
        sends = word in {"admin", "nobody"}
        for method, rule in both(app):
            if method == "POST" and not sends:
                continue
            for secret, decoy in decoys.items():
                answers = []
                for put_in in (secret, decoy):
                    with undone(browser):
                        for reply in calls(app, browser, method, rule, put_in, fields):
                            answers.append(plain(reply, put_in))
                            given = secret + (CODE if CODE in put_in else "")
                            found += [(word, rule.rule, t) for t in traces(reply, wanted, given)]
                        letters |= {
                            json.dumps(one.facts, ensure_ascii=False)
                            for one in session.scalars(select(Letter))
                        }
                half = len(answers) // 2
                if answers[:half] != answers[half:] and rule.rule not in EVER_FRESH:
                    differing.append((word, method, rule.rule, secret, first_difference(answers)))
    assert found == []
    assert differing == []
    text = folded("\n".join(letters))
    assert [word for word, one in wanted.items() if one in text] == []


@contextmanager
def undone(browser: Browser) -> Iterator[None]:
    """Whatever is asked in here leaves the house, and the browser, as they were."""
    session.commit()
    connection, cookies = session.connection(), dict(browser._cookies or {})
    session.commit()
    before = connection.begin_nested()
    yield
    session.rollback()
    before.rollback()
    session.expire_all()
    browser._cookies = cookies
    keeping.forget()


def first_difference(answers: list[str]) -> str:
    """Where the answers to the product's own and to the other begin to differ."""
    half = len(answers) // 2
    one, other = next(
        pair for pair in zip(answers[:half], answers[half:], strict=True) if pair[0] != pair[1]
    )
    at = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    return f"{one[max(at - 60, 0) : at + 60]!r} / {other[at : at + 60]!r}"


def both(app: Flask) -> list[tuple[str, Rule]]:
    found = [("GET", rule) for rule in of_portal(app, "GET")]
    found += [("POST", rule) for rule in of_portal(app, "POST")]
    return [(method, rule) for method, rule in found if rule.endpoint not in ENDS_SESSIONS]


def calls(
    app: Flask, browser: Browser, method: str, rule: Rule, put_in: str, fields: set[str]
) -> Iterator[TestResponse]:
    """A route with the input in its address, if it has a place there, and in every field."""
    values = {
        name: 10**8 if type(kind).__name__ == "IntegerConverter" else put_in
        for name, kind in rule._converters.items()
    }
    url = address_of(app, rule, values)
    typed = {**dict.fromkeys(sorted(fields), put_in), f"pieces-{put_in}": "1"}
    if method == "GET":
        yield browser.get(f"{url}?{urlencode(typed)}")
        if "q" in fields and rule.endpoint in {"portal.catalogue", "portal.search"}:
            yield browser.get(f"{url}?{urlencode({'q': put_in})}")
        return
    yield browser.post(url, {**typed, "text": f"{put_in} 1\n{put_in}\t2", "act": "cart"})


def test_who_may_see_it_sees_all_of_it(app: Flask, client_of: ClientOf, cast: Cast) -> None:
    """The looks above would see it: to its own customer the same pages show every trace."""
    goods = make_goods()
    sku = plant(cast)
    wanted = canaries(sku)
    hide("for others", cast, goods, sku)
    friend = session.scalars(select(CatalogAudience.customer_id)).one()
    session.add(CatalogAudience(catalog_id=session.scalars(
        select(Catalog.id).where(Catalog.code == "SECRET")).one(), customer_id=cast.nordwind.id))  # fmt: skip
    assert friend != cast.nordwind.id
    browser = client_of(cast.alma)
    keeping.forget()
    pages = ["/catalogue", f"/products/{CODE}", f"/search?q={quote(NAME)}", f"/catalogue?q={JAN}"]
    seen = {trace for page in pages for trace in traces(browser.get(page), wanted)}
    assert seen >= {"name", "code", "jan", "own", "picture", "shelf", "maker", "colour"}
    assert browser.get(f"/pictures/{sha_of(sku)}").get_data() == IMAGE


def test_a_trace_is_found_in_every_kind_of_answer() -> None:
    book = openpyxl.Workbook()
    book.active.append(["x", NAME, 918273])
    held = io.BytesIO()
    book.save(held)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    sheet = TestResponse(
        [held.getvalue()], "200 OK", [("Content-Type", kind)], request=_nothing()
    )  # fmt: skip
    page = TestResponse(
        [b"<b>918,273</b>"], "200 OK", [("Content-Type", "text/html"), ("X", quote(NAME))],
        request=_nothing(),
    )  # fmt: skip
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("list.csv", f"{NAME},918273")
    parcel = TestResponse(
        [held.getvalue()], "200 OK", [("Content-Type", "application/zip")], request=_nothing()
    )  # fmt: skip
    for reply in (sheet, page, parcel):
        assert traces(reply, {"name": NAME, "price": PRICE}) == ["name", "price"]
    assert traces(page, {"name": NAME, "price": PRICE}, NAME) == ["price"]


def _nothing() -> Any:
    return None
