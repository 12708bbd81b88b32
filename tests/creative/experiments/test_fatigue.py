"""Whether a line is worn: found when it is, not when all lines fall, and rarely by chance."""

import numpy as np
import pytest
from scipy import integrate, stats

from creative.experiments.fatigue import fatigue
from creative.experiments.tally import tally


def played(rng, left, arms=4, shown=2000, days=60, noise=0.3, fall_at=30):
    """Return days of lines of which the first one falls."""
    rates = 0.01 * np.exp(rng.normal(0, noise, (days, 1))) * np.ones(arms)
    rates[fall_at:, 0] *= left
    impressions = np.full((days, arms), shown)
    return tally(impressions, rng.binomial(impressions, rates))


def test_a_fall_is_found_with_its_day_and_size():
    found = fatigue(played(np.random.default_rng(1), left=0.6), 0)
    assert found.is_worn
    assert found.since == pytest.approx(30, abs=5)
    assert found.left == pytest.approx(0.6, abs=0.12)


def test_days_that_are_bad_for_all_and_a_line_that_gains_wear_nobody():
    rng = np.random.default_rng(2)
    counts = played(rng, left=1.0)
    halved = tally(
        counts.impressions, np.where(np.arange(60)[:, None] < 30, counts.clicks, counts.clicks // 2)
    )
    assert not fatigue(halved, 0).is_worn
    assert not fatigue(played(rng, left=1.6), 0).is_worn


def test_traffic_that_moves_between_the_others_wears_nobody():
    shown = np.array([[2000, 2000, 2000]] * 30 + [[2000, 200, 3800]] * 30)
    rates = np.array([0.010, 0.005, 0.015])
    counts = tally(shown, np.round(shown * rates))
    assert fatigue(counts, 0).evidence < 1


def test_chance_rarely_wears_a_line():
    rng = np.random.default_rng(4)
    wrong = 0
    for _ in range(40):
        counts = played(rng, left=1.0, shown=500, days=38)
        wrong += any(fatigue(counts.until(day), 0).is_worn for day in range(8, 39))
    assert wrong <= 3


def test_a_line_alone_is_held_against_its_past():
    rng = np.random.default_rng(5)
    assert fatigue(played(rng, left=0.5, arms=1, noise=0.05), 0).is_worn
    assert not fatigue(played(rng, left=1.0, arms=1, noise=0.2), 0).is_worn


def test_evidence_is_the_ratio_of_integrated_likelihoods():
    clicks = [12, 9, 11, 10, 8, 12, 9, 5]
    found = fatigue(tally([[1000]] * 8, [[each] for each in clicks]), 0)

    def integrated(left):
        def likelihood(log_rate):
            mean = np.exp(log_rate) * np.array([1.0] * 7 + [left])
            return stats.poisson.pmf(clicks, mean).prod()

        return integrate.quad(likelihood, 0, 4)[0]

    falls = [np.exp(-0.02 * steps) for steps in (11, 18, 25, 35)]
    ratio = np.mean([integrated(left) for left in falls]) / integrated(1.0)
    assert found.evidence == pytest.approx(ratio / 30, rel=0.02)
    assert found.since == 7


def test_nothing_is_known_of_the_first_week_or_without_clicks():
    for counts in (tally([[100, 100]] * 7, [[1, 1]] * 7), tally([[100, 100]] * 9, [[0, 1]] * 9)):
        found = fatigue(counts, 0)
        assert (found.evidence, found.since, found.left, found.is_worn) == (0.0, None, 1.0, False)
    silent = tally([[100, 0]] * 9, [[1, 0]] * 9)
    assert not fatigue(silent, 0).is_worn
