#!/usr/bin/env python3
"""Takes a picture of every screen of a running demo: `python tools/screens.py BASE_URL OUT_DIR`.

Every line of the table below is one screen. Each is taken at the widths and in the themes of its
face; `--only WORD` takes those whose name holds the word, `--format webp --width 900` makes the
small pictures of docs/screens. `--shrink` turns a folder of PNG files into small pictures instead.
A page that answers anything but 200, or that runs over its width, ends the run with status 1.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from wholesale.demo.accounts import ACCOUNTS

ROOT = Path(__file__).resolve().parent.parent
DESK, PHONE = 1440, 390
HEIGHTS = {DESK: 900, PHONE: 844}
LONGEST = {DESK: 2000, PHONE: 2600}
FLAGS = ("--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--font-render-hinting=none")
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SHRINK = """async ([picture, width]) => {
  const image = new Image(); image.src = 'data:image/png;base64,' + picture; await image.decode();
  const scale = Math.min(1, width / image.width), canvas = document.createElement('canvas');
  canvas.width = Math.round(image.width * scale); canvas.height = Math.round(image.height * scale);
  const pen = canvas.getContext('2d'); pen.imageSmoothingQuality = 'high';
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/webp', 0.82).split(',')[1];
}"""


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: its file name, who looks, its path, and how to get from there to the state shown.

    `follow` is a selector of the link to open from `path` (for numbers that differ in every demo);
    `do` are the steps that lead to what is shown. `status` is the answer that is right.
    """

    name: str
    who: str
    path: str
    follow: str = ""
    do: Callable[[Page], None] | None = None
    widths: tuple[int, ...] = (DESK, PHONE)
    themes: tuple[str, ...] = ("light", "dark")
    status: int = 200


def fill_cart(page: Page) -> None:
    """Put six goods of the first page into the cart, as a buyer would, and come back."""
    back = page.url
    page.goto(urljoin(back, "/catalogue?view=list"))
    fields = page.locator("main input[name^='pieces-']:enabled")
    for at in range(min(6, fields.count())):
        with page.expect_response("**/cart/lines"):
            fields.nth(at).fill("12")
            fields.nth(at).press("Tab")
    page.goto(back)


def read_lines(page: Page) -> None:
    """Paste lines into the quick order: good ones, a code that is unknown, and one misspelt."""
    codes = page.evaluate(
        "fetch('/catalogue?view=list').then(r => r.text()).then(t => [...new Set("
        "[...t.matchAll(/name=.pieces-([A-Z0-9-]+)/g)].map(m => m[1]))].slice(0, 8))"
    )
    lines = [f"{code}\t{12 + 6 * at}" for at, code in enumerate(codes)]
    page.fill("#paste", "\n".join([*lines[:4], "TK-1102-HX 6", *lines[4:], "4901234567894 12"]))
    page.locator("main form button[type=submit]").first.click()
    page.locator("#pad tbody tr").first.wait_for()
    page.wait_for_load_state("networkidle")


def open_palette(word: str) -> Callable[[Page], None]:
    """Open the palette and look for a word."""

    def do(page: Page) -> None:
        page.keyboard.press("Control+k")
        page.locator("dialog[open] input[type=search]").fill(word)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)

    return do


def type_grid(page: Page) -> None:
    """Fill some cells of the colour × size grid."""
    fields = page.locator(".matrix input:enabled")
    for at, pieces in ((0, "12"), (1, "24"), (4, "6"), (7, "18")):
        if at < fields.count():
            fields.nth(at).fill(pieces)
            fields.nth(at).dispatch_event("change")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)


JA, EN, ZH = "matsuo", "emma", "chen"
SALES, STORE, ACCOUNTS_DESK, OWNER = "takase", "nishikawa", "hayashi", "tsuchiya"
SAMPLE = {"widths": (DESK, PHONE), "themes": ("light",)}

