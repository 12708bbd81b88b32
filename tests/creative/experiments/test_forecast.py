"""When a winner is to be expected: against tests that are played to their end."""

import numpy as np
import pytest

from creative.experiments.evidence import compare, needed
from creative.experiments.forecast import days_to_winner, days_without_winner, winning
from creative.experiments.shrinkage import beliefs
from creative.experiments.tally import Tally, tally


def as_expected(shown, rates, days):
    """Return a test whose counts are what its rates lead one to expect."""
    impressions = np.full((days, len(rates)), shown)
    return tally(impressions, np.round(impressions * np.array(rates)))


def crossing(rng, counts, leader, shown, rates, most):
    """Play a test on; return after how many days the leader has won."""
    limit = needed(counts.arms)
    for day in range(1, most + 1):
        today = rng.binomial(shown, rates)
        counts = Tally(
            impressions=np.vstack([counts.impressions, np.full(counts.arms, shown)]),
            clicks=np.vstack([counts.clicks, today]),
        )
        if compare(counts, leader, factor=1.0).more >= limit:
            return day
    return most + 1


@pytest.mark.parametrize("rates", [(0.010, 0.014), (0.010, 0.013, 0.011, 0.009)])
def test_the_day_is_about_the_median_of_tests_played_on(rates):
    rng = np.random.default_rng(3)
    counts = as_expected(1000, rates, days=5)
    expected = days_to_winner(counts, 1000 * len(rates))
    believed = beliefs(counts).mean
    base = counts.clicks.sum() / (counts.impressions @ believed).sum()
    most = expected * 3
    played = [crossing(rng, counts, 1, 1000, base * believed, most) for _ in range(60)]
    assert 0.7 * expected < np.median(played) < 1.3 * expected


def test_more_traffic_brings_the_day_nearer_and_its_split_matters():
    counts = as_expected(1000, (0.010, 0.014), days=5)
    slow, quick = (days_to_winner(counts, traffic) for traffic in (1_000, 10_000))
    assert slow > 5 * quick > 0
    assert days_to_winner(counts, 1_000, shares=[0.05, 0.95]) > slow


def test_a_leader_that_may_be_better_than_believed_may_win_sooner():
    counts = as_expected(1000, (0.010, 0.013), days=5)
    soonest = days_without_winner(counts, 2_000)
    assert 0 < soonest < days_to_winner(counts, 2_000)
    level = as_expected(1000, (0.010, 0.010), days=5)
    assert days_without_winner(level, 2_000) > 0


def test_there_is_no_day_without_a_leader_or_hope_of_one():
    assert days_to_winner(as_expected(1000, (0.014, 0.010), days=5), 2_000) is None
    assert days_to_winner(as_expected(1000, (0.010, 0.010), days=5), 2_000) is None
    assert days_to_winner(as_expected(1000, (0.010, 0.011), days=5), 200) is None
    assert days_to_winner(as_expected(1000, (0.010, 0.014), days=5), 0) is None
    assert days_to_winner(tally([[100, 100]], [[0, 0]]), 2_000) is None
    assert days_to_winner(tally(np.zeros((0, 2)), np.zeros((0, 2))), 2_000) is None
    assert days_to_winner(tally([[100]], [[5]]), 2_000) is None
    assert days_without_winner(as_expected(1000, (0.010, 0.014), days=5), 0) is None
    assert days_without_winner(tally([[100, 100]], [[0, 0]]), 2_000) is None
    assert days_without_winner(tally([[100]], [[5]]), 2_000) is None


def test_a_winner_of_today_needs_no_more_days():
    assert days_to_winner(as_expected(5000, (0.010, 0.020), days=10), 2_000) == 0
    assert days_without_winner(as_expected(5000, (0.010, 0.020), days=10), 2_000) == 0


@pytest.mark.parametrize("rates", [(0.010, 0.014), (0.010, 0.0125), (0.010, 0.011)])
def test_the_day_is_the_first_of_all_in_their_order(rates):
    # Luckier so far than it will be: the evidence falls for days before it grows.
    counts = as_expected(1000, (0.010, 0.022), days=4)
    daily, rates = np.array([1000.0, 1000.0]), np.array(rates)
    day = 0
    while day <= 100 and compare(played_on(counts, daily, rates, day), 1).more < needed(2):
        day += 1
    found = winning(counts, 1, daily, rates, horizon=100)
    assert found == (day if day <= 100 else None)


def played_on(counts, daily, rates, days):
    """Return a test after so many days more that are what its rates lead one to expect."""
    return Tally(
        impressions=np.vstack([counts.impressions, np.tile(daily, (days, 1))]),
        clicks=np.vstack([counts.clicks, np.tile(daily * rates, (days, 1))]),
    )
