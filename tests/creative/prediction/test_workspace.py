"""What own results add: against the textbook formula, and that the prior is where it starts."""

import datetime as dt

import numpy as np
import pytest
from scipy import sparse
from scipy.stats import norm

from creative.prediction.record import (
    NEEDED,
    NO_BETTER,
    NOT_TESTED,
    Foretold,
    track_record,
    wilson,
)
from creative.prediction.workspace import (
    CLICKS,
    CONVERSIONS,
    NOBODY,
    Doubt,
    Lines,
    Results,
    learnt,
    no_segment,
    relative_rates,
    shrunk_uplifts,
)

RANDOM = np.random.default_rng(5)


def lines_of(scores, segment=None, width=8):
    count = len(scores)
    vectors = RANDOM.normal(size=(count, width))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = sparse.csr_array(np.eye(count, width))
    where = no_segment(count) if segment is None else np.full(count, segment)
    return Lines(
        scores=np.asarray(scores, float), blocks=(vectors, vectors / 3, words), segment=where
    )


def results_of(tests, arms=4, taste=1.0, segment=None, impressions=4_000):
    """Return tests whose rates follow the scores by `taste` times the usual slope."""
    scores = RANDOM.normal(scale=2, size=tests * arms)
    rates = 0.015 * np.exp(taste * CLICKS.slope * scores + RANDOM.normal(0, 0.1, len(scores)))
    shown = np.full(len(scores), impressions)
    return Results(
        lines=lines_of(scores, segment),
        test=np.repeat(np.arange(tests), arms),
        shown=shown.astype(float),
        counted=RANDOM.binomial(shown, rates).astype(float),
    )


def test_without_results_the_prior_speaks():
    outlook = learnt(None).outlook(lines_of([0.0, 2.0]))
    assert outlook.mean.tolist() == [0.0, 2 * CLICKS.slope]
    assert learnt(None).slope_in(NOBODY) == (CLICKS.slope, CLICKS.slope_sd)
    assert outlook.chances()[1, 0] > 0.5


def test_one_arm_in_a_test_teaches_nothing():
    single = Results(
        lines=lines_of([1.0]), test=np.zeros(1, int), shown=np.ones(1), counted=np.zeros(1)
    )
    assert learnt(single).results is None
    assert shrunk_uplifts(learnt(single)).tolist() == []


def test_the_update_is_bayes_rule():
    """Against weights instead of kernels: Bishop 2006, equations 3.53 and 3.54."""
    results = results_of(tests=5)
    asked = lines_of([-1.0, 0.5, 2.0])
    doubt = CLICKS

    def features(lines):
        return np.hstack(
            [
                lines.scores[:, None] * doubt.slope_sd,
                *(
                    np.sqrt(variance) * (b.toarray() if sparse.issparse(b) else b)
                    for variance, b in zip(doubt.deviations, lines.blocks, strict=True)
                ),
            ]
        )

    levels = 1e3 * (results.test[:, None] == np.arange(5)[None])  # nothing is known of a level
    known = np.hstack([features(results.lines), levels])
    clicks, rest = results.counted + 0.5, results.shown - results.counted + 0.5
    precision = 1 / (1 / clicks + 1 / rest + doubt.residue_sd**2)
    came = np.log(clicks / rest) - doubt.slope * results.lines.scores
    posterior = np.linalg.inv(np.eye(known.shape[1]) + known.T @ (precision[:, None] * known))
    weights = posterior @ known.T @ (precision * came)
    there = np.hstack([features(asked), np.zeros((3, 5))])
    mean = doubt.slope * asked.scores + there @ weights
    covariance = there @ posterior @ there.T + doubt.residue_sd**2 * np.eye(3)
    outlook = learnt(results).outlook(asked)
    assert np.diff(outlook.mean) == pytest.approx(np.diff(mean), abs=2e-3)
    width = np.sqrt(covariance[0, 0] + covariance[2, 2] - 2 * covariance[0, 2])
    expected = norm.cdf((mean[0] - mean[2]) / width)
    assert outlook.chances()[0, 2] == pytest.approx(expected, abs=5e-3)


def test_chances_flip_exactly_and_rates_have_mean_one():
    outlook = learnt(results_of(tests=6)).outlook(lines_of([0.0, 1.0, -2.0]))
    assert ((outlook.chances() + outlook.chances().T) == 1).all()
    assert relative_rates(outlook.mean).mean() == pytest.approx(1)


def test_a_reversed_taste_is_learnt():
    slope, sd = learnt(results_of(tests=40, taste=-1.0)).slope_in(NOBODY)
    assert slope < 0
    assert sd < CLICKS.slope_sd
    usual, _ = learnt(results_of(tests=40)).slope_in(NOBODY)
    assert usual == pytest.approx(CLICKS.slope, abs=0.05)


def test_conversions_start_without_a_slope():
    assert learnt(None, CONVERSIONS).outlook(lines_of([0.0, 5.0])).mean.tolist() == [0, 0]


