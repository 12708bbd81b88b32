"""From a difference of scores to chances and click rates.

Two questions, two numbers.  *Given that one line clearly wins*, which is it?  And *of two ordinary
lines*, how often is the first ahead?  Most pairs of ordinary lines differ by little, so the second
chance is far closer to one half; it is the one to show.  Swapping the lines turns p into exactly
1 - p.  Knows no text.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, ndtr

from creative.prediction.grams import Floats


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """How scores become chances, measured on tests that the scores had not seen."""

    sharpness: float  #: log-odds of a clear winner for one unit of score
    slope: float  #: expected difference of log click rates for one unit of score
    spread: float  #: sd of a line's log click rate around what its score says

    def clear(self, gap: ArrayLike) -> Floats:
        """Return P(first wins | one clearly wins) for differences of scores, first less second."""
        return _mirrored(gap, lambda size: expit(self.sharpness * size))

    def ordinary(self, gap: ArrayLike, noise: ArrayLike = 0.0) -> Floats:
        """Return P(first is ahead) of ordinary lines.

        Args:
            gap: Differences of scores, first less second.
            noise: Variance of the measured difference of log rates, 1 / clicks of both lines added
                up; 0 asks for the long run.
        """
        width = np.sqrt(2 * self.spread**2 + np.asarray(noise, float))
        return _mirrored(gap, lambda size: ndtr(self.slope * size / width))

    def relative_rates(self, scores: ArrayLike) -> Floats:
        """Return expected click rates relative to the mean of these lines."""
        values = np.asarray(scores, float)
        rates = np.exp(self.slope * (values - values.mean()))
        return np.asarray(rates / rates.mean())


def _mirrored(gap: ArrayLike, chance: Callable[[Floats], Floats]) -> Floats:
    """Return the chance of a gap, that of -gap being exactly one less it.

    One less a number between 1/2 and 1 is exact in floating point (Sterbenz 1974).
    """
    gaps = np.asarray(gap, float)
    ahead = chance(np.abs(gaps))
    return np.asarray(np.where(gaps >= 0, ahead, 1 - ahead))
