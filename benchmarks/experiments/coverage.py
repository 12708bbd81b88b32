"""How often the interval of a rate ratio holds the truth where clicks are few."""

import itertools

import numpy as np
from scipy import stats

from benchmarks.experiments.archive import one_day
from creative.experiments.intervals import ratio

SHOWN, RATE = 2000, 0.002
UPLIFTS = (0.0, 0.1, 0.2, 0.3, 0.5, 1.0)
_MOST = 26  #: clicks of an arm; more come less than once in 10,000,000 times


def coverage() -> dict[str, float]:
    """Return the least coverage over all uplifts, summed over all outcomes, not simulated."""
    outcomes = list(itertools.product(range(_MOST), repeat=2))
    intervals = [ratio(one_day(np.full(2, SHOWN), np.array(clicks)), 1) for clicks in outcomes]
    found = []
    for uplift in UPLIFTS:
        chances = np.outer(*(_chances(RATE * factor) for factor in (1.0, 1 + uplift))).ravel()
        inside = [each.low <= 1 + uplift <= each.high for each in intervals]
        found.append(float(chances @ inside))
    return {"coverage": round(min(found), 4), "coverage_mean": round(float(np.mean(found)), 4)}


def _chances(rate: float) -> np.ndarray:
    return np.asarray(stats.binom.pmf(np.arange(_MOST), SHOWN, rate))
