"""What the CSV files of the banks are called and how their columns are headed: data, no code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """One bank's CSV. Each field lists the headings a column may carry, the best first.

    `payer` and `text` are read from every matching column in this order. `year`, `month` and `day`
    stand for a date in three columns. `signed` is one column for both directions.
    """

    name: str
    date: tuple[str, ...] = ()
    value_date: tuple[str, ...] = ()
    year: str = ""
    month: str = ""
    day: str = ""
    paid_in: tuple[str, ...] = ()
    paid_out: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    payer: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    balance: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    bank_reference: tuple[str, ...] = ()
    bank: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()


PROFILES: tuple[Profile, ...] = (
    Profile(
        "mufg",
        date=("日付",),
        paid_in=("預かり金額",),
        paid_out=("支払い金額",),
        payer=("摘要内容",),
        text=("摘要", "摘要内容"),
        balance=("差引残高",),
    ),
    Profile(
        "smbc",
        date=("年月日",),
        paid_in=("お預入れ",),
        paid_out=("お引出し",),
        payer=("お取り扱い内容",),
        text=("お取り扱い内容",),
        balance=("残高",),
    ),
    Profile(
        "mizuho",
        date=("日付",),
        paid_in=("お預入金額",),
        paid_out=("お引出金額",),
        payer=("お取引内容",),
        text=("お取引内容",),
        balance=("残高", "お取引後残高"),
    ),
    Profile(
        "gmo_aozora",
        date=("日付",),
        paid_in=("入金金額",),
        paid_out=("出金金額",),
        payer=("摘要",),
        text=("摘要",),
        balance=("残高",),
    ),
    Profile(
        "rakuten",
        date=("取引日",),
        signed=("入出金(円)", "入出金"),
        payer=("入出金内容", "入出金先内容"),
        text=("入出金内容", "入出金先内容"),
        balance=("取引後残高(円)", "残高(円)"),
    ),
    Profile(
        "paypay",
        year="操作日(年)",
        month="操作日(月)",
        day="操作日(日)",
        paid_in=("お預り金額",),
        paid_out=("お支払金額",),
        payer=("摘要",),
        text=("摘要",),
        balance=("残高",),
    ),
    Profile(
        "sbi_shinsei",
        date=("取引日",),
        paid_in=("入金金額",),
        paid_out=("出金金額",),
        payer=("摘要",),
        text=("摘要",),
        balance=("残高",),
    ),
    Profile(
        "yucho",
        date=("日付", "取引日"),
        paid_in=("預入れ金額", "受入金額"),
        paid_out=("払出し金額", "払出金額"),
        payer=("詳細2",),
        text=("詳細1", "詳細2"),
        balance=("残高", "現在(貸付)高"),
        bank_reference=("入出金明細ID",),
    ),
    Profile(
        "anser",
        date=("勘定日",),
        value_date=("(起算日)", "起算日"),
        paid_in=("入金金額(円)", "入金金額"),
        paid_out=("出金金額(円)", "出金金額"),
        payer=("摘要",),
        text=("取引区分", "摘要"),
        balance=("残高(円)", "残高"),
        bank=("金融機関名",),
        branch=("支店名",),
    ),
    Profile(
        "plain",
        date=("date", "transaction_date", "booked_on"),
        value_date=("value_date",),
        paid_in=("amount_in", "credit", "deposit"),
        paid_out=("amount_out", "debit", "withdrawal"),
        signed=("amount",),
        payer=("applicant_name", "payer", "name", "remarks"),
        text=("remarks", "description", "memo"),
        balance=("balance",),
        reference=("edi_info", "reference"),
        bank_reference=("item_key", "id"),
        bank=("payment_bank_name",),
        branch=("payment_branch_name",),
    ),
)
