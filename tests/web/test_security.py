"""What every answer says to the browser, and which names the house answers to."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("127.0.0.1:8000", 200), ("evil.example", 400)],
)
def test_only_the_names_of_this_machine_are_answered_by_default(
    app: Flask, database: None, host: str, status: int
) -> None:
    assert app.test_client().get("/login", headers={"Host": host}).status_code == status


def test_every_answer_forbids_foreign_scripts_frames_and_shared_caches(
    app: Flask, database: None
) -> None:
    for path in ("/login", "/nowhere", "/static/css/app.css"):
        answer = app.test_client().get(path)
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if not path.startswith("/static"):
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Cookie" in answer.headers["Vary"]