def test_uplifts_are_shrunk():
    results = results_of(tests=10, impressions=400)
    bare = np.log((results.counted + 0.5) / (results.shown - results.counted + 0.5))
    level = np.bincount(results.test, bare) / np.bincount(results.test)
    assert np.std(shrunk_uplifts(learnt(results))) < np.std(bare - level[results.test])


def test_a_segment_has_its_own_taste():
    results = results_of(tests=40, taste=-1.0, segment=3)
    model = learnt(results, Doubt(share=1.0))
    scores = [-2.0, 2.0]
    here, elsewhere = lines_of(scores, segment=3), lines_of(scores, segment=4)
    same = Lines(scores=here.scores, blocks=here.blocks, segment=elsewhere.segment)
    assert np.diff(model.outlook(here).mean) < np.diff(model.outlook(same).mean)


def test_a_segment_has_its_own_slope():
    model = learnt(results_of(tests=40, taste=-1.0, segment=3))
    whole, here, elsewhere = (model.slope_in(segment) for segment in (NOBODY, 3, 4))
    assert here[0] < whole[0] < CLICKS.slope
    assert elsewhere[0] == pytest.approx(whole[0])
    assert elsewhere[1] > whole[1]
    assert learnt(None).slope_in(3)[1] > CLICKS.slope_sd


def test_lines_are_joined_in_order():
    both = lines_of([1.0, 2.0]).joined(lines_of([3.0], segment=5))
    assert both.scores.tolist() == [1, 2, 3]
    assert both.segment.tolist() == [-1, -1, 5]
    assert [block.shape[0] for block in both.blocks] == [3, 3, 3]
    assert sparse.issparse(both.at(np.array([2, 0])).blocks[2])


def day(number):
    return dt.datetime(2026, 11, number, tzinfo=dt.UTC)


def foretold(test, *, is_right=True, at=1, first_result=2):
    return Foretold(
        test=test,
        chance=0.7,
        foretold_at=day(at),
        first_result_at=day(first_result),
        is_won=is_right,
    )


def test_only_what_was_foretold_before_results_counts():
    record = track_record(
        [
            foretold(1),
            foretold(1, is_right=False),
            foretold(2),
            foretold(3, at=3),
            Foretold(test=4, chance=0.9, foretold_at=day(1)),
        ]
    )
    assert (record.tests, record.pairs, record.too_late) == (2, 3, 1)
    assert record.accuracy == pytest.approx(0.75)  # half of the first test, all of the second
    assert record.expected == pytest.approx(0.7)


def test_the_score_must_earn_its_place():
    few = track_record([foretold(test) for test in range(3)])
    assert few.sentence.startswith(NO_BETTER)
    assert NOT_TESTED in few.sentence
    many = track_record([foretold(test, is_right=test % 4 > 0) for test in range(40)])
    assert many.is_earned
    assert many.is_tested
    assert many.sentence.startswith("75% right in 40 of your own tests")
    even = track_record([foretold(test, is_right=test % 2 > 0) for test in range(40)])
    assert even.sentence.startswith(NO_BETTER)
    assert track_record([]).sentence == NOT_TESTED


def record_of(right, tests):
    return track_record([foretold(test, is_right=test < right) for test in range(tests)])


def test_predictions_weigh_nothing_until_they_have_earned_it():
    assert track_record([]).weight == 0
    assert record_of(20, 20).weight == 0  # all right, but too few
    assert record_of(20, 40).weight == 0  # enough, but no better than chance
    assert record_of(20, 40).low < 0.5
    weights = [record_of(right, 60).weight for right in (40, 48, 60)]
    assert 0 < weights[0] < weights[1] < weights[2] < 1
    assert weights[2] == pytest.approx(2 * wilson(60, 60)[0] - 1)


def test_luck_earns_little():
    """The figures of docs/methods/prediction.md: coin tosses, and predictions right in 70 %."""
    tests = np.arange(NEEDED, 61)
    weights = np.array(
        [
            [max(0.0, 2 * wilson(min(right, of), of)[0] - 1) for right in range(61)]
            for of in range(61)
        ]
    )
    for share, first, last in ((0.5, 0.0, 0.0), (0.7, 0.09, 0.16)):
        right = (np.random.default_rng(1).random((4_000, 60)) < share).cumsum(axis=1)
        earned = weights[tests, right[:, tests - 1]]
        assert earned[:, 0].mean() == pytest.approx(first, abs=0.01)
        assert earned[:, -1].mean() == pytest.approx(last, abs=0.01)
        if share == 0.5:
            assert (earned > 0).any(axis=1).mean() == pytest.approx(0.08, abs=0.02)
            assert earned[earned > 0].mean() == pytest.approx(0.06, abs=0.02)


def test_the_interval_is_wilsons():
    low, high = wilson(81, 263)  # Newcombe 1998, table I: .2553 to .3662
    assert (low, high) == (pytest.approx(0.2553, abs=1e-4), pytest.approx(0.3662, abs=1e-4))
    assert wilson(0, 0) == (0, 1)
