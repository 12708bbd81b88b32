"""How tomorrow's traffic is split, so that better lines are shown more while the test goes on.

Shares follow the squared chance of each arm to be the best (Thompson 1933, sharpened), from beliefs
that compare arms within days only, so that a rising click rate favours nobody.  They keep within
bounds, or the luck of the first day would decide: the control is what all lines are measured
against, and a line that nobody is shown can neither win nor be ruled out.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from creative.experiments.shrinkage import Beliefs
from creative.experiments.tally import Floats

POWER = 2.0  #: measured on replays of real tests: more gains early and misses the best more often
_ALIKE = 1e-9  #: chances below are not told apart


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """What shares keep within; docs/decisions/0017 says what others cost.

    Attributes:
        control: Least share of the control.
        line: Least share of every line, of what it would get if all got the same.
        most: Share of any one line.
    """

    control: float = 0.10
    line: float = 0.015
    most: float = 0.97


BOUNDS = Bounds()


def next_shares(beliefs: Beliefs, control: int, bounds: Bounds = BOUNDS) -> Floats:
    """Return the shares [arms] of the next day, summing to 1."""
    return shares_of(beliefs.chance_best(), control, bounds)


def shares_of(chances: Floats, control: int, bounds: Bounds = BOUNDS) -> Floats:
    """Return the same from the chance of each arm [arms] to be the best."""
    arms = len(chances)
    if bounds.most * arms <= 1:
        return np.full(arms, 1 / arms)
    least = np.where(np.arange(arms) == control, bounds.control, bounds.line / arms)
    weights = np.maximum(chances, _ALIKE) ** POWER
    weights /= weights.sum()

    def bounded(log_scale: float) -> Floats:
        return np.asarray(np.clip(np.exp(log_scale) * weights, least, bounds.most))

    # At half their size weights sum to 0.63 at most; at the other end all have the most they may.
    ends = np.log(0.5), -np.log(weights.min())
    shares = bounded(optimize.brentq(lambda scale: bounded(scale).sum() - 1, *ends))
    return np.asarray(shares / shares.sum())
