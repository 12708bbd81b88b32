"""Results as counts by day and arm, and the shares that were planned for those days."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from creative.experiments.tally import Floats, Tally, tally
from creative.trials import DayCounts, Experiment, Metric


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """What an experiment counted.

    Attributes:
        dates: Of the days with results, in order.
        tally: Counts of those days, arms in the order of the experiment.
        planned: Shares [days, arms] that were planned, each day summing to 1.
    """

    dates: tuple[dt.date, ...]
    tally: Tally
    planned: Floats


def days_of(experiment: Experiment, counts: Sequence[DayCounts]) -> Days:
    """Put counts in order.

    Raises:
        CountsUnusable: If counts are impossible, such as more clicks than impressions.
    """
    dates = sorted({each.day for each in counts})
    row = {day: at for at, day in enumerate(dates)}
    column = {arm.id: at for at, arm in enumerate(experiment.arms)}
    shown = np.zeros((len(dates), len(column)), np.int64)
    won = np.zeros_like(shown)
    by_conversions = experiment.metric is Metric.CONVERSIONS
    for each in counts:
        place = row[each.day], column[each.arm_id]
        shown[place] = each.impressions
        won[place] = round(each.conversions) if by_conversions else each.clicks
    return Days(
        dates=tuple(dates),
        tally=tally(
            shown, won, control=experiment.control, names=[arm.text for arm in experiment.arms]
        ),
        planned=np.array([planned_shares(experiment, day) for day in dates]).reshape(shown.shape),
    )


def planned_shares(experiment: Experiment, day: dt.date) -> Floats:
    """Return the shares [arms] planned for a day, summing to 1; equal ones if all are 0."""
    shares = np.array([arm.share for arm in experiment.arms])
    for plan in experiment.plans:
        if plan.day <= day:
            shares = np.array([plan.shares.get(arm.id or 0, 0.0) for arm in experiment.arms])
    total = shares.sum()
    return np.asarray(shares / total if total else np.full(len(shares), 1 / len(shares)))
