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
_ROWS = 8  #: rows that room is kept for, beyond those that ask for it


class Cascade:
    """Cascade attention with one model."""

    name = "cascade"

    def __init__(self, forward: Forward) -> None:
        use_cascade(forward.model)
        self.forward = forward

    def new_cache(self) -> Cache:
        """Return an empty cache; a plain one, as no layer forgets."""
        return DynamicCache()

    def beginnings(self, shared: Cache, length: int, endings: Sequence[Prompt]) -> list[Beginning]:
        """Read all endings in one pass, aligned at their last token."""
        columns = max(map(len, endings))
        device = self.forward.device
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
        logits = self.forward(
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
        return CascadeRows(self.forward)

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
        self.first = 0  #: the first column that some row looks at
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
        rows, end = len(key_states), self.used + key_states.shape[2]
        keys, values = self.keys[layer_idx][:, :rows], self.values[layer_idx][:, :rows]
        keys[:, :, self.used : end] = key_states.transpose(0, 1)
        values[:, :, self.used : end] = value_states.transpose(0, 1)
        return keys[:, :, self.first : end], values[:, :, self.first : end]

    def get_seq_length(self, layer_idx: int = 0) -> int:
        return self.used

    def of_row(self, row: int, tokens: int) -> tuple[States, ...]:
        """Return what the last `tokens` columns of a row hold, as copies."""
        pairs = zip(self.keys, self.values, strict=True)
        return tuple((k[:, row, -tokens:].clone(), v[:, row, -tokens:].clone()) for k, v in pairs)

    @property
    def rows(self) -> int:
        """How many rows there is room for."""
        return self.keys[0].shape[1] if self.keys else 0

    def take(self, rows: torch.Tensor) -> None:
        """Keep these rows, in this order, and the room for others."""
        span = slice(self.first, self.used)
        self.keys = [_chosen(each, rows, span) for each in self.keys]
        self.values = [_chosen(each, rows, span) for each in self.values]

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

    def empty(self, rows: slice) -> None:
        """Let new rows hold nothing: hidden, but a weight of nought times junk is junk."""
        if self.used:
            for states in (*self.keys, *self.values):
                states[:, rows, : self.used] = 0.0

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


def _chosen(states: torch.Tensor, rows: torch.Tensor, span: slice) -> torch.Tensor:
    """Return chosen rows; columns before the span are empty, those behind it yet to be written."""
    chosen = torch.empty_like(states)
    # in the order of memory, columns first
    source, target = states.permute(2, 0, 1, 3), chosen.permute(2, 0, 1, 3)
    target[: span.start] = 0.0  # a row that joins may begin there, and others must not see junk
    target[span, :, : len(rows)] = source[span].index_select(2, rows)
    return chosen


def _enlarged(states: torch.Tensor, rows: int, reserved: int, before: int) -> torch.Tensor:
    larger = _empty(states, rows, reserved)
    kept = min(states.shape[2], reserved - before)
    larger[:, : states.shape[1], before : before + kept] = states[:, :, :kept]
    return larger


class CascadeRows:
    """A batch of rows; each begins at a column of its own.

    Rows that come, go or change places do so on paper first, in `_places`; the next step moves
    them all at once.
    """

    head: torch.Tensor | None = None

    def __init__(self, forward: Forward) -> None:
        self._forward = forward
        self._beginnings: list[Beginning] = []
        self._starts: list[int] = []  #: first column of each row
        self._forgotten: list[frozenset[int]] = []  #: columns of each row that it went back on
        self._places: list[int] = []  #: where each row lies in the columns
        self._size = 0  #: rows that lie there, dropped ones included
        self._is_arranged = True
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
            self._size = 0
        self._make_rows(beginnings)
        self.columns.empty(slice(self._size, self._size + len(beginnings)))
        for each in beginnings:
            self.columns.put(self._size, each.own)
            self._places.append(self._size)
            self._size += 1
            self._starts.append(self.columns.used - each.own_length)
            self._forgotten.append(frozenset())
        self._beginnings += beginnings
        lengths = torch.tensor([[each.length] for each in beginnings], device=self._forward.device)
        self.positions = torch.cat([self.positions, lengths])
        self._is_arranged = False

    def _make_rows(self, beginnings: Sequence[Beginning]) -> None:
        """Make room for new rows and for the columns that they bring along."""
        columns, size = self.columns, self._size + len(beginnings)
        before = max(0, max(each.own_length for each in beginnings) - columns.used)
        reserved = max(columns.reserved, _rounded(columns.used + before))
        if size > columns.rows or before or reserved > columns.reserved:
            spare = _ROWS if self._size else 0  # rows that join one batch are followed by others
            columns.make_room(max(size + spare, columns.rows), reserved, before)
            self._move(before)

    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        """Read one token per row; return the scores of the next one, [rows, vocab]."""
        self._prepare()
        self.bias[..., self.columns.used] = 0.0
        logits = self._forward(
            torch.tensor(tokens, device=self._forward.device)[:, None],
            self.columns,
            position_ids=self.positions,
            attention_mask=self.bias[..., self.columns.first :],
            shared=self.shared,
        )
        self.columns.used += 1
        self.positions += 1
        return logits

    def keep(self, rows: Sequence[int]) -> None:
        """Keep these rows only, in this order."""
        self.positions = self.positions[list(rows)]
        self._beginnings = [self._beginnings[row] for row in rows]
        self._starts = [self._starts[row] for row in rows]
        self._forgotten = [self._forgotten[row] for row in rows]
        self._places = [self._places[row] for row in rows]
        self._is_arranged = False

    def forget(self, row: int, tokens: int) -> bool:
        """Forget the latest tokens that a row read, by hiding their columns from it."""
        columns = range(self.columns.used - 1, self._starts[row] - 1, -1)
        latest = [each for each in columns if each not in self._forgotten[row]][:tokens]
        self._forgotten[row] |= frozenset(latest)
        self.positions[row] -= tokens
        self._is_arranged = False
        return True

    def _prepare(self) -> None:
        """Move rows to their places, and see to it that there is a column to write."""
        self.columns.first = min(self._starts)
        if self._places != list(range(self._size)):
            self.columns.take(torch.tensor(self._places, device=self._forward.device))
            self._size = len(self)
            self._places = list(range(self._size))
        if self.columns.used == self.columns.reserved:
            self._make_columns()
        if not self._is_arranged:
            self._arrange()
            self._is_arranged = True

    def _make_columns(self) -> None:
        """Make room for another token: forget columns that no row uses, or reserve more."""
        unused = min(self._starts)
        if unused >= _COLUMNS // 2:  # fewer are not worth the move
            self.columns.drop_first(unused)
            self._move(-unused)
            self.columns.first = min(self._starts)
        else:
            self.columns.make_room(self.columns.rows, self.columns.reserved + _COLUMNS)
        self._is_arranged = False

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
