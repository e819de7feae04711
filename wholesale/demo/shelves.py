"""The demo's catalogues: for everybody, for some ranks, by invitation, and one past its deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import select

from wholesale.catalog import admitting, presenting, selecting
from wholesale.catalog.models import Audience, OrderPolicy
from wholesale.customers.models import CustomerGroup
from wholesale.kernel import clock, config
from wholesale.kernel.access import Actor
from wholesale.kernel.db import Names, session


@dataclass(frozen=True, slots=True)
class Shelf:
    """A catalogue: its codes of products, and its days counted from the story's last."""

    code: str
    name: Names
    text: Names
    products: str
    opens: int
    closes: int
    ends: int | None = None
    audience: Audience = Audience.ALL
    groups: Sequence[str] = ()
    customers: str = ""
    policy: OrderPolicy | None = None
    lead_days: int | None = None


SHELVES = (
    Shelf(
        "AUTUMN-FAIR",
        {"ja": "秋の展示会", "en": "Autumn fair", "zh": "秋季展会"},
        {"ja": "会場でご覧いただいた品々です。", "en": "What was shown at the fair.",
         "zh": "展会现场所见的商品。"},
        "TK-1101 TK-1102 TK-1104", opens=-20, closes=-2, ends=12,
    ),
    Shelf(
        "YADO",
        {"ja": "宿と食堂の器", "en": "Ware for inns and tables", "zh": "旅馆与食堂之器"},
        {"ja": "毎日洗って積める器を、まとまった数で。", "en": "Ware to be washed and stacked every day.",
         "zh": "日日清洗、可叠放的餐具,成批供应。"},
        "TK-1101 TK-1103", opens=-40, closes=30, audience=Audience.INVITED, customers="K0118",
    ),
    Shelf(
        "SPRING-PREVIEW",
        {"ja": "春の先行受注会", "en": "Spring preview", "zh": "春季预订会"},
        {"ja": "春の窯出しを先にご予約いただけます。お届けは窯出しのあと、順にお送りします。",
         "en": "Order from the spring firing before anybody else. It ships after the firing.",
         "zh": "可优先预订春季出窑的器物,出窑后依次发货。"},
        "TK-1208 TK-1401 TK-1501", opens=-3, closes=25, audience=Audience.LIMITED,
        groups=("A", "D"), policy=OrderPolicy.MADE_TO_ORDER, lead_days=90,
    ),
    Shelf(
        "WINTER-TABLE",
        {"ja": "冬のテーブル", "en": "The winter table", "zh": "冬日餐桌"},
        {"ja": "湯気の立つ器と、手紙を書く夜の紙。年末の店頭に並ぶ品を選びました。",
         "en": "Bowls that steam, and paper for evenings of letters. Chosen for shops in December.",
         "zh": "热气腾腾的器皿,与写信之夜的纸。为年末的店铺精选。"},
        "TK-1103 TK-1104 TK-1201 TK-1302 TK-2101 TK-2207 TK-2208 TK-3303", opens=-5, closes=11,
    ),
)  # fmt: skip


def open_shelves(by: Actor, today: date) -> None:
    """Make and open them; the last one stands first."""
    for shelf in SHELVES:
        _open(shelf, by, today)


def _open(shelf: Shelf, by: Actor, today: date) -> None:
    zone = config.current().time_zone

    def at(days: int | None, hour: int) -> Any:
        return None if days is None else clock.instant(today + timedelta(days), time(hour), zone)

    catalog = presenting.save_catalog(
        None,
        {
            "code": shelf.code, "name": shelf.name, "text": shelf.text, "audience": shelf.audience,
            "opens_at": at(shelf.opens, 9), "closes_at": at(shelf.closes, 18),
            "ends_at": at(shelf.ends, 18), "time_zone": zone, "policy": shelf.policy,
            "lead_days": shelf.lead_days,
        },
        0, by,
    )  # fmt: skip
    selecting.add_codes(catalog, shelf.products, catalog.version, by)
    groups = session.scalars(
        select(CustomerGroup.id).where(CustomerGroup.code.in_(shelf.groups))
    ).all()
    if groups or shelf.customers:
        admitting.admit(catalog, shelf.customers, list(groups), catalog.version, by)
    presenting.open_catalog(catalog, catalog.version, by)
    session.flush()  # the next one's place is counted from it
