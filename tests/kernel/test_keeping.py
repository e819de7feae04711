"""Figures that are kept for a minute."""

from __future__ import annotations

import time

import pytest

from wholesale.kernel import keeping


def test_an_answer_is_kept_for_a_minute_and_no_longer(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(range(10))
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    ask = lambda key: keeping.for_a_minute((key,), lambda: next(answers))  # noqa: E731
    assert [ask("a"), ask("a"), ask("b"), ask("a")] == [0, 0, 1, 0]
    now += keeping.SECONDS - 1
    assert ask("a") == 0
    now += 2
    assert ask("a") == 2
    keeping.forget()
    assert ask("a") == 3
