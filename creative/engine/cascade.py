"""Rows that share prompts, decoded with cascade attention: the top rung of the ladder.

Each row holds its own tokens only, in columns that all rows write at the same place; where a row
began later, a bias hides the columns before.  So a step is one forward pass over all rows of all
requests, whatever their prompts' lengths, with nothing padded but those few columns.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import torch
from transformers import DynamicCache
from transformers.cache_utils import Cache

from creative.engine.attention import Shared, States, use_cascade
from creative.engine.beginnings import Beginning, Prompt
from creative.engine.forward import Forward, states_of
from creative.engine.fused import fused

_COLUMNS = 32  #: columns are reserved by as many


class Cascade:
    """Cascade attention with one model."""

    name = "cascade"

    def __init__(self, forward: Forward) -> None:
        use_cascade(forward.model)
        self._forward = forward

    @property
    def forward(self) -> Forward:
        """What reads the rows; prompts are best read by the same."""
        return self._forward

    def new_cache(self) -> Cache:
        """Return an empty cache; a plain one, as no layer forgets."""
        return DynamicCache()

    def beginnings(self, shared: Cache, length: int, endings: Sequence[Prompt]) -> list[Beginning]:
        """Read all endings in one pass, aligned at their last token."""
        columns = max(map(len, endings))
        device = self._forward.device
        ids = torch.zeros(len(endings), columns, dtype=torch.int64)
        bias = torch.full((len(endings), 1, columns, columns), -torch.inf)
        causal = torch.ones(columns, columns).tril().bool()
        for at, ending in enumerate(endings):
            gap = columns - len(ending)
            ids[at, gap:] = torch.tensor(ending)
            bias[at, 0, :, gap:].masked_fill_(causal[:, gap:], 0.0)
            bias[at, 0, :gap, :gap].fill_diagonal_(0.0)  # a gap sees itself: no empty softmax
        gaps = torch.tensor([columns - len(ending) for ending in endings])[:, None]
        positions = (torch.arange(columns)[None] - gaps).clamp(min=0) + length
        prompt = states_of(shared)
        read = Columns(prompt, rows=len(endings), reserved=columns)
        logits = self._forward(
            ids.to(device),
            read,
            position_ids=positions.to(device),
            attention_mask=bias.to(device),
            shared=[Shared(rows=slice(0, len(endings)), layers=prompt)],
        )
        return [
            Beginning(
                shared=shared,
                own=read.of_row(at, len(ending)),
                own_length=len(ending),
                length=length + len(ending),
                logits=logits[at],
            )
            for at, ending in enumerate(endings)
        ]

    def rows(self) -> "CascadeRows":
        """Return an empty batch."""
        return CascadeRows(self._forward)

    def make_room(self) -> None:
        """Do nothing: what rows do not hold is not held."""

    def warm_up(self, tell: Callable[[int, int], None]) -> None:
        """Do nothing: a first step is no slower than others."""


class FusedCascade(Cascade):
    """Cascade attention in passes that are written out."""

    name = "cascade, fused"

    def __init__(self, forward: Forward) -> None:
        faster = fused(forward)
        if faster is None:
            raise ValueError("the model is not one of those that are written out")
        super().__init__(faster)


class Columns(Cache):
    """The columns of all rows: keys and values by layer, [heads, rows, columns, width]."""

    def __init__(self, like: Sequence[States], rows: int, reserved: int) -> None:
        """Reserve columns for rows; heads, width and numbers are those of a prompt's states."""
        super().__init__(layers=[])
        self.keys = [_empty(keys, rows, reserved) for keys, _ in like]
        self.values = [_empty(values, rows, reserved) for _, values in like]
        self.reserved = reserved  #: columns there is room for
        self.used = 0  #: columns that hold something

    def update(
        self,
        key_states: torch.Tensor,
        value_states: torch.Tensor,
        layer_idx: int,
        *_: Any,
        **__: Any,
    ) -> States:
        """Write the new tokens of a layer, [rows, heads, tokens, width], after the used columns."""
        keys, values = self.keys[layer_idx], self.values[layer_idx]
        end = self.used + key_states.shape[2]
        keys[:, :, self.used : end] = key_states.transpose(0, 1)
        values[:, :, self.used : end] = value_states.transpose(0, 1)
        return keys[:, :, :end], values[:, :, :end]

    def get_seq_length(self, layer_idx: int = 0) -> int:
        return self.used

    def of_row(self, row: int, tokens: int) -> tuple[States, ...]:
        """Return what the last `tokens` columns of a row hold, as copies."""
        pairs = zip(self.keys, self.values, strict=True)
        return tuple((k[:, row, -tokens:].clone(), v[:, row, -tokens:].clone()) for k, v in pairs)

    def take(self, rows: torch.Tensor) -> None:
        """Keep these rows."""
        self.keys = [_chosen(each, rows) for each in self.keys]
        self.values = [_chosen(each, rows) for each in self.values]

    def drop_first(self, columns: int) -> None:
        """Forget columns that no row uses any more."""
        for states in (*self.keys, *self.values):
            states[:, :, : self.used - columns] = states[:, :, columns : self.used].clone()
        self.used -= columns

    def make_room(self, rows: int, reserved: int, before: int = 0) -> None:
        """Grow to so many rows and columns, the used ones moved `before` columns on."""
        self.keys = [_enlarged(each, rows, reserved, before) for each in self.keys]
        self.values = [_enlarged(each, rows, reserved, before) for each in self.values]
        self.used += before
        self.reserved = reserved

    def put(self, row: int, own: tuple[States, ...]) -> None:
        """Write what a new row brings along, so that it ends where the used columns end."""
        for layer, (keys, values) in enumerate(own):
            start = self.used - keys.shape[1]
            self.keys[layer][:, row, start : self.used] = keys
            self.values[layer][:, row, start : self.used] = values


