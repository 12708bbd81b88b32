"""When a test that is looked at every day can be expected to find a winner.

The days so far are kept as they are, and the days to come are added as they would be on average,
with the rates that are believed today once luck is taken off.  The first day on which the evidence
of the leading arm would then be enough is about the median of when it will be, if what is believed
is true; whether it is, the forecast does not know.  Source: planning by expected growth,
Grünwald, de Heide & Koolen 2024, "Safe testing".
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from creative.experiments.dispersion import dispersion
from creative.experiments.evidence import compare, needed
from creative.experiments.shrinkage import beliefs
from creative.experiments.tally import Floats, Tally

HORIZON = 365  #: days; what is further off is no forecast


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
    believed, factor = beliefs(tally).mean, dispersion(tally)
    if not tally.clicks.sum():
        return None
    leader = max(tally.others, key=lambda arm: float(believed[arm]), default=tally.control)
    if believed[leader] <= believed[tally.control]:
        return None
    split = np.ones(tally.arms) if shares is None else np.asarray(shares, float)
    daily = impressions_per_day * split / split.sum()

    def has_won(days: int) -> bool:
        later = _with_days(tally, daily * days, believed)
        return compare(later, leader, factor=factor).more >= needed(tally.arms)

    return _first(has_won, horizon)


def _with_days(tally: Tally, shown: Floats, factors: Floats) -> Tally:
    """Return the counts with so many impressions [arms] more, and the clicks to expect of them."""
    base = tally.clicks.sum() / (tally.impressions @ factors).sum()
    clicked = np.minimum(shown * base * factors, shown)
    return Tally(
        impressions=np.vstack([tally.impressions, np.round(shown).astype(np.int64)]),
        clicks=np.vstack([tally.clicks, np.round(clicked).astype(np.int64)]),
        control=tally.control,
    )


def _first(has_won: Callable[[int], bool], horizon: int) -> int | None:
    """Return the first day of a claim that stays true once it is, by halving."""
    if has_won(0):
        return 0
    if not has_won(horizon):
        return None
    before, by = 0, horizon
    while by - before > 1:
        middle = (before + by) // 2
        before, by = (before, middle) if has_won(middle) else (middle, by)
    return by
