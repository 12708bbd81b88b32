"""How far voters agree on the pairs that several of them saw."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from creative.trials import Choice, Vote


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """Shares of same votes; `chance` is what voters with these habits would share by luck.

    Attributes:
        shared: Votes on a pair by two voters.
        kappa: Agreement beyond chance (Cohen's, over all pairs of voters); None without shared
            votes or where only one answer was ever given.
    """

    shared: int
    same: float
    chance: float
    kappa: float | None


def agreement(votes: Iterable[Vote]) -> Agreement:
    """Compare every two voters on the pairs that both saw; the last vote of each counts."""
    last: dict[tuple[int, int], dict[str, str]] = defaultdict(dict)
    for vote in votes:
        last[_pair(vote)][vote.voter] = _answer(vote)
    couples = [(one, other) for by in last.values() for one, other in combinations(by.values(), 2)]
    if not couples:
        return Agreement(shared=0, same=0.0, chance=0.0, kappa=None)
    same = sum(one == other for one, other in couples) / len(couples)
    answers = [answer for couple in couples for answer in couple]
    shares = [answers.count(kind) / len(answers) for kind in sorted(set(answers))]
    chance = sum(share**2 for share in shares)
    kappa = (same - chance) / (1 - chance) if chance < 1 else None
    return Agreement(shared=len(couples), same=same, chance=chance, kappa=kappa)


def _pair(vote: Vote) -> tuple[int, int]:
    return min(vote.first, vote.second), max(vote.first, vote.second)


def _answer(vote: Vote) -> str:
    """Return what was chosen, whatever side it stood on."""
    if vote.choice.is_tie:
        return vote.choice.value
    low_is_first = vote.first < vote.second
    return "low" if (vote.choice is Choice.FIRST) == low_is_first else "high"
