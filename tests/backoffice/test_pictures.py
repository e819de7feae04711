"""Pictures: matched by file name, made smaller, without EXIF, seen only by those who see the product."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from tests.factories.browsing import Browser
from tests.factories.goods import make_product, make_sku
from tests.factories.orders import BY
from tests.factories.people import Cast
from wholesale.accounts.models import User
from wholesale.backoffice.goods.pictures import NoFiles
from wholesale.catalog import picturing
from wholesale.catalog.models import Picture, Sku, SkuState
from wholesale.catalog.picturing import MOST_PICTURES, NoProductNamed, NoSuchColour, TooManyPictures
from wholesale.kernel import files, images
from wholesale.kernel.db import session
from wholesale.kernel.images import NoPicture, PictureTooLarge

ClientOf = Callable[[User | None], Browser]


def photo(
    colour: str = "brown", size: tuple[int, int] = (1200, 900), kind: str = "JPEG", **options: Any
) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, colour).save(held, kind, **options)
    return held.getvalue()


def make_coloured(*colours: str) -> list[Sku]:
    product = make_product("猪口", code="CH-100")
    skus = [make_sku(product, code=f"CH-100-{code}") for code in colours]
    for sku, code in zip(skus, colours, strict=True):
        sku.option_1, sku.option_1_code = {"ja": code}, code
    product.axes = [{"ja": "色"}]
    session.flush()
    return skus


def test_a_picture_is_made_smaller_upright_and_forgets_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SECRET-CAMERA"  # lies on its side; the maker
    large, small = images.as_webp(photo(exif=exif), 800, 400)
    assert b"SECRET-CAMERA" not in large + small
    shown = [Image.open(io.BytesIO(one)) for one in (large, small)]
    assert [(one.format, one.size) for one in shown] == [("WEBP", (600, 800)), ("WEBP", (300, 400))]
    assert not shown[0].getexif()
    tiny = Image.open(io.BytesIO(images.as_webp(photo(size=(40, 20)), 800)[0]))
    assert tiny.size == (40, 20)


@pytest.mark.parametrize("data", [b"", b"<svg onload='x'>", photo()[:400], b"%PDF-1.7"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NoPicture):
        images.as_webp(data, 400)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(PictureTooLarge):
        images.as_webp(photo(size=(9000, 9000), kind="PNG"), 400)


@pytest.mark.usefixtures("database")
def test_a_file_name_says_where_a_picture_belongs() -> None:
    make_coloured("BK", "RD")
    make_product("別", code="CH")
    for name, wanted in (
        ("CH-100.jpg", ("CH-100", "", 0)), ("ch-100-2.JPEG", ("CH-100", "", 2)),
        ("CH-100-bk.png", ("CH-100", "BK", 0)), ("CH-100_RD_03.jpg", ("CH-100", "RD", 3)),
        ("CH-7.jpg", ("CH", "", 7)),
    ):  # fmt: skip
        place = picturing.place_of(name)
        assert (place.product.code, place.colour, place.number) == wanted, name
    for name in ("CH-100-GREEN.jpg", "DSC0001.jpg", ".jpg", "CH-100-BK-1-2.jpg"):
        with pytest.raises(NoProductNamed):
            picturing.place_of(name)


@pytest.mark.usefixtures("database")
def test_the_number_after_a_sku_is_a_place_however_long_it_is() -> None:
    sku = make_sku(make_product("碗", code="BOWL"), code="SK_1")
    for name, number in (
        ("SK_1.jpg", 0),
        ("SK_1-4.jpg", 4),
        ("SK_1-20261125101530123.jpg", 202611),
    ):
        place = picturing.place_of(name)
        assert (place.product, place.number) == (sku.product, number), name


def test_many_are_sent_matched_and_told(client_of: ClientOf, cast: Cast) -> None:
    gil = client_of(cast.gil)
    make_coloured("BK", "RD")
    files_ = [
        (io.BytesIO(photo("black")), "CH-100-BK-1.jpg"), (io.BytesIO(photo("red")), "CH-100-RD.jpg"),
        (io.BytesIO(photo("red")), "CH-100-RD.jpg"), (io.BytesIO(b"text"), "CH-100-2.jpg"),
        (io.BytesIO(photo()), "NOBODY.jpg"),
    ]  # fmt: skip
    page = gil.post("/office/pictures", {"files": files_})
    assert page.status_code == 200
    assert page.text.count('class="bad"') == 2
    assert len(session.scalars(select(Picture)).all()) == 2
    only_bad = gil.post_part("/office/pictures", {"files": [(io.BytesIO(b"x"), "NOBODY.jpg")]})
    assert only_bad.status_code == 422
    assert only_bad.text.lstrip().startswith('<div class="stack" id="pictures-sent"')
    assert gil.post("/office/pictures", {}).status_code == 422
    assert NoFiles.status == 422


def test_one_products_pictures_are_kept_in_order_and_described(
    client_of: ClientOf, cast: Cast
) -> None:
    gil, alma = client_of(cast.gil), client_of(cast.alma)
    black, red = make_coloured("BK", "RD")
    product, url = black.product, "/office/products/CH-100/pictures"

    def upload(paint: str, name: str, **more: str) -> int:
        return gil.post(url, {"files": [(io.BytesIO(photo(paint)), name)], **more}).status_code

    assert upload("white", "any name.jpg") == 303
    assert upload("black", "b.jpg", colour="BK") == 303
    assert upload("red", "CH-100-RD.jpg") == 303
    assert gil.post(url, {"files": [(io.BytesIO(b"no"), "a.jpg")]}).status_code == 422
    assert gil.post(url, {}).status_code == 422
    first, second, third = picturing.pictures_of(product)
    assert [one.option_1_code for one in (first, second, third)] == ["", "BK", "RD"]
    for one in (first, second, third):
        for sha256 in (one.sha256, one.small_sha256):
            assert alma.get(f"/pictures/{sha256}").mimetype == "image/webp"
            assert gil.get(f"/office/pictures/{sha256}").status_code == 200
    assert f"/office/pictures/{second.small_sha256}" in gil.get("/office/stock").text
    assert f"/pictures/{second.small_sha256}" in alma.get("/catalogue").text
    version = {"version": str(product.version)}
    part = gil.post_part(f"{url}/{third.id}", {**version, "move": "earlier"})
    assert part.text.lstrip().startswith('<div class="stack" id="product"')
    assert [one.id for one in picturing.pictures_of(product)] == [first.id, third.id, second.id]
    assert gil.post(f"{url}/{third.id}", {**version, "move": "earlier"}).status_code == 409
    described = {"colour": "RD", "alt_ja": "朱の猪口", "version": str(product.version)}
    assert gil.post(f"{url}/{third.id}", {**described, "colour": "GN"}).status_code == 422
    assert gil.post(f"{url}/{third.id}", described).status_code == 303
    assert "朱の猪口" in alma.get("/products/CH-100").text
    red.state = SkuState.HIDDEN
    assert alma.get(f"/pictures/{third.sha256}").status_code == 404
    assert str(third.sha256) not in alma.get("/products/CH-100").text
    gone = {"move": "remove", "version": str(product.version)}
    assert gil.post(f"{url}/{first.id}", gone).status_code == 303
    assert alma.get(f"/pictures/{first.sha256}").status_code == 404
    assert gil.post(f"{url}/999999", gone).status_code == 404


@pytest.mark.usefixtures("database")
def test_a_product_has_not_endless_pictures_and_only_its_own_colours() -> None:
    (sku,) = make_coloured("BK")
    place = picturing.Place(sku.product, "", 0)
    picture = picturing.add_picture(photo(), "a.jpg", BY, place)
    with pytest.raises(NoSuchColour):
        picturing.describe_picture(sku.product, picture, "XX", {}, sku.product.version, BY)
    session.add_all(Picture(product_id=sku.product_id, asset="a") for _ in range(MOST_PICTURES))
    session.flush()
    with pytest.raises(TooManyPictures):
        picturing.add_picture(photo("blue"), "b.jpg", BY, place)


def test_who_may_not_edit_sends_nothing(client_of: ClientOf, cast: Cast) -> None:
    (sku,) = make_coloured("BK")
    stored = files.store(b"a picture nobody was given", name="x", media_type="image/webp")
    egon, alma = client_of(cast.egon), client_of(cast.alma)
    url = f"/office/products/{sku.product.code}/pictures"
    for act in ("/office/pictures", url, f"{url}/1"):
        assert egon.post(act, {"files": [(io.BytesIO(photo()), "CH-100.jpg")]}).status_code == 403
        assert alma.post(act, {}).status_code == 404
    assert egon.get("/office/pictures").status_code == 403
    assert egon.get(f"/office/pictures/{stored.sha256}").status_code == 404
    assert session.scalar(select(func.count()).select_from(Picture)) == 0
