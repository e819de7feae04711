"""Geometry of the small drawings: bars, sparklines and a step line, as numbers for SVG attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its box, where its label stands, and what it says.

    `before` is what it is compared with, drawn as a mark at `before_y`; `rest_y` is how high the
    bar is expected to grow. None where there is nothing to draw.
    """

    x: int
    y: int
    width: int
    height: int
    middle: int
    label: str
    value: Decimal
    is_last: bool
    before: Decimal | None = None
    before_y: int | None = None
    rest_y: int | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across a chart with its figure."""

    y: int
    value: int


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart of 760 × 214 with its zero line at 184. `unit` is what one of the ticks counts."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    unit: int


BASE, TOP, LEFT, RIGHT = 184, 24, 44, 752


def bars(
    values: Sequence[tuple[str, Decimal]],
    before: Sequence[Decimal | None] = (),
    expected: Decimal | None = None,
) -> Bars:
    """Bars for labelled amounts, the scale begun at zero and ended on a round figure.

    `before` stands beside each value as a mark; `expected` is what the last one may come to.
    """
    marks = [*before, *[None] * (len(values) - len(before))]
    tops = [value for _, value in values] + [mark for mark in marks if mark is not None]
    step, unit = _step(int(max([*tops, expected or Decimal(0)], default=Decimal(0))))
    full = step * 4
    width = (RIGHT - LEFT) // max(len(values), 1)
    thick = min(width - 20, 40)

    def y(value: Decimal) -> int:
        return BASE - int((BASE - TOP) * max(value, Decimal(0)) / full) if full else BASE

    drawn = []
    for index, (label, value) in enumerate(values):
        left, is_last, mark = LEFT + index * width, index == len(values) - 1, marks[index]
        drawn.append(
            Bar(
                x=left + (width - thick) // 2, y=y(value), width=thick, height=BASE - y(value),
                middle=left + width // 2, label=label, value=value, is_last=is_last,
                before=mark, before_y=None if mark is None else y(mark),
                rest_y=y(expected) if is_last and expected is not None and expected > value
                else None,
            )
        )  # fmt: skip
    ticks = tuple(Tick(BASE - (BASE - TOP) * n // 4, step * n // unit) for n in range(5))
    return Bars(tuple(drawn), ticks, unit)


def _step(highest: int) -> tuple[int, int]:
    """A round step so that four of them cover the highest value, and the unit to print it in."""
    step = 1
    while step * 4 < highest:
        step = step * 2 if str(step)[0] != "2" else step * 5 // 2
    unit = 1
    while unit * 1000 <= step:
        unit *= 1000
    return step, unit


def spark(values: Sequence[int]) -> tuple[str, tuple[int, int]]:
    """The path of a sparkline of 80 × 20, and where its last dot stands."""
    if not values:
        return "", (76, 17)
    highest, lowest = max(values), min(values)
    span = (highest - lowest) or 1
    wide = 74 / max(len(values) - 1, 1)
    points = [
        (round(2 + index * wide, 1), round(17 - 14 * (value - lowest) / span, 1))
        for index, value in enumerate(values)
    ]
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    return path, (round(points[-1][0]), round(points[-1][1]))


@dataclass(frozen=True, slots=True)
class Steps:
    """A step line of 340 × 96: its line, the ground beneath it, and the figures of its scale."""

    line: str
    area: str
    highest: int
    middle: int
    first_label: str
    last_label: str


def steps(levels: Sequence[tuple[int, int]], days: int, labels: tuple[str, str]) -> Steps:
    """A level over `days` days from (day number, level after it); the first pair is the start."""
    highest = max((level for _, level in levels), default=0)
    full, _ = _step(max(highest, 1))
    top = full * 4

    def x(day: int) -> int:
        return 32 + 304 * day // max(days, 1)

    def y(level: int) -> int:
        return 80 - 64 * max(level, 0) // top

    path = f"M32 {y(levels[0][1])}" if levels else "M32 80"
    for day, level in levels[1:]:
        path += f"H{x(day)}V{y(level)}"
    path += "H336"
    return Steps(path, f"{path}V80H32z", top, top // 2, *labels)
