"""How far voters agree on the pairs that several of them saw."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

from creative.trials import Choice, Vote

#: By the ids of a pair and by voter: "low" and "high" are ids, ties are words of `Choice`.
Answers = dict[tuple[int, int], dict[str, str]]
_SIDES = ("low", "high")


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """Shares of same votes; `chance` is what voters with these habits would share by luck.

    Attributes:
        shared: Votes on a pair by two voters.
        kappa: Agreement beyond chance (over all pairs of voters); None without shared votes, or
            where everybody said the same kind of tie of every pair.
    """

    shared: int
    same: float
    chance: float
    kappa: float | None


def agreement(votes: Iterable[Vote]) -> Agreement:
    """Compare every two voters on the pairs that both saw; the last vote of each counts."""
    return compared(couples_of(answers_of(votes)))


def answers_of(votes: Iterable[Vote], alike: Mapping[str, str] = MappingProxyType({})) -> Answers:
    """Return the last answer of each voter by pair.

    Args:
        alike: Answers that count as another one.
    """
    last: Answers = defaultdict(dict)
    for vote in votes:
        answer = _answer(vote)
        last[_pair(vote)][vote.voter] = alike.get(answer, answer)
    return last


def couples_of(answers: Answers) -> list[tuple[str, str]]:
    """Return the answers of every two voters on the pairs that both saw."""
    return [two for by in answers.values() for two in combinations(by.values(), 2)]


def compared(couples: Sequence[tuple[str, str]]) -> Agreement:
    """Return how far the two answers of each couple agree.

    Which of two lines has the lower id says nothing of them, so by luck either is preferred as
    often: people who always prefer the later line agree, and have no habit of saying "high".
    """
    if not couples:
        return Agreement(shared=0, same=0.0, chance=0.0, kappa=None)
    same = sum(one == other for one, other in couples) / len(couples)
    answers = [answer for couple in couples for answer in couple]
    ties = {answer for answer in answers if answer not in _SIDES}
    decided = sum(answer in _SIDES for answer in answers) / len(answers)
    chance = decided**2 / 2 + sum((answers.count(tie) / len(answers)) ** 2 for tie in ties)
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
