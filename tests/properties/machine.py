"""A state machine on the real database: each run starts from the same rows and leaves none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from wholesale.kernel.access import Principal
from wholesale.kernel.db import acts_as, savepoint, session
from wholesale.kernel.errors import DomainError

T = TypeVar("T")
SYSTEM = Principal.system("test")


class DatabaseMachine(RuleBasedStateMachine):
    """Runs inside the transaction of one test; a refused step leaves nothing behind."""

    went: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self._fresh()
        self.set_up()
        session.flush()

    def set_up(self) -> None:
        """Make the rows a run starts from."""

    def teardown(self) -> None:
        """Undo the whole run."""
        self._fresh()

    @staticmethod
    def _fresh() -> None:
        session.rollback()
        session.expunge_all()
        session.info.clear()
        acts_as(SYSTEM)

    def attempt(self, name: str, step: Callable[[], T]) -> T | None:
        """Do a step as an edge would: what is refused by a rule is undone whole."""
        try:
            with savepoint():
                result = step()
                session.flush()
        except DomainError:
            session.expire_all()
            return None
        session.expire_all()
        self.went[name] += 1
        return result


def pick(choices: Sequence[T], number: int) -> T:
    """One of the choices, by any number."""
    return choices[number % len(choices)]


def run(machine: type[DatabaseMachine], *, examples: int, steps: int) -> Counter[str]:
    """Run a machine; returns how often each kind of step went through."""
    machine.went = Counter()
    options: dict[str, Any] = {
        "max_examples": examples, "stateful_step_count": steps, "deadline": None,
        "derandomize": True, "database": None, "phases": (Phase.explicit, Phase.generate),
        "suppress_health_check": list(HealthCheck),
    }  # fmt: skip
    run_state_machine_as_test(machine, settings=settings(**options))
    return machine.went
