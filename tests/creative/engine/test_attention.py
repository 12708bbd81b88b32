"""Attention over prompts and columns against torch's own over both in a row."""

import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from creative.engine import attention
from creative.engine.attention import Shared, cascade, causal

HEADS, WIDTH, COLUMNS, LENGTHS = 2, 16, 5, (40, 7)


@pytest.fixture
def some():
    """Return what makes numbers of a shape, others each time."""
    source = torch.Generator().manual_seed(7)
    return lambda *shape: torch.randn(shape, generator=source)


@pytest.fixture(params=["flash", "products"])
def _way(request, monkeypatch):
    """Look as on a processor, and as on devices for which torch has nothing better."""
    if request.param == "products":
        monkeypatch.setattr(attention, "_looked", attention._multiplied)


def in_a_row(query, own, bias, prompts, rows_of):
    """Attend as a model does that holds a copy of the prompt for each row."""
    group = query.shape[1] // HEADS
    seen = []
    for row, asked in enumerate(query):
        prompt = prompts[row // rows_of]
        both = [torch.cat([p, o[:, row]], dim=1) for p, o in zip(prompt, own, strict=True)]
        keys, values = (each.repeat_interleave(group, dim=0) for each in both)
        before = torch.zeros(asked.shape[1], prompt[0].shape[1])
        mask = torch.cat([before, bias[row, 0]], dim=1)
        seen.append(scaled_dot_product_attention(asked, keys, values, attn_mask=mask, scale=0.5))
    return torch.stack(seen).transpose(1, 2)


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize("group", [1, 3])
@pytest.mark.parametrize("tokens", [1, 2])
def test_rows_see_their_prompt_and_their_columns(group, tokens, some):
    query = some(6, HEADS * group, tokens, WIDTH)
    own = some(HEADS, 6, COLUMNS, WIDTH), some(HEADS, 6, COLUMNS, WIDTH)
    prompts = [(some(HEADS, each, WIDTH), some(HEADS, each, WIDTH)) for each in LENGTHS]
    bias = torch.zeros(6, 1, tokens, COLUMNS)
    bias[1, ..., :3] = -torch.inf
    shared = [Shared(rows=slice(at, at + 3), layers=[]) for at in (0, 3)]
    seen = cascade(query, own, bias, 0.5, shared, prompts)
    torch.testing.assert_close(seen, in_a_row(query, own, bias, prompts, 3), rtol=1e-4, atol=1e-5)


@pytest.mark.usefixtures("_way")
def test_a_bias_hides_what_rows_share(some):
    """All prompts behind each other, of which each row sees its own."""
    query, own = some(4, HEADS, 1, WIDTH), (some(HEADS, 4, 2, WIDTH), some(HEADS, 4, 2, WIDTH))
    prompts = [(some(HEADS, each, WIDTH), some(HEADS, each, WIDTH)) for each in LENGTHS]
    whole = [(torch.cat([p[0] for p in prompts], 1), torch.cat([p[1] for p in prompts], 1))]
    hidden = torch.zeros(4, 1, sum(LENGTHS))
    hidden[:2, :, LENGTHS[0] :] = hidden[2:, :, : LENGTHS[0]] = -torch.inf
    bias = torch.zeros(4, 1, 1, 2)
    seen = cascade(query, own, bias, 0.5, [Shared(rows=slice(0, 4), layers=[], bias=hidden)], whole)
    torch.testing.assert_close(seen, in_a_row(query, own, bias, prompts, 2), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_short_numbers_see_nearly_the_same(dtype, some):
    query = some(3, HEADS, 1, WIDTH)
    own = some(HEADS, 3, COLUMNS, WIDTH), some(HEADS, 3, COLUMNS, WIDTH)
    prompts = [(some(HEADS, 40, WIDTH), some(HEADS, 40, WIDTH))]
    bias = torch.zeros(3, 1, 1, COLUMNS)
    short = [[each.to(dtype) for each in pair] for pair in (own, *prompts)]
    shared = [Shared(rows=slice(0, 3), layers=[])]
    seen = cascade(query.to(dtype), short[0], bias, 0.5, shared, short[1:])
    right = in_a_row(query, own, bias, prompts, 3)
    torch.testing.assert_close(seen.float(), right, rtol=3e-2, atol=3e-2)


@pytest.mark.parametrize("has_tiles", [True, False])
def test_a_prompt_is_seen_the_same_with_and_without_tiles(has_tiles, some, monkeypatch):
    monkeypatch.setattr(attention, "_has_tiles", lambda: has_tiles)
    query, keys, values = (some(heads, 200, WIDTH).bfloat16() for heads in (4, HEADS, HEADS))
    pairs = (each.repeat_interleave(2, dim=0).float() for each in (keys, values))
    right = scaled_dot_product_attention(query.float(), *pairs, is_causal=True, scale=0.5)
    seen = causal(query, keys, values, 0.5).transpose(0, 1)
    torch.testing.assert_close(seen.float(), right, rtol=3e-2, atol=3e-2)