PORTAL = (
    Screen("portal/login", "", "/login"),
    Screen("portal/home", JA, "/"),
    Screen("portal/catalogue", JA, "/catalogue"),
    Screen("portal/catalogue-list", JA, "/catalogue?view=list"),
    Screen("portal/product", JA, "/products/TK-3101", do=type_grid),
    Screen("portal/quick-order", JA, "/quick-order", do=read_lines),
    Screen("portal/cart", JA, "/cart", do=fill_cart),
    Screen("portal/checkout", JA, "/checkout"),
    Screen("portal/orders", JA, "/orders"),
    Screen("portal/order", JA, "/orders?view=done", "main a[href*='/orders/SO']"),
    Screen("portal/invoices", JA, "/invoices"),
    Screen("portal/invoice", JA, "/invoices", "main a[href^='/invoices/']:not([href*='pdf'])"),
    Screen("portal/account", JA, "/account"),
    Screen("portal/not-found", JA, "/orders/SO-0", status=404),
    Screen("portal/login-en", "", "/login?language=en", widths=(DESK,), themes=("light",)),
    Screen("portal/home-en", EN, "/", **SAMPLE),
    Screen("portal/catalogue-en", EN, "/catalogue", **SAMPLE),
    Screen("portal/order-en", EN, "/orders", "main a[href*='/orders/SO']", **SAMPLE),
    Screen("portal/invoices-en", EN, "/invoices", **SAMPLE),
    Screen("portal/home-zh", ZH, "/", **SAMPLE),
    Screen("portal/catalogue-zh", ZH, "/catalogue", **SAMPLE),
    Screen("portal/order-zh", ZH, "/orders", "main a[href*='/orders/SO']", **SAMPLE),
)


def tick_orders(page: Page) -> None:
    """Tick three orders, so that the bar with what can be done appears; phones show no boxes."""
    boxes = page.locator("tbody [type=checkbox]")
    for at in range(min(3, boxes.count())):
        if boxes.nth(at).is_visible():
            boxes.nth(at).check()


def rehearse(page: Page) -> None:
    """Bring a file with wrong rows in as far as its preview."""
    page.select_option("#import-kind", "products")
    page.set_input_files("#import-file", ROOT / "tests/data/moving_in/products_messy.csv")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")


def look_at_statement(page: Page) -> None:
    """A file of the bank as far as its preview."""
    page.set_input_files("#bank-file", ROOT / "tests/data/matching/mufg.csv")
    page.select_option("#bank-account", index=1)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")


def press(key: str) -> Callable[[Page], None]:
    """Press a key."""
    return lambda page: page.keyboard.press(key)


LINES = "&".join(
    f"what={code}&pieces={pieces}"
    for code, pieces in (("TK-2101-IN", 40), ("TK-1101-HJ-M", 24), ("TK-1101-HJ", 6), ("TK-9", 2))
)
DESK_ONLY = {"widths": (DESK,)}

OFFICE = (
    Screen("office/today", OWNER, "/office/"),
    Screen("office/orders", SALES, "/office/orders?view=open", do=tick_orders),
    Screen("office/order", SALES, "/office/orders?view=short", "main a[href*='/office/orders/SO']"),
    Screen("office/order-new", SALES, f"/office/orders/new?customer=K0231&{LINES}"),
    Screen("office/stock", STORE, "/office/stock?view=coming&item=TK-1206-HJ-24"),
    Screen(
        "office/sku", STORE, "/office/stock?view=short", "main a[href*='/office/stock/']",
        widths=(DESK,),
    ),
    Screen("office/shipments", STORE, "/office/shipments", **DESK_ONLY),
    Screen(
        "office/shipment", STORE, "/office/shipments?state=packed",
        "main a[href*='/office/shipments/SH']", widths=(DESK,),
    ),
    Screen("office/floor", STORE, "/floor/"),
    Screen("office/packing", STORE, "/floor/", "main a[href*='/floor/pick/']"),
    Screen("office/invoices", ACCOUNTS_DESK, "/office/invoices?view=overdue", **DESK_ONLY),
    Screen(
        "office/invoice", ACCOUNTS_DESK, "/office/invoices",
        "main a[href*='/office/invoices/']:not([href*='pdf'])", widths=(DESK,),
    ),
    Screen("office/bank", ACCOUNTS_DESK, "/office/bank", **DESK_ONLY),
    Screen("office/bank-preview", ACCOUNTS_DESK, "/office/bank", do=look_at_statement, widths=(DESK,)),
    Screen("office/match", ACCOUNTS_DESK, "/office/match"),
    Screen("office/customers", SALES, "/office/customers", **DESK_ONLY),
    Screen("office/customer", OWNER, "/office/customers/K0231"),
    Screen("office/imports", OWNER, "/office/imports", **DESK_ONLY),
    Screen("office/import-preview", OWNER, "/office/imports", do=rehearse, widths=(DESK,)),
    Screen("office/palette", SALES, "/office/", do=open_palette("北浜"), widths=(DESK,)),
    Screen("office/keys", SALES, "/office/", do=press("?"), widths=(DESK,)),
)  # fmt: skip


