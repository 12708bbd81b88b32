"""What a test can show at the traffic that is expected of it, said before it starts."""

from dataclasses import replace
from math import isfinite

import numpy as np

from creative.experiments.dispersion import FROM_DAY
from creative.experiments.planning import Plan, plan
from creative.trials import Experiment, Metric, Rule

#: How much more revenue varies than conversions: 1 and the squared coefficient of variation of
#: order values, for which 1 is taken, as if the deviation of orders were their mean.
ORDERS_VARY = 2.0
PATIENCE = 90  #: days that an open-ended test is given
#: What shifting shares gains on equal ones by clicks per arm, from replays of 2,324 real headline
#: tests (docs/methods/shares.md).
_GAINS = {0.0: 0.0, 2.6: 0.03, 13.0: 0.08, 39.0: 0.12, 65.0: 0.14}


def outlook(experiment: Experiment, uplift: float) -> Plan:
    """Return what a test can do.

    Args:
        uplift: That one wants to see, 0.2 for a fifth more.

    Raises:
        ValueError: If there are less than two arms, or rate and uplift are no such numbers.
    """
    is_money = experiment.metric is Metric.REVENUE
    found = plan(
        rate=experiment.rate,
        uplift=uplift,
        arms=len(experiment.arms),
        impressions_per_day=experiment.per_day,
        days_planned=length(experiment),
        variation=ORDERS_VARY if is_money else 1.0,
    )
    return replace(found, days=max(found.days, FROM_DAY)) if is_money else found


def length(experiment: Experiment) -> int:
    """Return the days that a test is given."""
    return experiment.days or PATIENCE


def shortage(experiment: Experiment, uplift: float) -> str:
    """Say that there is too little traffic, and the ways out; empty when there is enough."""
    found = outlook(experiment, uplift)
    if found.days <= length(experiment):
        return ""
    wait = f"only after {found.days:,.0f} days" if isfinite(found.days) else "never"
    fewer = _fewer_arms(experiment, uplift)
    return (
        f"Not enough traffic: {experiment.per_day:,} impressions a day show a difference of"
        f" {uplift:.0%} between {len(experiment.arms)} lines {wait}, and the test is given"
        f" {length(experiment)} days. Test {f'{fewer} lines' if fewer else 'fewer lines'}, wait"
        " longer, or look for a larger difference."
    )


def expected_gain(experiment: Experiment) -> tuple[float, float]:
    """Return the clicks per arm to expect, and what shifting shares gains on equal ones, 0 to 1.

    Both are of all the days that a test is given.
    """
    shown = experiment.per_day * length(experiment) / max(1, len(experiment.arms))
    wins = experiment.rate * shown
    return wins, float(np.interp(wins, list(_GAINS), list(_GAINS.values())))


def why_fixed(experiment: Experiment) -> str:
    """Say why shares stay as they are; empty if they may be shifted."""
    if experiment.metric is Metric.REVENUE:
        return (
            "This test compares revenue, so every line keeps the same share: a few large orders on"
            " a line that is shown more would pass for a difference. Count conversions to shift"
            " traffic."
        )
    if experiment.rule is Rule.PLANNED:
        return (
            "This test has a planned end, so shares stay as they are: its looks were planned for"
            " them. Design a test that may be looked at on any day to shift traffic."
        )
    return ""


def _fewer_arms(experiment: Experiment, uplift: float) -> int:
    """Return the most lines for which traffic is enough; 0 if not even for two."""
    for count in range(len(experiment.arms) - 1, 1, -1):
        fewer = replace(experiment, arms=experiment.arms[:count])
        if outlook(fewer, uplift).days <= length(experiment):
            return count
    return 0
