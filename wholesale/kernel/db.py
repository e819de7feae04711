"""The one database session, the declarative base, and the unit of work."""

from __future__ import annotations

import enum
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Enum,
    Integer,
    MetaData,
    and_,
    create_engine,
    event,
)
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    scoped_session,
    sessionmaker,
    with_loader_criteria,
)
from sqlalchemy.sql import Executable

from wholesale.kernel import engines
from wholesale.kernel.access import Principal
from wholesale.kernel.money import AMOUNT
from wholesale.kernel.types import CanonicalJSON, UTCDateTime

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

Names = dict[str, str]
LAST_SIGN = "\U0010ffff"  # no text goes on with it
T = TypeVar("T")

session = scoped_session(sessionmaker(autoflush=True, expire_on_commit=False))


class Model(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy, never changed
        datetime: UTCDateTime,
        Decimal: AMOUNT,
        Names: CanonicalJSON,
        enum.StrEnum: Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=False,
            length=24,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }

    id: Mapped[int] = mapped_column(Integer, primary_key=True, sort_order=-1)


class Owned:
    """A row that belongs to one customer and that nobody else's buyer may reach.

    Every query on such a table is narrowed to the customers of the unit's principal; without a
    principal it raises NoPrincipal.
    """

    customer_id: Mapped[int] = mapped_column()


class Limited:
    """A row that some of our own people may be kept from: by its customer, by its brand."""

    @classmethod
    def allowed(cls, who: Principal) -> ColumnElement[bool] | None:
        """The condition a row must meet for this principal; None where nothing limits it."""
        raise NotImplementedError


class NoPrincipal(RuntimeError):
    """A query on customers' rows ran outside a unit of work: a programmer's error."""


class NotYours(RuntimeError):
    """A customer's secret was read in another customer's unit of work: a programmer's error."""


def connect(url: str) -> Engine:
    """Point the session at a database; returns its engine."""
    session.remove()
    engine = create_engine(url, **engines.options(url))
    engines.prepare(engine)
    session.configure(bind=engine)
    return engine


@event.listens_for(Session, "do_orm_execute")
def _narrow_to_principal(state: ORMExecuteState) -> None:
    """The second layer of access control: rows of other customers don't exist for a buyer."""
    if not any(issubclass(mapper.class_, Owned) for mapper in state.all_mappers):
        return
    principal: Principal | None = state.session.info.get("principal")
    if principal is None:
        raise NoPrincipal(str(state.statement)[:200])
    if principal.customer_ids is None or state.is_column_load or state.is_relationship_load:
        return
    ids = tuple(sorted(principal.customer_ids)) or (-1,)
    state.statement = state.statement.options(
        with_loader_criteria(
            Owned,
            lambda cls: cls.customer_id.in_(ids),
            include_aliases=True,
            track_closure_variables=True,
        )
    )


@event.listens_for(Session, "do_orm_execute")
def _narrow_to_limits(state: ORMExecuteState) -> None:
    """What one of our people is limited to: the one place where it is enforced.

    It holds for what a statement asks for; what hangs on a row that was found (an order's lines, a
    line's SKU) is part of that row and comes whole.
    """
    principal: Principal | None = state.session.info.get("principal")
    if principal is None or not principal.is_limited:
        return
    if state.is_column_load or state.is_relationship_load:
        return
    for kind in Limited.__subclasses__():
        condition = kind.allowed(principal)
        if condition is not None:
            state.statement = state.statement.options(
                with_loader_criteria(
                    kind, condition, include_aliases=True, propagate_to_loaders=False
                )
            )


def acts_as(principal: Principal) -> None:
    """State whose rows this session may see. One principal per unit of work."""
    session.info["principal"] = principal


def principal() -> Principal:
    """Whose rows this unit of work may see."""
    return cast("Principal", session.info["principal"])


def must_be_ours(customer_id: int) -> None:
    """Stop whoever reads what belongs to a customer this unit may not see. Raises NotYours."""
    theirs = principal().customer_ids
    if theirs is not None and customer_id not in theirs:
        raise NotYours(customer_id)


@contextmanager
def everybodys_rows() -> Iterator[None]:
    """Look across customers inside a buyer's unit, for a question about the buyer's own rights."""
    before = session.info["principal"]
    acts_as(Principal(before.actor))
    try:
        yield
    finally:
        acts_as(before)


@contextmanager
def unit_of_work(
    who: Principal, *, read_only: bool = False, patience: float | None = None
) -> Iterator[None]:
    """Commit what the block did, or nothing of it. Only edges use this: request, command, job.

    Raises engines.Busy when others write for longer than `patience` seconds (None: waits).
    """
    outside: Principal | None = session.info.get("principal")
    turn = engines.turn_to_write(session.get_bind(), read_only=read_only, patience=patience)
    with turn:
        acts_as(who)
        try:
            yield
            session.rollback() if read_only else session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.remove()
            if outside is not None:
                acts_as(outside)


def run_unit(
    work: Callable[[], T],
    who: Principal,
    *,
    read_only: bool = False,
    tries: int = 5,
    patience: float | None = None,
) -> T:
    """Run a whole unit of work, again from its beginning when the database says "try again".

    At most `tries` times, and not again after `patience` seconds; what is left then is raised as
    it came, or as engines.Busy.
    """
    began = time.monotonic()
    for attempt in range(1, tries + 1):
        try:
            with unit_of_work(who, read_only=read_only, patience=patience):
                return work()
        except DBAPIError as error:
            if not engines.is_worth_another_try(error) or attempt == tries:
                raise
            if patience is not None and time.monotonic() - began >= patience:
                raise
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, no secret
    raise AssertionError("unreachable")


@contextmanager
def savepoint() -> Iterator[None]:
    """Let one bad line of an import fail alone: what the block wrote goes, the rest stays."""
    pending = session.info.setdefault("journal", [])
    kept = len(pending)
    try:
        with session.begin_nested():
            yield
    except BaseException:
        del pending[kept:]
        raise


def begins_with(column: Any, text: str) -> ColumnElement[bool]:
    """Rows whose text begins with `text`, exactly as it is written, by the column's own index."""
    if session.get_bind().dialect.name == "sqlite":  # its LIKE folds case and finds no index
        return and_(column >= text, column < text + LAST_SIGN)
    return column.startswith(text, autoescape=True)  # type: ignore[no-any-return]


def rows_changed(statement: Executable, parameters: Any = None) -> int:
    """Run an UPDATE or DELETE by its conditions; how many rows it touched."""
    result = session.execute(
        statement, parameters, execution_options={"synchronize_session": False}
    )
    return cast("CursorResult[Any]", result).rowcount
