"""Expected numbers are scikit-learn's, on the same rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from creative.tables.metrics import (
    auc,
    auc_interval,
    best_threshold,
    deciles,
    gain_interval,
    hits,
    log_loss,
    measure,
    reliability,
)

SCORED = st.lists(st.tuples(st.integers(1, 19), st.booleans()), min_size=4, max_size=60).filter(
    lambda rows: len({won for _, won in rows}) == 2
)


def arrays(rows):
    return np.array([s / 20 for s, _ in rows]), np.array([float(w) for _, w in rows])


@given(SCORED)
def test_metrics_are_those_of_scikit_learn(rows):
    chances, outcome = arrays(rows)
    assert auc(chances, outcome) == pytest.approx(sk.roc_auc_score(outcome, chances))
    assert log_loss(chances, outcome) == pytest.approx(sk.log_loss(outcome, chances))
    chosen = chances >= 0.5
    expected = sk.precision_recall_fscore_support(
        outcome, chosen, average="binary", zero_division=0
    )[:3]
    assert hits(chances, outcome, 0.5) == pytest.approx(expected)


@given(SCORED)
def test_no_other_threshold_has_a_higher_f1(rows):
    chances, outcome = arrays(rows)
    best = hits(chances, outcome, best_threshold(chances, outcome))[2]
    assert best == pytest.approx(max(hits(chances, outcome, at)[2] for at in chances))


@given(SCORED)
def test_bins_and_deciles_hold_every_row(rows):
    chances, outcome = arrays(rows)
    assert sum(each.rows for each in reliability(chances, outcome)) == len(rows)
    tenths = deciles(chances, outcome)
    assert sum(each.rows for each in tenths) == len(rows)
    assert tenths[-1].captured == pytest.approx(1)
    lift = sum(each.lift * each.rows for each in tenths) / len(rows)
    assert lift == pytest.approx(1)


def test_the_interval_covers_the_truth_as_often_as_it_says():
    """Binormal scores one standard deviation apart have AUC Phi(1 / sqrt 2) = 0.7602."""
    chance, covered = np.random.default_rng(1), 0
    for seed in range(100):
        outcome = (np.arange(200) % 2).astype(float)
        low, high = auc_interval(
            chance.normal(size=200) + outcome, outcome, seed=seed, resamples=200
        )
        covered += low <= 0.7602 <= high
    assert covered >= 88  # of 95 expected: three standard errors


def test_rows_of_one_group_count_once():
    chance = np.random.default_rng(2)
    scores, outcome = chance.random(50), (chance.random(50) < 0.5).astype(float)
    many, groups = np.repeat(np.arange(50), 20), np.repeat(np.arange(50.0), 20)
    narrow = auc_interval(scores[many], outcome[many], seed=1)
    wide = auc_interval(scores[many], outcome[many], seed=1, groups=groups)
    assert wide[1] - wide[0] > 3 * (narrow[1] - narrow[0])


def test_a_score_gains_nothing_on_itself():
    chance = np.random.default_rng(2)
    scores, outcome = chance.random(50), (chance.random(50) < 0.5).astype(float)
    assert gain_interval(scores, scores, outcome, seed=1) == (0, 0)


def test_true_chances_are_calibrated_and_wrong_ones_not():
    chance = np.random.default_rng(4)
    true = chance.random(20_000)
    outcome = (chance.random(20_000) < true).astype(float)
    assert measure(true, outcome, 0.5, seed=1).ece < 0.015
    assert measure(true / 2, outcome, 0.5, seed=1).ece > 0.2
