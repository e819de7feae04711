"""Brands and what is known of products beside their prices: kept in the office, told in the portal."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image
from sqlalchemy import select

from tests.factories.browsing import Browser
from tests.factories.catalogs import shut_standard
from tests.factories.goods import make_product, make_sku
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.backoffice.goods.brands import NoLogo
from wholesale.catalog.models import Brand, Sku
from wholesale.exchange.importing import import_file
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session

ClientOf = Callable[[User | None], Browser]
BY = Actor.system("test")
URL = "/office/brands"
FIELDS = {"code": "土と火", "name_ja": "土と火", "name_en": "Earth and Fire", "position": "3",
          "description_ja": "京都の窯。"}  # fmt: skip


def picture() -> tuple[io.BytesIO, str]:
    held = io.BytesIO()
    Image.new("RGB", (500, 500), "brown").save(held, "PNG")
    return io.BytesIO(held.getvalue()), "logo.png"


def test_a_brand_is_made_changed_and_shown_with_its_logo(client_of: ClientOf, cast: Cast) -> None:
    gil = client_of(cast.gil)
    kept = gil.post_part(URL, {**FIELDS, "name_ja": "", "name_en": "kept"})
    assert kept.status_code == 422
    assert "kept" in kept.text
    assert gil.post(URL, FIELDS).status_code == 303
    assert gil.post(URL, FIELDS).status_code == 409
    brand = session.scalars(select(Brand)).one()
    part = gil.post_part(f"{URL}/土と火", {**FIELDS, "name_en": "Fire", "version": brand.version})
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div class="stack" id="brand"')
    assert "<del>Earth and Fire</del>" not in part.text  # names are shown in the reader's language
    assert gil.post(f"{URL}/土と火", {**FIELDS, "version": 1}).status_code == 409
    logo = f"{URL}/土と火/logo"
    assert gil.post_part(logo, {"version": brand.version}).status_code == NoLogo.status == 422
    assert gil.post(logo, {"version": brand.version, "picture": picture()}).status_code == 303
    address = f"/pictures/{brand.logo_sha256}"
    assert gil.get(f"/office{address}").mimetype == "image/webp"
    alma = client_of(cast.alma)
    assert alma.get(address).status_code == 404  # nothing of the brand is for sale yet
    sku = make_sku(make_product(brand=brand))
    assert alma.get(address).mimetype == "image/webp"
    page = alma.get(f"/products/{sku.product.code}").text
    assert address in page
    assert "京都の窯。" in page
    shut_standard()
    assert alma.get(address).status_code == 404
    gil.post(logo, {"version": brand.version, "act": "remove"})
    session.refresh(brand)
    assert brand.logo_sha256 is None
    assert sku.product.code in gil.get(f"/office/products?brand={brand.code}").text
    frida = client_of(cast.frida)
    assert frida.get(URL).status_code == 200
    assert frida.post(URL, FIELDS).status_code == frida.get(f"{URL}/土と火").status_code == 403


def test_materials_sizes_and_cartons_are_kept_and_told(client_of: ClientOf, cast: Cast) -> None:
    gil, alma = client_of(cast.gil), client_of(cast.alma)
    sku = make_sku(make_product())
    product = sku.product
    fields = {
        "code": product.code, "name_ja": "鉢", "materials_ja": "磁器、釉薬", "materials_zh_hant": "瓷器",
        "brand": "", "category": "", "tax_class": "reduced", "unit": "piece", "life": "current",
        "origin": "JP", "hs_code": "6911.10", "version": product.version,
    }  # fmt: skip
    assert gil.post(f"/office/products/{product.code}", fields).status_code == 303
    assert product.materials == {"ja": "磁器、釉薬", "zh-Hant": "瓷器"}
    figures = {
        "minimum": "1", "multiple": "1", "carton_quantity": "24", "width_mm": "１２０",
        "depth_mm": "120", "height_mm": "65", "weight_grams": "310", "carton_width_mm": "400",
        "carton_depth_mm": "300", "carton_height_mm": "250", "carton_weight_grams": "8200",
        "shelf_life_days": "180", "state": "selling", "policy": "backorder",
        "version": product.version,
    }  # fmt: skip
    url = f"/office/products/{product.code}/skus/{sku.code}"
    assert gil.post(url, {**figures, "width_mm": "0"}).status_code == 422
    assert gil.post(url, figures).status_code == 303
    assert (sku.width_mm, sku.carton_weight_grams) == (120, 8200)
    page = alma.get(f"/products/{product.code}").text
    for told in ("磁器、釉薬", "120×120×65 mm", "310 g", "400×300×250 mm ・ 8.2 kg",
                 "製造から180日", "日本", "6911.10", "8%(軽減税率)"):  # fmt: skip
        assert told in page, told


def test_a_sheet_of_products_brings_sizes_and_materials(cast: Cast) -> None:
    text = (
        "SKUコード,品名,素材,素材(英),幅(mm),奥行(mm),高さ(mm),カートン幅(mm),カートン重量(g)\n"
        "SZ-1,皿,半磁器,Semi-porcelain,210,210,25,450,12kg\n"
    )
    report = import_file("products", text.encode(), "sizes.csv", dry_run=False, by=BY)
    assert report.as_json()["refused"] == []
    sku = session.scalars(select(Sku).where(Sku.code == "SZ-1")).one()
    assert (sku.width_mm, sku.height_mm, sku.carton_width_mm, sku.carton_weight_grams) == (
        210, 25, 450, 12000,
    )  # fmt: skip
    assert sku.product.materials == {"ja": "半磁器", "en": "Semi-porcelain"}
