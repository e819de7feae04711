"""The building inspection of the templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from wholesale.kernel.config import ASSETS
from wholesale.mail import letters

ROOT = ASSETS / "templates"
PAGES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))
MAILS = sorted(str(path.relative_to(ROOT / "mail")) for path in ROOT.glob("mail/*/*"))
FORBIDDEN = {
    "text declared safe": re.compile(r"\|\s*safe\b|\{%-?\s*autoescape|Markup\("),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.DOTALL),
    "an inline style": re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.DOTALL),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc=)|javascript:", re.DOTALL),
    "an address elsewhere": re.compile(r"(src|href|action)=\"(https?:)?//"),
}
PLANTED = {
    "text declared safe": "{{ note | safe }}",
    "an inline handler": '<button type="submit" onclick="go()">',
    "an inline style": '<p class="a" style="color:red">',
    "an inline script": "<script>go()</script>",
    "an address elsewhere": '<img src="https://elsewhere.example/dot.gif">',
}
FORM = re.compile(r"<form\b[^>]*?method=\"post\".*?</form>", re.DOTALL)
# The stepper of a card is sent again and again with the quantity as it stands: no double can harm.
SENT_AGAIN = {"portal/_qty.html"}


def source(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def markup(name: str) -> str:
    """A template without what is filled in at run time, except for where it declares text safe."""
    return re.sub(r"\{[{%](?:(?!safe|autoescape).)*?[}%]\}", "", source(name), flags=re.DOTALL)


def is_page(name: str) -> bool:
    """Whether a template is a whole page; partials and macros begin with a low line."""
    return not any(part.startswith("_") for part in Path(name).parts)


@pytest.mark.parametrize("name", PAGES)
def test_a_template_compiles(app: Flask, name: str) -> None:
    assert app.jinja_env.get_template(name).name == name


@pytest.mark.parametrize("name", MAILS)
def test_a_letter_compiles(name: str) -> None:
    assert letters._environment().get_template(name).name == name


@pytest.mark.parametrize("name", [page for page in PAGES if is_page(page)])
def test_a_page_has_a_title_and_a_frame(app: Flask, name: str) -> None:
    tree = app.jinja_env.parse(source(name))
    (frame,) = tree.find_all(nodes.Extends)
    assert frame.template.value.startswith("_layout/")
    (title,) = [block for block in tree.find_all(nodes.Block) if block.name == "title"]
    assert any(
        not isinstance(part, nodes.TemplateData) or part.data.strip()
        for output in title.find_all(nodes.Output)
        for part in output.nodes
    )


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what: str) -> None:
    assert [name for name in PAGES if FORBIDDEN[what].search(markup(name))] == []
    assert FORBIDDEN[what].search(PLANTED[what])


def test_every_letter_has_a_subject_and_a_body() -> None:
    events = {Path(name).parent for name in MAILS}
    assert sorted(MAILS) == sorted(
        f"{event}/{part}.txt" for event in events for part in ("body", "subject")
    )


def unguarded(name: str, text: str) -> Iterator[str]:
    """The posting forms of a template that lack one of their two hidden fields."""
    for form in FORM.findall(text):
        if "guard()" in form or (name in SENT_AGAIN and "csrf_token()" in form):
            continue
        yield form[:120]


def test_every_posting_form_is_guarded_against_forgery_and_doubles() -> None:
    assert [(name, form) for name in PAGES for form in unguarded(name, source(name))] == []
    planted = '<form action="/x" method="post"><button>go</button></form>'
    assert list(unguarded("portal/x.html", planted)) == [planted]


def test_htmx_posts_only_where_a_form_does() -> None:
    """Without script every act works all the same, and the hidden fields ride along."""
    for name in PAGES:
        outside = FORM.sub("", source(name))
        assert "hx-post" not in outside, name


def dashes(text: str) -> str:
    """An id or target with what is filled in at run time replaced by one sign."""
    return re.sub(r"\{\{.*?\}\}", "•", text)


def ids() -> set[str]:
    """Every id of every template."""
    return {
        dashes(found) for name in PAGES for found in re.findall(r"\sid=\"([^\"]+)\"", source(name))
    }


def strings_in(environment: Environment, text: str) -> Iterator[str]:
    """Targets that are made in expressions: `"#order-" ~ order.id`, `target="#match-bench"`."""
    tree = environment.parse(text)
    for joined in tree.find_all(nodes.Concat):
        first = joined.nodes[0]
        if isinstance(first, nodes.Const) and str(first.value).startswith("#"):
            yield f"{first.value}•"
    for word in tree.find_all(nodes.Keyword):
        if word.key == "target" and isinstance(word.value, nodes.Const) and word.value.value:
            yield str(word.value.value)


def test_every_target_of_htmx_is_an_id_of_some_template(app: Flask) -> None:
    known = ids()
    wanted = set()
    for name in PAGES:
        text = source(name)
        wanted |= set(strings_in(app.jinja_env, text))
        wanted |= {
            dashes(found) for found in re.findall(r"hx-target=\"([^\"{]+(?:\{\{.*?\}\})?)\"", text)
        }
    assert len(wanted) > 15
    assert sorted(one for one in wanted if one.removeprefix("#") not in known) == []


def test_every_label_and_description_points_at_something_unless_it_is_made_at_run_time() -> None:
    known = ids()
    for name in PAGES:
        for kind in ("for", "aria-labelledby", "popovertarget"):
            for found in re.findall(rf"\s{kind}=\"([^\"{{]+)\"", source(name)):
                assert found in known, (name, kind, found)
