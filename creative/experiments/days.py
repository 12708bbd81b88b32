"""Results as counts by day and arm, and the shares that were planned for those days."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from creative.experiments.revenue import unit
from creative.experiments.tally import Floats, Tally, tally
from creative.trials import DayCounts, Experiment, Metric

_WEEK = 7

_WON: dict[Metric, Callable[[DayCounts], float]] = {
    Metric.CLICKS: lambda each: each.clicks,
    Metric.CONVERSIONS: lambda each: round(each.conversions),
    Metric.REVENUE: lambda each: each.revenue,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """What an experiment counted.

    Attributes:
        dates: Of the days with results, in order.
        tally: Counts of those days, arms in the order of the experiment.
        planned: Shares [days, arms] that were planned, each day summing to 1.
        unit: The amount of money that one click of the tally stands for; 1 where none does.
        currency: Of that amount; empty when no report says it.
    """

    dates: tuple[dt.date, ...]
    tally: Tally
    planned: Floats
    unit: float = 1.0
    currency: str = ""

    @property
    def per_day(self) -> float:
        """Impressions of a day, all arms together, over the last week; 0 without results."""
        lately = self.tally.impressions[-_WEEK:].sum(axis=1)
        return float(lately.mean()) if lately.size else 0.0


def days_of(experiment: Experiment, counts: Sequence[DayCounts]) -> Days:
    """Put counts in order.

    Raises:
        CountsUnusable: If counts are impossible, such as more clicks than impressions.
    """
    dates = sorted({each.day for each in counts})
    row = {day: at for at, day in enumerate(dates)}
    column = {arm.id: at for at, arm in enumerate(experiment.arms)}
    shown = np.zeros((len(dates), len(column)), np.int64)
    won = np.zeros(shown.shape)
    for each in counts:
        place = row[each.day], column[each.arm_id]
        shown[place] = each.impressions
        won[place] = _WON[experiment.metric](each)
    planned = np.array([planned_shares(experiment, day) for day in dates]).reshape(shown.shape)
    one, currency = 1.0, ""
    if experiment.metric is Metric.REVENUE:
        one, currency = unit(shown, won), max((each.currency for each in counts), default="")
        counted = Tally(impressions=shown, clicks=won / one, control=experiment.control)
    else:
        names = [arm.text for arm in experiment.arms]
        counted = tally(shown, won, control=experiment.control, names=names)
    return Days(dates=tuple(dates), tally=counted, planned=planned, unit=one, currency=currency)


def as_seen(experiment: Experiment, days: Days) -> Experiment:
    """Return a design with the traffic and the rate that results show, once they show any."""
    won, shown = float(days.tally.clicks.sum()), int(days.tally.impressions.sum())
    return replace(experiment, per_day=round(days.per_day), rate=won / shown) if won else experiment


def planned_shares(experiment: Experiment, day: dt.date) -> Floats:
    """Return the shares [arms] planned for a day, summing to 1; equal ones if all are 0."""
    shares = np.array([arm.share for arm in experiment.arms])
    for plan in experiment.plans:
        if plan.day <= day:
            shares = np.array([plan.shares.get(arm.id or 0, 0.0) for arm in experiment.arms])
    total = shares.sum()
    return np.asarray(shares / total if total else np.full(len(shares), 1 / len(shares)))
