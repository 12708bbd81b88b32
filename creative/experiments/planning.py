"""How much traffic a test needs, and what a given traffic can show.

Two proportions by Cohen's arcsine distance, as in statsmodels; alpha is shared among the lines that
are compared with the control (Bonferroni).
"""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, inf

import numpy as np
from scipy import optimize
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

ALPHA, POWER = 0.05, 0.8
_LARGEST = 20.0  #: uplift that is looked for, as a factor less 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a test can do.

    Attributes:
        per_arm: Impressions that each arm needs to show the uplift; infinite if no number does.
        days: Days until then at the traffic given; infinite without traffic.
        detectable: Uplift that the traffic of `days_planned` days can show; infinite if none.
    """

    per_arm: float
    days: float
    detectable: float


@lru_cache(maxsize=64)
def plan(
    *,
    rate: float,
    uplift: float,
    arms: int,
    impressions_per_day: float,
    days_planned: int,
    variation: float = 1.0,
) -> Plan:
    """Return what a test of so many arms, the control among them, can do.

    Args:
        rate: Click rate of the control, 0 to 1.
        uplift: That one wants to see, 0.2 for a fifth more.
        impressions_per_day: Of all arms together.
        variation: How much more the metric varies than a count does.

    Raises:
        ValueError: If there are less than two arms, or rate and uplift are no such numbers.
    """
    if arms < 2 or not 0 < rate < 1 or uplift <= 0:
        raise ValueError("a plan needs two arms, a rate between 0 and 1 and an uplift above 0")
    each_day = impressions_per_day / arms
    per_arm = variation * _per_arm(rate, uplift, arms)
    return Plan(
        per_arm=per_arm,
        days=ceil(per_arm / each_day) if each_day and per_arm < inf else inf,
        detectable=_detectable(rate, arms, each_day * days_planned / variation),
    )


def _per_arm(rate: float, uplift: float, arms: int) -> float:
    better = rate * (1 + uplift)
    if better >= 1:
        return inf
    distance = proportion_effectsize(better, rate)
    alpha = ALPHA / (arms - 1)
    return float(np.ceil(NormalIndPower().solve_power(distance, power=POWER, alpha=alpha)))


def _detectable(rate: float, arms: int, per_arm: float) -> float:
    largest = min(_LARGEST, 0.999 / rate - 1)
    if not per_arm or _per_arm(rate, largest, arms) > per_arm:
        return inf
    return float(optimize.brentq(lambda u: _per_arm(rate, u, arms) - per_arm, 1e-4, largest))
