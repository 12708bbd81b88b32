"""Whether a model that judges may vote: only where it agrees with people as they do themselves.

The yardstick is how far people agree with one another on pairs that two of them saw, beyond luck
(kappa).  The model is held against the majority of the people on each pair, who may be one.  Its
kappa is an estimate from few pairs, so it is the lower end of it that has to reach the yardstick:
the switch may stay off for a good model that judged too little, but hardly go on for a poor one.
A model cannot tell "both good" from "both bad", so both are one answer here, also among people.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scipy import stats

from creative.judging.agreement import Agreement, answers_of, compared, couples_of
from creative.judging.voters import is_model
from creative.trials import Choice, Vote

FEWEST_PAIRS = 30  #: that people and the model have judged
FEWEST_SHARED = 10  #: answers of two people on the same pair that make a yardstick
_SURE = 0.95  #: that the kappa of the model is above its lower end

_TIES = {choice.value: "tie" for choice in Choice if choice.is_tie}


class Doubt(StrEnum):
    """Why a model may not vote."""

    NO_YARDSTICK = "no two people judged the same pairs"
    SHORT_YARDSTICK = "too few pairs were judged by two people"
    PEOPLE_DISAGREE = "people do not agree beyond luck"
    FEW_PAIRS = "too few pairs were judged by people and the model"
    APART = "the model does not surely agree with people as they do"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trust:
    """How far a model agrees with people, and they with one another.

    Attributes:
        people: Among people; `shared` counts answers of two of them on the same pair.
        model: Of the model with the majority of people; `shared` counts pairs.
        low: Lower end of the model's kappa, 95 % sure; None where it has none.
    """

    people: Agreement
    model: Agreement
    low: float | None

    @property
    def doubt(self) -> Doubt | None:
        """Why the model may not vote; None if it may."""
        if not self.people.shared:
            return Doubt.NO_YARDSTICK
        if self.people.shared < FEWEST_SHARED:
            return Doubt.SHORT_YARDSTICK
        if self.people.kappa is None or self.people.kappa <= 0:
            return Doubt.PEOPLE_DISAGREE
        if self.model.shared < FEWEST_PAIRS:
            return Doubt.FEW_PAIRS
        return None if self.low is not None and self.low >= self.people.kappa else Doubt.APART


def trust(votes: Iterable[Vote], voter: str) -> Trust:
    """Hold a model against people.

    Args:
        votes: Of people and models, on words as they read now; other models are left out.
        voter: The name of the model's votes.
    """
    votes = list(votes)
    of_people = answers_of((vote for vote in votes if not is_model(vote.voter)), _TIES)
    of_model = answers_of((vote for vote in votes if vote.voter == voter), _TIES)
    couples = [
        (answer, most)
        for pair, said in of_model.items()
        if (most := _majority(of_people.get(pair, {}))) is not None
        for answer in said.values()
    ]
    model = compared(couples)
    return Trust(people=compared(couples_of(of_people)), model=model, low=_low(model))


def _majority(said: Mapping[str, str]) -> str | None:
    """Return what most people said of a pair; None if as many said something else."""
    counts = Counter(said.values()).most_common(2)
    if not counts or (len(counts) == 2 and counts[0][1] == counts[1][1]):
        return None
    return counts[0][0]


def _low(found: Agreement) -> float | None:
    """Return the lower end of a kappa: that of the share of same answers, by Wilson (1927)."""
    if found.kappa is None:
        return None
    test = stats.binomtest(round(found.same * found.shared), found.shared)
    same = test.proportion_ci(confidence_level=2 * _SURE - 1, method="wilson").low
    return float((same - found.chance) / (1 - found.chance))
