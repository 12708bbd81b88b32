"""What the Audience page says of a model, from real fits."""

import csv
import io

import numpy as np
import pytest

from creative.tables.fitting import fit_table
from creative.tables.plan import Plan
from creative.tables.reading import read_table
from creative.tables.sample import sample_table
from pages.parts.table_words import (
    calibration_words,
    hits_words,
    is_worth_it,
    lift_words,
    rival_words,
    verdict_words,
)


def report_of(content, baseline=""):
    raw = read_table(content, "table.csv")
    plan = Plan(target="clicked", families=("linear",), trials=0, baseline=baseline)
    return fit_table(raw, plan).report


def table(draw):
    chance = np.random.default_rng(5)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("x", "z", "clicked"), *(draw(chance) for _ in range(600))])
    return text.getvalue().encode()


def noise(chance):
    return f"{chance.normal():.4f}", f"{chance.normal():.4f}", int(chance.random() < 0.3)


def one_column(chance):
    x = chance.normal()
    return f"{x:.4f}", f"{chance.normal():.4f}", int(chance.random() < 1 / (1 + np.exp(1 - 2 * x)))


@pytest.fixture(scope="module")
def worth():
    return report_of(sample_table(), baseline="days_since_visit")


def test_a_model_of_noise_is_no_better_than_a_coin():
    report = report_of(table(noise))
    assert verdict_words(report).startswith("**No better than a coin yet.**")
    assert not is_worth_it(report)


def test_a_model_of_one_column_is_not_better_than_it():
    report = report_of(table(one_column))
    assert verdict_words(report).startswith("**Not surely better than “x” alone.**")
    assert not is_worth_it(report)


def test_a_model_of_many_columns_is_better(worth):
    assert verdict_words(worth).startswith("**Better than any single column.**")
    assert is_worth_it(worth)


def test_figures_are_those_of_the_report(worth):
    test = worth.test
    assert f"{test.auc:.0%} of cases ({test.auc_low:.0%} to {test.auc_high:.0%})" in verdict_words(
        worth
    )
    assert f"{test.deciles[0].lift:.1f} times" in lift_words(worth)
    assert f"{100 * test.ece:.1f} points" in calibration_words(worth)
    assert f"F1 {test.f1:.2f}" in hits_words(worth)
    assert f"{100 * worth.baseline.gain:+.1f} points" in rival_words(worth.baseline)
