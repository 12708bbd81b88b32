"""Makes log-odds true on rows that were not learnt from: a slope and an intercept (Platt 1999).

Both keep the order of rows and keep contributions additive.
"""

from dataclasses import dataclass

import numpy as np

from creative.tables.learners import chance
from creative.tables.splitting import Parts
from creative.tables.table import Floats

_ENOUGH = 100  #: rows of each class, from which the later half is calibrated on alone
_STEADY = 10.0  #: ridge that holds the slope near 1 when rows are few


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Log-odds become slope times themselves plus an intercept."""

    slope: float = 1.0
    intercept: float = 0.0

    def log_odds(self, margins: Floats) -> Floats:
        return self.slope * margins + self.intercept


def calibrating(parts: Parts, outcome: Floats) -> np.ndarray:
    """Tell which validation rows [rows] to calibrate on.

    Split by time, these are the later half: rates rise and fall with the season, and the nearest
    past is most like what comes.  All rows if that half is too small.
    """
    everything = np.ones(len(parts.valid), dtype=np.bool_)
    if parts.how != "time" or parts.keys is None:
        return everything
    moments, won = parts.keys[parts.valid], outcome[parts.valid] == 1
    later = moments >= np.median(moments)
    return later if min((later & won).sum(), (later & ~won).sum()) >= _ENOUGH else everything


def calibrated(margins: Floats, outcome: Floats) -> Calibration:
    """Return the slope and intercept under which log-odds [rows] fit outcomes [rows] best.

    The slope is drawn towards 1 by a ridge, so that few rows change little; one that is not
    positive would turn the order round and is not taken.
    """
    shifted = _offset_fit(margins, outcome)
    return shifted if shifted.slope > 0 else Calibration()


def _offset_fit(margins: Floats, outcome: Floats) -> Calibration:
    """Fit by Newton's method, penalising (slope - 1)^2; source: Platt 1999, with a prior."""
    design = np.column_stack([margins, np.ones_like(margins)])
    weights, prior = np.array([1.0, 0.0]), np.array([1.0, 0.0])
    ridge = np.diag([_STEADY, 1e-3])
    for _ in range(50):
        foretold = chance(design @ weights)
        slope = design.T @ (foretold - outcome) + ridge @ (weights - prior)
        bend = (design * (foretold * (1 - foretold))[:, None]).T @ design + ridge
        step = np.linalg.solve(bend, slope)
        weights = weights - np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-10:
            break
    return Calibration(slope=float(weights[0]), intercept=float(weights[1]))
