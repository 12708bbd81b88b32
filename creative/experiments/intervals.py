"""Intervals of a rate and of a rate ratio that keep their coverage with few clicks or none.

Rate: Jeffreys (Brown, Cai & DasGupta 2001).  Ratio: the conditional likelihood of evidence.py, its
ends by mid-P (Lancaster 1961; Berry & Armitage 1995), its middle by Jeffreys' prior.  The tail of
mid-P of a binomial is the mean of those of two beta distributions, with one success more and with
one failure more; over several days the same two priors are averaged.  An end on which the data say
nothing is 0 or infinite, never a made-up number.
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
    ours, theirs = (tally.clicks[:, at].sum() for at in (arm, tally.control))
    log_likelihood = log_likelihoods(tally, arm, _GRID) / dispersion
    click, no_click = _log_chances(tally, arm)
    # Without clicks on a side its prior is improper: all mass lies at that end.
    more = _below(log_likelihood + click) if theirs else np.zeros_like(_GRID)
    less = _below(log_likelihood + no_click) if ours else np.ones_like(_GRID)
    ends, tail = (more + less) / 2, (1 - level) / 2
    middle = np.interp(0.5, _below(log_likelihood + (click + no_click) / 2), _GRID)
    return Interval(
        low=float(np.exp(np.interp(tail, ends, _GRID))) if ours else 0.0,
        middle=float(np.exp(middle)),
        high=float(np.exp(np.interp(1 - tail, ends, _GRID))) if theirs else np.inf,
    )


def _below(log_weights: Floats) -> Floats:
    """Return the distribution [grid] of the log ratio from unnormalised log weights."""
    weights = np.exp(log_weights - special.logsumexp(log_weights))
    return np.asarray(np.cumsum(weights) - weights / 2)


def _log_chances(tally: Tally, arm: int) -> tuple[Floats, Floats]:
    """Return log chances [grid] that a click is the arm's, and that it is the control's.

    Days weigh by their clicks; without any, by their impressions.
    """
    shown, clicked = tally.beside_control(arm)
    both = (shown > 0).all(axis=1)
    if not both.any():
        return np.zeros_like(_GRID), np.zeros_like(_GRID)
    clicks = clicked[both].sum(axis=1)
    weight = clicks if clicks.sum() else shown[both].sum(axis=1)
    log_weight = np.log(np.maximum(weight / weight.sum(), 1e-300))
    logits = _GRID[:, None] + np.log(shown[both, 0] / shown[both, 1])
    ours, theirs = (special.log_expit(side * logits) + log_weight for side in (1, -1))
    return special.logsumexp(ours, axis=1), special.logsumexp(theirs, axis=1)
