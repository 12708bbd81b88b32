"""Attention of many rows over the prompts that they share, each read once for all its rows.

A row attends to a shared prompt and to a few columns of its own.  Scores over a shared prompt are
one matrix product for all rows that share it, the columns are one small product per row, and one
softmax joins the two: the same result as attention over both in a row, without a copy of the
prompt per row (cascade inference; Hydragen, Juravsky et al. 2024, arXiv:2402.05099).

Axes: `heads` are key/value heads, `group` the query heads that share one.  Knows no tokens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

NAME = "adlib_cascade"

States = tuple[torch.Tensor, torch.Tensor]  #: keys and values


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """A prompt and the rows that share it.

    Attributes:
        rows: The rows, as a range of the batch.
        layers: Keys and values of each layer, [heads, tokens, width].
        bias: Added to scores, [rows, 1, tokens]; None when every row may see every token.
    """

    rows: slice
    layers: Sequence[States]
    bias: torch.Tensor | None = None


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
        return cast(torch.Tensor, out), None
    assert attention_mask is not None
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    layers = [each.layers[module.layer_idx] for each in shared]
    return _cascade(query, (key, value), attention_mask, scale, shared, layers), None


def _cascade(
    query: torch.Tensor,
    own: States,
    bias: torch.Tensor,
    scale: float,
    shared: Sequence[Shared],
    layers: Sequence[States],
) -> torch.Tensor:
    """Return [rows, tokens, heads * group, width]."""
    (keys, values), (rows, all_heads, tokens, width) = own, query.shape
    heads, columns = keys.shape[0], keys.shape[2]
    group = all_heads // heads
    # Heads come first from here on, so that each head is one matrix product over rows.
    asked = query.view(rows, heads, group, tokens, width).transpose(0, 1).contiguous()
    asked = asked.mul_(scale).view(heads, rows, group * tokens, width)
    to_own = torch.matmul(asked, keys.transpose(2, 3))
    to_own.view(heads, rows, group, tokens, columns).add_(bias)
    out = torch.empty_like(asked)
    for each, states in zip(shared, layers, strict=True):
        at = each.rows
        _attend(asked[:, at], states, each.bias, to_own[:, at], values[:, at], out[:, at])
    out = out.view(heads, rows, group, tokens, width)
    return out.permute(1, 3, 0, 2, 4).reshape(rows, tokens, all_heads, width)


def _attend(
    asked: torch.Tensor,
    prompt: States,
    bias: torch.Tensor | None,
    to_own: torch.Tensor,
    values: torch.Tensor,
    out: torch.Tensor,
) -> None:
    """Write into `out` what rows that share one prompt see; all are [heads, rows, queries, …]."""
    heads, rows, queries, width = asked.shape
    prompt_keys, prompt_values = prompt
    length, columns = prompt_keys.shape[1], to_own.shape[-1]
    flat = asked.reshape(heads, rows * queries, width)
    to_prompt = torch.bmm(flat, prompt_keys.transpose(1, 2))
    if bias is not None:
        to_prompt.view(heads, rows, queries, length).add_(bias)
    scores = torch.cat([to_prompt, to_own.reshape(heads, rows * queries, columns)], dim=-1)
    weights = scores.softmax(dim=-1)
    from_prompt = torch.bmm(weights[..., :length], prompt_values)
    of_columns = weights[..., length:].reshape(heads, rows, queries, columns)
    torch.add(
        from_prompt.view(heads, rows, queries, width), torch.matmul(of_columns, values), out=out
    )
