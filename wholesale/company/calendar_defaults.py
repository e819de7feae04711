"""The shipping calendar a new company begins with."""

from __future__ import annotations

import uuid

from wholesale.company.models import Company, LeadTime, WorkRule
from wholesale.kernel.db import session

# Days on the road from a warehouse in central Japan; anything else in Japan is the next day.
ROAD_DAYS = {
    "北海道": 3, "青森県": 2, "岩手県": 2, "秋田県": 2, "宮城県": 2, "山形県": 2, "福島県": 2,
    "福岡県": 2, "佐賀県": 2, "長崎県": 2, "熊本県": 2, "大分県": 2, "宮崎県": 2,
    "鹿児島県": 2, "沖縄県": 4,
}  # fmt: skip
ABROAD_DAYS = 7
ISLAND_DAYS = 2
# Postal codes of islands without a road: 伊豆・小笠原, 佐渡, 隠岐, 壱岐, 五島, 対馬, 奄美, 宮古, 八重山,
# 種子島・屋久島, 利尻・礼文, 奥尻.
ISLANDS = (
    "10001", "10002", "10003", "10004", "10005", "10006", "10011", "10012", "10013", "10014",
    "10015", "10016", "10017", "10021", "10022", "952", "685", "81151", "853", "817", "894", "906",
    "907", "89131", "89136", "89142", "89143", "89144", "09701", "09711", "04314",
)  # fmt: skip


def default_rule() -> WorkRule:
    """Monday to Friday, without public holidays and 年末年始."""
    return WorkRule(
        location_code="", weekdays="01234", rests_on_holidays=True, year_end_from="12-29",
        year_end_until="01-03", cut_off="",
    )  # fmt: skip


def set_up_calendar(ours: Company) -> None:
    """What a new company begins with."""
    session.add(default_rule())
    session.add(LeadTime(country="JP", days=1))
    session.add(LeadTime(days=ABROAD_DAYS))
    session.add_all(
        LeadTime(country="JP", region=region, days=days) for region, days in ROAD_DAYS.items()
    )
    session.add_all(
        LeadTime(country="JP", postal_prefix=prefix, days=ISLAND_DAYS, is_extra=True)
        for prefix in ISLANDS
    )
    ours.calendar_stamp = uuid.uuid4().hex
