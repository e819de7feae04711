"""Founding the company: once, and only from a file that says enough."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from tests.factories.people import BY
from wholesale.company import setting_up
from wholesale.company.models import Company
from wholesale.company.setting_up import (
    BadProfile,
    CompanyExists,
    Profile,
    read_profile,
    set_up_company,
)
from wholesale.kernel.db import session

LEAST = Profile(company={"name": "土と紙", "mark": "土"}, offices=[], banks=[], warehouses=[])


def test_a_database_has_one_company(database: None) -> None:
    with pytest.raises(CompanyExists):
        set_up_company(LEAST, BY)
    assert len(session.scalars(select(Company)).all()) == 1


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("[company]\nname = '土'\n", "offices"),
        ("offices = []\nwarehouses = []\n", "company"),
        ("[company\n", "line 1"),
    ],
)
def test_a_file_that_lacks_something_says_what(tmp_path: Path, text: str, trouble: str) -> None:
    path = tmp_path / "company.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadProfile, match=trouble):
        read_profile(path)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "company.toml"
    with pytest.raises(BadProfile):
        read_profile(path)
    path.write_bytes("[company]\nname = '土'".encode("cp932"))
    with pytest.raises(BadProfile):
        read_profile(path)


@pytest.mark.parametrize(
    ("company", "trouble"),
    [({"name": "土", "mark": "土", "faxx": "1"}, "faxx"), ({"name": "土"}, "needs name and mark")],
)
def test_a_field_without_a_place_is_refused(company: dict[str, str], trouble: str) -> None:
    with pytest.raises(BadProfile, match=trouble):
        setting_up._company(company)
