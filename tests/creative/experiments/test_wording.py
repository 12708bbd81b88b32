"""What texts teach: nothing without tests, nothing from chance, and what there is to learn."""

import numpy as np
import pytest

from creative.experiments.shares import next_shares
from creative.experiments.shrinkage import beliefs
from creative.experiments.tally import tally
from creative.experiments.wording import PastTest, learn

WORDS = "bag coat lamp chair clock bread shoes table train piano river stone cloud tiger".split()


def past_tests(rng, count, effect):
    """Return tests of three lines; one word of some lines makes them better."""
    tests = []
    for _ in range(count):
        texts = [" ".join(rng.choice(WORDS, 5)) for _ in range(3)]
        texts[0] += " free"
        rates = 0.01 * np.exp(rng.normal(0, 0.2, 3)) * np.array([1 + effect, 1, 1])
        rates *= np.exp(rng.normal(0, 1))  # what a page does to all lines of a test
        shown = np.full(3, 5000)
        order = rng.permutation(3)
        tests.append(
            PastTest(
                texts=tuple(texts[at] for at in order),
                impressions=shown,
                clicks=rng.binomial(shown, np.minimum(rates, 0.5))[order],
            )
        )
    return tests


def test_without_tests_all_texts_are_alike():
    same = PastTest(texts=("a", "a"), impressions=np.array([9, 9]), clicks=np.array([1, 2]))
    for tests in ([], [same]):
        words = learn(tests)
        assert words.trust == 0
        assert words.factors(["one bag", "two coats"]) == pytest.approx([1, 1])


def test_a_word_that_works_is_learnt_and_foretold():
    words = learn(past_tests(np.random.default_rng(1), 200, effect=0.6))
    assert words.trust > 0.5
    better, worse = words.factors(["tiger piano free", "tiger piano river"])
    assert 1.15 < better / worse < 2.2
    assert better + worse == pytest.approx(2)


def test_chance_is_not_believed():
    trusted = [
        learn(past_tests(np.random.default_rng(seed), 60, effect=0.0)).trust for seed in range(8)
    ]
    assert np.median(trusted) < 0.1


def test_letters_of_any_script_and_none_at_all_have_factors():
    words = learn(past_tests(np.random.default_rng(2), 80, effect=0.6))
    assert words.factors(["", "お得なバッグ", "free"]).mean() == pytest.approx(1)


def test_a_prior_steers_shares_before_there_are_clicks_and_yields_to_them():
    prior = np.array([0.9, 1.2, 0.9])
    nothing = tally(np.zeros((0, 3)), np.zeros((0, 3)))
    first = next_shares(beliefs(nothing, prior=prior), control=0)
    assert first[1] > first[2] > 0
    many = tally([[50_000] * 3], [[500, 500, 700]])
    assert next_shares(beliefs(many, prior=prior), control=0).argmax() == 2
