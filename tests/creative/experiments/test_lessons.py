"""What many tests teach: true effects are found, and chance is not taken for one."""

import numpy as np
import pytest

from creative.experiments.lessons import FEWEST, lessons, observed
from creative.experiments.tally import tally


def simulated(rng, effect, tests=30, arms=6, shown=20_000):
    """Return lines of tests in which questions earn more, and lines differ anyway."""
    found = []
    for test in range(tests):
        traits = [
            {name for name in ("question", "number") if rng.random() < 0.5} for _ in range(arms)
        ]
        own = np.exp(rng.normal(0, 0.2, arms) + [effect * ("question" in t) for t in traits])
        rates = np.minimum(0.02 * own, 1)
        impressions = np.full((5, arms), shown // 5)
        found += observed(test, tally(impressions, rng.binomial(impressions, rates)), traits)
    return found


def test_a_true_effect_is_found_and_measured():
    found = {each.trait: each for each in lessons(simulated(np.random.default_rng(1), 0.2))}
    question, number = found["question"], found["number"]
    assert question.is_sure
    assert question.low < np.expm1(0.2) < question.high
    assert not number.is_sure
    assert number.low < 0 < number.high
    assert question.tests == 30


def test_chance_is_rarely_taken_for_an_effect():
    rng = np.random.default_rng(2)
    sure = sum(
        any(each.is_sure for each in lessons(simulated(rng, 0.0, tests=12))) for _ in range(120)
    )
    assert sure <= 12  # at most a twentieth is promised; 12 of 120 is beyond its chance of 0.02


def test_intervals_hold_the_truth():
    rng = np.random.default_rng(3)
    inside = 0
    for _ in range(100):
        (found,) = [e for e in lessons(simulated(rng, 0.1, tests=12)) if e.trait == "question"]
        inside += found.low <= np.expm1(0.1) <= found.high
    assert inside >= 88


def test_what_nearly_all_or_hardly_any_lines_have_teaches_nothing():
    counts = tally([[1000] * 6], [[20] * 6])
    lines = observed(1, counts, [{"rare"} if at < FEWEST - 1 else {"usual"} for at in range(6)])
    assert lessons(lines) == []


def test_lines_that_were_not_shown_are_left_out():
    counts = tally([[1000, 0]], [[20, 0]])
    (line,) = observed(1, counts, [set(), set()])
    assert line.log_factor == pytest.approx(0, abs=1e-9)
