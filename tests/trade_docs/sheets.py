"""Facts of papers for tests, and the words that stand in a PDF."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal
from typing import Any

from pypdf import PdfReader

from wholesale.kernel.paper_facts import (
    PaperFacts,
    PaperLine,
    Party,
    TaxFacts,
    honorific,
    words,
)

NAMES = {
    "ja": "有田焼 湯呑み 青海波",
    "en": "Arita porcelain cup, wave pattern",
    "zh": "有田烧 茶杯 青海波纹",
    "zh-Hant": "有田燒 茶杯 青海波紋",
}
OURS = {
    "ja": "土と紙株式会社",
    "en": "Tsuchi to Kami Co., Ltd.",
    "zh": "土与纸株式会社",
    "zh-Hant": "土與紙株式會社",
}
THEIRS = {
    "ja": "株式会社髙島屋𠮷野﨑商店",
    "en": "Łódź Living sp. z o.o.",
    "zh": "上海优选贸易有限公司",
    "zh-Hant": "臺北喵喵麵裏廚具行",
}


def facts_of(
    kind: str = "invoice",
    *,
    locale: str = "ja",
    lines: int = 12,
    currency: str = "JPY",
    digits: int = 0,
    export: bool = False,
    name: str = "",
    **changes: Any,
) -> dict[str, Any]:
    """The stored JSON of a paper with `lines` lines; every fifth is at the reduced rate."""
    step = Decimal(1).scaleb(-digits)
    made = []
    base = {False: Decimal(0), True: Decimal(0)}
    for number in range(lines):
        reduced = number % 5 == 3 and not export
        price, quantity = Decimal(480 + 130 * number) + step * (number % 7), 6 * (number % 4 + 1)
        base[reduced] += price * quantity
        made.append(
            PaperLine(
                code=f"TK-{1000 + number:05d}-BL",
                description=name or f"{NAMES[locale]} {number + 1}",
                quantity=quantity,
                unit_price=str(price),
                amount=str(price * quantity),
                tax_rate="0" if export else ("0.0800" if reduced else "0.1000"),
                reduced=reduced,
                supply_on="2026-11-18" if number < 7 else "2026-11-20",
                slip_number="DN-26-00041" if number < 7 else "DN-26-00042",
                ordered=quantity + number % 3 if kind == "delivery_note" else None,
                remaining=number % 3 if kind == "delivery_note" else None,
                carton=str(number // 4 + 1) if kind == "delivery_note" else "",
            )
        )
    rates = {False: Decimal(0) if export else Decimal("0.1"), True: Decimal("0.08")}
    taxes = tuple(
        TaxFacts(
            str(rates[reduced]),
            str(base[reduced]),
            str((base[reduced] * rates[reduced]).quantize(step, "ROUND_DOWN")),
            reduced=reduced,
            export=export,
        )
        for reduced in (False, True)
        if base[reduced]
    )
    net = sum(base.values(), Decimal(0))
    tax = sum((Decimal(one.tax) for one in taxes), Decimal(0))
    values: dict[str, Any] = {
        "kind": kind,
        "locale": locale,
        "number": "INV-2611-0001" if kind == "invoice" else "DN-26-00042",
        "issued_on": "2026-11-20",
        "due_on": "2026-12-31" if kind == "invoice" else "",
        "supplied_from": "2026-11-18" if kind == "invoice" else "",
        "supplied_until": "2026-11-20" if kind == "invoice" else "",
        "currency": currency,
        "digits": digits,
        "issuer": Party(
            OURS[locale],
            lines=("〒604-0000 京都市中京区三条通0-0-0",),
            phone="075-000-0000",
            registration_number="T7123456789012",
            mark="土紙",
        ),
        "addressee": Party(
            THEIRS[locale],
            honorific(locale),
            ("〒541-0000", "大阪府大阪市中央区北浜東0-0-0", "北浜ビル4階"),
        ),
        "ship_to": Party(
            "北浜本店", lines=("〒541-0000 大阪府大阪市中央区北浜東0-0-0",), phone="06-0000-0000"
        )
        if kind == "delivery_note"
        else None,
        "lines": tuple(made),
        "words": words(str),
        "taxes": taxes if kind == "invoice" else (),
        "net": str(net),
        "tax": str(tax) if kind == "invoice" else "",
        "total": str(net + tax) if kind == "invoice" else "",
        "bank_accounts": ("京都みやこ銀行 三条支店 普通 0000000 ツチトカミ(カ",)
        if kind == "invoice"
        else (),
        "references": (("SO-26-11842", "PO-7781"),) if kind == "delivery_note" else (),
        "cartons": (lines - 1) // 4 + 1 if kind == "delivery_note" else 0,
    }
    facts: dict[str, Any] = json.loads(PaperFacts(**{**values, **changes}).as_json())
    return facts


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page without blanks, as a reader program sees it."""
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    """The text of all pages without blanks."""
    return "".join(pages_of(pdf))
