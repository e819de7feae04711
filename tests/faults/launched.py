"""The real program, started with its weak instants made longer or one of its defences taken away.

`python -m tests.faults.launched HOW COMMAND …`: the words after HOW are those of the program.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

from wholesale import worker
from wholesale.cli.main import main
from wholesale.kernel import db, tokens
from wholesale.kernel.access import Principal
from wholesale.web.flask_app import HouseFlask

MOMENT = 0.2  # seconds between a commit and what follows it
AGE = 600.0
SYSTEM = Principal.system("test")


def answering_late() -> None:
    """Between the commit of a request and its answer the program can be killed for longer."""
    dispatch = HouseFlask.dispatch_request

    def commit_then_wait(self: HouseFlask, *args: Any) -> Any:
        answer = dispatch(self, *args)
        time.sleep(MOMENT)
        return answer

    HouseFlask.dispatch_request = commit_then_wait  # type: ignore[method-assign]


def without_tokens() -> None:
    """No form remembers that it was sent."""
    answering_late()
    tokens.claim = lambda *_: None  # type: ignore[assignment]


def with_tokens_apart() -> None:
    """The token commits first, in a transaction of its own; its effect follows in another."""
    claim, dispatch = tokens.claim, HouseFlask.dispatch_request
    taken: dict[str, Any] = {}

    def claim_apart(actor: str, token: str, request: bytes) -> tokens.Submission | None:
        return taken.pop(token, None)

    def first_the_token(self: HouseFlask, *args: Any) -> Any:
        from flask import request  # noqa: PLC0415 - only inside a request

        token = request.form.get("form_token", "")
        if token:
            with db.unit_of_work(SYSTEM):
                taken[token] = claim("staff:1", token, b"")
            time.sleep(MOMENT)
        return dispatch(self, *args)

    tokens.claim = claim_apart  # type: ignore[assignment]
    HouseFlask.dispatch_request = first_the_token  # type: ignore[method-assign]


def dying_before_it_finishes() -> None:
    """Each job of the worker is prepared (drawn, handed over), said so, and never finished."""

    def prepared(prepare: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
        def prepare_and_stop(arguments: dict[str, Any]) -> Any:
            result = prepare(arguments)
            os.write(1, b"prepared\n")
            time.sleep(AGE)
            return result

        return prepare_and_stop

    for name, work in worker.JOBS.items():
        if isinstance(work, worker.Work):  # a long one has no such instant: it is killed elsewhere
            worker.JOBS[name] = worker.Work(prepared(work.prepare), work.finish)


WAYS = {
    "plain": lambda: None,
    "answering-late": answering_late,
    "without-tokens": without_tokens,
    "with-tokens-apart": with_tokens_apart,
    "dying-before-it-finishes": dying_before_it_finishes,
}

if __name__ == "__main__":
    WAYS[sys.argv[1]]()
    sys.exit(main(sys.argv[2:]))
