"""Attention of many rows over the prompts that they share, each read once for all its rows.

A row attends to a shared prompt, once for all rows that share it, and to a few columns of its own.
Each part tells how much there was to see, by which both are joined: the same result as attention
over both in a row, without a copy of the prompt per row (cascade inference; Hydragen, Juravsky et
al. 2024, arXiv:2402.05099).

Axes: `heads` are key/value heads, `group` the query heads that share one.  Knows no tokens.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, cast

import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

NAME = "adlib_cascade"
_BLOCK = 128  #: tokens of a prompt that are looked at together
_LOG2_E = math.log2(math.e)
_FLASH: Any = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu.default

States = tuple[torch.Tensor, torch.Tensor]  #: keys and values


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """A prompt and the rows that share it.

    Attributes:
        rows: The rows, as a range of the batch.
        layers: Keys and values of each layer, [heads, tokens, width].
        bias: Added to scores, [rows, 1, tokens]; None when every row may see every token.  Each
            has to see one.
        spans: First token that each row sees and the one after the last, int32 [rows, 2]; says the
            same as `bias`, for programs that read no token in vain; nobody's row may see none.
            May be missing.
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
        bias: Added to scores of columns, [rows, 1, tokens, columns or more]; each has to see one.
        scale: Of all scores.
        shared: What the rows share, covering all of them in order.
        layers: Keys and values of the prompts, one pair for each of `shared`.
    Returns:
        [rows, tokens, heads * group, width] in the number format of the prompts.
    """
    rows, all_heads, tokens, width = query.shape
    heads, columns = own[0].shape[0], own[0].shape[2]
    group = all_heads // heads
    keys, values = (each.transpose(0, 1) for each in own)
    asked = query.to(keys.dtype).reshape(rows, heads, group * tokens, width)
    hidden = bias[:, :, None, :, :columns].expand(-1, -1, group, -1, -1).flatten(2, 3)
    seen, mass = _looked(asked, (keys, values), hidden, scale)
    for each, prompt in zip(shared, layers, strict=True):
        of_rows = asked[each.rows].transpose(0, 1)
        one = prompt[0][None], prompt[1][None]
        of_each = each.bias
        if of_each is not None:
            of_each = of_each.expand(-1, group * tokens, -1).flatten(0, 1)[None, None]
        more, more_mass = _looked(of_rows.flatten(1, 2)[None], one, of_each, scale)
        more_mass = more_mass.view(of_rows.shape[:3]).transpose(0, 1)
        share = (more_mass - mass[each.rows]).sigmoid_().to(seen.dtype)
        seen[each.rows].lerp_(more.view(of_rows.shape).transpose(0, 1), share[..., None])
    seen = seen.view(rows, heads, group, tokens, width).permute(0, 3, 1, 2, 4)
    return seen.reshape(rows, tokens, all_heads, width)


def causal(
    query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, scale: float
) -> torch.Tensor:
    """Attend from the last tokens of a sequence to all before them, and each to itself.

    On a processor it takes less than half the time of torch's own attention, which multiplies in
    smaller pieces; but not of short numbers where AMX multiplies tiles of them: torch's is used.

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
    if query.device.type != "cpu" or (query.dtype == torch.bfloat16 and _has_tiles()):
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


@cache
def _has_tiles() -> bool:
    """Tell whether the processor multiplies tiles of short numbers in one go."""
    return bool(torch.cpu.get_capabilities().get("amx_bf16"))


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


def _looked(
    query: torch.Tensor, states: States, bias: torch.Tensor | None, scale: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Attend, and tell how much there was to see, so that results can be joined.

    Args:
        query: [batch, heads, queries, width].
        states: Keys and values, [batch, heads, tokens, width].
        bias: Added to scores, [batch, 1, queries, tokens]; None for nothing.  Each query has to
            see a token, or what comes is wrong.
        scale: Of all scores.
    Returns:
        What is seen, [batch, heads, queries, width], and the log of the sum of exponentials of
        scores, [batch, heads, queries] in single precision.
    """
    if query.device.type != "cpu":
        return _multiplied(query, states, bias, scale)
    found = _FLASH(query, *states, attn_mask=bias, scale=scale)
    return cast(tuple[torch.Tensor, torch.Tensor], found)


def _multiplied(
    query: torch.Tensor, states: States, bias: torch.Tensor | None, scale: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Do what `_looked` does, where torch does not tell how much there was to see."""
    keys, values = states
    scores = torch.matmul(query * scale, keys.transpose(2, 3)).float()
    if bias is not None:
        scores += bias
    mass = scores.logsumexp(dim=-1)
    weights = scores.sub_(mass[..., None]).exp_()
    return torch.matmul(weights.to(values.dtype), values), mass
