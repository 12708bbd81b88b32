"""Made-up days of a test."""

import numpy as np

from creative.experiments.shares import BOUNDS, Bounds, next_shares
from creative.experiments.shrinkage import SPREAD, beliefs
from creative.experiments.tally import Counts, Floats, Tally


def clicks_of(rng: np.random.Generator, rates: Floats, shown: Counts, noise: float = 0.0) -> Counts:
    """Return clicks [days, arms]; noise is the standard deviation by arm and day."""
    wobble = rng.normal(-(noise**2) / 2, noise, shown.shape) if noise else 0.0
    return rng.binomial(shown, np.minimum(rates * np.exp(wobble), 1.0))


def bandit_days(
    rng: np.random.Generator,
    rates: Floats,
    per_day: int,
    spread: float = SPREAD,
    prior: Floats | None = None,
    bounds: Bounds = BOUNDS,
) -> Tally:
    """Play a bandit: each day's shares follow from the days before, and from a prior [arms].

    Args:
        bounds: That shares keep within.
    """
    days, arms = rates.shape
    shown, clicked = np.zeros((days, arms), np.int64), np.zeros((days, arms), np.int64)
    nothing = Tally(impressions=shown[:0], clicks=clicked[:0])
    shares = next_shares(beliefs(nothing, spread, prior=prior), control=0, bounds=bounds)
    for day in range(days):
        shown[day] = rng.multinomial(per_day, shares)
        clicked[day] = rng.binomial(shown[day], rates[day])
        so_far = Tally(impressions=shown[: day + 1], clicks=clicked[: day + 1])
        shares = next_shares(beliefs(so_far, spread, prior=prior), control=0, bounds=bounds)
    return Tally(impressions=shown, clicks=clicked)
