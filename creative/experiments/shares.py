"""How tomorrow's traffic is split, so that better lines are shown more while the test goes on.

Shares follow the squared chance of each arm to be the best (Thompson 1933, sharpened), from beliefs
that compare arms within days only, so that a rising click rate favours nobody.  The control keeps a
floor: without it the test would lose what it measures against.
"""

import numpy as np

from creative.experiments.shrinkage import Beliefs
from creative.experiments.tally import Floats

FLOOR = 0.10  #: least share of the control
POWER = 2.0  #: measured on replays of real tests: more gains early and misses the best more often


def next_shares(beliefs: Beliefs, control: int, floor: float = FLOOR) -> Floats:
    """Return the shares [arms] of the next day, summing to 1."""
    return shares_of(beliefs.chance_best(), control, floor)


def shares_of(chances: Floats, control: int, floor: float = FLOOR) -> Floats:
    """Return the same from the chance of each arm [arms] to be the best."""
    weights = chances**POWER
    shares = weights / weights.sum()
    if shares[control] < floor:
        others = np.arange(len(shares)) != control
        shares[others] *= (1 - floor) / shares[others].sum()
        shares[control] = floor
    return np.asarray(shares)
