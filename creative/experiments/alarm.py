"""Whether traffic was split as planned: if not, something broke, and clicks compare nothing.

Pearson's chi-square of impressions by arm against planned shares, alarm below 0.001.  Source:
Fabijan et al. 2019, "Diagnosing sample ratio mismatch in online controlled experiments".
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from creative.experiments.tally import Floats, Tally

ALARM = 0.001  #: the same for every test: a smaller p is a broken split, not chance


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """Impressions by arm as they came and as they were planned; `p` is of the chi-square test."""

    seen: Floats
    planned: Floats
    p: float

    @property
    def is_broken(self) -> bool:
        return self.p < ALARM


def split_of(tally: Tally, shares: ArrayLike | None = None) -> Split:
    """Compare impressions with planned shares.

    Args:
        shares: Planned shares [arms] or, when they changed from day to day, [days, arms]; equal
            if None.  They need not sum to 1.
    """
    planned = np.ones(tally.arms) if shares is None else np.asarray(shares, float)
    planned = np.broadcast_to(planned, tally.impressions.shape)
    planned = planned / planned.sum(axis=1, keepdims=True)
    expected = (planned * tally.impressions.sum(axis=1, keepdims=True)).sum(axis=0)
    seen = tally.impressions.sum(axis=0).astype(float)
    used = expected > 0
    if (seen[~used] > 0).any():
        return Split(seen=seen, planned=expected, p=0.0)
    if used.sum() < 2 or not seen.sum():
        return Split(seen=seen, planned=expected, p=1.0)
    p = float(stats.chisquare(seen[used], expected[used]).pvalue)
    return Split(seen=seen, planned=expected, p=p)
