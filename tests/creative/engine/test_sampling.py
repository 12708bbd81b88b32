import numpy as np
import pytest
import torch
from scipy.stats import chi2

from creative.engine.likeliest import packed, unpacked
from creative.engine.noise import gumbel, key_of, keys_of
from creative.engine.sampling import HEAD, Ask, Choice, Scores, _summary

DRAWS = 6000


def scores(logits, choice, seeds=(0,), position=0):
    """The scores of one row of logits, asked for by several seeds."""
    asks = [Ask(choice=choice, seed=seed, position=position) for seed in seeds]
    return Scores(logits.expand(len(asks), -1), asks)


def drawn(logits, choice, is_allowed=lambda token: True):
    """How often each token comes first among the allowed ones, by seed."""
    counts = np.zeros(logits.shape[-1])
    for start in range(0, DRAWS, 500):
        some = scores(logits, choice, range(start, start + 500))
        for row in range(500):
            counts[next(token for token in some.likely(row) if is_allowed(token))] += 1
    return counts


def assert_distributed(counts, logits, temperature=1.0):
    """Fail if counts are less likely than 1 in 1000 to come from a softmax of these logits."""
    chance = torch.softmax(logits.double() / temperature, -1).numpy()
    assert counts[chance == 0].sum() == 0
    expected = chance[chance > 0] * DRAWS
    found = ((counts[chance > 0] - expected) ** 2 / expected).sum()
    assert found < chi2.ppf(0.999, (chance > 0).sum() - 1)


def some_logits(count, spread=1.5, seed=1):
    return torch.randn(1, count, generator=torch.Generator().manual_seed(seed)) * spread


@pytest.mark.parametrize("temperature", [0.7, 1.0, 1.6])
def test_truncated_tokens_are_drawn_from_their_masked_softmax(temperature):
    logits = some_logits(120)
    cut = logits[0].clone()
    cut[logits[0] < logits[0].topk(20).values[-1]] = -torch.inf
    masked = cut.clone()
    masked[::3] = -torch.inf
    choice = Choice(temperature=temperature, top_k=20)
    assert_distributed(drawn(logits, choice), cut, temperature)
    assert_distributed(drawn(logits, choice, lambda token: token % 3), masked, temperature)


@pytest.mark.parametrize("temperature", [0.7, 1.0, 1.6])
@pytest.mark.parametrize("spread", [0.3, 3.0])
def test_without_truncation_tokens_are_drawn_from_the_full_masked_softmax(temperature, spread):
    logits = some_logits(HEAD + 36, spread)
    masked = logits[0].clone()
    masked[logits[0] > logits[0].topk(10).values[-1]] = -torch.inf
    free = Choice(temperature=temperature, top_k=0)
    assert_distributed(drawn(logits, free), logits[0], temperature)
    allowed = set(torch.isfinite(masked).nonzero()[:, 0].tolist())
    assert_distributed(drawn(logits, free, lambda token: token in allowed), masked, temperature)


def test_the_full_order_holds_every_token_once():
    logits = some_logits(3000)
    order = list(scores(logits, Choice(top_k=0)).likely(0))
    assert sorted(order) == list(range(3000))


def test_noise_has_the_mean_and_variance_of_gumbel():
    keys = keys_of([(seed, 5) for seed in range(100)])
    noise = gumbel(keys[:, None], np.arange(1000))
    assert noise.mean() == pytest.approx(np.euler_gamma, abs=0.02)
    assert noise.var() == pytest.approx(np.pi**2 / 6, abs=0.03)


def test_noise_differs_by_seed_position_and_token():
    seeds, positions = (-1, 0, 1, 2**63 - 1), (-2, -1, 0, 1, 2)
    keys = [key_of(seed, position) for seed in seeds for position in positions]
    noise = gumbel(np.array(keys, dtype=np.uint64)[:, None], np.arange(100))
    assert len(np.unique(noise)) == noise.size


