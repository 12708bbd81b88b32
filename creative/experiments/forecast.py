"""When a test that is looked at every day can be expected to find a winner.

The days so far are kept as they are, and the days to come are added as they would be on average,
with the rates that are believed today once luck is taken off.  The first day on which the evidence
of the leading arm would then be enough is about the median of when it will be, if what is believed
is true; whether it is, the forecast does not know.  Source: planning by expected growth,
Grünwald, de Heide & Koolen 2024, "Safe testing".
"""

from bisect import bisect_left
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from creative.experiments.evidence import needed, value_to_come
from creative.experiments.shrinkage import beliefs
from creative.experiments.tally import Floats, Tally

#: From a tally, an arm, impressions [arms] of a day to come, rates [arms] and a horizon to after
#: how many such days the arm is called a winner first; None if not within the horizon.
Winning = Callable[[Tally, int, Floats, Floats, int], int | None]
HORIZON = 365  #: days; what is further off is no forecast
UNLIKELY = 0.99  #: quantile of what is believed of an arm


def days_to_winner(
    tally: Tally,
    impressions_per_day: float,
    *,
    shares: ArrayLike | None = None,
    horizon: int = HORIZON,
) -> int | None:
    """Return after how many more days the leading arm would be called a winner.

    Args:
        impressions_per_day: Of all arms together.
        shares: How they are split [arms]; equally if None.

    Returns:
        0 if it is one today; None if no arm leads the control, or not within the horizon.
    """
    if not tally.clicks.sum() or not tally.others:
        return None
    believed = beliefs(tally).mean
    leader = max(tally.others, key=lambda arm: float(believed[arm]))
    daily = _daily(tally, impressions_per_day, shares)
    return _day(tally, leader, daily, _rates(tally, believed), horizon)


def days_without_winner(
    tally: Tally,
    impressions_per_day: float,
    *,
    shares: ArrayLike | None = None,
    horizon: int = HORIZON,
    winning: Winning | None = None,
) -> int | None:
    """Return after how many more days a winner is possible; before them it is unlikely.

    Each arm is taken to be as good as can be believed of it, the control as good as is believed.

    Args:
        winning: What calls a winner; the evidence of counts if None.

    Returns:
        0 if there is a winner today; None if even so there is none within the horizon.
    """
    if not tally.clicks.sum():
        return None
    posterior = beliefs(tally)
    rates = _rates(tally, posterior.mean)
    best = rates / posterior.mean * stats.gamma(posterior.shape).ppf(UNLIKELY) / posterior.rate
    daily = _daily(tally, impressions_per_day, shares)
    places = np.arange(tally.arms)
    found = [
        _day(tally, arm, daily, np.where(places == arm, best, rates), horizon, winning)
        for arm in tally.others
    ]
    return min((day for day in found if day is not None), default=None)


def _daily(tally: Tally, impressions: float, shares: ArrayLike | None) -> Floats:
    """Return the impressions [arms] of a day."""
    split = np.ones(tally.arms) if shares is None else np.asarray(shares, float)
    return np.asarray(impressions * split / split.sum())


def _rates(tally: Tally, factors: Floats) -> Floats:
    """Return the click rates [arms] of a day that is like those so far."""
    return np.asarray(factors * tally.clicks.sum() / (tally.impressions @ factors).sum())


def _day(
    tally: Tally,
    arm: int,
    daily: Floats,
    rates: Floats,
    horizon: int,
    by: Winning | None = None,
) -> int | None:
    """Return after how many days of such impressions and rates [arms] an arm wins first."""
    if rates[arm] <= rates[tally.control]:
        return None
    return (by or winning)(tally, arm, daily, rates, horizon)


def winning(tally: Tally, arm: int, daily: Floats, rates: Floats, horizon: int) -> int | None:
    """Return after how many more days an arm is a winner first, by the evidence of counts."""
    pair, limit = [arm, tally.control], needed(tally.arms)
    clicked = daily * np.minimum(rates, 1.0)
    value = value_to_come(tally, arm, daily[pair], clicked[pair])
    if value(0) >= limit:
        return 0
    # A convex path that is too low today and is high enough once stays so: halving finds the day.
    day = bisect_left(range(horizon + 1), True, key=lambda days: value(days) >= limit)
    return day if day <= horizon else None
