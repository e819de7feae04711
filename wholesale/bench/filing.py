"""Files of a hundred thousand rows: products brought in, order lines sent out."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from random import Random

from wholesale.bench.measuring import SYSTEM, Goal, Work
from wholesale.exchange import export_rows, exporting, large_runs
from wholesale.exchange.exporting import KINDS
from wholesale.exchange.long_imports import go_on
from wholesale.kernel import db
from wholesale.kernel.table_files import write_xlsx
from wholesale.kernel.tables import Cell

MOST = 100_000


def works() -> list[Work]:
    """Both ways; each says how much memory the process has had at most."""
    folder = Path(tempfile.mkdtemp(prefix="bench"))
    return [
        Work("import_products", "100,000 rows of products (XLSX) staged, checked, applied: each has another cost",
             _import, lambda random: _file(folder, random), Goal(60_000, 60_000), "P10", 1, "",
             tells=_memory),
        Work("export_order_lines", "100,000 order lines as XLSX", lambda _: _export(folder),
             goal=Goal(15_000, 15_000), plan="P11", rounds=1, tells=_memory),
    ]  # fmt: skip


def _file(folder: Path, random: Random) -> Path:
    """The products of the set as a workbook, with costs as nobody knew them."""
    path = folder / "products.xlsx"
    sheet = KINDS["products"].sheets[0]
    fields = exporting.usual_fields("products")
    cost = Decimal(random.randint(1, 10_000))

    def rows() -> Iterator[list[Cell]]:
        for row in islice(export_rows.products(0), MOST):
            row["cost"] = cost
            yield [row.get(field) for field in fields]

    write_xlsx(path, [(sheet.names[0], [sheet.heads[field][0] for field in fields], rows())])
    return path


def _import(path: Path) -> None:
    begun = db.run_unit(
        lambda: large_runs.begin("products", path, path.name, goes_on=True, by=SYSTEM.actor), SYSTEM
    )
    go_on(begun.run_id, SYSTEM)


def _export(folder: Path) -> None:
    sheet = KINDS["orders"].sheets[0]
    heads = [names[0] for names in sheet.heads.values()]
    rows = ([row.get(field) for field in sheet.heads] for row in islice(sheet.rows(0), MOST))
    write_xlsx(folder / "orders.xlsx", [(sheet.names[0], heads, rows)])


def _memory() -> str:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return f"peak memory of the process so far: {most} MB"
