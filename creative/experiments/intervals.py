"""Intervals of a rate and of a rate ratio that keep their coverage with few clicks or none.

Rate: Jeffreys (Brown, Cai & DasGupta 2001).  Ratio: the conditional likelihood of evidence.py, its
ends by mid-P (Lancaster 1961; Berry & Armitage 1995), its middle by Jeffreys' prior.  The tail of
mid-P of a binomial is the mean of those of two beta distributions, with one success more and with
one failure more; over several days the same two priors are averaged.  An end on which the data say
nothing is 0 or infinite, never a made-up number.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from creative.experiments.evidence import log_likelihoods, strata
from creative.experiments.tally import Floats, Tally

LEVEL = 0.95
_REACH = 9.0  #: standard errors around the best guess that are looked at
_STEPS = 1601


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
    a, b = clicks + 0.5, impressions - clicks + 0.5
    low = 0.0 if clicks == 0 else float(special.betaincinv(a, b, tail))
    high = 1.0 if clicks == impressions else float(special.betaincinv(a, b, 1 - tail))
    return Interval(low=low, middle=clicks / impressions, high=high)


def ratio(tally: Tally, arm: int, level: float = LEVEL, dispersion: float = 1.0) -> Interval:
    """Return the interval of the rate of an arm over that of the control."""
    ours, theirs = (tally.clicks[:, at].sum() for at in (arm, tally.control))
    grid = _grid(tally, arm, dispersion)
    log_likelihood = log_likelihoods(tally, arm, grid) / dispersion
    click, no_click = _log_chances(tally, arm, grid)
    # Without clicks on a side its prior is improper: all mass lies at that end.
    more = _below(log_likelihood + click) if theirs else np.zeros_like(grid)
    less = _below(log_likelihood + no_click) if ours else np.ones_like(grid)
    ends, tail = (more + less) / 2, (1 - level) / 2
    middle = np.interp(0.5, _below(log_likelihood + (click + no_click) / 2), grid)
    return Interval(
        low=float(np.exp(np.interp(tail, ends, grid))) if ours else 0.0,
        middle=float(np.exp(middle)),
        high=float(np.exp(np.interp(1 - tail, ends, grid))) if theirs else np.inf,
    )


def _grid(tally: Tally, arm: int, dispersion: float) -> Floats:
    """Return log ratios around the Mantel-Haenszel estimate, as far as they may matter."""
    shown, clicked = tally.beside_control(arm)
    total = np.maximum(shown.sum(axis=1), 1.0)
    won, lost = (float((clicked[:, at] * shown[:, 1 - at] / total).sum()) for at in (0, 1))
    clicks = clicked.sum(axis=0) + 0.5
    reach = _REACH * np.sqrt(dispersion * (1 / clicks).sum())
    middle = np.log((won + 0.5) / (lost + 0.5))
    return np.linspace(middle - reach, middle + reach, _STEPS)


def _below(log_weights: Floats) -> Floats:
    """Return the distribution [grid] of the log ratio from unnormalised log weights."""
    weights = np.exp(log_weights - special.logsumexp(log_weights))
    return np.asarray(np.cumsum(weights) - weights / 2)


def _log_chances(tally: Tally, arm: int, grid: Floats) -> tuple[Floats, Floats]:
    """Return log chances [grid] that a click is the arm's, and that it is the control's.

    Strata weigh by their clicks; without any, all the same.
    """
    offsets, clicks = strata(tally, arm)
    if not offsets.size:
        return np.zeros_like(grid), np.zeros_like(grid)
    weight = clicks.sum(axis=1) if clicks.sum() else np.ones_like(offsets)
    log_weight = np.log(np.maximum(weight / weight.sum(), 1e-300))
    logits = grid[:, None] + offsets
    ours, theirs = (special.log_expit(side * logits) + log_weight for side in (1, -1))
    return special.logsumexp(ours, axis=1), special.logsumexp(theirs, axis=1)
