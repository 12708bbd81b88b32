"""What a winner will do next, when luck is taken off: empirical-Bayes estimates of all arms.

The rate of an arm is that of the day times a factor of the arm.  Factors are taken as drawn from a
gamma distribution with mean 1, whose spread is what lines of real tests were found to have; an arm
with few clicks is then believed little, one with many nearly whole.  Source: Robbins 1956; Efron &
Morris 1975; the spread is the likeliest on the Upworthy Research Archive (Matias et al. 2021).
"""

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from creative.experiments.dispersion import dispersion
from creative.experiments.tally import Floats, Tally

SPREAD = 0.08  #: variance of the factor between lines of one test; 0.03 if their texts are the same
CHANCE = 30.0  #: degrees of freedom for which chance alone counts, or few days would look noisy
_STEPS_PER_SD = 6  #: of the narrowest curve, so that sums over the grid are exact enough
_ROUNDS, _SETTLED = 12, 1e-4


@dataclass(frozen=True, kw_only=True, slots=True)
class Beliefs:
    """Gamma distributions of the factors [arms], relative to the mean of the test."""

    shape: Floats
    rate: Floats

    @property
    def mean(self) -> Floats:
        return self.shape / self.rate

    def chance_best(self) -> Floats:
        """Return the chance of each arm to have the highest rate."""
        grid, density, below = self._curves()
        chance = np.trapezoid(density * _best_of_others(below), grid, axis=1)
        return np.asarray(chance / chance.sum())

    def expected_loss(self) -> Floats:
        """Return the share [arms] of what the best arm earns that choosing each arm loses.

        It is the mean of 1 - arm / best: of a best of the others b, that of (1 - arm / b) while the
        arm is below it.
        """
        grid, _, below = self._curves()
        scaled = self.rate[:, None] * grid
        up_to = self.mean[:, None] * special.gammainc(self.shape[:, None] + 1, scaled)
        short = below - up_to / grid
        loss = (short[:, 1:] + short[:, :-1]) / 2 * np.diff(_best_of_others(below))
        return np.asarray(np.maximum(loss.sum(axis=1), 0.0))

    def uplift(self, arm: int, control: int, level: float = 0.95) -> tuple[float, float, float]:
        """Return low end, middle and high end of the rate of an arm over the control's, less 1.

        The middle is the ratio of both means: the clicks to expect for each click of the control.
        """
        middle = float(self.mean[arm] / self.mean[control])
        # Ratio of two gammas: a scaled F distribution.
        ratio = stats.f(2 * self.shape[arm], 2 * self.shape[control], scale=middle)
        tail = (1 - level) / 2
        return float(ratio.ppf(tail) - 1), middle - 1, float(ratio.ppf(1 - tail) - 1)

    def _curves(self) -> tuple[Floats, Floats, Floats]:
        """Return a grid [steps], densities and distributions [arms, steps]."""
        shape, rate = self.shape[:, None], self.rate[:, None]
        low = np.min(special.gammaincinv(shape, 1e-7) / rate)
        high = np.max(special.gammainccinv(shape, 1e-7) / rate)
        narrowest = np.sqrt(np.min(shape / rate**2))
        steps = int(np.clip((high - low) / narrowest * _STEPS_PER_SD, 100, 20_000))
        grid = np.linspace(low, high, steps)
        scaled = rate * grid
        log_density = special.xlogy(shape - 1, scaled) - scaled - special.gammaln(shape)
        return grid, rate * np.exp(log_density), special.gammainc(shape, scaled)


def _best_of_others(below: Floats) -> Floats:
    """Return for each arm the distribution [arms, steps] of the highest rate of all others."""
    log_below = np.log(np.maximum(below, 1e-300))
    return np.asarray(np.exp(log_below.sum(axis=0) - log_below))


def beliefs(tally: Tally, spread: float = SPREAD, prior: Floats | None = None) -> Beliefs:
    """Return what to believe of the factors of all arms.

    Args:
        spread: Variance of the factors.
        prior: Factors [arms] that are expected beforehand, mean 1; all the same if None.
    """
    wanted = np.ones(tally.arms) if prior is None else np.asarray(prior, float)
    shown, clicked = tally.impressions.astype(float), tally.clicks.astype(float)
    factor = wanted.copy()
    worth = 1 / dispersion(tally, CHANCE)
    shape = np.full(tally.arms, 1 / spread)
    for _ in range(_ROUNDS):
        by_day = shown @ factor
        day = np.divide(clicked.sum(axis=1), by_day, out=np.zeros_like(by_day), where=by_day > 0)
        found = Beliefs(
            shape=shape + worth * clicked.sum(axis=0), rate=shape / wanted + worth * (day @ shown)
        )
        if np.abs(found.mean - factor).max() < _SETTLED:
            break
        factor = found.mean
    return found
