"""In which language a page speaks."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("ja,en;q=0.8", "ja"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-TW", "zh-Hant"),
        ("de,fr;q=0.9", "ja"),
        ("de,en;q=0.5", "en"),
    ],
)
def test_a_page_speaks_what_the_browser_asks_for(
    app: Flask, database: None, asked: str, spoken: str
) -> None:
    page = app.test_client().get("/login", headers={"Accept-Language": asked})
    assert f'<html lang="{spoken}"' in page.text


def test_the_reader_of_traditional_chinese_reads_it(app: Flask, database: None) -> None:
    page = app.test_client().get("/login", headers={"Accept-Language": "zh-TW"})
    assert "登入" in page.text
    assert "登录" not in page.text
