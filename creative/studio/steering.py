"""How tomorrow's traffic of a test is split: by what lines earned and, once it has earned a say, by
what was foretold of them before the test began.

A forecast moves traffic, which the test corrects as results come.  It never enters a verdict: that
is reached from counts alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from creative.domain import kept_id
from creative.experiments.shares import next_shares, shares_of
from creative.experiments.shrinkage import beliefs
from creative.experiments.tally import Floats
from creative.prediction.workspace import CLICKS, relative_rates
from creative.studio.experiments import Experiments, Standing
from creative.studio.track_records import TrackRecords
from creative.trials import Experiment

#: Standard deviation of the log ratio of two lines that a chance was foretold with, at the least:
#: that of what nobody can foretell, a residue of each, whatever is counted.
_APART = CLICKS.residue_sd * 2**0.5
_CERTAIN = 1e-3  #: chances are kept this far from 0 and 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """Shares of the next day by arm id; `weight` is how much a forecast counted, 0 to 1."""

    shares: Mapping[int, float]
    weight: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Alone:
    """What a line brings a day with all the traffic, that of the last week, over something else.

    Attributes:
        over_control: Clicks, conversions or revenue more than with the control alone.
        over_split: More than as traffic was split on the last day.
    """

    over_control: float
    over_split: float


class Steering:
    """Splits the traffic of tests."""

    def __init__(self, experiments: Experiments, track_records: TrackRecords) -> None:
        self._experiments = experiments
        self._track_records = track_records

    def next_shares(self, id: int) -> Split:
        """Return the shares of the next day: better lines more, the control a floor."""
        standing = self._experiments.standing(id)
        experiment = standing.experiment
        weight = self._track_records.of(experiment.metric).weight if experiment.foretold else 0.0
        shares = _shares(standing, weight)
        by_arm = {kept_id(arm): float(shares[at]) for at, arm in enumerate(experiment.arms)}
        return Split(shares=by_arm, weight=weight)


def _shares(standing: Standing, weight: float) -> Floats:
    tally = standing.days.tally
    if not weight:
        chances = np.array([arm.chance_best for arm in standing.verdict.arms])
        return shares_of(chances, tally.control)
    prior = foretold_factors(standing.experiment, weight)
    return next_shares(beliefs(tally, prior=prior), tally.control)


def alone(standing: Standing, arm: int) -> Alone:
    """Return what to expect of showing one line alone, luck taken off."""
    days, arms = standing.days, standing.verdict.arms
    control = arms[days.tally.control].rate.middle * days.per_day
    times = np.array([1 + each.uplift[1] for each in arms])
    last = days.tally.impressions[-1]
    return Alone(
        over_control=float(control * (times[arm] - 1)),
        over_split=float(control * (times[arm] - times @ last / max(1, last.sum()))),
    )


def foretold_factors(experiment: Experiment, weight: float) -> Floats:
    """Return the factors [arms] of the rate to expect, mean 1, as they were foretold at the start.

    Of a chance to beat the control, the log ratio that it was reckoned from; lines without one, and
    the control, count as the control.
    """
    chances = np.array([experiment.foretold.get(kept_id(arm), 0.5) for arm in experiment.arms])
    logs = _APART * special.ndtri(np.clip(chances, _CERTAIN, 1 - _CERTAIN))
    return relative_rates(weight * logs)
