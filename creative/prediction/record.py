"""How often a workspace's predictions came true, counting only what was foretold before results.

The unit is a test: its pairs depend on one another, so each test weighs the same however many lines
it has.  Until the lower end of the interval is above one half, the score has not earned its place.
Knows no storage: what was foretold and what came is handed in.

Sources: E. B. Wilson 1927 (interval of a share); M. G. Kendall 1938 (rank correlation).
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

NEEDED = 30  #: own tests, before which nothing is said about this kind of ad
NOT_TESTED = (
    f"Not tested on your kind of ad until {NEEDED} of your own tests were predicted before "
    "their results."
)
NO_BETTER = "No better than chance for you yet."


@dataclass(frozen=True, kw_only=True, slots=True)
class Foretold:
    """A pair of a test: the chance given to the first line, when, and what came when.

    `chance` is of the first having the higher rate; `is_won` is None while nobody knows.
    """

    test: int
    chance: float
    foretold_at: dt.datetime
    first_result_at: dt.datetime | None = None
    is_won: bool | None = None

    @property
    def counts(self) -> bool:
        """Whether it was foretold before any result, took a side, and the result is known."""
        return (
            self.is_won is not None
            and self.first_result_at is not None
            and self.foretold_at < self.first_result_at
            and self.chance != 0.5
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackRecord:
    """Tests that were foretold; shares are fractions, the interval covers 95 %."""

    tests: int
    pairs: int
    accuracy: float
    low: float
    high: float
    expected: float  #: accuracy that the chances themselves promised
    too_late: int  #: pairs that were foretold after their first result, and do not count

    @property
    def is_earned(self) -> bool:
        """Whether predictions are better than chance beyond doubt."""
        return self.low > 0.5

    @property
    def is_tested(self) -> bool:
        """Whether enough own tests were foretold to speak of this kind of ad at all."""
        return self.tests >= NEEDED

    @property
    def weight(self) -> float:
        """Return how much a prediction counts in an order, 0 to 1; 0 until that is earned.

        Predictions that are right in a share p of pairs agree with results in p of them and
        disagree in 1 - p: 2p - 1 is their rank correlation (Kendall's tau), and so the share of
        a foretold difference that is to be expected.  p is what is sure: the lower end.
        """
        return max(0.0, 2 * self.low - 1) if self.is_tested else 0.0

    @property
    def sentence(self) -> str:
        """Say in plain words what the record says."""
        told = (
            f"{self.accuracy:.0%} right in {self.tests} of your own tests predicted before their "
            f"results ({self.low:.0%} to {self.high:.0%})."
        )
        if not self.tests:
            return NOT_TESTED
        parts = [told] if self.is_earned else [NO_BETTER, told]
        return " ".join(parts if self.is_tested else [*parts, NOT_TESTED])


def track_record(foretold: Iterable[Foretold]) -> TrackRecord:
    """Return how predictions held, each test weighing the same."""
    every = list(foretold)
    scored: dict[int, list[Foretold]] = {}
    for each in every:
        if each.counts:
            scored.setdefault(each.test, []).append(each)
    accuracy = _mean([fmean(_is_right(pair) for pair in pairs) for pairs in scored.values()])
    sides = [fmean(max(p.chance, 1 - p.chance) for p in pairs) for pairs in scored.values()]
    low, high = wilson(accuracy * len(scored), len(scored))
    return TrackRecord(
        tests=len(scored),
        pairs=sum(map(len, scored.values())),
        accuracy=accuracy,
        low=low,
        high=high,
        expected=_mean(sides),
        too_late=sum(
            each.first_result_at is not None and each.foretold_at >= each.first_result_at
            for each in every
        ),
    )


def wilson(right: float, of: int, level: float = 0.95) -> tuple[float, float]:
    """Return the Wilson interval of a share; everything is possible before the first.

    >>> low, high = wilson(18, 30)
    >>> round(low, 3), round(high, 3)
    (0.423, 0.754)
    """
    if not of:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, shrink = right / of, 1 + z * z / of
    middle = (share + z * z / (2 * of)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / of + (z / (2 * of)) ** 2)
    return max(0.0, middle - half), min(1.0, middle + half)


def _is_right(pair: Foretold) -> float:
    return float((pair.chance > 0.5) == pair.is_won)


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else 0.5
