"""Catalogs as a whole: made, changed, put in the company's order, opened and closed, with a cover."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import exists, func, select
from sqlalchemy.orm.attributes import flag_modified

from wholesale.catalog.models import (
    CATALOG_LIFECYCLE,
    Audience,
    Catalog,
    CatalogAudience,
    CatalogSku,
    CatalogState,
)
from wholesale.company.changing import CodeTaken, apply, check_version
from wholesale.kernel import clock, files, images, journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

COVER, SMALL_COVER = 1600, 800


class WrongPeriod(DomainError):
    """A period whose end comes before its beginning."""

    message = N_("A catalogue is shown first, then its deadline passes, then its period ends.")


class UnknownTimeZone(DomainError):
    """A time zone that no clock keeps."""

    message = N_("There is no time zone called %(name)s.")


class EmptyCatalog(DomainError):
    """Nothing to be seen."""

    message = N_("Put items into the catalogue before it is opened.")


class ForNobody(DomainError):
    """A limited catalog that names nobody."""

    message = N_("Name the customers or price groups it is for before it is opened.")


class PeriodOver(DomainError):
    """Opened, and shut at once."""

    message = N_("Its period is over. Move the deadline or the end first.")


def save_catalog(
    catalog: Catalog | None, values: Mapping[str, Any], version: int, by: Actor
) -> Catalog:
    """Add a catalog as a draft, before all others in order, or change one; its code stays.

    `values` are columns of Catalog. Raises CodeTaken, Conflict, WrongPeriod, UnknownTimeZone.
    """
    _check_period(values["opens_at"], values["closes_at"], values["ends_at"])
    if values["time_zone"] not in available_timezones():
        raise UnknownTimeZone(name=values["time_zone"])
    if catalog is None:
        return _add(values, by)
    check_version(catalog, version)
    changes = apply(catalog, {name: value for name, value in values.items() if name != "code"})
    if catalog.audience is Audience.INVITED and "audience" in changes:
        _dismiss_groups(catalog)
    if changes:
        _tell(catalog, "catalog:changed", by, changes)
    return catalog


def _check_period(opens: datetime | None, closes: datetime | None, ends: datetime | None) -> None:
    stated = [one for one in (opens, closes, ends) if one is not None]
    if stated != sorted(stated) or (opens is not None and opens in (closes, ends)):
        raise WrongPeriod


def _add(values: Mapping[str, Any], by: Actor) -> Catalog:
    if session.scalar(select(Catalog.id).where(Catalog.code == values["code"])):
        raise CodeTaken(code=values["code"])
    first = session.scalar(select(func.min(Catalog.position)))
    catalog = Catalog(**values, state=CatalogState.DRAFT, position=(first or 0) - 1)
    session.add(catalog)
    session.flush()  # the journal carries its id
    told = {name: [None, value] for name, value in values.items() if value not in ("", None, {})}
    _tell(catalog, "catalog:added", by, told)
    return catalog


def _dismiss_groups(catalog: Catalog) -> None:
    """An invitation is for one customer, never for a whole price group."""
    for row in session.scalars(
        select(CatalogAudience).where(
            CatalogAudience.catalog_id == catalog.id, CatalogAudience.group_id.is_not(None)
        )
    ):
        session.delete(row)


def open_catalog(catalog: Catalog, version: int, by: Actor) -> None:
    """Show it from now on, within its period. A closed one may be opened again.

    Raises Conflict, IllegalMove, EmptyCatalog, ForNobody, PeriodOver.
    """
    check_version(catalog, version)
    CATALOG_LIFECYCLE.check(catalog.state, CatalogState.OPEN)
    if not catalog.holds_everything and not _has(CatalogSku, catalog):
        raise EmptyCatalog
    if catalog.audience is Audience.LIMITED and not _has(CatalogAudience, catalog):
        raise ForNobody
    ends = catalog.ends_at or catalog.closes_at
    if ends is not None and ends <= clock.now():
        raise PeriodOver
    _move(catalog, CatalogState.OPEN, "catalog:opened", by)


def close_catalog(catalog: Catalog, version: int, by: Actor) -> None:
    """Show it to nobody any more. Raises Conflict, IllegalMove."""
    check_version(catalog, version)
    CATALOG_LIFECYCLE.check(catalog.state, CatalogState.CLOSED)
    _move(catalog, CatalogState.CLOSED, "catalog:closed", by)


def _has(kind: type[CatalogSku | CatalogAudience], catalog: Catalog) -> bool:
    return bool(session.scalar(select(exists().where(kind.catalog_id == catalog.id))))


def _move(catalog: Catalog, state: CatalogState, did: str, by: Actor) -> None:
    old, catalog.state = catalog.state, state
    _tell(catalog, did, by, {"state": [old, state]})


def catalogs() -> list[Catalog]:
    """Every catalog, in the company's order."""
    return list(session.scalars(select(Catalog).order_by(Catalog.position, Catalog.id)))


def move_catalog(catalog: Catalog, step: int, version: int, by: Actor) -> None:
    """Put a catalog one place earlier (−1) or later (1) in the company's order. Raises Conflict."""
    check_version(catalog, version)
    order = catalogs()
    at = order.index(catalog)
    order.insert(min(max(at + step, 0), len(order) - 1), order.pop(at))
    for number, one in enumerate(order, 1):
        one.position = number
    _tell(catalog, "catalog:moved", by, {"position": [at + 1, catalog.position]})


def set_cover(catalog: Catalog, data: bytes, file_name: str, version: int, by: Actor) -> None:
    """Keep a picture as its cover, in two sizes. Raises Conflict, NoPicture, PictureTooLarge."""
    check_version(catalog, version)
    name = PurePath(file_name.replace("\\", "/")).name[:120]
    large, small = (
        files.store(one, name=name, media_type=images.MEDIA_TYPE)
        for one in images.as_webp(data, COVER, SMALL_COVER)
    )
    catalog.cover_sha256, catalog.cover_small_sha256 = large.sha256, small.sha256
    touch(catalog)
    _tell(catalog, "catalog:covered", by, {"picture": [None, name]})


def remove_cover(catalog: Catalog, version: int, by: Actor) -> None:
    """Show it without a cover; the bytes stay. Raises Conflict."""
    check_version(catalog, version)
    old = catalog.cover_sha256
    catalog.cover_sha256 = catalog.cover_small_sha256 = None
    _tell(catalog, "catalog:uncovered", by, {"picture": [old, None]})


def touch(catalog: Catalog) -> None:
    """A change of what is in it is a change of the catalog: whoever saw the older one is told."""
    flag_modified(catalog, "name")


def _tell(catalog: Catalog, did: str, by: Actor, changes: Mapping[str, Any]) -> None:
    journal.record(catalog, did, by, code=catalog.code, changes=changes)
