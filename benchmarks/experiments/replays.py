"""Real tests played again with a bandit, and with an equal split.

Truth is a draw from what the counts of a test leave open, so that no policy can profit from the
luck that is in them.
"""

from dataclasses import astuple, dataclass

import numpy as np

from benchmarks.experiments.archive import RealTest
from benchmarks.experiments.days import bandit_days
from creative.experiments.shares import BOUNDS, Bounds
from creative.experiments.shrinkage import beliefs
from creative.experiments.tally import Floats, Tally

BATCHES = 10
DAY_EFFECT = 0.3  #: standard deviation of the log click rate between days
SIZES = {"1k": 1000, "3k": 3000, "5k": 5000}  #: impressions of an arm


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One test played both ways: expected clicks, whether the best arm was picked, its loss."""

    clicks: float
    clicks_equal: float
    picked: bool
    picked_equal: bool
    loss_foretold: float
    loss: float


def replays(rng: np.random.Generator, tests: list[RealTest]) -> dict[str, float | list[float]]:
    """Replay all tests at all sizes."""
    figures: dict[str, float | list[float]] = {}
    gaps, errors = [], []
    for name, size in SIZES.items():
        played = np.array([astuple(replay(rng, test, size)) for test in tests], float)
        hit, hit_equal, foretold, lost = played[:, 2:].mean(axis=0)
        figures[f"gain_{name}"] = round(gain(played), 4)
        figures[f"gain_{name}_error"] = round(_standard_error(played), 4)
        figures[f"best_picked_{name}"] = round(float(hit), 3)
        gaps.append(round(float(hit - hit_equal), 4))
        errors.append(float(foretold / lost - 1) if lost else 0.0)
    return {
        **figures,
        "replayed": len(tests),
        "best_pick_gap": round(float(np.mean(gaps)), 4),
        "best_pick_gaps": gaps,
        "expected_loss_error": round(float(np.mean(errors)), 4),
        "expected_loss_errors": [round(error, 4) for error in errors],
    }


def gain(played: Floats) -> float:
    """Return clicks of all tests [tests, outcome] over those of an equal split, less 1."""
    return float(played[:, 0].sum() / played[:, 1].sum() - 1)


def _standard_error(played: Floats) -> float:
    residual = played[:, 0] - (1 + gain(played)) * played[:, 1]
    return float(residual.std() / np.sqrt(len(played)) / played[:, 1].mean())


def replay(
    rng: np.random.Generator,
    test: RealTest,
    size: int,
    prior: Floats | None = None,
    bounds: Bounds = BOUNDS,
) -> Outcome:
    """Play one test.

    Args:
        prior: Factors [arms] that steer the shares of the bandit, and never what is believed.
        bounds: That the shares of the bandit keep within.
    """
    spread, arms = test.spread, len(test.shown)
    posterior = beliefs(test.tally, spread)
    truth = test.clicked.sum() / test.shown.sum() * rng.gamma(posterior.shape, 1 / posterior.rate)
    days = np.exp(rng.normal(-(DAY_EFFECT**2) / 2, DAY_EFFECT, BATCHES))[:, None]
    rates = np.minimum(truth * days, 1.0)
    per_day = size * arms // BATCHES
    bandit = bandit_days(rng, rates, per_day, spread, prior, bounds)
    even = np.full(rates.shape, per_day // arms)
    equal = beliefs(Tally(impressions=even, clicks=rng.binomial(even, rates)), spread)
    believed = beliefs(bandit, spread)
    pick, best = int(believed.mean.argmax()), int(truth.argmax())
    return Outcome(
        clicks=float((bandit.impressions * rates).sum()),
        clicks_equal=float(rates.mean(axis=1).sum()) * per_day,
        picked=pick == best,
        picked_equal=int(equal.mean.argmax()) == best,
        loss_foretold=float(believed.expected_loss()[pick]),
        loss=0.0 if pick == best else float(1 - truth[pick] / truth[best]),
    )
