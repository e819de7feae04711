"""The habits of the code that rot first, each as a look at the source of one module."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wholesale.kernel.config import PACKAGE

Found = Iterator[int]


@dataclass(frozen=True, slots=True)
class Module:
    """One file of the program: where it stands, its lines and its tree."""

    name: str
    lines: tuple[str, ...]
    tree: ast.Module

    def calls(self) -> Iterator[ast.Call]:
        """Every call in it."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def methods(self, *names: str) -> Iterator[ast.Call]:
        """Every call of a method with one of these names."""
        for call in self.calls():
            if isinstance(call.func, ast.Attribute) and call.func.attr in names:
                yield call


@dataclass(frozen=True, slots=True)
class Habit:
    """What is never written, where it may be all the same, how it is found, and a wrong example."""

    says: str
    look: Callable[[Module], Found]
    wrong: str
    allowed: frozenset[str] = frozenset()


def module_of(name: str, source: str) -> Module:
    """A module out of its text."""
    return Module(name, tuple(source.splitlines()), ast.parse(source))


def modules() -> Iterator[Module]:
    """Every module of the program."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield module_of(str(path.relative_to(PACKAGE)), path.read_text(encoding="utf-8"))


def offences(habit: Habit, one: Module) -> list[str]:
    """Where a module breaks a habit."""
    if one.name in habit.allowed:
        return []
    return [f"{one.name}:{line}: {one.lines[line - 1].strip()}" for line in habit.look(one)]


def _ends_a_unit(one: Module) -> Found:
    return (call.lineno for call in one.methods("commit", "rollback"))


def _flushes_without_a_word(one: Module) -> Found:
    for call in one.methods("flush"):
        assert isinstance(call.func, ast.Attribute)
        if ast.unparse(call.func.value) not in {"session", "db.session"}:
            continue
        line = one.lines[(call.end_lineno or call.lineno) - 1]
        if not re.search(r"\)\s*# \S+ \S+", line):
            yield call.lineno


def _imports_late(one: Module) -> Found:
    for node in ast.walk(one.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    yield inner.lineno


def _asks_the_machine_for_the_time(one: Module) -> Found:
    for call in one.calls():
        if re.fullmatch(
            r"(datetime\.)*(datetime|date|time)\.(now|utcnow|today|time)", ast.unparse(call.func)
        ):
            yield call.lineno


def _uses_floats(one: Module) -> Found:
    return (call.lineno for call in one.calls() if ast.unparse(call.func) == "float")


def _points_back(one: Module) -> Found:
    for node in ast.walk(one.tree):
        if isinstance(node, ast.keyword) and node.arg == "backref":
            yield node.lineno
        if isinstance(node, ast.Name) and node.id == "backref":
            yield node.lineno


def _catches_everything(one: Module) -> Found:
    for node in ast.walk(one.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = ast.unparse(node.type) if node.type else "everything"
        raises = any(isinstance(inner, ast.Raise) for inner in node.body)
        if caught in {"everything", "Exception"} or (caught == "BaseException" and not raises):
            yield node.lineno


def _fetches_by_id(one: Module) -> Found:
    """In a wing: a row by its bare id, past the lookups."""
    if not one.name.startswith(("portal/", "backoffice/")) or one.name.endswith("lookups.py"):
        return
    for call in one.methods("get", "get_one"):
        assert isinstance(call.func, ast.Attribute)
        if ast.unparse(call.func.value) in {"session", "db.session"}:
            yield call.lineno


def _marks_as_safe(one: Module) -> Found:
    return (call.lineno for call in one.calls() if ast.unparse(call.func).endswith("Markup"))


HABITS = (
    Habit(
        "Only edges commit and roll back",
        _ends_a_unit,
        "def verb():\n    session.commit()\n",
        frozenset(
            {
                "kernel/db.py",  # the unit of work itself
                "web/flask_app.py",  # the edge of every request
                "backoffice/acting.py",  # a refusal is shown on the page as it was before
                "backoffice/sales/order_entry.py",  # the same
                "bench/writing.py",  # has a connection of its own, past the session
            }
        ),
    ),
    Habit(
        "A flush says why",
        _flushes_without_a_word,
        "def verb():\n    session.flush()\n",
    ),
    Habit(
        "Imports stand at the top",
        _imports_late,
        "def verb():\n    import json\n",
        frozenset({"__init__.py"}),  # `flask --app wholesale run` asks for the factory by name
    ),
    Habit(
        "There is one clock",
        _asks_the_machine_for_the_time,
        "from datetime import date\nday = date.today()\n",
        frozenset({"kernel/clock.py"}),
    ),
    Habit("There are no floats", _uses_floats, "price = float('1.1')\n"),
    Habit(
        "Relationships point one way",
        _points_back,
        "lines = relationship('Line', backref='order')\n",
    ),
    Habit(
        "Nothing is caught wholesale",
        _catches_everything,
        "try:\n    work()\nexcept Exception:\n    pass\n",
    ),
    Habit(
        "Only lookups go from an id to a row",
        _fetches_by_id,
        "def show():\n    session.get(A, 1)\n",
    ),
    Habit(
        "No text is declared safe",
        _marks_as_safe,
        "word = Markup('<b>')\n",
        frozenset({"web/filters.py"}),  # figures with their signs; every part of them is escaped
    ),
)


def packages() -> list[Path]:
    """The packages of the house."""
    return sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))
