"""Somebody in front of a browser: signs in, looks, types, sends forms, and notices faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.factories.people import PASSWORD

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
PATIENCE = 60_000  # milliseconds; a busy machine is slow, not wrong
SCOPE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class Person:
    """A person with a window of their own; `scripts` False is a browser without JavaScript."""

    def __init__(self, chromium: Browser, shop: str, size: str, *, scripts: bool = True) -> None:
        self.context = chromium.new_context(
            viewport=SIZES[size],
            locale="en-US",
            java_script_enabled=scripts,
            accept_downloads=True,
            reduced_motion="reduce",
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.shop, self.scripts = shop, scripts
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: object) -> None:
        """What the browser complains of: scripts that broke, rules of the CSP that were hurt."""
        text, kind = getattr(message, "text", ""), getattr(message, "type", "")
        # an answer may carry a sum for a place that this page doesn't have: said, and no harm
        if kind == "error" and "status of 4" not in text and "oobErrorNoTarget" not in text:
            self.complaints.append(text)

    def sign_in(self, email: str) -> Person:
        self.page.goto(f"{self.shop}/login")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main form.stack button[type=submit]")
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self

    def speak(self, language: str) -> None:
        """Choose a language by the page's own form; where it is folded away, unfold it first."""
        button = self.page.locator(f"button[name=language][value={language}]").first
        for fold in self.page.locator(f"details:has(button[value={language}])").all():
            fold.locator("summary").first.click()
        if not button.is_visible():
            opener = self.page.locator("button[popovertarget]:visible")
            for one in opener.all():
                if self.page.locator(
                    f"#{one.get_attribute('popovertarget')} button[value={language}]"
                ).count():
                    one.click()
                    break
        self.send(f"button[name=language][value={language}]")
        assert self.page.locator("html").get_attribute("lang") == language

    def look(self, path: str) -> None:
        """Open a page; it must answer, fit its width, and have no fault that axe can see."""
        answer = self.page.goto(f"{self.shop}{path}")
        assert answer is not None
        assert answer.status == 200, path
        assert self.page.title().strip(), path
        if self.scripts:
            self.check_width(path)
            self.check_axe(path)
        assert self.complaints == [], (path, self.complaints)

    def check_width(self, path: str) -> None:
        """Nothing hangs out of the window at the side."""
        wide, window = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= window, f"{path} is {wide} px wide in a window of {window}"

    def check_axe(self, path: str) -> None:
        window = self.page.viewport_size or SIZES["desk"]
        tall = self.page.evaluate("document.documentElement.scrollHeight")
        # in a window as tall as the page no bar that sticks to an edge hides what lies below it
        self.page.set_viewport_size({"width": window["width"], "height": tall + 200})
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "scope => axe.run(document, scope).then(r => r.violations"
            ".map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))]))",
            SCOPE,
        )
        self.page.set_viewport_size(window)
        assert found == [], f"{path}: {json.dumps(found, ensure_ascii=False)[:1500]}"

    def send(self, button: str) -> None:
        """Press the first visible button of this kind and wait until its answer is on the page."""
        with self.answered():
            self.page.locator(f"{button} >> visible=true").first.click()

    @contextmanager
    def answered(self) -> Iterator[None]:
        """Something is sent in here; ends when its answer stands on the page, swapped or loaded.

        The answer's arrival is too early to look: the page before it may still be standing.
        """
        if not self.scripts:
            with self.page.expect_navigation():
                yield
            return
        self.page.evaluate("document.documentElement.dataset.before = ''")
        with self.page.expect_response(lambda answer: answer.request.method == "POST") as got:
            yield
        answer = got.value
        assert answer.status in {200, 303}, (answer.url, answer.status)
        moves = {"hx-redirect", "hx-refresh"} & set(answer.headers)
        if moves or "hx-request" not in answer.request.headers:
            self._gone("html[data-before]")
            self.page.wait_for_load_state("load")
        self.settle()

    def settle(self) -> None:
        """Wait until htmx has put everything it asked for where it belongs."""
        self._gone(".htmx-request, .htmx-swapping, .htmx-settling")

    def _gone(self, what: str) -> None:
        expect(self.page.locator(what)).to_have_count(0, timeout=PATIENCE)

    def unfold(self, inside: str) -> None:
        """Open the fold that hides this, by its own heading."""
        fold = self.page.locator(f"details:has({inside}):not([open])")
        if fold.count():
            fold.first.locator("summary").first.click()

    def first(self, link: str) -> str:
        """The address of the first link of this kind, without its query."""
        href = self.page.locator(link).first.get_attribute("href")
        assert href is not None, link
        return href.partition("?")[0]
