"""The order in which lines are looked at: what one may earn, if it may run, as far as it is new.

    worth = rate ^ weight * fit * novelty

`rate` is the expected rate relative to the other lines, `fit` the chance that a reader lets the
line run (fit.py), `novelty` the share of it that no line above says.  `weight` is what the
prediction has earned here: at 0 it has no say at all.  The best line is taken, all others are
compared with it, and so on (Carbonell & Goldstein 1998).  Knows no model and no storage.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from creative.likeness import Floats, in_order, likenesses

_COMPARED = 500  #: places up to which lines are compared with all above them


@dataclass(frozen=True, kw_only=True, slots=True)
class Prospect:
    """A line that may be shown; lines of one group are for the same place."""

    text: str
    group: Hashable
    fit: float  #: 0 to 1
    rate: float = 1.0  #: expected, relative to the lines of its group


def best_first(
    prospects: Sequence[Prospect],
    weight: float = 0.0,
    above: Mapping[Hashable, Sequence[str]] | None = None,
) -> list[int]:
    """Return the places of lines, the best first; the earlier one on a tie.

    Args:
        weight: Of the prediction, 0 to 1.
        above: Texts by group that are in use already, and say nothing new if said again.
    """
    bare = np.array([each.rate**weight * each.fit for each in prospects], float)
    ordered = [in_order(each.text) for each in prospects]
    members: dict[Hashable, list[int]] = {}
    for at, each in enumerate(prospects):
        members.setdefault(each.group, []).append(at)
    closest = np.zeros(len(prospects))
    for group, used in (above or {}).items():
        for text in used:
            _compare(in_order(text), ordered, members.get(group, []), closest)
    left = np.ones(len(prospects), bool)
    found: list[int] = []
    while left.any() and len(found) < _COMPARED:
        worth = np.where(left, bare * (1 - closest**2), -1.0)
        best = int(worth.argmax())
        found.append(best)
        left[best] = False
        rivals = [at for at in members[prospects[best].group] if left[at]]
        _compare(ordered[best], ordered, rivals, closest)
    rest = np.flatnonzero(left)
    worth = bare[rest] * (1 - closest[rest] ** 2)
    return [*found, *(int(at) for at in rest[np.argsort(-worth, kind="stable")])]


def _compare(chosen: str, ordered: Sequence[str], rivals: Sequence[int], closest: Floats) -> None:
    """Note how like a chosen line its rivals are, where that is more than was known."""
    if rivals:
        found = likenesses(chosen, [ordered[at] for at in rivals]) / 100
        closest[rivals] = np.maximum(closest[rivals], found)
