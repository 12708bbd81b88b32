import itertools

import numpy as np
import pytest
import torch

from creative.engine.sampling import TOP_K, Choice, Scores, gumbel


def first(logits, choice, seed, position=0):
    return next(Scores(logits).candidates(0, choice, seed, position))


def chi_square(counts, expected):
    return float(((counts - expected) ** 2 / expected).sum())


def test_tokens_are_drawn_from_the_softmax():
    logits = torch.tensor([[2.0, 1.0, 0.5, 0.0, -1.0]])
    choice = Choice(temperature=0.7, top_p=1)
    drawn = [first(logits, choice, seed) for seed in range(4000)]
    counts = np.bincount(drawn, minlength=5)
    expected = torch.softmax(logits[0] / 0.7, 0).numpy() * 4000
    assert chi_square(counts, expected) < 18.47  # 99.9 % of chi-square with 4 degrees of freedom


def test_skipping_what_is_not_allowed_draws_from_the_masked_softmax():
    logits = torch.tensor([[2.0, 1.0, 0.5, 0.0, -1.0]])
    choice = Choice(temperature=1, top_p=1)
    drawn = [
        next(t for t in Scores(logits).candidates(0, choice, seed, 3) if t % 2)
        for seed in range(4000)
    ]
    allowed = torch.softmax(logits[0, [1, 3]], 0).numpy() * 4000
    assert chi_square(np.bincount(drawn, minlength=5)[[1, 3]], allowed) < 10.83


def test_noise_has_the_mean_and_variance_of_gumbel():
    noise = np.concatenate([gumbel(seed, 5, np.arange(1000)) for seed in range(100)])
    assert noise.mean() == pytest.approx(np.euler_gamma, abs=0.02)
    assert noise.var() == pytest.approx(np.pi**2 / 6, abs=0.03)


def test_noise_differs_by_seed_position_and_token():
    tokens = np.arange(100)
    kinds = itertools.product((-1, 0, 1, 2**63 - 1), (0, 1, 2))
    all_noise = np.concatenate([gumbel(seed, position, tokens) for seed, position in kinds])
    assert len(np.unique(all_noise)) == len(all_noise)


def test_a_row_does_not_depend_on_its_neighbours():
    logits = torch.randn(8, 500, generator=torch.Generator().manual_seed(1))
    choice = Choice(temperature=0.9, top_p=0.9)
    together = Scores(logits)
    for row in range(8):
        alone = Scores(logits[row : row + 1])
        assert (
            list(together.candidates(row, choice, row, 2))[:200]
            == list(alone.candidates(0, choice, row, 2))[:200]
        )
        assert together.logprob(row, 7) == pytest.approx(alone.logprob(0, 7), abs=1e-6)


def test_every_token_is_tried_once_the_likely_ones_first():
    logits = torch.randn(1, 3000, generator=torch.Generator().manual_seed(2)) * 3
    order = list(Scores(logits).candidates(0, Choice(temperature=1, top_p=0.5), 1, 0))
    assert sorted(order) == list(range(3000))
    likely = set(logits[0].topk(TOP_K).indices.tolist())
    assert order[0] in likely


def test_zero_temperature_takes_the_likeliest():
    logits = torch.randn(1, 300, generator=torch.Generator().manual_seed(3))
    order = list(Scores(logits).candidates(0, Choice(temperature=0, top_p=0.1), 1, 0))
    assert order == logits[0].argsort(descending=True, stable=True).tolist()


def test_top_p_keeps_the_smallest_set_that_holds_the_mass():
    logits = torch.log(torch.tensor([[0.5, 0.3, 0.15, 0.05]]))
    for top_p, kept in [(0.4, {0}), (0.6, {0, 1}), (0.9, {0, 1, 2}), (1.0, {0, 1, 2, 3})]:
        choice = Choice(temperature=1, top_p=top_p)
        assert {first(logits, choice, seed) for seed in range(400)} == kept


def test_logprob_is_at_temperature_one_over_all_tokens():
    logits = torch.randn(2, 400, generator=torch.Generator().manual_seed(4))
    expected = torch.log_softmax(logits, -1)
    least = int(logits[1].argmin())
    assert Scores(logits).logprob(1, least) == pytest.approx(float(expected[1, least]), abs=1e-5)


def test_rows_without_numbers_are_noticed():
    scores = Scores(torch.tensor([[1.0, 2.0], [float("nan"), 1.0]]))
    assert scores.is_sound(0)
    assert not scores.is_sound(1)
