"""What a work costs more on a hundred times the data: the same works on the small and the full set."""

from __future__ import annotations

from collections.abc import Sequence

from wholesale.bench.measuring import Figure

PLANS = ("P1", "P3", "P6", "P8", "P12")  # P16 of the plan of performance asks these
GOAL = 1.3


def table(small: Sequence[Figure], full: Sequence[Figure]) -> list[str]:
    """One line per work that was measured on both: CPU on each set, and how many times as much."""
    before = {figure.name: figure.cpu for figure in small}
    lines = [f"{'P16':5}{'work':26}{'small':>9}{'full':>9}{'growth':>9}  goal {GOAL:g}"]
    for figure in full:
        if figure.plan not in PLANS or not before.get(figure.name):
            continue
        growth = figure.cpu / before[figure.name]
        verdict = "kept" if growth <= GOAL else "MISSED"
        lines.append(
            f"{figure.plan:5}{figure.name:26}{before[figure.name]:9.2f}{figure.cpu:9.2f}"
            f"{growth:9.2f}  {verdict}"
        )
    return lines