def _empty(like: torch.Tensor, rows: int, reserved: int) -> torch.Tensor:
    """Return [heads, rows, reserved, width].

    On a processor a column of all rows lies in one piece, so that a step reads memory from end to
    end; that takes half the time of skipping what is reserved in every row.
    """
    heads, width = like.shape[0], like.shape[-1]
    # zeros, as a hidden column still takes part in products with a weight of nought
    if like.device.type != "cpu":
        return like.new_zeros(heads, rows, reserved, width)
    return like.new_zeros(reserved, heads, rows, width).permute(1, 2, 0, 3)


def _chosen(states: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    chosen = _empty(states, len(rows), states.shape[2])
    return torch.index_select(states, 1, rows, out=chosen)


def _enlarged(states: torch.Tensor, rows: int, reserved: int, before: int) -> torch.Tensor:
    larger = _empty(states, rows, reserved)
    kept = min(states.shape[2], reserved - before)
    larger[:, : states.shape[1], before : before + kept] = states[:, :, :kept]
    return larger


class CascadeRows:
    """A batch of rows; each begins at a column of its own."""

    def __init__(self, forward: Forward) -> None:
        self._forward = forward
        self._beginnings: list[Beginning] = []
        self._starts: list[int] = []  #: first column of each row
        self._forgotten: list[frozenset[int]] = []  #: columns of each row that it went back on
        self.shared: list[Shared] = []
        self.columns = Columns([], rows=0, reserved=0)
        self.bias = torch.empty(0)
        self.positions = torch.zeros(0, 1, dtype=torch.int64, device=forward.device)

    def __len__(self) -> int:
        return len(self._beginnings)

    def add(self, beginnings: Sequence[Beginning]) -> None:
        """Open a row per beginning, after those that are there."""
        if not self._beginnings:
            self.columns = Columns(states_of(beginnings[0].shared), rows=0, reserved=_COLUMNS)
        old, columns = len(self), self.columns
        longest = max(each.own_length for each in beginnings)
        before = max(0, longest - columns.used)
        reserved = max(columns.reserved, _rounded(columns.used + before))
        columns.make_room(old + len(beginnings), reserved, before)
        self._move(before)
        for row, each in enumerate(beginnings, start=old):
            columns.put(row, each.own)
            self._starts.append(columns.used - each.own_length)
            self._forgotten.append(frozenset())
        self._beginnings += beginnings
        lengths = torch.tensor([[each.length] for each in beginnings], device=self._forward.device)
        self.positions = torch.cat([self.positions, lengths])
        self._arrange()

    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        """Read one token per row; return the scores of the next one, [rows, vocab]."""
        if self.columns.used == self.columns.reserved:
            self._make_columns()
        self.bias[..., self.columns.used] = 0.0
        logits = self._forward(
            torch.tensor(tokens, device=self._forward.device)[:, None],
            self.columns,
            position_ids=self.positions,
            attention_mask=self.bias,
            shared=self.shared,
        )
        self.columns.used += 1
        self.positions += 1
        return logits

    def keep(self, rows: Sequence[int]) -> None:
        """Keep these rows only, in this order."""
        chosen = torch.tensor(rows, dtype=torch.int64, device=self._forward.device)
        self.columns.take(chosen)
        self.positions = self.positions[chosen]
        self._beginnings = [self._beginnings[row] for row in rows]
        self._starts = [self._starts[row] for row in rows]
        self._forgotten = [self._forgotten[row] for row in rows]
        self._arrange()

    def forget(self, row: int, tokens: int) -> bool:
        """Forget the latest tokens that a row read, by hiding their columns from it."""
        columns = range(self.columns.used - 1, self._starts[row] - 1, -1)
        latest = [each for each in columns if each not in self._forgotten[row]][:tokens]
        self._forgotten[row] |= frozenset(latest)
        self.positions[row] -= tokens
        self._arrange()
        return True

    def _make_columns(self) -> None:
        """Make room for another token: forget columns that no row uses, or reserve more."""
        unused = min(self._starts)
        if unused:
            self.columns.drop_first(unused)
            self._move(-unused)
        else:
            self.columns.make_room(len(self), self.columns.reserved + _COLUMNS)
        self._arrange()

    def _move(self, columns: int) -> None:
        """Follow all columns to where they moved."""
        self._starts = [start + columns for start in self._starts]
        self._forgotten = [frozenset(each + columns for each in row) for row in self._forgotten]

    def _arrange(self) -> None:
        """Derive what the attention needs from which rows there are."""
        self.shared = _groups(self._beginnings)
        shape = (len(self), 1, 1, self.columns.reserved)
        bias = torch.full(shape, -torch.inf)
        for row, start in enumerate(self._starts):
            bias[row, ..., start : self.columns.used] = 0.0
            bias[row, ..., list(self._forgotten[row])] = -torch.inf
        self.bias = bias.to(self._forward.device)


def _groups(beginnings: Sequence[Beginning]) -> list[Shared]:
    """Return neighbours that share a prompt as ranges."""
    found, start = [], 0
    for _, rows in groupby(beginnings, key=lambda each: id(each.shared)):
        members = list(rows)
        found.append(
            Shared(rows=slice(start, start + len(members)), layers=states_of(members[0].shared))
        )
        start += len(members)
    return found


def _rounded(columns: int) -> int:
    """Return the room to reserve for so many columns and at least one token more."""
    return (columns // _COLUMNS + 1) * _COLUMNS
