"""Notes on an order and the memo on a customer."""

from __future__ import annotations

import pytest

from tests.factories.goods import make_sku
from tests.factories.orders import BY, make_order
from tests.factories.people import Cast
from tests.factories.stock import put_on_shelf
from wholesale.customers import noting as memos
from wholesale.customers.noting import MemoTooLong
from wholesale.kernel import journal
from wholesale.kernel.db import session
from wholesale.orders import noting
from wholesale.orders.models import Order
from wholesale.orders.noting import NoteTooLong, NothingNoted


def an_order(cast: Cast) -> Order:
    sku = make_sku()
    put_on_shelf(sku, 20)
    return make_order(cast.nordwind, {sku: 6})


def test_every_note_stays_in_the_history(cast: Cast) -> None:
    order = an_order(cast)
    noting.note(order, "古賀さんから電話、分納でよい", BY)
    noting.note(order, "  two parcels are fine\n", BY)
    session.commit()
    noted = [one.details for one in journal.history(order) if one.did == "order:noted"]
    assert len(noted) == 2
    assert "two parcels are fine" in noted[0]
    assert order.internal_note == "two parcels are fine"


@pytest.mark.parametrize(("text", "why"), [(" \n", NothingNoted), ("x" * 1001, NoteTooLong)])
def test_a_note_has_words_and_not_too_many(cast: Cast, text: str, why: type[Exception]) -> None:
    order = an_order(cast)
    with pytest.raises(why):
        noting.note(order, text, BY)
    assert order.internal_note == ""


def test_a_memo_is_written_anew_and_its_history_kept(cast: Cast) -> None:
    memos.write_memo(cast.nordwind, "春の棚替えで器を増やす", BY)
    memos.write_memo(cast.nordwind, "春の棚替えで器を増やす", BY)
    memos.write_memo(cast.nordwind, "", BY)
    session.commit()
    assert cast.nordwind.notes == ""
    kept = [one for one in journal.history(cast.nordwind) if one.did == "customer:noted"]
    assert len(kept) == 2
    with pytest.raises(MemoTooLong):
        memos.write_memo(cast.nordwind, "x" * 1001, BY)
