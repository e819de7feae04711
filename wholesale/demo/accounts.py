"""Who can sign in to the demo; every address ends in a name that can't exist."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "土と紙のデモ2026"  # noqa: S105 - the demo's, shown on its sign-in page


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One person of the demo. `role` is a staff role; `customer` the code of a buyer's company."""

    who: str
    name: str
    email: str
    locale: str
    role: str = ""
    customer: str = ""
    password: str = PASSWORD


ACCOUNTS = (
    DemoAccount("店主 松尾(北浜ライフスタイル)", "松尾 葵", "matsuo@kitahama.example", "ja", customer="K0231"),
    DemoAccount("Buyer (Hudson & Pine, English)", "Emma Reed", "emma@hudson-pine.example", "en", customer="U0012"),
    DemoAccount("采购(上海和器生活)", "陈 静", "chen@heqi.example", "zh", customer="U0021"),
    DemoAccount("営業 高瀬", "高瀬 みのり", "takase@tsuchitokami.example", "ja", role="sales"),
    DemoAccount("倉庫 西川", "西川 亮", "nishikawa@tsuchitokami.example", "ja", role="warehouse"),
    DemoAccount("経理 林", "林 佳代", "hayashi@tsuchitokami.example", "ja", role="accounting"),
    DemoAccount("管理者 土屋", "土屋 一", "tsuchiya@tsuchitokami.example", "ja", role="owner"),
)  # fmt: skip
