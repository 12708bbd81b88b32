"""What the model remembers of prompts: one copy of a shared beginning, then one per row.

Keys and values are [rows, heads, tokens, width].  The layers of a prompt that transformers made
are never written to, so any number of requests may start from them.  Layers of other kinds than
full attention (sliding windows, say) are copied and grow the way transformers does it.
"""

import copy
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any, cast

import torch
from transformers import DynamicCache
from transformers.cache_utils import Cache, CacheLayerMixin, DynamicLayer

from creative.engine.hub import CausalModel

KEPT_PROMPTS = 4  #: beginnings remembered; a few MB each
_STEP = 64  #: tokens by which a full layer grows


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


def spread(prompt: Cache, rows: int) -> Cache:
    """Return a cache of `rows` rows that all start with one prompt, which is left as it is."""
    layers: list[Any] = []
    for layer in prompt.layers:
        if type(layer) is DynamicLayer and layer.is_initialized:
            layers.append(RoomyLayer(*_states(layer), rows))
        else:
            own = cast(DynamicLayer, copy.deepcopy(layer))
            own.batch_repeat_interleave(rows)
            layers.append(own)
    return Cache(layers=layers)


class Prompts:
    """The beginnings of the latest prompts, so that asking again about a brief costs nothing."""

    def __init__(self, model: CausalModel) -> None:
        self._model = model
        self._kept: OrderedDict[tuple[int, ...], Cache] = OrderedDict()

    def cache_of(self, tokens: Sequence[int]) -> Cache:
        """Return a cache, batch size 1, of exactly these tokens; callers must not write to it."""
        wanted = tuple(tokens)
        if not wanted:
            return DynamicCache(config=self._model.config)
        if wanted not in self._kept:
            cache, known = self._best_start(wanted)
            ids = torch.tensor([wanted[known:]], device=self._model.device)
            forward(self._model, ids, cache)
            self._kept[wanted] = cache
        self._kept.move_to_end(wanted)
        while len(self._kept) > KEPT_PROMPTS:
            self._kept.popitem(last=False)
        return self._kept[wanted]

    def forget(self) -> None:
        """Free all memory held."""
        self._kept.clear()

    def _best_start(self, wanted: tuple[int, ...]) -> tuple[Cache, int]:
        """Return a cache to grow and how many tokens of `wanted` it holds."""
        starts = {kept: common_start([kept, wanted]) for kept in self._kept}
        best = max(starts, key=lambda kept: starts[kept], default=())
        known = min(starts.get(best, 0), len(wanted) - 1)
        if known == 0 or not _is_plain(self._kept[best]):
            return DynamicCache(config=self._model.config), 0
        return _first_tokens(self._kept[best], known), known


def forward(model: CausalModel, ids: torch.Tensor, cache: Cache, **inputs: object) -> torch.Tensor:
    """Read tokens, int64 [rows, tokens], into a cache; return the last logits [rows, vocab]."""
    output = model(ids, past_key_values=cache, use_cache=True, logits_to_keep=1, **inputs)
    return cast(torch.Tensor, output.logits[:, -1])


def common_start(prompts: Sequence[tuple[int, ...]]) -> int:
    """Return how many tokens all prompts start with.

    >>> common_start([(1, 2, 3), (1, 2, 4, 5)])
    2
    """
    first, last = min(prompts), max(prompts)
    same = zip(first, last, strict=False)
    return next((at for at, (a, b) in enumerate(same) if a != b), min(len(first), len(last)))


def _is_plain(cache: Cache) -> bool:
    return all(type(layer) is DynamicLayer for layer in cache.layers)


def _first_tokens(cache: Cache, length: int) -> Cache:
    """Return a new cache over the same memory, cut to its first tokens; growing it copies."""
    return Cache(layers=list(_cut_layers(cache, length)))


def _cut_layers(cache: Cache, length: int) -> Iterator[CacheLayerMixin]:
    for layer in cache.layers:
        keys, values = _states(cast(DynamicLayer, layer))
        cut = DynamicLayer()  # type: ignore[no-untyped-call]
        cut.lazy_initialization(keys, values)
        cut.keys, cut.values = keys[:, :, :length], values[:, :, :length]
        yield cut


def _states(layer: DynamicLayer) -> tuple[torch.Tensor, torch.Tensor]:
    assert layer.keys is not None
    assert layer.values is not None
    return layer.keys, layer.values
