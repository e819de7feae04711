"""A seeded maker of bank files: fixed-length ones and those of each portal, with what they hold."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from wholesale.payments.formats.bank_profiles import PROFILES, Profile

START = date(2027, 1, 4)
NAMES = ["ｶ)ｱｵﾔﾏ", "ﾐﾄﾞﾘｺｳｹﾞｲ(ﾕ", "ﾊﾙﾅ ﾄｳｺ", "ｼﾔ)ｵﾘｺﾉｶｲ", "ｲﾄｳ(ｶ)ｻｶｲﾃﾝ", "ACME KK", "ｶﾌﾞﾗﾌﾟﾛﾀﾞｸﾂ"]


@dataclass(frozen=True)
class Line:
    """One movement; `amount` below zero where money went out, `voids` where it takes one back."""

    day: date
    amount: int
    payer: str
    voids: bool = False
    edi: str = ""


def make_lines(random: Random, count: int = 30) -> list[Line]:
    """Movements in order of time: receipts, withdrawals, a voided one, and two that are equal."""
    lines = [
        Line(
            START + timedelta(days=random.randint(0, 25)),
            random.choice([1, 1, 1, -1]) * random.randint(1, 3_000_000),
            random.choice(NAMES),
        )
        for _ in range(count)
    ]
    lines.append(random.choice(lines))  # a genuine second one, equal to the last sign
    paid = random.choice([one for one in lines if one.amount > 0])
    lines.append(Line(START + timedelta(days=30), paid.amount, paid.payer, voids=True))
    return sorted(lines, key=lambda one: one.day)


def short(day: date, *, western: bool) -> str:
    year = day.year % 100 if western else day.year - 2018
    return f"{year:02}{day:%m%d}"


def zengin01(lines: list[Line], random: Random, *, western: bool, wide: bool, end: str) -> bytes:
    """A file of receipts, in format A or B, with either calendar and any line ends."""
    told = [one for one in lines if one.amount > 0]
    days = [short(one.day, western=western) for one in told]
    records = [
        f"1010{days[-1]}{days[0]}{days[-1]}0999ｱｵｿﾗ".ljust(41) + "007ﾎﾝﾃﾝ".ljust(18) + "10007788ｼﾞｼﾔ"
    ]
    numbers: dict[str, int] = {}
    for one, day in zip(told, days, strict=True):
        numbers[day] = numbers.get(day, 0) + 1
        amount = "0" * 10 if wide else f"{one.amount:010}"
        record = f"2{numbers[day]:06}{day}{day}{amount}{'0' * 20}{one.payer}".ljust(97)
        record = (record + "ﾊﾅﾉｷ").ljust(112) + "ﾐﾅﾐ"
        record = record.ljust(127) + ("1" if one.voids else " ")
        record += f"{one.amount:012}{'0' * 12}{one.edi}" if wide else one.edi
        records.append(record)
    sums = {kind: [one.amount for one in told if one.voids is kind] for kind in (False, True)}
    pairs = "".join(f"{len(sums[kind]):06}{sum(sums[kind]):012}" for kind in (False, True))
    records += [f"8{pairs}", "9"]
    assert all(len(one) <= 200 for one in records)
    ends = [random.choice(["\r\n", "\n"]) if end == "mixed" else end for _ in records]
    data = "".join(one.ljust(200) + stop for one, stop in zip(records, ends, strict=True))
    return data.encode("cp932") + random.choice([b"", b"\x1a"])


DATES = [
    "{0:%Y/%m/%d}",
    "{0.year}/{0.month}/{0.day}",
    "{0:%Y.%m.%d}",
    "{0:%Y%m%d}",
    "{0:%Y-%m-%d}",
    "R{1}.{0.month}.{0.day}",
    "令和{1}年{0.month}月{0.day}日",
]


def portal(profile: Profile, lines: list[Line], random: Random) -> tuple[bytes, list[int]]:
    """A bank's CSV and the text line on which each movement stands."""
    fields = [
        name
        for name in (
            "date",
            "year",
            "month",
            "day",
            "paid_in",
            "paid_out",
            "signed",
            "text",
            "payer",
            "balance",
        )
        if getattr(profile, name)
    ]
    if profile.name == "plain":
        fields = [name for name in fields if name != "signed"]
    heads: dict[str, str] = {}
    told = random.choice(profile.payer)
    for name in fields:
        names = getattr(profile, name)
        head = names if isinstance(names, str) else random.choice(names)
        if name in {"text", "payer"}:  # one column for both, where the bank has but one
            head = told if name == "payer" or profile.text[0] in profile.payer else profile.text[0]
        heads.setdefault(head, name)
    columns = list(heads)
    random.shuffle(columns)
    newest_first = random.random() < 0.5
    shown, balance = [], 5_000_000
    for one in lines:
        value = -one.amount if one.voids else one.amount
        balance += value
        shown.append((one, value, balance))
    written = random.choice(DATES)
    grid = [["入出金明細照会"], [], ["照会期間", "2027.01.01～2027.02.28"]][
        : random.choice([0, 0, 3])
    ]
    grid.append(columns)
    places = []
    for one, value, after in reversed(shown) if newest_first else shown:
        word = "振込取消" if one.voids else "振込"
        cells = {
            "date": written.format(one.day, one.day.year - 2018), "year": str(one.day.year), "month": str(one.day.month),
            "day": str(one.day.day), "paid_in": f"{value:,}" if value > 0 else "", "paid_out": f"{-value:,}" if value < 0 else "",
            "signed": f"{value}", "text": word, "payer": one.payer, "balance": f"{after:,}",
        }  # fmt: skip
        if "payer" not in heads.values() or (one.voids and "text" not in heads.values()):
            cells["text"] = cells["payer"] = f"{word} {one.payer}"
        grid.append([cells[heads[column]] for column in columns])
        places.append(len(grid))
    if random.random() < 0.3:
        grid.append(["合計", *["1"] * (len(columns) - 1)])
    target = io.StringIO()
    csv.writer(
        target,
        lineterminator=random.choice(["\r\n", "\n"]),
        quoting=random.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    ).writerows(grid)
    encoding = random.choice(["cp932", "utf-8", "utf-8-sig", "utf-16"])
    data = target.getvalue().encode(encoding) + (b"\x1a" if encoding == "cp932" else b"")
    return data, places[::-1] if newest_first else places


BANKS = {profile.name: profile for profile in PROFILES}