class Camera:
    """A browser at one demo; it signs each person in once."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser, self.base = browser, base
        self.signed_in: dict[str, str] = {}

    def context(self, who: str, width: int, theme: str) -> BrowserContext:
        """A window of this width and theme, with the person signed in ("" is nobody)."""
        if who and who not in self.signed_in:
            self.signed_in[who] = self._sign_in(who)
        return self.browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            color_scheme="dark" if theme == "dark" else "light",
            locale="ja-JP",
            reduced_motion="reduce",
            storage_state=self.signed_in.get(who),
            has_touch=width == PHONE,
        )

    def _sign_in(self, who: str) -> str:
        account = next(one for one in ACCOUNTS if one.email.startswith(f"{who}@"))
        context = self.browser.new_context()
        page = context.new_page()
        page.goto(f"{self.base}/login")
        page.fill("#email", account.email)
        page.fill("#password", account.password)
        page.locator("#password").press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        state = context.storage_state()
        context.close()
        return state

    def take(self, screen: Screen, width: int, theme: str) -> tuple[bytes, list[str]]:
        """The picture, and what is wrong with the page."""
        context = self.context(screen.who, width, theme)
        page = context.new_page()
        answer = page.goto(f"{self.base}{screen.path}")
        if screen.follow:
            link = page.locator(screen.follow).first.get_attribute("href")
            answer = page.goto(f"{self.base}{link}")
        wrong = (
            []
            if answer and answer.status == screen.status
            else [f"status {answer and answer.status}"]
        )
        if screen.do:
            screen.do(page)
        page.wait_for_load_state("networkidle")
        if page.evaluate(TOO_WIDE):
            wrong.append("runs over its width")
        height = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST[width])
        page.set_viewport_size({"width": width, "height": max(height, HEIGHTS[width])})
        picture = page.screenshot(animations="disabled")
        context.close()
        return picture, wrong


def shots(only: str) -> Iterator[tuple[Screen, int, str]]:
    """Every picture to take."""
    for screen in (*PORTAL, *OFFICE):
        if only in screen.name:
            for theme in screen.themes:
                for width in screen.widths:
                    yield screen, width, theme


def write(browser: Browser, picture: bytes, path: Path, words: argparse.Namespace) -> None:
    """Save as PNG as it is, or as a small WebP made by the browser."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if words.format == "png":
        path.with_suffix(".png").write_bytes(picture)
        return
    page = browser.new_page()
    small = page.evaluate(SHRINK, [base64.b64encode(picture).decode(), words.width])
    page.close()
    path.with_suffix(".webp").write_bytes(base64.b64decode(small))


def main() -> int:
    """Do what the words say; 1 when a page was not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "source", help="address of the demo, or with --shrink a folder of PNG files"
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--format", choices=("png", "webp"), default="png")
    parser.add_argument("--width", type=int, default=DESK, help="at most, of a webp")
    parser.add_argument("--shrink", action="store_true")
    words = parser.parse_args()
    failed = 0
    chromium = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        if words.shrink:
            for path in sorted(Path(words.source).glob("*.png")):
                if words.only in path.name:
                    write(browser, path.read_bytes(), words.out / path.name, words)
            return 0
        camera = Camera(browser, words.source.rstrip("/"))
        for screen, width, theme in shots(words.only):
            picture, wrong = camera.take(screen, width, theme)
            name = f"{screen.name}@{width}{'-dark' if theme == 'dark' else ''}.png"
            write(browser, picture, words.out / name, words)
            print(name, *wrong)
            failed |= bool(wrong)
    return failed


if __name__ == "__main__":
    sys.exit(main())
