"""Evidence for a rate ratio that may be looked at every day, and stays right.

Given the clicks of a day in two arms together, those of one are binomial, and their chance depends
on the ratio of the two rates and on the impressions alone: the click rate of the day drops out,
whatever it was.  The likelihood ratio of a ratio against none, mixed over ratios, is an e-process:
without a difference it ever exceeds 1/alpha with a chance of at most alpha, however often one
looks.

Sources: Przyborowski & Wilenski 1940 (conditional comparison of rates), Robbins 1970 (mixtures),
Howard et al. 2021, "Time-uniform, nonparametric, nonasymptotic confidence sequences".
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import special, stats

from creative.experiments.dispersion import dispersion
from creative.experiments.tally import Floats, Tally

ALPHA = 0.05
SPREAD = 0.3  #: of the log ratios that are expected, as a standard deviation
_WIDEST, _STEPS = 3.0, 601  #: the grid of log ratios
_ALIKE = 0.01  #: log ratios of impressions this near are one stratum


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """One arm against the control.

    Attributes:
        more: e-value against "not better than the control".
        less: e-value against "not worse than the control".
        low: Lower end of the 95 % confidence sequence of the rate ratio, 0 if there is none.
        high: Its upper end, infinite if there is none.
    """

    arm: int
    more: float
    less: float
    low: float
    high: float


def compare(
    tally: Tally, arm: int, *, alpha: float = ALPHA, factor: float | None = None
) -> Comparison:
    """Compare an arm with the control, all days so far.

    Args:
        factor: The dispersion of the tally, where it is known already.
    """
    grid = _grid()
    factor = dispersion(tally) if factor is None else factor
    log_likelihood = log_likelihoods(tally, arm, grid) / factor
    against_none = log_likelihood - np.interp(0.0, grid, log_likelihood)
    mixed = special.logsumexp(log_likelihood, b=_prior(0))
    inside = grid[log_likelihood > mixed + np.log(alpha)]
    low, high = (inside[0], inside[-1]) if inside.size else (0.0, 0.0)
    return Comparison(
        arm=arm,
        more=_value(against_none, side=1),
        less=_value(against_none, side=-1),
        low=0.0 if low <= -_WIDEST else float(np.exp(low)),
        high=np.inf if high >= _WIDEST else float(np.exp(high)),
    )


def needed(arms: int, alpha: float = ALPHA) -> float:
    """Return the e-value from which an arm among several is called a winner."""
    return max(1, arms - 1) / alpha


def value_to_come(tally: Tally, arm: int, shown: Floats, clicked: Floats) -> Callable[[int], float]:
    """Return the e-value for "better" after so many days more, each of the same counts.

    Its logarithm is convex in the number of days, so that it may fall at first and rises then.

    Args:
        shown: Impressions of the arm and of the control on such a day; `clicked` are their clicks.
    """
    grid, factor = _grid(), dispersion(tally)
    so_far, later = log_likelihoods(tally, arm, grid), np.zeros_like(grid)
    if shown.all():
        later = _log_likelihoods(np.log(shown[:1] / shown[1:]), clicked[None], grid)

    def value(days: int) -> float:
        path = (so_far + days * later) / factor
        return _value(path - np.interp(0.0, grid, path), side=1)

    return value


def log_likelihoods(tally: Tally, arm: int, log_ratios: Floats) -> Floats:
    """Return the conditional log-likelihood of each log rate ratio, up to a constant."""
    return _log_likelihoods(*strata(tally, arm), log_ratios)


def _log_likelihoods(offsets: Floats, clicks: Floats, log_ratios: Floats) -> Floats:
    logits = log_ratios[:, None] + offsets
    misses = np.logaddexp(0, -logits)  # of the arm; those of the control are as much and the logit
    return np.asarray(-misses @ clicks.sum(axis=1) - logits @ clicks[:, 1])


def strata(tally: Tally, arm: int) -> tuple[Floats, Floats]:
    """Return log ratios of impressions [strata], and clicks [strata, 2] of the arm and the control.

    A stratum is a day, or days on which traffic divided alike to a hundredth of a logarithm: they
    are taken together at their mean, which changes the likelihood in the second order only.
    """
    shown, clicked = tally.beside_control(arm)
    both = (shown > 0).all(axis=1)
    offsets = np.log(shown[both, 0] / shown[both, 1])
    clicks = clicked[both]
    _, at = np.unique(np.round(offsets / _ALIKE), return_inverse=True)
    weights = clicks.sum(axis=1) + 1e-9  # days without clicks say nothing
    total = np.bincount(at, weights)
    means = np.bincount(at, weights * offsets) / total
    by_side = [np.bincount(at, clicks[:, side]) for side in (0, 1)]
    return np.asarray(means), np.stack(by_side, axis=1)


@cache
def _grid() -> Floats:
    return np.linspace(-_WIDEST, _WIDEST, _STEPS)


@cache
def _prior(side: int) -> Floats:
    """Return the weights of the grid: both sides (0), better (1) or worse (-1) ratios only."""
    weights = stats.norm.pdf(_grid(), scale=SPREAD)
    if side:
        weights *= np.heaviside(np.round(_grid() * side, 9), 0.5)
    return np.asarray(weights / weights.sum())


def _value(against_none: Floats, *, side: int) -> float:
    return float(np.exp(min(700.0, special.logsumexp(against_none, b=_prior(side)))))
