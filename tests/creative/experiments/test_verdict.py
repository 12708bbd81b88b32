"""Verdicts over days as results give them, and that days taken together change nothing."""

import datetime as dt

import numpy as np
import pytest

from creative.experiments import evidence
from creative.experiments.days import days_of, planned_shares
from creative.experiments.evidence import log_likelihoods
from creative.experiments.intervals import ratio
from creative.experiments.tally import CountsUnusable, tally
from creative.experiments.verdict import Outcome, verdict
from creative.trials import Arm, DayCounts, Experiment, Metric, SharePlan

DAY = dt.date(2026, 10, 1)


def experiment(**values):
    arms = tuple(
        Arm(id=at + 1, draft_id=None, text=f"L{at}", is_control=at == 1) for at in range(3)
    )
    return Experiment(id=1, brief_id=1, field="headline", name="T", arms=arms, **values)


def count(arm, day, shown, clicks=0, conversions=0.0):
    when = DAY + dt.timedelta(day)
    return DayCounts(
        arm_id=arm, day=when, impressions=shown, clicks=clicks, conversions=conversions
    )


def test_days_stand_in_order_with_gaps_as_nought():
    found = days_of(experiment(), [count(2, 3, 20, 2), count(1, 0, 10, 1)])
    assert found.dates == (DAY, DAY + dt.timedelta(3))
    assert found.tally.impressions.tolist() == [[10, 0, 0], [0, 20, 0]]
    assert found.tally.clicks.tolist() == [[1, 0, 0], [0, 2, 0]]
    assert found.tally.control == 1


def test_conversions_count_where_they_are_the_metric():
    found = days_of(experiment(metric=Metric.CONVERSIONS), [count(1, 0, 10, 5, 1.6)])
    assert found.tally.clicks.tolist() == [[2, 0, 0]]


def test_impossible_counts_are_named_by_their_line():
    with pytest.raises(CountsUnusable, match="L0"):
        days_of(experiment(), [count(1, 0, 10, 11)])


def test_shares_hold_from_their_day_on():
    planned = experiment(plans=(SharePlan(day=DAY, shares={1: 3.0, 2: 1.0}),))
    assert planned_shares(planned, DAY - dt.timedelta(1)).tolist() == [1 / 3] * 3
    assert planned_shares(planned, DAY).tolist() == [0.75, 0.25, 0.0]


def test_nothing_yet_is_said_as_such():
    assert verdict(experiment(), days_of(experiment(), [])).outcome is Outcome.EMPTY
    shown = days_of(experiment(), [count(arm, 0, 100) for arm in (1, 2, 3)])
    found = verdict(experiment(), shown)
    assert found.outcome is Outcome.EMPTY
    assert "300 impressions" in found.sentence


def test_a_control_that_beats_all_wins():
    rows = [count(arm, day, 2000, 80 if arm == 2 else 30) for day in range(7) for arm in (1, 2, 3)]
    found = verdict(experiment(), days_of(experiment(), rows))
    assert (found.outcome, found.winner) == (Outcome.CONTROL, 1)


def test_days_on_which_traffic_divides_nearly_alike_may_be_taken_together(monkeypatch):
    rng = np.random.default_rng(3)
    shown = rng.poisson(1000, (200, 2))
    counted = tally(shown, rng.binomial(shown, (0.02, 0.024)))
    grid = np.linspace(-1, 1, 41)
    together, interval = log_likelihoods(counted, 1, grid), ratio(counted, 1)
    monkeypatch.setattr(evidence, "_ALIKE", 1e-12)
    assert len(evidence.strata(counted, 1)[0]) > 150
    apart = log_likelihoods(counted, 1, grid)
    assert together - together[20] == pytest.approx(apart - apart[20], rel=1e-5, abs=2e-3)
    assert ratio(counted, 1).low == pytest.approx(interval.low, rel=1e-4)
    assert ratio(counted, 1).high == pytest.approx(interval.high, rel=1e-4)
