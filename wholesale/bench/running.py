"""The command `bench`: build the set, run the works, print each figure beside its goal."""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from wholesale.bench import acting, crowd, filing, growing, pages, reading, whole
from wholesale.bench.building import NotOurs
from wholesale.bench.databases import SQLITE, open_set
from wholesale.bench.measuring import Figure, Meter, Work
from wholesale.bench.sizes import NOW, SMALL, Size
from wholesale.kernel import clock, config, db

FULL = 1


def main(argv: list[str]) -> int:
    """Run the bench; 0 when every work ran, 2 when the set or a name was refused."""
    asked = _arguments(argv)
    size = Size(asked.share or (SMALL if asked.small else FULL))
    try:
        before = _measured(asked, Size(SMALL))[1] if asked.growth else []
        engine, figures = _measured(asked, size)
    except (NotOurs, UnknownWork) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    if asked.growth:
        print("\n".join(growing.table(before, figures)))
    if asked.json:
        Path(asked.json).write_text(
            json.dumps(report(engine, size, figures), ensure_ascii=False, indent=1) + "\n",
            encoding="utf8",
        )
    db.session.remove()
    return 0


class UnknownWork(Exception):
    """A work was named that there is none of."""


def _measured(asked: argparse.Namespace, size: Size) -> tuple[Engine, list[Figure]]:
    """The figures of the works that were asked for on one set. Raises NotOurs, UnknownWork."""
    folder = config.current().data.parent / "bench"
    engine = open_set(asked.database, size, folder)
    with clock.at(NOW):
        works = all_works(size, engine)
        wanted = {*asked.names, *asked.only}
        unknown = wanted - {work.name for work in works}
        if unknown:
            raise UnknownWork(f"There is no work called {', '.join(sorted(unknown))}.")
        if asked.growth and not wanted:
            wanted = {work.name for work in works if work.plan in growing.PLANS}
        chosen = [work for work in works if not wanted or work.name in wanted]
        return engine, run(engine, chosen, asked.rounds)


def all_works(size: Size, engine: Engine) -> list[Work]:
    """Everything that can be measured on a set."""
    return [
        *reading.works(size), *acting.works(size, engine), *pages.works(engine), *whole.works(engine),
        *filing.works(), *crowd.works(size, engine),
    ]  # fmt: skip


def run(engine: Engine, works: Sequence[Work], rounds: int | None = None) -> list[Figure]:
    """Measure works one after the other, printing each as it is done."""
    print(_HEAD)
    meter = Meter(engine)
    figures = []
    for work in works:
        try:
            figure = meter.measure(work, rounds=rounds)
            figures.append(figure)
            print(row(figure), flush=True)
            if work.tells is not None:
                print(f"     {work.tells()}", flush=True)
        finally:
            work.ends()
    meter.close()
    print(f"Peak memory of this process: {_peak()} MB")
    return figures


_HEAD = (
    f"{'plan':5}{'work':22}{'CPU ms':>9}{'goal':>7}  {'':7}"
    f"{'median':>9}{'p95':>9}{'p99':>9}{'SQL':>7}"
)


def row(figure: Figure) -> str:
    """One line of the table: milliseconds per operation, statements per round."""
    goal = "" if figure.goal is None else f"{figure.goal:g}"
    return (
        f"{figure.plan:5}{figure.name:22}{figure.cpu:9.2f}{goal:>7}  {figure.verdict:7}"
        f"{figure.median:9.2f}{figure.p95:9.2f}{figure.p99:9.2f}{figure.statements:7.0f}"
    )


def report(engine: Engine, size: Size, figures: Sequence[Figure]) -> dict[str, Any]:
    """The figures and where they come from, as plain values."""
    return {
        "database": engine.dialect.name,
        "share": size.share,
        "orders": size.orders,
        "skus": size.skus,
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "peak_megabytes": _peak(),
        "figures": [{**asdict(figure), "verdict": figure.verdict} for figure in figures],
    }


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench", description="Measure every work of the house on a large data set."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these works")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="the same")
    parser.add_argument("--small", action="store_true", help="a hundredth of the full set")
    parser.add_argument(
        "--growth", action="store_true", help="on the small set as well, and how much they grow"
    )
    parser.add_argument("--share", type=int, help="another fraction: 1000 is a thousandth")
    parser.add_argument(
        "--database", default=SQLITE, metavar="URL",
        help="an empty database, or sqlite or postgresql for one of the bench's own",
    )  # fmt: skip
    parser.add_argument("--json", metavar="FILE", help="write the figures there as well")
    parser.add_argument("--rounds", type=int, help="how often each work is run")
    return parser.parse_args(argv)
