"""One form on one page: shown, saved, or shown again with what was typed and why it was refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wholesale.kernel.db import savepoint, session
from wholesale.kernel.errors import DomainError
from wholesale.web.answers import Answer, answer, moved, refused
from wholesale.web.forms import HouseForm


@dataclass(frozen=True, slots=True)
class FormDesk:
    """Where something is changed: page, part, address, and what they show.

    `shown` gets the form that was typed into, or None for one filled from what is stored.
    """

    page: str
    part: str
    url: str
    shown: Callable[[HouseForm | None], dict[str, Any]]

    def show(self) -> Answer:
        """The page, or its part for htmx."""
        return answer(self.page, self.part, refusal="", **self.shown(None))

    def save(self, form: HouseForm, verb: Callable[[], object], said: str, url: str = "") -> Answer:
        """Run the verb of a form that makes sense. `url` leads elsewhere than back to this page."""
        if not form.validate():
            return self.refuse(form)
        try:
            with savepoint():  # what the verb had begun before it refused is never shown
                verb()
                session.flush()  # the page below is read by queries
        except DomainError as error:
            return self.refuse(form, error)
        if url:
            return moved(url, said=said)
        session.expire_all()
        return moved(self.url, self.part, said=said, refusal="", **self.shown(None))

    def refuse(self, form: HouseForm, error: DomainError | None = None) -> Answer:
        """The page as it was typed, with why not."""
        return refused(self.page, self.part, error=error, **self.shown(form))


def edit_desk(
    stored: HouseForm, url: str, back: str, words: tuple[str, str], *, is_new: bool
) -> FormDesk:
    """The page of one row of a list. `words` are those of the list and of the row."""
    list_word, title = words

    def shown(form: HouseForm | None) -> dict[str, Any]:
        return {
            "form": form or stored, "url": url, "back": back, "list_word": list_word,
            "title": title, "is_new": is_new,
        }  # fmt: skip

    page = "backoffice/settings/edit.html", "backoffice/settings/_edit.html"
    return FormDesk(*page, url, shown)
