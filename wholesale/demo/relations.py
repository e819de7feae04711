"""What is known about the demo's customers beside their trade: checks, contracts, and one entered twice."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from wholesale.customers import registering, vetting
from wholesale.customers.models import Customer
from wholesale.customers.registering import CustomerDraft
from wholesale.customers.vettings import VettingKind, VettingResult
from wholesale.kernel import clock
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session

PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# How many days ago, kind, result, days until the review, days until the end, and the note.
LOOKS = (
    (
        380,
        VettingKind.ANTISOCIAL,
        VettingResult.PASSED,
        365,
        None,
        "新聞記事・官報の検索、該当なし",
    ),
    (300, VettingKind.CONTRACT, VettingResult.PASSED, None, 330, "取引基本契約書、自動更新なし"),
    (90, VettingKind.CREDIT, VettingResult.PASSED, 365, None, "信用調査会社の報告書"),
)
HOW_MANY = 9
BY_HAND = "高瀬 みのり"


def tell(by: Actor) -> None:
    """Write down the looks at the first customers, and the one that was entered a second time."""
    customers = session.scalars(select(Customer).order_by(Customer.code).limit(HOW_MANY)).all()
    for place, customer in enumerate(customers):
        for ago, kind, result, review, end, note in LOOKS[: 1 + place % len(LOOKS)]:
            done = clock.today() - timedelta(days=ago - 15 * (place % 4))
            values = {
                "kind": kind, "result": result, "done_on": done, "done_by": BY_HAND, "note": note,
                "source": "帝都信用調査" if kind is VettingKind.CREDIT else "", "amount": None,
                "score": 58 + place if kind is VettingKind.CREDIT else None,
                "review_on": done + timedelta(days=review) if review else None,
                "expires_on": done + timedelta(days=end) if end else None,
            }  # fmt: skip
            file = ("基本契約書.pdf", PAPER) if kind is VettingKind.CONTRACT else None
            vetting.write_vetting(customer, values, by, file=file)
            session.flush()  # the newest of a kind is found by a query
    _entered_twice(customers[2], by)


def _entered_twice(customer: Customer, by: Actor) -> None:
    """A colleague entered a shop again: another spelling, the same telephone and address."""
    same = {name: getattr(customer, name) for name in (
        "kana", "phone", "postal_code", "region", "address", "country", "locale",
    )}  # fmt: skip
    name = customer.name.replace("株式会社", "(株)").replace("有限会社", "(有)")
    draft = CustomerDraft(
        f"{customer.code}B", {**same, "name": name, "invoice_email": ""}, {"currency": "JPY"}
    )
    registering.save_customers([draft], by, first_day=clock.today())
