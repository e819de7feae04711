"""What one receipt pays for: certain only when nothing else is possible."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.payments.books import (
    DUE,
    ON,
    SATO,
    YAMADA,
    ask,
    book,
    cleared,
    differences,
    invoice,
    payer,
    reasons,
)
from wholesale.customers.models import FeeBearer
from wholesale.payments.evidence import REASONS, WARNINGS, Word

LATER = date(2026, 12, 31)


def test_a_known_payer_and_the_exact_amount_are_certain() -> None:
    said = ask(book(invoice("INV1", "329460")), "329460")
    assert said.word is Word.CERTAIN
    assert cleared(said) == {"INV1": 329460}
    assert reasons(said) == {"name_registered", "fits"}


def test_a_fee_of_the_table_is_named_when_the_customer_deducts_it() -> None:
    said = ask(book(invoice("INV1", "329460")), "329020")
    assert said.is_certain
    assert cleared(said) == {"INV1": 329460}
    assert differences(said) == {"fee": 440}
    assert "fee_deducted" in reasons(said)


def test_the_same_shortage_is_only_suggested_when_the_customer_bears_the_fee() -> None:
    bears = payer("Y", "ヤマダショウテン", fee_bearer=FeeBearer.PAYER)
    said = ask(book(invoice("INV1", "329460"), payers=[bears]), "329020")
    assert said.word is Word.LIKELY
    assert differences(said) == {"fee": 440}
    assert "fee_unusual" in reasons(said)


def test_a_shortage_outside_the_table_is_not_certain() -> None:
    said = ask(book(invoice("INV1", "329460")), "329011")
    assert not said.is_certain
    assert differences(said) == {"short": 449}


def test_all_that_is_due_together_is_certain() -> None:
    snapshot = book(invoice("INV1", "110000"), invoice("INV2", "220000"))
    assert cleared(ask(snapshot, "330000")) == {"INV1": 110000, "INV2": 220000}
    assert ask(snapshot, "330000").is_certain
    assert cleared(ask(snapshot, "110000")) == {"INV1": 110000}
    assert ask(snapshot, "110000").is_certain


def test_one_whole_statement_is_certain_before_it_is_due() -> None:
    snapshot = book(
        invoice("INV1", "110000"),
        invoice("INV2", "50000", due_on=LATER, closing="CL-1"),
        invoice("INV3", "7000", due_on=LATER, closing="CL-1"),
    )
    said = ask(snapshot, "57000")
    assert said.is_certain
    assert "statement_total" in reasons(said)


def test_of_two_equal_invoices_the_older_is_suggested() -> None:
    snapshot = book(invoice("INV3", "110000", due_on=LATER), invoice("INV1", "110000"))
    said = ask(snapshot, "110000")
    assert not said.is_certain
    assert [next(iter(each.applied)).invoice for each in said.candidates[:2]] == ["INV1", "INV3"]
    assert "several_sets" in reasons(said)


def test_a_part_payment_waits_for_a_person() -> None:
    said = ask(book(invoice("INV1", "110000")), "50000")
    assert said.word is Word.POSSIBLE
    assert cleared(said) == {"INV1": 50000}
    assert "partial" in reasons(said)


def test_too_much_money_clears_the_invoice_and_keeps_the_rest_on_account() -> None:
    said = ask(book(invoice("INV1", "110000")), "120000")
    assert not said.is_certain
    assert cleared(said) == {"INV1": 110000}
    assert differences(said) == {"on_account": 10000}


def test_money_of_a_customer_who_owes_nothing_stays_on_account() -> None:
    said = ask(book(), "80000")
    assert not said.is_certain
    assert (said.customer, cleared(said), differences(said)) == ("Y", {}, {"on_account": 80000})
    assert "nothing_open" in reasons(said)


def test_a_credit_note_is_set_off_when_only_that_explains_the_amount() -> None:
    said = ask(book(invoice("INV1", "100000"), invoice("CN1", "-30000")), "70000")
    assert said.is_certain
    assert cleared(said) == {"INV1": 100000, "CN1": -30000}


def test_an_invoice_number_in_the_reference_proves_an_unknown_payer() -> None:
    snapshot = book(invoice("INV-2026-0012", "110000", "S"))
    said = ask(snapshot, "110000", "ｻﾄｳ ﾀﾛｳ", reference="INV-2026-0012")
    assert said.is_certain
    assert said.customer == "S"
    assert reasons(said) == {"reference"}


def test_without_the_reference_the_amount_alone_is_a_hint() -> None:
    said = ask(book(invoice("INV-2026-0012", "110000", "S")), "110000", "ﾀﾅｶ ﾀﾛｳ")
    assert said.word is Word.POSSIBLE
    assert cleared(said) == {"INV-2026-0012": 110000}
    assert {"amount_only", "name_unknown"} <= reasons(said)


@pytest.mark.parametrize(
    ("name", "amount", "reference", "reason"),
    [
        ("ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ", "110000", "INV-2026-0012", "reference_contradicts"),
        ("ｻﾄｳｼﾖｳｼﾞ(ｶ", "109000", "INV-2026-0012", "reference_differs"),
        ("ﾀﾅｶ ﾀﾛｳ", "110000", "INV20260012", "reference_alike"),
    ],
)
def test_a_reference_that_does_not_fit_whole_waits_for_a_person(
    name: str, amount: str, reference: str, reason: str
) -> None:
    said = ask(book(invoice("INV-2026-0012", "110000", "S")), amount, name, reference=reference)
    assert not said.is_certain
    assert reason in reasons(said)
    assert said.applied[0].invoice == "INV-2026-0012"


def test_a_longer_number_is_another_number() -> None:
    said = ask(
        book(invoice("INV-2026-0012", "110000", "S")), "110000", "ﾀﾅｶ", reference="INV-2026-00123"
    )
    assert not said.is_certain


def test_a_reference_to_a_cleared_invoice_stops_the_name_from_deciding() -> None:
    snapshot = book(invoice("INV-1", "500", "Y"), invoice("INV-2", "700", "Y"))
    snapshot.book.settle(ask(snapshot, "500").applied)
    said = ask(snapshot, "700", reference="INV-1")
    assert not said.is_certain
    assert "reference_closed" in reasons(said)


def test_several_named_invoices_are_cleared_together() -> None:
    snapshot = book(invoice("INV-1", "500"), invoice("INV-2", "700"), invoice("INV-3", "1200"))
    said = ask(snapshot, "1200", "ﾀﾅｶ", reference="INV-1, INV-2")
    assert said.is_certain
    assert cleared(said) == {"INV-1": 500, "INV-2": 700}


def test_charges_that_the_file_states_fill_the_difference() -> None:
    snapshot = book(invoice("INV-1", "10000", currency="USD"))
    said = ask(snapshot, "9975", reference="INV-1", currency="USD", charges="25")
    assert said.is_certain
    assert differences(said) == {"fee": 25}


def test_another_currency_is_never_certain() -> None:
    snapshot = book(invoice("INV-1", "10000", currency="EUR"))
    for reference in ("", "INV-1"):
        assert not ask(snapshot, "10000", reference=reference, currency="USD").is_certain


def test_two_sets_that_fit_are_never_certain() -> None:
    amounts = ["100", "200", "300", "400", "900", "1300", "2100", "3300", "5100", "7700", "9900"]
    snapshot = book(*(invoice(f"INV{place}", each) for place, each in enumerate(amounts)))
    said = ask(snapshot, "1000")
    assert not said.is_certain
    assert len({each.applied for each in said.candidates}) > 1


def test_a_single_set_that_is_neither_all_nor_a_statement_is_likely() -> None:
    snapshot = book(invoice("INV1", "1001"), invoice("INV2", "2003"), invoice("INV3", "50021"))
    said = ask(snapshot, "3004")
    assert said.word is Word.LIKELY
    assert cleared(said) == {"INV1": 1001, "INV2": 2003}


def test_an_exact_set_and_a_set_with_a_fee_exclude_each_other() -> None:
    snapshot = book(invoice("INV1", "10000"), invoice("INV2", "10440"))
    assert not ask(snapshot, "10000").is_certain
    assert ask(snapshot, "10440").is_certain


def test_money_before_the_invoice_is_not_certain() -> None:
    snapshot = book(invoice("INV1", "100000", issued_on=ON, due_on=LATER))
    said = ask(snapshot, "100000", on=date(2026, 11, 10))
    assert not said.is_certain
    assert cleared(said) == {"INV1": 100000}
    assert "issued_after" in reasons(said)
    assert not ask(snapshot, "100000", on=date(2026, 11, 10), reference="INV1").is_certain


def test_the_second_half_is_found_when_the_first_still_waits() -> None:
    snapshot = book(invoice("INV1", "110000"))
    first = ask(snapshot, "50000")
    snapshot.book.claim("first", first.candidates)
    second = ask(snapshot, "60000")
    assert not second.is_certain
    assert cleared(second) == {"INV1": 60000}
    snapshot.book.release("first")
    snapshot.book.settle(first.applied)
    assert ask(snapshot, "60000").is_certain


def test_an_invoice_that_an_earlier_receipt_may_clear_is_not_certain() -> None:
    snapshot = book(invoice("INV1", "110000"))
    snapshot.book.claim("first", ask(snapshot, "109900").candidates)
    said = ask(snapshot, "110000")
    assert not said.is_certain
    assert "earlier_unconfirmed" in reasons(said)


def test_more_invoices_than_can_be_searched_are_not_certain() -> None:
    many = [invoice(f"INV{place:02}", str(100003 + 2**place)) for place in range(26)]
    said = ask(book(invoice("INV99", "99999999"), *many), "99999999")
    assert not said.is_certain
    assert cleared(said) == {"INV99": 99999999}


def test_every_reason_that_is_given_has_a_sentence() -> None:
    said = ask(book(invoice("INV1", "329460"), payers=[YAMADA, SATO]), "329011")
    for reason in said.reasons:
        assert reason.sentence % reason.values
    assert set(REASONS) >= WARNINGS


def test_undoing_restores_exactly_what_was_open() -> None:
    snapshot = book(invoice("INV1", "110000"), invoice("INV2", "7.5", due_on=DUE))
    before = snapshot.book.of(["Y"], "JPY")
    said = ask(snapshot, "50000")
    snapshot.book.settle(said.applied)
    assert snapshot.book.with_amount("JPY", Decimal(60000))
    snapshot.book.reopen(said.applied)
    assert snapshot.book.of(["Y"], "JPY") == before
