"""One forward pass of a transformers model, called the same way whatever its release or kind."""

import inspect
from collections.abc import Mapping
from typing import Any, cast

import torch
from transformers import DynamicCache
from transformers.cache_utils import Cache, DynamicLayer, DynamicSlidingWindowLayer

from creative.engine.attention import States
from creative.engine.hub import CausalModel


class Forward:
    """Reads tokens with a model; not safe across threads."""

    programs: Any = None  #: `creative.engine.kernels` where that works and is used

    def __init__(self, model: CausalModel) -> None:
        self.model = model
        # transformers calls it `past_key_values`, and `cache` from 5.24 on
        names = inspect.signature(cast(Any, model).forward).parameters
        self._cache_name = "cache" if "cache" in names else "past_key_values"

    @property
    def device(self) -> torch.device:
        return self.model.device

    @property
    def dtype(self) -> torch.dtype:
        return self.model.dtype

    def __call__(self, ids: torch.Tensor, cache: Cache, **inputs: Any) -> torch.Tensor:
        """Read tokens, int64 [rows, tokens], into a cache; return the last scores [rows, vocab]."""
        return self.all_scores(ids, cache, logits_to_keep=1, **inputs)[:, -1]

    def all_scores(self, ids: torch.Tensor, cache: Cache, **inputs: Any) -> torch.Tensor:
        """Read tokens, int64 [rows, tokens]; return the scores of each, [rows, tokens, vocab]."""
        output = self.model(ids, **{self._cache_name: cache}, use_cache=True, **inputs)
        return cast(torch.Tensor, output.logits)


def states_of(cache: Cache) -> tuple[States, ...]:
    """Return keys and values of a cache of batch size 1 by layer, [heads, tokens, width]."""
    return tuple((layer.keys[0], layer.values[0]) for layer in cast(list[Any], cache.layers))


def is_plain(cache: Cache) -> bool:
    """Tell whether every layer remembers every token, so that a cache may be cut and shared."""
    return all(type(layer) is DynamicLayer for layer in cache.layers)


def windows_of(model: CausalModel) -> Mapping[str, int | None] | None:
    """Return how far back each kind of layer sees, in tokens; None where nobody can tell.

    The keys are transformers' names of the kinds; a window of None sees everything.
    """
    layers = cast(list[Any], DynamicCache(config=model.config).layers)
    config: Any = model.config.get_text_config()
    kinds = getattr(config, "layer_types", None) or ["full_attention"] * len(layers)
    is_known = set(kinds) <= {"full_attention", "sliding_attention"} and all(
        type(layer) in (DynamicLayer, DynamicSlidingWindowLayer) for layer in layers
    )
    if not is_known:
        return None
    windows = [getattr(layer, "sliding_window", None) for layer in layers]
    return dict(zip(kinds, windows, strict=True))
