"""When money is due, in the words a sheet has for it: 翌月末, 翌々月10日, 45日後, 前払い."""

from __future__ import annotations

from wholesale.customers.models import Terms

MONTHS = {0: "当月", 1: "翌月", 2: "翌々月", 3: "3ヶ月後"}
MONTH_END = 31


def payment_words(terms: Terms) -> str:
    """The words that were agreed, else what the figures say."""
    if terms.payment_text:
        return terms.payment_text
    if terms.payment_days is not None:
        return f"{terms.payment_days}日後" if terms.payment_days else "前払い"
    day = "末" if terms.payment_day >= MONTH_END else f"{terms.payment_day}日"
    return f"{MONTHS.get(terms.payment_months, '翌月')}{day}"
