"""How tomorrow's traffic is split, so that better lines are shown more while the test goes on.

Shares follow the squared chance of each arm to be the best (Thompson 1933, sharpened), from beliefs
that compare arms within days only, so that a rising click rate favours nobody.  They keep within
bounds, or the luck of the first day would decide: the control is what all lines are measured
against, and a line that nobody is shown can neither win nor be ruled out.
"""

import numpy as np
from scipy import optimize

from creative.experiments.shrinkage import Beliefs
from creative.experiments.tally import Floats

FLOOR = 0.10  #: least share of the control
MOST = 0.875  #: share of any one arm; what other bounds cost: docs/decisions/0017
POWER = 2.0  #: measured on replays of real tests: more gains early and misses the best more often
_LEAST = 1e-9  #: chance below which arms are not told apart


def next_shares(beliefs: Beliefs, control: int, most: float = MOST) -> Floats:
    """Return the shares [arms] of the next day, summing to 1."""
    return shares_of(beliefs.chance_best(), control, most)


def shares_of(chances: Floats, control: int, most: float = MOST) -> Floats:
    """Return the same from the chance of each arm [arms] to be the best."""
    arms = len(chances)
    if most * arms <= 1:
        return np.full(arms, 1 / arms)
    least = np.where(np.arange(arms) == control, FLOOR, 0.0)
    weights = np.maximum(chances, _LEAST) ** POWER
    weights /= weights.sum()

    def bounded(log_scale: float) -> Floats:
        return np.asarray(np.clip(np.exp(log_scale) * weights, least, most))

    # At half their size weights sum to 0.6 at most; at the other end every arm has all it may have.
    ends = np.log(0.5), -np.log(weights.min())
    shares = bounded(optimize.brentq(lambda scale: bounded(scale).sum() - 1, *ends))
    return np.asarray(shares / shares.sum())
