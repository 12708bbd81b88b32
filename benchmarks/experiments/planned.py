"""Tests with a planned end, and plans: whether both keep what they promise."""

import numpy as np

from benchmarks.experiments.days import clicks_of
from creative.experiments.looks import boundaries, z_of
from creative.experiments.planning import plan
from creative.experiments.tally import Tally

LOOKS = (7, 14, 21, 28)
RATE, UPLIFT = 0.01, 0.2


def planned(rng: np.random.Generator, runs: int) -> dict[str, float]:
    """Return false winners, either way, at planned looks; and the power that a plan really has."""
    edges = boundaries(len(LOOKS))
    wrong = []
    for _ in range(runs):
        shown = np.full((LOOKS[-1], 2), 1000)
        test = Tally(impressions=shown, clicks=clicks_of(rng, np.full((1, 2), RATE), shown))
        seen = zip(LOOKS, edges, strict=True)
        wrong.append(any(abs(z_of(test.until(day), 1)) >= edge for day, edge in seen))
    return {"fpr_planned": round(float(np.mean(wrong)), 4), "plan_power": _power(rng, 50 * runs)}


def _power(rng: np.random.Generator, runs: int) -> float:
    """Return how often a z test finds the uplift with the impressions planned; 80 % is promised."""
    size = plan(rate=RATE, uplift=UPLIFT, arms=2, impressions_per_day=1e4, days_planned=14).per_arm
    rates = np.array([RATE, RATE * (1 + UPLIFT)])
    clicks = rng.binomial(int(size), rates, (runs, 2))
    pooled = clicks.sum(axis=1) / (2 * size)
    error = np.sqrt(2 * pooled * (1 - pooled) / size)
    return round(float(np.mean((clicks[:, 1] - clicks[:, 0]) / size / error > 1.959964)), 4)
