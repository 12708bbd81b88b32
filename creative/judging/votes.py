"""Counts of blind votes between two lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative.trials import Choice, Vote

Floats = NDArray[np.float64]


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
