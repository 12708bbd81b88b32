"""Counts of arms as if all had been shown on the same days.

Shares may follow what was earned, so that a line that came to the fore late was shown on other days
than its rivals.  What a line is expected to win is therefore counted by the rates of its own days.
"""

import numpy as np

from creative.experiments.dispersion import dispersion
from creative.experiments.tally import Floats, Tally


def expected_wins(tally: Tally) -> Floats:
    """Return what each arm [arms] would have won with the rate of all arms on each of its days."""
    shown, won = tally.impressions.astype(float), tally.clicks.astype(float)
    per_day = shown.sum(axis=1)
    rate = np.divide(won.sum(axis=1), per_day, out=np.zeros_like(per_day), where=per_day > 0)
    return np.asarray(rate @ shown)


def fair_counts(tally: Tally) -> tuple[Floats, Floats]:
    """Return how often arms were shown, in impressions of a usual day, and what they won, [arms].

    Both are divided by how much more counts vary than chance alone would make them.
    """
    shown = tally.impressions.sum(axis=0).astype(float)
    won = tally.clicks.sum(axis=0).astype(float)
    factor = dispersion(tally)
    if won.sum():
        shown = expected_wins(tally) * shown.sum() / won.sum()
    return np.maximum(shown, won) / factor, won / factor
