"""Blind votes between two lines, and counts of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Choice(StrEnum):
    """What a voter says of two lines."""

    FIRST = "first"
    SECOND = "second"
    BOTH = "both good"
    NEITHER = "both bad"

    @property
    def is_tie(self) -> bool:
        return self in (Choice.BOTH, Choice.NEITHER)


@dataclass(frozen=True, kw_only=True, slots=True)
class Vote:
    """One choice between two lines, by their ids; `first` stood on the left or above."""

    first: int
    second: int
    choice: Choice
    voter: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Tallied:
    """Votes as counts [lines, lines]: `wins[a, b]` of a over b, and ties, the same both ways."""

    ids: tuple[int, ...]
    wins: Floats
    ties: Floats

    @property
    def compared(self) -> Floats:
        """How often each two lines were compared."""
        return self.wins + self.wins.T + self.ties


def tallied(ids: Sequence[int], votes: Iterable[Vote]) -> Tallied:
    """Count votes between some lines; votes on other lines are left out."""
    place = {id: at for at, id in enumerate(ids)}
    wins, ties = np.zeros((len(ids), len(ids))), np.zeros((len(ids), len(ids)))
    for vote in votes:
        if vote.first not in place or vote.second not in place or vote.first == vote.second:
            continue
        a, b = place[vote.first], place[vote.second]
        if vote.choice.is_tie:
            ties[a, b] += 1
            ties[b, a] += 1
        elif vote.choice is Choice.FIRST:
            wins[a, b] += 1
        else:
            wins[b, a] += 1
    return Tallied(ids=tuple(ids), wins=wins, ties=ties)
