"""Prompts that were read and the rows that go on from them, as all rungs of the ladder see them.

A request's prompts mostly share their beginning.  What they share is read once and never written
to again; what each has of its own comes on top.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from transformers.cache_utils import Cache

from creative.engine.attention import States
from creative.engine.forward import Forward

Prompt = tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Beginning:
    """A prompt that was read, ready for any number of rows.

    Attributes:
        shared: What the model remembers of the tokens it shares, batch size 1; never written to.
        own: Keys and values of the tokens after those by layer, [heads, tokens, width]; empty
            when there are none.
        own_length: How many tokens that are.
        length: Tokens of the prompt in all.
        logits: Scores of the first token of a line, [vocab].
    """

    shared: Cache
    own: tuple[States, ...]
    own_length: int
    length: int
    logits: torch.Tensor


class Rows(Protocol):
    """What the model holds of the rows that are being written, in one order."""

    @property
    def head(self) -> torch.Tensor | None:
        """What `likeliest.packed` finds in the latest scores, where a step has found it as well."""

    def __len__(self) -> int: ...

    def add(self, beginnings: Sequence[Beginning]) -> None:
        """Open a row per beginning, after those that are there."""

    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        """Read one token per row; return the scores of the next one, [rows, vocab]."""

    def keep(self, rows: Sequence[int]) -> None:
        """Keep these rows only, in this order."""

    def forget(self, row: int, tokens: int) -> bool:
        """Forget the latest tokens that a row read; False when that cannot be done."""


class Rung(Protocol):
    """One way of decoding rows that share prompts; `forward` is what reads the prompts."""

    name: str

    @property
    def forward(self) -> Forward: ...

    def new_cache(self) -> Cache:
        """Return an empty cache for prompts."""

    def beginnings(self, shared: Cache, length: int, endings: Sequence[Prompt]) -> list[Beginning]:
        """Read different endings, one token at least, of a beginning of `length` tokens."""

    def rows(self) -> Rows:
        """Return an empty batch."""

    def make_room(self) -> None:
        """Free memory that can be filled again when it is needed."""

    def warm_up(self, tell: Callable[[int, int], None]) -> None:
        """Prepare what first steps would wait for; `tell` hears how much is done, of how much."""