def test_a_row_does_not_depend_on_its_neighbours():
    logits = torch.randn(8, 500, generator=torch.Generator().manual_seed(1))
    choices = [Choice(temperature=0.9, top_p=0.9), Choice(top_k=0), Choice(top_k=200, min_p=0.05)]
    asks = [Ask(choice=choices[row % 3], seed=row, position=2) for row in range(8)]
    together = Scores(logits, asks)
    for row in range(8):
        alone = Scores(logits[row : row + 1], asks[row : row + 1])
        assert list(together.likely(row)) == list(alone.likely(0))
        assert together.logprob(row, 7) == pytest.approx(alone.logprob(0, 7), abs=1e-6)


def test_zero_temperature_takes_the_likeliest():
    logits = some_logits(300)
    order = list(scores(logits, Choice(temperature=0, top_p=0.1)).likely(0))
    assert order == logits[0].argsort(descending=True, stable=True).tolist()[:HEAD]


def test_top_p_keeps_the_smallest_set_that_holds_the_mass():
    logits = torch.log(torch.tensor([[0.5, 0.3, 0.15, 0.05]]))
    for top_p, kept in [(0.4, {0}), (0.6, {0, 1}), (0.9, {0, 1, 2}), (1.0, {0, 1, 2, 3})]:
        assert set(scores(logits, Choice(top_p=top_p)).likely(0)) == kept


def test_top_p_without_top_k_looks_at_the_whole_vocabulary():
    half = scores(torch.zeros(1, 1000), Choice(top_k=0, top_p=0.5))
    assert len(list(half.likely(0))) == pytest.approx(500, abs=1)


def test_min_p_keeps_what_is_not_much_less_likely_than_the_likeliest():
    logits = torch.log(torch.tensor([[0.5, 0.3, 0.15, 0.05]]))
    assert set(scores(logits, Choice(min_p=0.25)).likely(0)) == {0, 1, 2}


def test_wider_goes_on_where_likely_ends_and_everything_is_everything():
    logits = some_logits(600)
    row = scores(logits, Choice(top_p=0.3))
    likely, wider = list(row.likely(0)), list(row.wider(0))
    assert not set(likely) & set(wider)
    assert set(likely) | set(wider) == set(logits[0].topk(256).indices.tolist())
    assert sorted(row.everything(0)) == list(range(600))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_logprob_is_at_temperature_one_over_all_tokens(dtype):
    logits = torch.randn(2, 400, generator=torch.Generator().manual_seed(4)).to(dtype)
    expected = torch.log_softmax(logits.double(), -1)
    asks = [Ask(choice=Choice(temperature=0.5), seed=0, position=0)] * 2
    for token in (int(logits[1].argmin()), int(logits[1].argmax())):
        got = Scores(logits, asks).logprob(1, token)
        assert got == pytest.approx(float(expected[1, token]), abs=1e-5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_card_tells_the_same_in_one_piece(dtype):
    logits = torch.randn(70, 3000, generator=torch.Generator().manual_seed(4)).to(dtype) * 4
    logits[:, 5] = 20 + torch.arange(70)
    top, ids, mass = _summary(logits, HEAD, None)
    found, places, sums = unpacked(packed(logits, HEAD))
    np.testing.assert_array_equal(found, top)
    np.testing.assert_allclose(sums, mass, atol=1e-5)
    assert (places[:, 0] == ids[:, 0]).all()
    np.testing.assert_array_equal(np.take_along_axis(logits.float().numpy(), places, 1), top)
    assert not np.isfinite(unpacked(packed(torch.full((1, 9), torch.nan), 2))[2]).any()


def test_rows_without_numbers_are_noticed():
    asks = [Ask(choice=Choice(), seed=0, position=0)] * 2
    found = Scores(torch.tensor([[1.0, 2.0], [float("nan"), 1.0]]), asks)
    assert found.is_sound(0)
    assert not found.is_sound(1)
