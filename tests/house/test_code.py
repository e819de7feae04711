"""The building inspection of the code."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from tests.house.habits import HABITS, Habit, module_of, modules, offences, packages
from wholesale.kernel.config import PACKAGE

FORBIDDEN = "The domain does not know the web"
LONGEST_DOCSTRING = 10
KIT_AND_UP = {"web", "portal", "backoffice", "api", "demo", "bench", "cli"}


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.says)
def test_the_code_keeps_its_habits(habit: Habit) -> None:
    assert [where for one in modules() for where in offences(habit, one)] == []


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.says)
def test_a_broken_habit_is_noticed(habit: Habit) -> None:
    assert offences(habit, module_of("portal/planted.py", habit.wrong))


@pytest.mark.parametrize("package", packages(), ids=lambda path: path.name)
def test_a_package_says_what_it_is_and_nothing_else(package: Path) -> None:
    tree = ast.parse((package / "__init__.py").read_text(encoding="utf-8"))
    said = ast.get_docstring(tree) or ""
    assert 1 <= len(said.splitlines()) <= LONGEST_DOCSTRING
    assert len(tree.body) == 1


def test_every_module_begins_with_its_definition() -> None:
    assert [one.name for one in modules() if not ast.get_docstring(one.tree)] == []


def test_every_package_below_the_web_is_kept_free_of_it() -> None:
    """The list in the contract is written by hand; a new package is not forgotten there."""
    settings = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (
        one for one in settings["tool"]["importlinter"]["contracts"] if one["name"] == FORBIDDEN
    )
    guarded = {name.removeprefix("wholesale.") for name in contract["source_modules"]}
    assert guarded == {path.name for path in packages()} - KIT_AND_UP
