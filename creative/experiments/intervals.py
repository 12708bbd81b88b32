"""Intervals of a rate and of a rate ratio that keep their coverage with few clicks or none.

Rate: Jeffreys (Brown, Cai & DasGupta 2001).  Ratio: the conditional likelihood of evidence.py with
Jeffreys' prior; on a single day that is a beta distribution of the share of clicks, as for two
Poisson rates.  An end on which the data say nothing is 0 or infinite, never a made-up number.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from creative.experiments.evidence import log_likelihoods
from creative.experiments.tally import Floats, Tally

LEVEL = 0.95
_GRID = np.linspace(-12.0, 12.0, 4801)


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """A best guess with the range that holds the truth with 95 % confidence."""

    low: float
    middle: float
    high: float


def rate(clicks: int, impressions: int, level: float = LEVEL) -> Interval:
    """Return the interval of a click rate; without impressions it says nothing, 0 to 1."""
    if not impressions:
        return Interval(low=0.0, middle=0.0, high=1.0)
    tail = (1 - level) / 2
    posterior = stats.beta(clicks + 0.5, impressions - clicks + 0.5)
    low = 0.0 if clicks == 0 else float(posterior.ppf(tail))
    high = 1.0 if clicks == impressions else float(posterior.ppf(1 - tail))
    return Interval(low=low, middle=clicks / impressions, high=high)


def ratio(tally: Tally, arm: int, level: float = LEVEL, dispersion: float = 1.0) -> Interval:
    """Return the interval of the rate of an arm over that of the control."""
    clicked = tally.clicks[:, arm].sum(), tally.clicks[:, tally.control].sum()
    log_weights = log_likelihoods(tally, arm, _GRID) / dispersion + _log_prior(tally, arm)
    weights = np.exp(log_weights - special.logsumexp(log_weights))
    below = np.cumsum(weights) - weights / 2
    tail = (1 - level) / 2
    low, middle, high = (float(np.exp(np.interp(q, below, _GRID))) for q in (tail, 0.5, 1 - tail))
    return Interval(
        low=low if clicked[0] else 0.0, middle=middle, high=high if clicked[1] else np.inf
    )


def _log_prior(tally: Tally, arm: int) -> Floats:
    """Return the log of Jeffreys' prior on the grid: half the log of the information of a click.

    Clicks of a day weigh by their number; without any, by the impressions.
    """
    shown, clicked = tally.beside_control(arm)
    clicks = clicked.sum(axis=1)
    weight = clicks if clicks.sum() else shown.sum(axis=1)
    both = (shown > 0).all(axis=1)
    if not both.any():
        return np.zeros_like(_GRID)
    logits = _GRID[:, None] + np.log(shown[both, 0] / shown[both, 1])
    spread = special.expit(logits) * special.expit(-logits)
    return np.asarray(0.5 * np.log(spread @ weight[both] + 1e-300))
