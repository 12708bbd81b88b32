"""What many tests teach: true effects are found, and chance is not taken for one."""

import numpy as np
import pytest

from creative.experiments.lessons import FEWEST, lessons, observed
from creative.experiments.shrinkage import SPREAD
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


def test_looking_after_every_test_seldom_finds_what_is_not_there():
    """Eight traits without effect, lines that differ as in the archive; see docs/methods."""
    rng, names = np.random.default_rng(3), "abcdefgh"
    found = 0
    for _ in range(40):
        lines, is_sure = [], False
        for test in range(30):
            traits = [{name for name in names if rng.random() < 0.3} for _ in range(4)]
            rates = 0.02 * np.exp(rng.normal(0, np.sqrt(SPREAD), 4))
            impressions = np.full((5, 4), 4_000)
            lines += observed(test, tally(impressions, rng.binomial(impressions, rates)), traits)
            is_sure |= any(lesson.is_sure for lesson in lessons(lines))
        found += is_sure
    assert found <= 12  # 13 % of 200 were measured; 12 of 40 is beyond its chance of 0.01
