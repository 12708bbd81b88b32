"""How a test is judged, by what it counts: clicks and conversions, or revenue."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from creative.experiments import evidence, forecast, intervals, looks, revenue
from creative.experiments.intervals import Interval
from creative.experiments.tally import Floats, Tally
from creative.trials import Metric


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """What each judgement is made by; an arm is always held against the control.

    Attributes:
        e_values: For more and for less, given the dispersion of the tally.
        sequence: Low and high ends [days] of a range of the ratio that may be looked at daily.
        z_of: For looks that were planned.
        ratio: The range of the ratio at one look, given the dispersion.
        winning: What tells after how many days to come an arm has won.
    """

    e_values: Callable[[Tally, int, float], tuple[float, float]]
    sequence: Callable[[Tally, int], tuple[Floats, Floats]]
    z_of: Callable[[Tally, int], float]
    ratio: Callable[[Tally, int, float], Interval]
    winning: forecast.Winning


def method_of(metric: Metric) -> Method:
    """Return how tests of a metric are judged."""
    return _REVENUE if metric is Metric.REVENUE else _COUNTS


def _count_values(tally: Tally, arm: int, dispersion: float) -> tuple[float, float]:
    found = evidence.compare(tally, arm, factor=dispersion)
    return found.more, found.less


def _count_sequence(tally: Tally, arm: int) -> tuple[Floats, Floats]:
    steps = [evidence.compare(tally.until(day + 1), arm) for day in range(tally.days)]
    return np.array([step.low for step in steps]), np.array([step.high for step in steps])


_COUNTS = Method(
    e_values=_count_values,
    sequence=_count_sequence,
    z_of=looks.z_of,
    ratio=lambda tally, arm, dispersion: intervals.ratio(tally, arm, dispersion=dispersion),
    winning=forecast.winning,
)
_REVENUE = Method(
    e_values=lambda tally, arm, _: revenue.e_values(tally, arm),
    sequence=revenue.sequence,
    z_of=revenue.z_of,
    ratio=lambda tally, arm, _: revenue.ratio(tally, arm),
    winning=revenue.winning,
)
