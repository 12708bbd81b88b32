"""Attention of many rows over the prompts that they share, each read once for all its rows.

A row attends to a shared prompt and to a few columns of its own.  Scores over a shared prompt are
one matrix product for all rows that share it, the columns are one small product per row, and one
softmax joins the two: the same result as attention over both in a row, without a copy of the
prompt per row (cascade inference; Hydragen, Juravsky et al. 2024, arXiv:2402.05099).

Axes: `heads` are key/value heads, `group` the query heads that share one.  Knows no tokens.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

NAME = "adlib_cascade"
_BLOCK = 128  #: tokens of a prompt that are looked at together
_LOG2_E = math.log2(math.e)

States = tuple[torch.Tensor, torch.Tensor]  #: keys and values


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """A prompt and the rows that share it.

    Attributes:
        rows: The rows, as a range of the batch.
        layers: Keys and values of each layer, [heads, tokens, width].
        bias: Added to scores, [rows, 1, tokens]; None when every row may see every token.
        spans: First token that each row sees and the one after the last, int32 [rows, 2]; says the
            same as `bias`, for programs that read no token in vain.  May be missing.
    """

    rows: slice
    layers: Sequence[States]
    bias: torch.Tensor | None = None
    spans: torch.Tensor | None = None


class Placed(Protocol):
    """Columns of which a tensor tells where a step writes, int64 [1]."""

    keys: list[torch.Tensor]  #: by layer, [heads, rows, columns, width] in one piece
    values: list[torch.Tensor]
    place: torch.Tensor


def use_cascade(model: Any) -> None:
    """Let a transformers model attend through this file; without `shared` it is plain sdpa."""
    AttentionInterface.register(NAME, _attention)
    AttentionMaskInterface.register(NAME, sdpa_mask)
    model.set_attn_implementation(NAME)


def _attention(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    shared: Sequence[Shared] | None = None,
    **others: Any,
) -> tuple[torch.Tensor, None]:
    """Attend for one layer; called by transformers.

    Args:
        query: [rows, heads * group, tokens, width].
        key: Columns of each row, [heads, rows, columns, width].
        value: As `key`.
        attention_mask: Bias of the columns, [rows, 1, tokens, columns].
        shared: What the rows share, covering all of them in order; None for a plain forward.
    """
    if shared is None:
        out, _ = sdpa_attention_forward(
            module, query, key, value, attention_mask, scaling=scaling, **others
        )
        return out, None
    assert attention_mask is not None
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    layers = [each.layers[module.layer_idx] for each in shared]
    return cascade(query, (key, value), attention_mask, scale, shared, layers), None


def cascade(
    query: torch.Tensor,
    own: States,
    bias: torch.Tensor,
    scale: float,
    shared: Sequence[Shared],
    layers: Sequence[States],
) -> torch.Tensor:
    """Attend to shared prompts and to columns of each row.

    Args:
        query: [rows, heads * group, tokens, width].
        own: Keys and values in columns, [heads, rows, columns, width].
        bias: Added to scores of columns, [rows, 1, tokens, columns or more].
        scale: Of all scores.
        shared: What the rows share, covering all of them in order.
        layers: Keys and values of the prompts, one pair for each of `shared`.
    Returns:
        [rows, tokens, heads * group, width] in the number format of the prompts.
    """
    (keys, values), (rows, all_heads, tokens, width) = map(_multiplied, own), query.shape
    heads, columns = keys.shape[0], keys.shape[2]
    group = all_heads // heads
    # Heads come first from here on, so that each head is one matrix product over rows.
    asked = query.view(rows, heads, group, tokens, width).transpose(0, 1)
    asked = asked.reshape(heads, rows, group * tokens, width)
    if scale != 1.0:
        asked = asked * scale
    to_own = torch.matmul(asked.to(keys.dtype), keys.transpose(2, 3))
    to_own.view(heads, rows, group, tokens, columns).add_(bias[..., :columns])
    asked = asked.to(layers[0][0].dtype)
    weights = _weights(asked, to_own, shared, layers)
    of_own = torch.matmul(weights[..., -columns:], values)
    out = asked.new_empty(rows, tokens, heads, group, width)
    for each, (_, prompt_values) in zip(shared, layers, strict=True):
        looks = weights[:, each.rows, :, : prompt_values.shape[1]]
        looks = looks.to(prompt_values.dtype, memory_format=torch.contiguous_format)
        of_prompt = torch.bmm(looks.flatten(1, 2), prompt_values)
        seen = of_own[:, each.rows].view(heads, -1, group, tokens, width)
        torch.add(seen, of_prompt.view(seen.shape), out=out[each.rows].permute(2, 0, 3, 1, 4))
    return out.view(rows, tokens, all_heads, width)


def causal(
    query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, scale: float
) -> torch.Tensor:
    """Attend from the last tokens of a sequence to all before them, and each to itself.

    On a processor it takes less than half the time of torch's own attention, which multiplies in
    smaller pieces.

    Args:
        query: [heads * group, tokens, width].
        keys: [heads, all tokens, width].
        values: As `keys`.
        scale: Of all scores.
    Returns:
        [tokens, heads * group, width].
    """
    (all_heads, tokens, width), (heads, length, _) = query.shape, keys.shape
    group = all_heads // heads
    if query.device.type != "cpu":
        return _torch_causal(query, keys, values, scale)
    asked = query.view(heads, group, tokens, width)
    out = query.new_empty(tokens, heads, group, width)
    later = query.new_full((_BLOCK, _BLOCK), -torch.inf, dtype=torch.float32).triu(1)
    for start in range(0, tokens, _BLOCK):
        end = min(start + _BLOCK, tokens)
        size, seen = end - start, length - tokens + end
        block = asked[:, :, start:end].reshape(heads, group * size, width)
        scores = torch.bmm(block, keys[:, :seen].transpose(1, 2)).float().mul_(scale * _LOG2_E)
        scores.view(heads, group, size, seen)[..., -size:].add_(later[:size, :size])
        # A softmax in powers of two, divided last: powers of e are slow on some processors.
        powers = scores.sub_(scores.amax(dim=-1, keepdim=True)).exp2_()
        found = torch.bmm(powers.to(values.dtype), values[:, :seen])
        found.div_(powers.sum(dim=-1, keepdim=True))
        out[start:end] = found.view(heads, group, size, width).permute(2, 0, 1, 3)
    return out.view(tokens, all_heads, width)


def _torch_causal(
    query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, scale: float
) -> torch.Tensor:
    """Do what `causal` does, with torch's own attention."""
    tokens, length, group = query.shape[1], keys.shape[1], len(query) // len(keys)
    mask = None
    if 1 < tokens < length:
        seen = torch.ones(tokens, length, dtype=torch.bool, device=query.device)
        mask = seen.tril(length - tokens)
    out = scaled_dot_product_attention(
        query[None],
        keys[None].repeat_interleave(group, dim=1),
        values[None].repeat_interleave(group, dim=1),
        attn_mask=mask,
        is_causal=1 < tokens == length,
        scale=scale,
    )
    return out[0].transpose(0, 1)


