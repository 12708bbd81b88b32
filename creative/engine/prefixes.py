"""Prompts that were read lately, so that asking again about a brief begins at once.

What is kept is found by its tokens: the longest start that a new prompt shares with a kept one is
used as it is, without a copy.  The least recently used is forgotten when memory runs over.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import torch
from transformers.cache_utils import Cache, DynamicLayer

from creative.engine.beginnings import Prompt
from creative.engine.forward import is_plain, states_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """The known start of a prompt, not to be grown, and scores if it is the whole prompt."""

    cache: Cache
    length: int
    logits: torch.Tensor | None = None


class Prefixes:
    """An LRU of read prompts, bounded in bytes."""

    def __init__(self, new_cache: Callable[[], Cache], max_bytes: int) -> None:
        self._new_cache = new_cache
        self._max_bytes = max_bytes
        self._kept: OrderedDict[Prompt, Start] = OrderedDict()
        self._bytes = 0
        self.asked_tokens = 0  #: prompt tokens asked for
        self.found_tokens = 0  #: those of them that were known

    def __len__(self) -> int:
        return len(self._kept)

    def longest(self, tokens: Prompt) -> Start:
        """Return the longest known start of a prompt; an empty one when nothing is known."""
        shared = {kept: common_start(kept, tokens) for kept in self._kept}
        best = max(shared, key=lambda kept: shared[kept], default=())
        start = self._usable(best, shared.get(best, 0))
        self.asked_tokens += len(tokens)
        self.found_tokens += start.length
        return start

    def keep(self, tokens: Prompt, start: Start) -> None:
        """Remember a prompt; shorter starts of it have served their time."""
        for kept in [kept for kept in self._kept if tokens[: len(kept)] == kept]:
            self._drop(kept)
        self._kept[tokens] = start
        self._bytes += _bytes(start)
        while self._bytes > self._max_bytes:
            self._drop(next(iter(self._kept)))

    def forget(self) -> None:
        """Free all memory held."""
        self._kept.clear()
        self._bytes = 0

    def _usable(self, kept: Prompt, length: int) -> Start:
        """Return the first `length` tokens of what is kept, if they can be had without a copy."""
        if length == 0:
            return Start(cache=self._new_cache(), length=0)
        whole = self._kept[kept]
        if length < len(kept) and not is_plain(whole.cache):
            return Start(cache=self._new_cache(), length=0)
        self._kept.move_to_end(kept)
        if length == len(kept):
            return whole
        return Start(cache=first_tokens(whole.cache, length), length=length)

    def _drop(self, tokens: Prompt) -> None:
        self._bytes -= _bytes(self._kept.pop(tokens))


def common_start(first: Prompt, second: Prompt) -> int:
    """Return how many tokens two prompts start with.

    >>> common_start((1, 2, 3), (1, 2, 4, 5))
    2
    """
    pairs = enumerate(zip(first, second, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(first), len(second)))


def first_tokens(cache: Cache, length: int) -> Cache:
    """Return a new cache over the same memory, cut to its first tokens."""
    layers = []
    for layer in cast(list[DynamicLayer], cache.layers):
        assert layer.keys is not None
        assert layer.values is not None
        cut = DynamicLayer()  # type: ignore[no-untyped-call]
        cut.lazy_initialization(layer.keys, layer.values)
        cut.keys, cut.values = layer.keys[:, :, :length], layer.values[:, :, :length]
        layers.append(cut)
    return Cache(layers=list(layers))


def _bytes(start: Start) -> int:
    tensors = [each for states in states_of(start.cache) for each in states]
    if start.logits is not None:
        tensors.append(start.logits)
    return sum(each.numel() * each.element_size() for each in tensors)
