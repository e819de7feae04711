"""How a state is shown: a word with a tone and a mark, alone or as one step of several."""

from __future__ import annotations

from typing import NamedTuple


class Chip(NamedTuple):
    """A word in the reader's language, its tone ("", go, wait, stop, done) and its mark."""

    word: str
    tone: str = ""
    mark: str = "0"


class Step(NamedTuple):
    """One mark of a track or one stage of a process."""

    label: str
    word: str
    tone: str
    mark: str