def _weights(
    asked: torch.Tensor,
    to_own: torch.Tensor,
    shared: Sequence[Shared],
    layers: Sequence[States],
) -> torch.Tensor:
    """Return how far each query looks at the tokens of its prompt, and at its own columns.

    All are [heads, rows, queries, ...]; the last axis is that of the longest prompt, where shorter
    ones leave noughts, and then the columns.
    """
    heads, rows, queries, columns = to_own.shape
    longest = max(keys.shape[1] for keys, _ in layers)
    scores = to_own.new_empty(heads, rows, queries, longest + columns)
    for each, (keys, _) in zip(shared, layers, strict=True):
        part, length = scores[:, each.rows], keys.shape[1]
        to_prompt = torch.bmm(asked[:, each.rows].flatten(1, 2), keys.transpose(1, 2))
        to_prompt = to_prompt.view(heads, -1, queries, length)
        if each.bias is not None:
            to_prompt.add_(each.bias)
        part[..., :length] = to_prompt
        if length < longest:
            part[..., length:longest] = -torch.inf
    scores[..., longest:] = to_own
    return scores.softmax(dim=-1)


def _multiplied(states: torch.Tensor) -> torch.Tensor:
    """Return states in the numbers in which the small products of single rows are fastest.

    They are kept short: what takes longest on a processor is to fetch them.
    """
    return states.float() if states.device.type == "cpu" else states
