"""What the model remembers of prompts: one copy of a shared beginning, then one per row.

Keys and values are [rows, heads, tokens, width].  The layers of a prompt that transformers made
are never written to, so any number of requests may start from them.  Layers of other kinds than
full attention (sliding windows, say) are copied and grow the way transformers does it.
"""

import copy
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import torch
from transformers import DynamicCache
from transformers.cache_utils import Cache, DynamicLayer

KEPT_PROMPTS = 4  #: beginnings remembered; a few MB each


class RoomyLayer(DynamicLayer):
    """A full-attention layer of a batch with room reserved, so that a new token moves nothing."""

    def __init__(self, start: DynamicLayer, rows: int, room: int) -> None:
        """Repeat a layer [1, heads, tokens, width] for `rows` rows, with room for more tokens."""
        super().__init__()
        self.dtype, self.device = start.dtype, start.device
        self.is_initialized = True
        self._all_keys = self._reserve(start.keys, rows, room)
        self._all_values = self._reserve(start.values, rows, room)
        self._show(start.keys.shape[-2])

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        start = self.keys.shape[-2]
        end = start + key_states.shape[-2]
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

    @staticmethod
    def _reserve(start: torch.Tensor, rows: int, room: int) -> torch.Tensor:
        _, heads, length, width = start.shape
        reserved = start.new_empty(rows, heads, length + room, width)
        reserved[:, :, :length] = start
        return reserved


def spread(prompt: Cache, rows: int, room: int) -> Cache:
    """Return a cache of `rows` rows that all start with one prompt.

    Args:
        prompt: Cache of batch size 1; it is left as it is.
        rows: Rows wanted.
        room: Tokens that will be added to each at most.
    """
    layers: list[Any] = []
    for layer in prompt.layers:
        if type(layer) is DynamicLayer and layer.is_initialized:
            layers.append(RoomyLayer(layer, rows, room))
        else:
            layers.append(copy.deepcopy(layer))
            layers[-1].batch_repeat_interleave(rows)
    return Cache(layers=layers)


class Prompts:
    """The beginnings of the latest prompts, so that asking again about a brief costs nothing."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._kept: OrderedDict[tuple[int, ...], Cache] = OrderedDict()

    def cache_of(self, tokens: Sequence[int]) -> Cache:
        """Return a cache, batch size 1, of exactly these tokens; callers must not write to it."""
        wanted = tuple(tokens)
        if not wanted:
            return DynamicCache(config=self._model.config)
        if wanted not in self._kept:
            cache, known = self._best_start(wanted)
            self._read(cache, wanted[known:])
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
        best: tuple[int, ...] = max(
            self._kept, key=lambda kept: common_start([kept, wanted]), default=()
        )
        known = common_start([best, wanted]) if best else 0
        known = min(known, len(wanted) - 1)
        if known <= 0 or not _is_plain(self._kept[best]):
            return DynamicCache(config=self._model.config), 0
        return _first_tokens(self._kept[best], known), known

    def _read(self, cache: Cache, tokens: Sequence[int]) -> None:
        ids = torch.tensor([tokens], device=self._model.device)
        forward(self._model, ids, cache)


def forward(model: Any, ids: torch.Tensor, cache: Cache, **inputs: torch.Tensor) -> torch.Tensor:
    """Read tokens, int64 [rows, tokens], into a cache; return the last logits [rows, vocab]."""
    output = model(ids, past_key_values=cache, use_cache=True, logits_to_keep=1, **inputs)
    logits: torch.Tensor = output.logits[:, -1]
    return logits


def common_start(prompts: Sequence[Sequence[int]]) -> int:
    """Return how many tokens all prompts start with.

    >>> common_start([[1, 2, 3], [1, 2, 4, 5]])
    2
    """
    first, last = min(prompts), max(prompts)
    same = zip(first, last, strict=False)
    return next((at for at, (a, b) in enumerate(same) if a != b), min(len(first), len(last)))


def _is_plain(cache: Cache) -> bool:
    return all(type(layer) is DynamicLayer for layer in cache.layers)


def _first_tokens(cache: Cache, length: int) -> Cache:
    """Return a new cache over the same memory, cut to its first tokens; growing it copies."""
    layers: list[Any] = []
    for layer in cache.layers:
        cut = DynamicLayer()
        cut.lazy_initialization(layer.keys, layer.values)
        cut.keys = layer.keys[:, :, :length]
        cut.values = layer.values[:, :, :length]
        layers.append(cut)
    return Cache(layers=layers)
