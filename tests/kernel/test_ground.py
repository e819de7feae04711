"""Names, files, lifecycles, tokens and migrations: the small things everything stands on."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import StatementError

from wholesale.kernel import clock, db, files, migrating, tokens
from wholesale.kernel.db import session
from wholesale.kernel.files import MissingFile, StoredFile
from wholesale.kernel.jobs import Job
from wholesale.kernel.lifecycle import IllegalMove
from wholesale.kernel.text import in_language, localized
from wholesale.orders.models import CART_LIFECYCLE, ORDER_LIFECYCLE, CartState, OrderState
from wholesale.payments.models import BANK_LINE_LIFECYCLE, BankLineState
from wholesale.shipping.models import SHIPMENT_LIFECYCLE, ShipmentState


@pytest.mark.parametrize(
    ("names", "locale", "shown"),
    [
        ({"ja": "湯呑", "en": "cup", "zh": "茶杯"}, "zh", "茶杯"),
        ({"ja": "湯呑", "en": "cup"}, "zh", "湯呑"),
        ({"en": "cup", "zh": ""}, "zh", "cup"),
        ({"ja": "", "en": "cup"}, "ja", "cup"),
        ({"fr": "tasse"}, "ja", "tasse"),
        ({}, "ja", ""),
        (None, "en", ""),
    ],
)
def test_a_name_falls_back_to_ja_then_en_then_any(
    names: dict[str, str] | None, locale: str, shown: str
) -> None:
    assert localized(names, locale) == shown


def test_a_sentence_nobody_translated_stays_english() -> None:
    sentence = "A sentence that stands in no catalogue at all."
    assert [in_language(locale)(sentence) for locale in ("ja", "en", "zh", "tlh")] == [sentence] * 4


@pytest.mark.parametrize(
    ("lifecycle", "states"),
    [
        (ORDER_LIFECYCLE, OrderState), (CART_LIFECYCLE, CartState),
        (SHIPMENT_LIFECYCLE, ShipmentState), (BANK_LINE_LIFECYCLE, BankLineState),
    ],
)  # fmt: skip
def test_every_pair_of_states_is_allowed_or_refused(lifecycle, states) -> None:
    for old, new in itertools.product(states, states):
        if lifecycle.allows(old, new):
            lifecycle.check(old, new)
            assert old is not new
        else:
            with pytest.raises(IllegalMove) as refusal:
                lifecycle.check(old, new)
            assert (refusal.value.status, refusal.value.code) == (409, "illegal_move")


@pytest.mark.parametrize(
    "end", [OrderState.CANCELLED, ShipmentState.REVERSED, BankLineState.REVERSED]
)
def test_from_an_end_nothing_leads_away(end) -> None:
    of = {
        OrderState: ORDER_LIFECYCLE,
        ShipmentState: SHIPMENT_LIFECYCLE,
        BankLineState: BANK_LINE_LIFECYCLE,
    }
    assert not any(of[type(end)].allows(end, new) for new in type(end))


def test_the_same_bytes_are_kept_once_under_their_hash(database: None) -> None:
    first = files.store(b"paper", name="a.pdf", media_type="application/pdf")
    session.flush()
    second = files.store(b"paper", name="b.pdf", media_type="application/pdf")
    session.flush()
    assert first is second
    assert files.read(first.sha256) == b"paper"
    assert files.path_of(first.sha256).name == first.sha256
    assert session.scalars(select(StoredFile.size)).all() == [5]


def test_bytes_that_changed_on_the_disk_are_never_handed_out(database: None) -> None:
    sha256 = files.write(b"what was issued")
    files.path_of(sha256).write_bytes(b"what somebody made of it")
    with pytest.raises(MissingFile):
        files.read(sha256)
    files.path_of(sha256).unlink()
    with pytest.raises(MissingFile):
        files.read(sha256)


def test_a_form_is_answered_again_with_its_first_answer(database: None) -> None:
    assert tokens.claim("buyer:1", "t", b"qty=1") is None
    tokens.remember("buyer:1", "t", {"status": 303}, "done")
    earlier = tokens.claim("buyer:1", "t", b"qty=1")
    assert earlier is not None
    assert (earlier.answer, earlier.body) == ({"status": 303}, "done")
    assert tokens.claim("buyer:2", "t", b"qty=1") is None


def test_a_token_that_comes_back_with_other_words_is_refused(database: None) -> None:
    tokens.claim("buyer:1", "t", b"qty=1")
    with pytest.raises(tokens.TokenUsedOtherwise):
        tokens.claim("buyer:1", "t", b"qty=2")


def test_an_instant_without_its_zone_is_refused(database: None) -> None:
    with pytest.raises((ValueError, StatementError), match="time zone"):
        session.scalars(select(Job.id).where(Job.run_at < datetime(2026, 11, 20))).all()


def test_the_business_day_is_the_companys(database: None) -> None:
    with clock.at(datetime.fromisoformat("2026-11-20T15:30:00+00:00")):
        assert clock.today().isoformat() == "2026-11-21"


def test_the_migrations_make_what_the_models_say_and_go_back(
    new_database: Callable[[], str], data_folder: object
) -> None:
    before = session.session_factory.kw.get("bind")
    engine = db.connect(new_database())
    try:
        migrating.upgrade(engine)
        assert migrating.stamp_of(engine) == migrating.newest()
        assert migrating.differences(engine) == []
        migrating.downgrade(engine, "base")
        assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
        migrating.upgrade(engine)
        assert migrating.differences(engine) == []
    finally:
        session.remove()
        engine.dispose()
        session.configure(bind=before)
