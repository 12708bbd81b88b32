"""How much more clicks vary by day and arm than chance alone would make them.

Ads are shown to other people every day, so that an arm has good and bad days of its own.  Tests
that know only chance then find winners in noise.  The factor is Pearson's chi-square over its
degrees of freedom, by which evidence is divided (quasi-likelihood: McCullagh & Nelder 1989, section
4.5).
"""

import numpy as np

from creative.experiments.tally import Floats, Tally

FROM_DAY = 7  #: fewer days say too little of how days differ


def dispersion(tally: Tally, prior: float = 0.0) -> float:
    """Return the factor, at least 1; 1 before there are enough days.

    Args:
        prior: Degrees of freedom for which it counts beforehand that there is chance alone.
    """
    if tally.days < FROM_DAY or tally.arms < 2:
        return 1.0
    shown, clicked = tally.impressions.astype(float), tally.clicks.astype(float)
    expected = _expected(shown, clicked)
    used = expected > 0
    free = (np.count_nonzero(used.any(axis=1)) - 1) * (np.count_nonzero(used.any(axis=0)) - 1)
    if free < 1:
        return 1.0
    square = ((clicked - expected)[used] ** 2 / expected[used]).sum()
    return max(1.0, float((square + prior) / (free + prior)))


def _expected(shown: Floats, clicked: Floats, rounds: int = 8) -> Floats:
    """Return clicks [days, arms] if day and arm worked on the click rate without each other."""
    arm = np.ones(shown.shape[1])
    for _ in range(rounds):
        by_day = shown @ arm
        day = np.divide(clicked.sum(axis=1), by_day, out=np.zeros_like(by_day), where=by_day > 0)
        by_arm = day @ shown
        arm = np.divide(clicked.sum(axis=0), by_arm, out=np.zeros_like(by_arm), where=by_arm > 0)
    return np.asarray(shown * day[:, None] * arm)
