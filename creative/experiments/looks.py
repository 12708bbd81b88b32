"""A test with a planned end, looked at on days that were fixed before it started.

Boundaries of O'Brien & Fleming 1979: hardly anything counts early, so that nearly all of alpha is
left for the end.  They hold for the looks that were planned and for no others.
"""

from functools import cache

import numpy as np
from scipy import optimize, stats

from creative.experiments.dispersion import dispersion
from creative.experiments.tally import Floats, Tally

_WIDE, _STEPS = 9.0, 1801  #: the grid of z that the path is integrated on


@cache
def boundaries(looks: int, alpha: float = 0.05) -> tuple[float, ...]:
    """Return the |z| that each of so many equally spaced looks has to reach.

    >>> [round(z, 2) for z in boundaries(5)]
    [4.56, 3.23, 2.63, 2.28, 2.04]
    """
    if looks == 1:
        return (float(stats.norm.isf(alpha / 2)),)
    size = optimize.brentq(lambda c: _crossing(c, looks) - alpha, 1.5, 5.0, xtol=1e-5)
    return tuple(float(size * np.sqrt(looks / (look + 1))) for look in range(looks))


def _crossing(size: float, looks: int) -> float:
    """Return the chance that a path without drift ever crosses, by stepwise integration.

    The path is the sum of as many standard normal steps; look k crosses beyond size * sqrt(looks).
    """
    edge = size * np.sqrt(looks)
    grid = np.linspace(-edge, edge, _STEPS)
    width = grid[1] - grid[0]
    inside = stats.norm.pdf(grid)
    step = stats.norm.pdf(grid[:, None] - grid) * width
    for _ in range(looks - 1):
        inside = step @ inside
    return 1.0 - float(np.trapezoid(inside, grid))


def z_of(tally: Tally, arm: int) -> float:
    """Return the z of an arm against the control, compared within days; 0 without clicks."""
    shown, clicked = tally.beside_control(arm)
    total = shown.sum(axis=1)
    share: Floats = np.divide(shown[:, 0], total, out=np.zeros_like(total), where=total > 0)
    both = clicked.sum(axis=1)
    variance = (both * share * (1 - share)).sum() * dispersion(tally)
    return float((clicked[:, 0] - both * share).sum() / np.sqrt(variance)) if variance else 0.0
