"""Stock on hand from a sheet: the level of a SKU in a warehouse, by lot, and its shelf."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from wholesale.catalog.models import Sku
from wholesale.exchange import cells
from wholesale.exchange.known import by_code
from wholesale.exchange.reports import Refused, Report, accepted
from wholesale.kernel.access import Actor
from wholesale.kernel.db import session
from wholesale.kernel.sheets import Row, SheetKind, Table
from wholesale.stock.ledger import know_levels, set_levels
from wholesale.stock.models import (
    NO_LOT,
    Balance,
    Location,
    LocationKind,
    Lot,
    MoveKind,
    Shelf,
)

COLUMNS: dict[str, Sequence[str]] = {
    "location": ("倉庫コード", "倉庫", "拠点コード", "倉庫CD", "倉庫名", "拠点", "保管場所", "保管場所コード", "warehouse code", "warehouse", "location", "location code", "site", "仓库编码", "仓库代码", "仓库", "仓库名称", "倉庫代碼"),
    "sku": ("SKUコード", "SKU", "商品コード", "商品CD", "品番", "単品コード", "アイテムコード", "SKU code", "SKU no", "item code", "item no", "item", "product code", "part number", "SKU编码", "SKU编号", "商品编码", "商品编号", "商品代码", "货号", "單品編號"),
    "quantity": ("在庫数", "数量", "現在庫", "在庫", "在庫数量", "現在庫数", "現在庫数量", "実在庫", "実在庫数", "実棚数", "棚卸数", "on hand", "on hand quantity", "quantity on hand", "quantity", "qty", "stock", "stock quantity", "in stock", "库存数", "库存数量", "库存", "现有库存", "在库数量", "數量", "庫存數量"),
    "shelf": ("棚番", "ロケーション", "棚番号", "棚", "ロケ", "ロケーションコード", "shelf", "bin", "bin location", "rack", "库位", "货架", "货位", "儲位"),
    "lot": ("ロット", "ロット番号", "ロットNo", "製造ロット", "lot", "lot number", "lot no", "batch", "batch number", "batch no", "批号", "批次", "批次号", "批號"),
    "best_before": ("賞味期限", "消費期限", "使用期限", "有効期限", "期限日", "best before", "best before date", "expiry", "expiry date", "expiration date", "use by", "保质期至", "有效期", "有效期至", "到期日", "效期"),
}  # fmt: skip
KINDS = (SheetKind("stock", COLUMNS, ("location", "sku", "quantity")),)
Key = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Level:
    """What one row says; the lot by its code, "" for none."""

    sku_id: int
    location_id: int
    quantity: int
    shelf: str
    lot: str
    best_before: date | None


def bring_in(tables: Sequence[Table], report: Report, by: Actor) -> None:
    """Set the levels to what the sheet says; a second run with the same sheet moves nothing."""
    skus = {
        code: sku.id
        for code, sku in by_code(
            Sku, [_code(row) for table in tables for row in table.rows]
        ).items()
    }
    places = _places()
    held = _held(list(skus.values()))
    seen: dict[tuple[int, int, str], int] = {}
    levels: list[Level] = []
    for table in tables:
        read = _reader(skus, places, held, seen)
        levels += [level for _, level in accepted(table, report, read)]
    _save(levels, report, by)


def _places() -> dict[str, int]:
    """Our warehouses by code, and by name where the name is one warehouse's alone."""
    warehouses = session.scalars(
        select(Location).where(Location.kind == LocationKind.WAREHOUSE, Location.is_own)
    ).all()
    named: dict[str, set[int]] = {}
    for place in warehouses:
        for name in place.name.values():
            named.setdefault(name, set()).add(place.id)
    found = {name: ids.pop() for name, ids in named.items() if len(ids) == 1}
    return found | {place.code: place.id for place in warehouses}


def _code(row: Row) -> str:
    try:
        return cells.code(row, "sku")
    except Refused:  # said of the row when its turn comes
        return ""


def _held(sku_ids: Sequence[int]) -> dict[tuple[int, int, str], int]:
    """Pieces already promised to orders, by SKU, place and lot code."""
    rows = session.execute(
        select(Balance.sku_id, Balance.location_id, Lot.code, Balance.allocated)
        .outerjoin(Lot, Lot.id == Balance.lot)
        .where(Balance.sku_id.in_(sku_ids), Balance.allocated > 0)
    )
    return {(sku, place, lot or ""): pieces for sku, place, lot, pieces in rows}


