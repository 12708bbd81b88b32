"""What several tests teach of a trait of lines: by how much lines that have it earn more.

Every line is compared with all lines of its own test on the same days.  Lines of one trait differ
among themselves, so their mean is that of a random-effects model: each weighs by its counts and by
how much lines differ anyway (DerSimonian & Laird 1986, with the spread of shrinkage.py).  A trait
is sure only beyond chance for as many traits as were looked at (Bonferroni).  Traits are not
causes: lines that ask a question may also be short.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from creative.experiments.dispersion import dispersion
from creative.experiments.exposure import expected_wins
from creative.experiments.shrinkage import SPREAD
from creative.experiments.tally import Tally

LEVEL = 0.95
FEWEST = 3  #: lines of a trait, with and without it, from which anything is said


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """A line in a test.

    Attributes:
        test: Id of the test.
        log_factor: Log of what it earned over what lines of its test earned on the same days.
        variance: Of that, by chance and by how days differ.
        traits: What it is like.
    """

    test: int
    log_factor: float
    variance: float
    traits: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """Lines with a trait against the lines without it.

    Attributes:
        lines: How many have it.
        tests: In how many tests.
        low: Lower end of how much more they earn, 0.1 for a tenth.
        mean: The best guess.
        high: The upper end, with 95 % confidence for this trait alone.
        is_sure: Whether it is more, or less, than nothing, for all traits together.
    """

    trait: str
    lines: int
    tests: int
    low: float
    mean: float
    high: float
    is_sure: bool


def observed(test: int, tally: Tally, traits: Sequence[Iterable[str]]) -> list[Observed]:
    """Return the lines of a test that were shown at all.

    Args:
        traits: Of each arm.
    """
    expected, earned = expected_wins(tally), tally.clicks.sum(axis=0).astype(float)
    factor = dispersion(tally)
    return [
        Observed(
            test=test,
            log_factor=float(np.log((earned[arm] + 0.5) / (expected[arm] + 0.5))),
            variance=float(factor / (earned[arm] + 0.5)),
            traits=frozenset(traits[arm]),
        )
        for arm in range(tally.arms)
        if expected[arm] > 0
    ]


def lessons(lines: Sequence[Observed]) -> list[Lesson]:
    """Return what lines teach of every trait that some have and some lack, the surest first."""
    having: dict[str, list[Observed]] = defaultdict(list)
    for line in lines:
        for trait in line.traits:
            having[trait].append(line)
    usable = {t: own for t, own in having.items() if FEWEST <= len(own) <= len(lines) - FEWEST}
    found = [
        (abs(z), lesson)
        for trait, own in usable.items()
        for z, lesson in [_lesson(trait, own, lines, len(usable))]
    ]
    return [lesson for _, lesson in sorted(found, key=lambda each: -each[0])]


def _lesson(
    trait: str, own: Sequence[Observed], lines: Sequence[Observed], traits: int
) -> tuple[float, Lesson]:
    without = [line for line in lines if trait not in line.traits]
    (mean, square), (other, other_square) = _mean(own), _mean(without)
    difference, error = mean - other, float(np.sqrt(square + other_square))
    reach = error * float(stats.norm.isf((1 - LEVEL) / 2))
    z = difference / error
    lesson = Lesson(
        trait=trait,
        lines=len(own),
        tests=len({line.test for line in own}),
        low=float(np.expm1(difference - reach)),
        mean=float(np.expm1(difference)),
        high=float(np.expm1(difference + reach)),
        is_sure=abs(z) >= float(stats.norm.isf((1 - LEVEL) / 2 / traits)),
    )
    return z, lesson


def _mean(lines: Sequence[Observed]) -> tuple[float, float]:
    """Return the mean of log factors and its variance."""
    weights = np.array([1 / (line.variance + SPREAD) for line in lines])
    values = np.array([line.log_factor for line in lines])
    return float(weights @ values / weights.sum()), float(1 / weights.sum())
