"""Whether a line in use has worn out: its click rate fell, and those beside it did not.

For each day on which it may have begun, a fall to 50, 60, 70 or 80 % is held against no fall, by
the clicks of each day given those of all lines; what a day does to all of them drops out.  The rate
before is unknown and integrated out.  The sum over days of beginning, each with a weight of one in
30, is a detector whose false alarms in a month are at most 5 % when it has to reach 20.  A line
that runs alone is held against its own past; then a bad month cannot be told from a worn line.

Sources: Shiryaev 1963 and Roberts 1966 (the sum), Shin, Ramdas & Rinaldo 2024, "E-detectors".
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from creative.experiments.dispersion import FROM_DAY, dispersion
from creative.experiments.shrinkage import beliefs
from creative.experiments.tally import Counts, Floats, Tally

NEEDED = 20.0  #: evidence from which a line is called worn: one over the chance of a false alarm
MONTH = 30  #: days in which that chance holds
_BACK = 45  #: days that a beginning is looked for
_STEP, _WIDEST = 0.02, 1.5  #: grid of log rates around the mean
_FALLS = np.array([11, 18, 25, 35])  #: in steps of the grid: to 80, 70, 61 and 50 %


@dataclass(frozen=True, kw_only=True, slots=True)
class Fatigue:
    """What there is to say of a line.

    Attributes:
        evidence: For a fall; a worn line has at least NEEDED.
        since: The likeliest day of its beginning, counted from 0; None while nothing is known.
        left: Of the rate before, what is left if it fell.
    """

    evidence: float
    since: int | None
    left: float

    @property
    def is_worn(self) -> bool:
        return self.evidence >= NEEDED


def fatigue(tally: Tally, arm: int) -> Fatigue:
    """Tell whether a line has worn out by the last day; ask once a day."""
    days = tally.days
    starts = np.arange(max(FROM_DAY, days - _BACK), days)
    if not starts.size or not tally.clicks[:, arm].sum():
        return Fatigue(evidence=0.0, since=None, left=1.0)
    sums = np.vstack([np.zeros(_grid().size), _log_likelihoods(tally, arm).cumsum(axis=0)])
    unchanged = special.logsumexp(sums[-1])
    fallen = np.stack([_fallen(sums, starts, fall) for fall in _FALLS], axis=1)
    ratios = np.exp(np.minimum(fallen - unchanged, 600.0)) / len(_FALLS)
    by_fall = ratios.sum(axis=0) / ratios.sum()
    return Fatigue(
        evidence=float(ratios.sum() / MONTH),
        since=int(starts[ratios.sum(axis=1).argmax()]),
        left=float(by_fall @ np.exp(-_STEP * _FALLS)),
    )


def _fallen(sums: Floats, starts: Counts, fall: int) -> Floats:
    """Return log-likelihoods [starts] of a fall by so many steps, the rate before integrated out.

    Args:
        sums: Log-likelihoods of the first days together [days + 1, grid].
    """
    before, since = sums[starts], sums[-1] - sums[starts]
    return np.asarray(special.logsumexp(before[:, fall:] + since[:, :-fall], axis=1))


def _grid() -> Floats:
    return np.arange(-_WIDEST, _WIDEST + _STEP / 2, _STEP)


def _log_likelihoods(tally: Tally, arm: int) -> Floats:
    """Return log-likelihoods [days, grid] of the log rate of a line, around its mean."""
    shown, clicked = tally.impressions[:, arm].astype(float), tally.clicks[:, arm].astype(float)
    others = [at for at in range(tally.arms) if at != arm]
    beside, theirs = tally.impressions[:, others], tally.clicks[:, others].sum(axis=1)
    if not theirs.sum():
        return _alone(shown, clicked)
    rest = Tally(impressions=beside, clicks=tally.clicks[:, others])
    # Traffic may move between the others: their impressions weigh by what each line is worth.
    worth = beside @ beliefs(rest).mean
    both = (shown > 0) & (worth > 0)
    offsets = np.zeros_like(worth)
    offsets[both] = np.log(shown[both] / worth[both])
    middle = np.log(clicked[both].sum() + 0.5) - np.log(_expected(worth, shown, theirs, both) + 0.5)
    logits = _grid() + (middle + offsets)[:, None]
    found = clicked[:, None] * special.log_expit(logits)
    found += theirs[:, None] * special.log_expit(-logits)
    return np.asarray(found * both[:, None] / dispersion(tally))


def _expected(worth: Floats, shown: Floats, theirs: Counts, both: NDArray[np.bool_]) -> float:
    """Return the clicks of the line if it were like the others."""
    return float((theirs[both] * shown[both] / worth[both]).sum())


def _alone(shown: Floats, clicked: Floats) -> Floats:
    """Return the same for a line without others; days differ by more than chance."""
    expected = shown * clicked.sum() / shown.sum()
    used = expected > 0
    square = ((clicked - expected)[used] ** 2 / expected[used]).sum() / max(1, used.sum() - 1)
    found = clicked[:, None] * _grid() - expected[:, None] * np.exp(_grid())
    return np.asarray(found / max(1.0, float(square)))
