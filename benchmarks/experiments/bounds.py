"""What it costs to keep the shares of a bandit within bounds, and what it brings.

Without a bound the first lucky days decide: a control that leads gets everything, and no line is
ever ruled out.  Rivals in the same run: no bound, and an equal split.
"""

from dataclasses import astuple, dataclass

import numpy as np

from benchmarks.experiments.archive import RealTest
from benchmarks.experiments.days import bandit_days
from benchmarks.experiments.replays import DAY_EFFECT, SIZES, gain, replay
from benchmarks.experiments.winners import DAYS, ever_wins
from creative.experiments.evidence import compare, needed
from creative.experiments.shares import BOUNDS, Bounds
from creative.experiments.shrinkage import SPREAD

RULES = {
    "equal": Bounds(most=0.0),
    "unbounded": Bounds(most=1.0, line=0.0),
    "most": Bounds(line=0.0),
    "line": Bounds(most=1.0),
    "used": BOUNDS,
    "closer": Bounds(most=0.95),
    "closest": Bounds(most=0.9, line=0.03),
}
ARMS, RATE, PER_DAY = 4, 0.02, 6000
CLEARLY = 0.15  #: uplift of the best line from which a winner is waited for


@dataclass(frozen=True, kw_only=True)
class Month:
    """Thirty days: uplift of the best line, what was called, clicks over those of equal shares."""

    uplift: float
    has_winner: bool
    is_control_best: bool
    gain: float


def bounds(rng: np.random.Generator, tests: list[RealTest], runs: int) -> dict[str, float]:
    """Replay real tests, and play months of made-up ones, under each bound; truths are the same.

    Returns:
        gain_...: Clicks over an equal split, real tests.
        month_gain_...: The same of months, as a mean of ratios.
        month_winner_...: Months in which a winner is called, of those with a clearly better line.
        month_control_...: Those in which all lines are found worse, of those where they are.
    """
    seed = int(rng.integers(1 << 32))
    found: dict[str, float] = {}
    for name, rule in RULES.items():
        for size in ("3k", "5k"):
            played = [
                astuple(replay(np.random.default_rng([seed, at]), test, SIZES[size], bounds=rule))
                for at, test in enumerate(tests)
            ]
            found[f"gain_{size}_{name}"] = gain(np.array(played, float))
        months = [_month(np.random.default_rng([seed, run]), rule) for run in range(runs)]
        clear = [month.has_winner for month in months if month.uplift >= CLEARLY]
        control = [month.is_control_best for month in months if month.uplift == 0]
        found[f"month_gain_{name}"] = float(np.mean([month.gain for month in months]))
        found[f"month_winner_{name}"] = float(np.mean(clear))
        found[f"month_control_{name}"] = float(np.mean(control))
    return {name: round(value, 4) for name, value in found.items()}


def _month(rng: np.random.Generator, rule: Bounds) -> Month:
    truth = RATE * rng.gamma(1 / SPREAD, SPREAD, ARMS)
    rates = truth * np.exp(rng.normal(0, DAY_EFFECT, DAYS))[:, None]
    test = bandit_days(rng, rates, PER_DAY, bounds=rule)
    worse = [compare(test, arm).less >= needed(ARMS) for arm in test.others]
    return Month(
        uplift=float(truth.max() / truth[test.control] - 1),
        has_winner=ever_wins(test),
        is_control_best=all(worse),
        gain=float((test.impressions * rates).sum() / (PER_DAY * rates.mean(axis=1).sum()) - 1),
    )
