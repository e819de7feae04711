"""Questions about an order or one of its lines: asked by the buyer, answered by our people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.accounts.looking_after import reps_of
from wholesale.accounts.models import User
from wholesale.kernel import clock, journal
from wholesale.kernel.access import Actor, ActorKind
from wholesale.kernel.db import Model, Owned, session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_, localized
from wholesale.mail import outbox
from wholesale.orders.models import Order, OrderLine

LONGEST = 2000


class NothingSaid(DomainError):
    """A message needs words."""

    message = N_("Write the message first.")


class MessageTooLong(DomainError):
    """A message is longer than anybody reads."""

    message = N_("A message has at most %(longest)s characters; this one has %(length)s.")


class NothingAsked(DomainError):
    """An answer belongs to a question."""

    message = N_("There is no open question here any more.")


class OrderMessage(Owned, Model):
    """One message about an order, or about one of its lines (`line_id`).

    `is_open` marks a buyer's message that nobody has answered yet.
    """

    __tablename__ = "order_messages"
    __table_args__ = (
        Index("ix_order_messages_order", "order_id", "id"),
        Index("ix_order_messages_open", "is_open", "order_id"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("order_lines.id"))
    from_staff: Mapped[bool]
    author: Mapped[str] = mapped_column(String(120))
    author_id: Mapped[int | None]
    text: Mapped[str] = mapped_column(String(LONGEST))
    at: Mapped[datetime]
    is_open: Mapped[bool]


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said about one line, or about the whole order (`line` None), the oldest first."""

    line: OrderLine | None
    messages: list[OrderMessage] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether a question waits for an answer."""
        return any(message.is_open for message in self.messages)


def threads(order: Order) -> list[Thread]:
    """The conversations of an order: about the whole of it first, then line by line. One statement."""
    by_line: dict[int | None, list[OrderMessage]] = {}
    for message in session.scalars(
        select(OrderMessage).where(OrderMessage.order_id == order.id).order_by(OrderMessage.id)
    ):
        by_line.setdefault(message.line_id, []).append(message)
    lines: Sequence[OrderLine | None] = (None, *order.lines)
    return [
        Thread(line, by_line[line.id if line else None])
        for line in lines
        if (line.id if line else None) in by_line
    ]


def ask(order: Order, line: OrderLine | None, text: str, by: Actor) -> OrderMessage:
    """Ask something; whoever looks after the customer gets a letter. Raises NothingSaid, MessageTooLong."""
    message = _say(order, line, text, by, is_open=True)
    for rep in reps_of(order.customer_id):
        outbox.post(
            "question_asked", to=rep.email, locale=rep.locale,
            key=f"question:{message.id}:{rep.id}", by=by, **_facts(order, line, message, rep.locale),
        )  # fmt: skip
    return message


def answer(order: Order, line: OrderLine | None, text: str, by: Actor) -> OrderMessage:
    """Answer what was asked there; whoever asked gets a letter.

    Raises NothingAsked, NothingSaid, MessageTooLong.
    """
    open_ones = _open(order, line)
    if not open_ones:
        raise NothingAsked
    message = _say(order, line, text, by, is_open=False)
    _close(open_ones)
    asked_by = {one.author_id for one in open_ones if one.author_id}
    for person in session.scalars(select(User).where(User.id.in_(asked_by)).order_by(User.id)):
        outbox.post(
            "question_answered", to=person.email, locale=person.locale,
            key=f"answer:{message.id}:{person.id}", by=by, customer_id=order.customer_id,
            **_facts(order, line, message, person.locale),
        )  # fmt: skip
    return message


def close(order: Order, line: OrderLine | None, by: Actor) -> None:
    """Note that a question was answered elsewhere (by telephone). Raises NothingAsked."""
    open_ones = _open(order, line)
    if not open_ones:
        raise NothingAsked
    _close(open_ones)
    journal.record(order, "order:question-closed", by, line=line.code if line else "")


def _say(
    order: Order, line: OrderLine | None, text: str, by: Actor, *, is_open: bool
) -> OrderMessage:
    words = text.strip()
    if not words:
        raise NothingSaid
    if len(words) > LONGEST:
        raise MessageTooLong(longest=LONGEST, length=len(words))
    from_staff = by.kind is ActorKind.STAFF
    message = OrderMessage(
        order_id=order.id, customer_id=order.customer_id, line_id=line.id if line else None,
        from_staff=from_staff, author=by.name, author_id=by.id, text=words, at=clock.now(),
        is_open=is_open,
    )  # fmt: skip
    session.add(message)
    session.flush()  # letters are keyed by its number
    did = "order:question-answered" if from_staff else "order:question-asked"
    journal.record(order, did, by, line=line.code if line else "")
    return message


def _open(order: Order, line: OrderLine | None) -> Sequence[OrderMessage]:
    about = OrderMessage.line_id.is_(None) if line is None else OrderMessage.line_id == line.id
    return session.scalars(
        select(OrderMessage)
        .where(OrderMessage.order_id == order.id, about, OrderMessage.is_open)
        .order_by(OrderMessage.id)
    ).all()


def _close(messages: Sequence[OrderMessage]) -> None:
    session.execute(
        update(OrderMessage)
        .where(OrderMessage.id.in_([one.id for one in messages]))
        .values(is_open=False)
    )


def _facts(
    order: Order, line: OrderLine | None, message: OrderMessage, locale: str
) -> dict[str, Any]:
    about = f"{localized(line.description, locale)} ({line.code})" if line else ""
    return {
        "number": order.number, "customer": order.customer.name, "about": about,
        "text": message.text, "who": message.author,
    }  # fmt: skip
