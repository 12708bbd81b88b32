"""Whether winners come when they were forecast."""

import numpy as np

from benchmarks.experiments.days import clicks_of
from creative.experiments.evidence import compare, needed
from creative.experiments.forecast import days_to_winner, days_without_winner
from creative.experiments.shrinkage import SPREAD
from creative.experiments.tally import Tally

ARMS, SHOWN, RATE = 3, 1000, 0.01
SEEN, HORIZON = 7, 60  #: days before the forecast, and the furthest one


def forecasts(rng: np.random.Generator, runs: int) -> dict[str, float]:
    """Forecast tests whose rates vary as those of real ones do, and play them on.

    Returns:
        forecast_won: How often an arm has won by the day forecast; half is right.
        forecast_before: How often one has won before the day until which that is called unlikely.
    """
    won, before = [], []
    for _ in range(runs):
        rates = RATE * rng.gamma(1 / SPREAD, SPREAD, ARMS)
        shown = np.full((SEEN + HORIZON, ARMS), SHOWN)
        test = Tally(impressions=shown, clicks=clicks_of(rng, rates[None, :], shown))
        seen = test.until(SEEN)
        days = days_to_winner(seen, SHOWN * ARMS, horizon=HORIZON)
        if days:
            won.append(_has_won(test, SEEN + 1, SEEN + days))
        soonest = days_without_winner(seen, SHOWN * ARMS, horizon=HORIZON)
        if soonest:
            before.append(_has_won(test, SEEN + 1, SEEN + soonest - 1))
    return {
        "forecast_won": round(float(np.mean(won)), 3),
        "forecast_before": round(float(np.mean(before)), 3),
        "forecast_runs": len(won),
    }


def _has_won(test: Tally, first: int, last: int) -> bool:
    """Tell whether any arm is called a winner on one of these days."""
    return any(
        compare(test.until(day), arm).more >= needed(test.arms)
        for day in range(first, last + 1)
        for arm in test.others
    )
