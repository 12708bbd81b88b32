"""All ordinary pairs of arms with the same image: accuracy by how clear the result was."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from creative.prediction.chances import Calibration
from creative.prediction.grams import Counts, Floats
from creative.prediction.predictor import Predictor
from models.prediction.fitting import ordinary, rate_gaps
from models.prediction.measures import calibration_error, interval
from models.prediction.pairs import Arms

EDGES = (0.0, 1.0, 1.96, 3.0, 4.0, np.inf)


def ordinary_pairs(predictor: Predictor, arms: Arms) -> dict[str, object]:
    """Return accuracy by band of |z|, and calibration of chances fitted on the other half of tests.

    z is the difference of log rates over its standard error.
    """
    scores = predictor.scores(arms.lines)
    first, second, came, noise = rate_gaps(arms)
    gap = scores[arms.line[first]] - scores[arms.line[second]]
    test, z = arms.test[first], np.abs(came) / np.sqrt(noise)
    hits = np.where(gap * came == 0, 0.5, gap * came > 0).astype(float)
    bands = {
        (f"{low:g} to {high:g}" if high < np.inf else f"over {low:g}"): _band(
            hits, (z >= low) & (z < high), test
        )
        for low, high in pairwise(EDGES)
    }
    return {
        "bands": {
            **bands,
            "over 1.96": _band(hits, z >= 1.96, test),
            "all": _band(hits, z >= 0, test),
        },
        "ece": _calibration(gap, came, noise, test),
        "slope": predictor.calibration.slope,
        "spread": predictor.calibration.spread,
    }


def _band(hits: Floats, chosen: NDArray[np.bool_], test: Counts) -> dict[str, float]:
    low, high = interval(hits[chosen], test[chosen])
    return {
        "pairs": int(chosen.sum()),
        "accuracy": float(hits[chosen].mean()),
        "low": low,
        "high": high,
    }


def _calibration(gap: Floats, came: Floats, noise: Floats, test: Counts) -> float:
    """Return the calibration error on every second test, fitted on the others, and the reverse."""
    errors = []
    for half in (0, 1):
        learn, tell = test % 2 == half, test % 2 != half
        slope, spread = ordinary(gap[learn], came[learn], noise[learn])
        known = Calibration(sharpness=1.0, slope=slope, spread=spread)
        tell &= came != 0
        chances = known.ordinary(gap[tell], noise[tell])
        errors.append(calibration_error(chances, (came[tell] > 0).astype(int)))
    return float(np.mean(errors))
