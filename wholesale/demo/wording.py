"""The demo's files of words: rows, names in three languages, and the notices of the front page."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import select

from wholesale.catalog.models import Product
from wholesale.company.models import Notice
from wholesale.kernel import clock
from wholesale.kernel.db import Names, session

NEW = {12: "TK-1208", 20: "TK-3105", 33: "TK-2402", 40: "TK-1303"}  # days ago
DATA = Path(__file__).parent / "data"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of the demo's files."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def names() -> dict[str, Names]:
    """What colours, sizes, categories and brands are called, by their Japanese name."""
    return {
        row["ja"]: {"ja": row["ja"], "en": row["en"], "zh": row["zh"]} for row in rows("names.csv")
    }


def called(name: str) -> Names:
    """A name in three languages; one that needs no translation (80g, A5) reads the same in all."""
    return names().get(name, {"ja": name, "en": name, "zh": name})


def publish_notices() -> None:
    """What the portal's front page tells, by the clock's day: notices, and what came out lately."""
    today = clock.today()
    for days, code in NEW.items():
        for product in session.scalars(select(Product).where(Product.code == code)):
            product.launched_on = today - timedelta(days=days)
    for row in rows("notices.csv"):
        day = today + timedelta(days=int(row["ahead"]))
        spoken = {
            "ja": f"{day.month}月{day.day}日", "zh": f"{day.month}月{day.day}日",
            "en": f"{day.day} {day:%B}",
        }  # fmt: skip
        session.add(
            Notice(
                published_on=today - timedelta(days=int(row["days"])),
                title={tongue: row[tongue].format(day=word) for tongue, word in spoken.items()},
                body={tongue: row[f"body_{tongue}"] for tongue in spoken},
            )
        )
