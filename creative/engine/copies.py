"""Rows that each hold a copy of their prompt: the last rung of the ladder, for any model.

A prompt is read once and copied for its rows; then each prompt's rows take a forward pass of their
own per token, exactly as transformers' own generation would do it.
"""

import copy
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, cast

import torch
from transformers import DynamicCache
from transformers.cache_utils import Cache, DynamicLayer

from creative.engine.beginnings import Beginning, Prompt
from creative.engine.forward import Forward

_STEP = 64  #: tokens by which a full layer grows


class Copies:
    """Prefill once, then decode copies, with one model."""

    name = "copies"

    def __init__(self, forward: Forward) -> None:
        self.forward = forward

    def new_cache(self) -> Cache:
        """Return an empty cache of the kinds of layers that the model wants."""
        return DynamicCache(config=self.forward.model.config)

    def beginnings(self, shared: Cache, length: int, endings: Sequence[Prompt]) -> list[Beginning]:
        """Read the endings one by one, each on from a copy of what is shared."""
        return [self._beginning(shared, length, ending) for ending in endings]

    def _beginning(self, shared: Cache, length: int, ending: Prompt) -> Beginning:
        cache = copy.deepcopy(shared)
        logits = self.forward(torch.tensor([ending], device=self.forward.device), cache)
        return Beginning(
            shared=cache, own=(), own_length=0, length=length + len(ending), logits=logits[0]
        )

    def rows(self) -> "CopiedRows":
        """Return an empty batch."""
        return CopiedRows(self.forward)

    def make_room(self) -> None:
        """Do nothing: what rows do not hold is not held."""

    def warm_up(self, tell: Callable[[int, int], None]) -> None:
        """Do nothing: a first step is no slower than others."""


class CopiedRows:
    """Rows in families of one prompt, each family with a cache of its own.

    `_order` holds, for each row, its place among the rows of all families.
    """

    head: torch.Tensor | None = None

    def __init__(self, forward: Forward) -> None:
        self._forward = forward
        self._families: list[_Family] = []
        self._order: list[int] = []

    def __len__(self) -> int:
        return len(self._order)

    def add(self, beginnings: Sequence[Beginning]) -> None:
        """Open a row per beginning, after those that are there."""
        self._order += range(len(self), len(self) + len(beginnings))
        for _, members in groupby(beginnings, key=id):
            alike = list(members)
            self._families.append(_Family(_spread(alike[0].shared, len(alike)), len(alike)))

    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        """Read one token per row; return the scores of the next one, [rows, vocab]."""
        given = dict(zip(self._order, tokens, strict=True))
        scores, start = [], 0
        for family in self._families:
            ids = torch.tensor([given[start + row] for row in range(family.rows)])
            scores.append(self._forward(ids[:, None].to(self._forward.device), family.cache))
            start += family.rows
        return torch.cat(scores)[self._order]

    def keep(self, rows: Sequence[int]) -> None:
        """Keep these rows only, in this order."""
        wanted = [self._order[row] for row in rows]
        kept, start = [], 0
        for family in self._families:
            mine = [at - start for at in sorted(wanted) if start <= at < start + family.rows]
            start += family.rows
            if mine:
                family.keep(mine, self._forward.device)
                kept.append(family)
        self._families = kept
        places = {at: place for place, at in enumerate(sorted(wanted))}
        self._order = [places[at] for at in wanted]

    def forget(self, row: int, tokens: int) -> bool:
        """Tell that this cannot be done: rows of a family are as long as one another."""
        return False


class _Family:
    """Rows of one prompt."""

    def __init__(self, cache: Cache, rows: int) -> None:
        self.cache = cache
        self.rows = rows

    def keep(self, rows: Sequence[int], device: torch.device) -> None:
        """Keep these rows only; they are in order."""
        if len(rows) < self.rows:
            self.cache.batch_select_indices(torch.tensor(rows, device=device))
            self.rows = len(rows)


class RoomyLayer(DynamicLayer):
    """A full-attention layer of a batch with room reserved, so that a new token moves nothing."""

    keys: torch.Tensor
    values: torch.Tensor

    def __init__(self, keys: torch.Tensor, values: torch.Tensor, rows: int) -> None:
        """Repeat the keys and values of a prompt, [1, heads, tokens, width], for each row."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.dtype, self.device = keys.dtype, keys.device
        self.is_initialized = True
        length = keys.shape[-2]
        self._all_keys = _enlarged(keys.expand(rows, -1, -1, -1), length + _STEP)
        self._all_values = _enlarged(values.expand(rows, -1, -1, -1), length + _STEP)
        self._show(length)

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        start = self.keys.shape[-2]
        end = start + key_states.shape[-2]
        if end > self._all_keys.shape[-2]:
            self._all_keys = _enlarged(self.keys, end + _STEP)
            self._all_values = _enlarged(self.values, end + _STEP)
        self._all_keys[:, :, start:end] = key_states
        self._all_values[:, :, start:end] = value_states
        self._show(end)
        return self.keys, self.values

    def batch_select_indices(self, indices: torch.Tensor) -> None:
        length = self.keys.shape[-2]
        self._all_keys = self._all_keys[indices]
        self._all_values = self._all_values[indices]
        self._show(length)

    def _show(self, length: int) -> None:
        self.keys = self._all_keys[:, :, :length]
        self.values = self._all_values[:, :, :length]


def _enlarged(states: torch.Tensor, size: int) -> torch.Tensor:
    """Copy [rows, heads, tokens, width] to where `size` tokens fit."""
    rows, heads, length, width = states.shape
    larger = states.new_empty(rows, heads, size, width)
    larger[:, :, :length] = states
    return larger


def _spread(prompt: Cache, rows: int) -> Cache:
    """Return a cache of `rows` rows that all start with one prompt, which is left as it is."""
    layers: list[Any] = []
    for layer in prompt.layers:
        if type(layer) is DynamicLayer and layer.is_initialized:
            assert layer.keys is not None
            assert layer.values is not None
            layers.append(RoomyLayer(layer.keys, layer.values, rows))
        else:
            own = cast(DynamicLayer, copy.deepcopy(layer))
            own.batch_repeat_interleave(rows)
            layers.append(own)
    return Cache(layers=layers)