def _reader(
    skus: dict[str, int],
    places: dict[str, int],
    held: dict[tuple[int, int, str], int],
    seen: dict[tuple[int, int, str], int],
) -> Callable[[Row], Level]:
    def read(row: Row) -> Level:
        place = cells.needed_code(row, "location")
        if place not in places:
            raise Refused("unknown_location", "location", value=place)
        sku = cells.needed_code(row, "sku")
        if sku not in skus:
            raise Refused("unknown_sku", "sku", value=sku)
        quantity = _quantity(row)
        best_before = cells.day(row, "best_before")
        # goods with a best-before day and no lot number are a lot named by that day
        lot = cells.code(row, "lot", 40) or (best_before.isoformat() if best_before else "")
        key = (skus[sku], places[place], lot)
        if key in seen:
            raise Refused("duplicate_row", "sku", value=seen[key])
        if quantity < held.get(key, 0):
            raise Refused("below_allocated", "quantity", value=quantity)
        level = Level(
            key[0], key[1], quantity, cells.short(row, "shelf", 20), lot, best_before,
        )  # fmt: skip
        seen[key] = row.number
        return level

    return read


def _quantity(row: Row) -> int:
    told = cells.quantity(row, "quantity")
    if told is not None and told < 0 and told == told.to_integral_value():
        raise Refused("negative_stock", "quantity", value=cells.text(row, "quantity"))
    quantity = cells.whole(row, "quantity", least=0)
    if quantity is None:
        raise Refused("bad_quantity", "quantity")
    return quantity


def _save(levels: Sequence[Level], report: Report, by: Actor) -> None:
    lots, relabelled = _lots([level for level in levels if level.lot])
    shelved = _shelves(levels)
    keys = [
        (one.sku_id, one.location_id, lots.get((one.sku_id, one.lot), NO_LOT)) for one in levels
    ]
    known: dict[Key, int] = {
        (sku, place, lot): on_hand
        for sku, place, lot, on_hand in session.execute(
            select(Balance.sku_id, Balance.location_id, Balance.lot, Balance.on_hand).where(
                Balance.sku_id.in_({one.sku_id for one in levels})
            )
        )
    }
    told = list(zip(keys, levels, strict=True))
    know_levels([key for key in keys if key not in known])
    for is_new, kind in ((True, MoveKind.OPENING), (False, MoveKind.ADJUSTMENT)):
        part = [(*key, one.quantity) for key, one in told if (key not in known) is is_new]
        if part:
            set_levels(part, by, kind=kind)
    for key, one in told:
        if key not in known:
            report.created += 1
        elif (
            known[key] != one.quantity
            or (one.sku_id, one.lot) in relabelled
            or (one.sku_id, one.location_id, one.shelf) in shelved
        ):
            report.updated += 1
        else:
            report.unchanged += 1


def _lots(
    levels: Sequence[Level],
) -> tuple[dict[tuple[int, str], int], set[tuple[int, str]]]:
    """The lots by SKU and code, made where they are new; and those whose best-before day changed."""
    known = {
        (lot.sku_id, lot.code): lot
        for lot in session.scalars(
            select(Lot).where(Lot.sku_id.in_({level.sku_id for level in levels}))
        )
    }
    wanted: dict[tuple[int, str], date | None] = {}
    for level in levels:
        wanted.setdefault((level.sku_id, level.lot), level.best_before)
    changed = set()
    for (sku, code), best_before in wanted.items():
        lot = known.get((sku, code))
        if lot is None:
            known[sku, code] = Lot(sku_id=sku, code=code, best_before=best_before)
            session.add(known[sku, code])
        elif best_before is not None and lot.best_before != best_before:
            lot.best_before = best_before
            changed.add((sku, code))
    session.flush()  # balances carry the ids of lots
    return {key: lot.id for key, lot in known.items()}, changed


def _shelves(levels: Sequence[Level]) -> set[tuple[int, int, str]]:
    """Write the shelf of each SKU and warehouse, the first one said; returns what changed."""
    known: dict[tuple[int, int], Any] = {
        (shelf.sku_id, shelf.location_id): shelf
        for shelf in session.scalars(
            select(Shelf).where(Shelf.sku_id.in_({level.sku_id for level in levels}))
        )
    }
    changed: set[tuple[int, int, str]] = set()
    told: set[tuple[int, int]] = set()
    for level in levels:
        key = (level.sku_id, level.location_id)
        if not level.shelf or key in told:
            continue
        told.add(key)
        if key not in known:
            session.add(Shelf(sku_id=key[0], location_id=key[1], code=level.shelf))
        elif known[key].code != level.shelf:
            known[key].code = level.shelf
        else:
            continue
        changed.add((*key, level.shelf))
    return changed
