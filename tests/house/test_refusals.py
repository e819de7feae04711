"""Every refusal has words of its own and stands in some test."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import wholesale
from tests.house.test_translations import marked
from wholesale.kernel.errors import DomainError
from wholesale.kernel.raw_sheets import FILE_REASONS, FileRefused

TESTS = Path(__file__).parents[1]


def refusals(of: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    """Every kind of refusal of the program."""
    for kind in of.__subclasses__():
        if kind.__module__.startswith("wholesale."):
            yield kind
        yield from refusals(kind)


def all_refusals() -> list[type[DomainError]]:
    for found in pkgutil.walk_packages(wholesale.__path__, "wholesale."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    return sorted(set(refusals()), key=lambda kind: f"{kind.__module__}.{kind.__name__}")


def test_every_refusal_says_why_in_words_of_its_own() -> None:
    kinds = [kind for kind in all_refusals() if kind is not FileRefused]
    assert len(kinds) > 60
    assert [kind.__name__ for kind in kinds if "message" not in vars(kind)] == []
    said = {kind.message for kind in kinds} | set(FILE_REASONS.values())
    assert sorted(said - marked()) == []
    assert [kind.__name__ for kind in kinds if not 400 <= kind.status < 500] == []


def test_machines_tell_refusals_apart() -> None:
    codes = [kind().code for kind in all_refusals() if kind.__init__ is DomainError.__init__]
    assert len(codes) == len(set(codes))


def test_every_refusal_stands_in_a_test() -> None:
    tests = "\n".join(
        path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py") if path != Path(__file__)
    )
    untested = [
        f"{kind.__module__}.{kind.__name__}"
        for kind in all_refusals()
        if not re.search(rf"\b{kind.__name__}\b", tests)
    ]
    assert untested == []
