"""Picking and packing: what was found on the shelf, and in which cartons it lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from wholesale.catalog.models import Sku
from wholesale.kernel import journal
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.shipping.models import Carton, CartonLine, Shipment, ShipmentLine, ShipmentState

MOST_CARTONS = 999


class NotAllPacked(DomainError):
    """The cartons don't hold exactly what the shipment holds."""

    message = N_("The cartons hold %(packed)s of %(wanted)s pieces of %(sku)s. Mend that first.")


class NotAllPicked(DomainError):
    """Pieces are still missing from the picking."""

    message = N_("%(missing)s pieces are not picked yet. Pick them, or take them off the shipment.")


def start_picking(shipment: Shipment, by: Actor) -> None:
    """Somebody goes to the shelves. Raises IllegalMove."""
    shipment.move_to(ShipmentState.PICKING)
    journal.record(shipment, "shipment:picking", by)


def pick(shipment: Shipment, picked: Mapping[int, int], by: Actor) -> None:
    """Set how many pieces of each shipment line were found; never more than it holds."""
    if shipment.state is ShipmentState.PLANNED:
        start_picking(shipment, by)
    found = {
        line: max(0, min(picked[line.id], line.quantity))
        for line in shipment.lines
        if line.id in picked
    }
    changed = [
        {"line": line.id, "found": pieces}
        for line, pieces in found.items()
        if line.picked != pieces
    ]
    if changed:
        session.execute(_PICK, changed)
    for line, pieces in found.items():
        set_committed_value(line, "picked", pieces)


_lines = cast("Table", ShipmentLine.__table__)
_PICK = update(_lines).where(_lines.c.id == bindparam("line")).values(picked=bindparam("found"))


def pick_all(shipment: Shipment, by: Actor) -> None:
    """All was found."""
    pick(shipment, {line.id: line.quantity for line in shipment.lines}, by)


def suggest(shipment: Shipment) -> list[list[tuple[ShipmentLine, int]]]:
    """Cartons as one would pack them: whole cartons of one SKU first, the rests together.

    A SKU without a carton quantity counts as fitting into the mixed carton.
    """
    found = session.execute(_PER_CARTON, {"skus": [line.sku_id for line in shipment.lines]})
    per_carton: dict[int, int | None] = {sku: n for sku, n in found}  # noqa: C416 - rows are no pairs to the checker
    cartons: list[list[tuple[ShipmentLine, int]]] = []
    mixed: list[tuple[ShipmentLine, int]] = []
    for line in shipment.lines:
        size = per_carton.get(line.sku_id) or 0
        whole = line.quantity // size if size else 0
        cartons += [[(line, size)] for _ in range(min(whole, MOST_CARTONS))]
        rest = line.quantity - whole * size
        if rest:
            mixed.append((line, rest))
    return cartons + ([mixed] if mixed else [])


_sku = cast("Table", Sku.__table__).c
_PER_CARTON = select(_sku.id, _sku.carton_quantity).where(
    _sku.id.in_(bindparam("skus", expanding=True))
)


def pack(
    shipment: Shipment,
    cartons: Sequence[Sequence[tuple[int, int]]],
    by: Actor,
    *,
    weights: Sequence[int | None] = (),
) -> None:
    """Close the packing: cartons of (shipment line, pieces), numbered from 1 without a gap.

    Raises NotAllPicked, NotAllPacked, IllegalMove.
    """
    missing = sum(line.quantity - line.picked for line in shipment.lines)
    if missing:
        raise NotAllPicked(missing=missing)
    packed: dict[int, int] = {}
    for carton in cartons:
        for line_id, pieces in carton:
            packed[line_id] = packed.get(line_id, 0) + pieces
    for line in shipment.lines:
        if packed.get(line.id, 0) != line.quantity:
            raise NotAllPacked(
                packed=packed.get(line.id, 0), wanted=line.quantity, sku=line.sku.code
            )
    shipment.move_to(ShipmentState.PACKED)
    filled = [carton for carton in cartons if carton]
    _write_cartons(shipment, filled, weights)
    journal.record(shipment, "shipment:packed", by, cartons=len(filled))


def _write_cartons(
    shipment: Shipment,
    filled: Sequence[Sequence[tuple[int, int]]],
    weights: Sequence[int | None],
) -> None:
    for carton in shipment.__dict__.get("cartons", ()):
        session.expunge(carton)  # the old ones make room for the numbers from 1
    session.execute(_EMPTY, {"shipment": shipment.id})
    rows = [
        {
            "shipment_id": shipment.id, "number": number, "is_closed": True,
            "weight_grams": weights[number - 1] if number <= len(weights) else None,
        }
        for number, _ in enumerate(filled, 1)
    ]  # fmt: skip
    made = {number: carton for carton, number in session.execute(_INSERT_CARTONS, rows)}
    session.execute(
        _INSERT_CONTENTS,
        [
            {"carton_id": made[number], "shipment_line_id": line, "quantity": pieces}
            for number, carton in enumerate(filled, 1)
            for line, pieces in carton
        ],
    )
    session.expire(shipment, ["cartons"])


_cartons = cast("Table", Carton.__table__)
_EMPTY = delete(_cartons).where(_cartons.c.shipment_id == bindparam("shipment"))
_INSERT_CARTONS = insert(_cartons).returning(_cartons.c.id, _cartons.c.number)
_INSERT_CONTENTS = insert(cast("Table", CartonLine.__table__))


def pack_as_suggested(shipment: Shipment, by: Actor) -> None:
    """Pack as `suggest` says."""
    cartons = [[(line.id, pieces) for line, pieces in carton] for carton in suggest(shipment)]
    pack(shipment, cartons, by)
