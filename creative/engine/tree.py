"""Rows packed into one sequence, kept apart by a mask: the second rung of the ladder.

All prompts and all rows lie behind each other in one cache of batch size 1; each token of a step
may see its own prompt and its own row only.  Works with any attention that takes a mask, windows
of layers that forget included, but pays for every token that a row may not see.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

import torch
from transformers import DynamicCache
from transformers.cache_utils import Cache

from creative.engine.attention import States
from creative.engine.beginnings import Beginning, Prompt
from creative.engine.forward import Forward, states_of, windows_of
from creative.engine.prefixes import first_tokens

_SPARE = 0.5  #: share of tokens no row may see any more from which they are thrown out


class Tree:
    """Tree-packed decoding with one model."""

    name = "tree"

    def __init__(self, forward: Forward) -> None:
        self.forward = forward

    def new_cache(self) -> Cache:
        """Return an empty cache; a plain one, as the mask says what a layer may see."""
        return DynamicCache()

    def beginnings(self, shared: Cache, length: int, endings: Sequence[Prompt]) -> list[Beginning]:
        """Read the endings one by one, each on from what is shared."""
        return [self._beginning(shared, length, ending) for ending in endings]

    def _beginning(self, shared: Cache, length: int, ending: Prompt) -> Beginning:
        cache = first_tokens(shared, length)
        logits = self.forward(torch.tensor([ending], device=self.forward.device), cache)
        own = tuple(
            (keys[:, length:].clone(), values[:, length:].clone())
            for keys, values in states_of(cache)
        )
        return Beginning(
            shared=shared,
            own=own,
            own_length=len(ending),
            length=length + len(ending),
            logits=logits[0],
        )

    def rows(self) -> "TreeRows":
        """Return an empty batch."""
        return TreeRows(self.forward)

    def make_room(self) -> None:
        """Do nothing: what rows do not hold is not held."""

    def warm_up(self, tell: Callable[[int, int], None]) -> None:
        """Do nothing: a first step is no slower than others."""


class TreeRows:
    """A batch of rows in one packed sequence.

    `_sees` is bool [rows, packed]: what each row may see; `_places` int64 [packed]: the position
    that each packed token has in its own line, which windows need.
    """

    head: torch.Tensor | None = None

    def __init__(self, forward: Forward) -> None:
        self._forward = forward
        self._windows = windows_of(forward.model) or {"full_attention": None}
        device = forward.device
        self._cache = DynamicCache()
        self._packed: dict[int, slice] = {}  #: where a beginning's parts lie, by identity
        self._kept: list[object] = []  #: keeps those identities alive
        self._sees = torch.zeros(0, 0, dtype=torch.bool, device=device)
        self._places = torch.zeros(0, dtype=torch.int64, device=device)
        self._positions = torch.zeros(0, dtype=torch.int64, device=device)
        self._lengths: list[int] = []  #: of each row's prompt

    def __len__(self) -> int:
        return len(self._sees)

    def add(self, beginnings: Sequence[Beginning]) -> None:
        """Open a row per beginning, after those that are there."""
        parts = [self._parts(each) for each in beginnings]
        old, size = len(self), self._places.shape[0]
        sees = torch.zeros(old + len(parts), size, dtype=torch.bool, device=self._forward.device)
        sees[:old, : self._sees.shape[1]] = self._sees
        for row, places in enumerate(parts, start=old):
            for place in places:
                sees[row, place] = True
        self._sees = sees
        lengths = [each.length for each in beginnings]
        self._lengths += lengths
        more = torch.tensor(lengths, device=self._forward.device)
        self._positions = torch.cat([self._positions, more])

    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        """Read one token per row; return the scores of the next one, [rows, vocab]."""
        rows, device = len(self), self._forward.device
        own = torch.eye(rows, dtype=torch.bool, device=device)
        self._sees = torch.cat([self._sees, own], dim=1)
        self._places = torch.cat([self._places, self._positions])
        scores = self._forward.all_scores(
            torch.tensor([tokens], device=device),
            self._cache,
            position_ids=self._positions[None],
            attention_mask=self._masks(),
        )
        self._positions = self._positions + 1
        return scores[0]

    def keep(self, rows: Sequence[int]) -> None:
        """Keep these rows only, in this order; throw out what none of them sees when it is much."""
        chosen = torch.tensor(rows, dtype=torch.int64, device=self._forward.device)
        self._sees, self._positions = self._sees[chosen], self._positions[chosen]
        self._lengths = [self._lengths[row] for row in rows]
        seen = self._sees.any(dim=0)
        if float(seen.float().mean()) < 1 - _SPARE:
            self._throw_out(seen)

    def forget(self, row: int, tokens: int) -> bool:
        """Forget the latest tokens that a row read, by hiding them from it."""
        written = self._sees[row] & (self._places >= self._lengths[row])
        self._sees[row, written.nonzero()[-tokens:, 0]] = False
        self._positions[row] -= tokens
        return True

    def _masks(self) -> Any:
        """Return the bias of a step, [1, 1, rows, packed], or one by kind where layers differ."""
        masks = {kind: self._mask(window)[None, None] for kind, window in self._windows.items()}
        return masks if len(masks) > 1 else next(iter(masks.values()))

    def _mask(self, window: int | None) -> torch.Tensor:
        """Return what is added to scores; numbers, as not every attention takes truth values."""
        sees = self._sees
        if window is not None:
            sees = sees & (self._positions[:, None] - self._places[None] < window)
        bias = torch.zeros(sees.shape, dtype=self._forward.dtype, device=sees.device)
        return bias.masked_fill_(~sees, torch.finfo(bias.dtype).min)

    def _parts(self, each: Beginning) -> tuple[slice, slice]:
        """Return where what a beginning shares lies, and what it has of its own."""
        shared = self._pack(each.shared, states_of(each.shared), 0)
        return shared, self._pack(each, each.own, each.length - each.own_length)

    def _pack(self, whose: object, states: Sequence[States], first: int) -> slice:
        """Append keys and values, unless they are there, and tell where they lie."""
        if (known := self._packed.get(id(whose))) is not None or not states:
            return known or slice(0, 0)
        tokens, start = states[0][0].shape[1], self._places.shape[0]
        for layer, (keys, values) in enumerate(states):
            self._cache.update(keys[None], values[None], layer)
        places = torch.arange(first, first + tokens, device=self._forward.device)
        self._places = torch.cat([self._places, places])
        self._packed[id(whose)] = slice(start, start + tokens)
        self._kept.append(whose)
        return self._packed[id(whose)]

    def _throw_out(self, seen: torch.Tensor) -> None:
        for layer in cast(list[Any], self._cache.layers):
            layer.keys, layer.values = layer.keys[:, :, seen], layer.values[:, :, seen]
        self._sees, self._places = self._sees[:, seen], self._places[seen]
        self._packed, self._kept = {}, []  # prompts moved; a new row brings its own again
