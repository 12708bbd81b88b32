"""What is asked of a server in one go: attempts at rows that share their prompt."""

import hashlib
from collections.abc import Container
from dataclasses import dataclass, replace

from creative.engine.protocol import Message, Request

_SEEDS = 2**31  #: servers take seeds of 32 bits, some of them signed


@dataclass(frozen=True, kw_only=True, slots=True)
class Draw:
    """An attempt at a row; the first one has the number 0."""

    row: int
    attempt: int = 0

    def again(self) -> "Draw":
        """Return the next attempt at the same row."""
        return replace(self, attempt=self.attempt + 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """Draws of one request whose rows have equal messages."""

    request: Request
    draws: tuple[Draw, ...]

    @property
    def messages(self) -> tuple[Message, ...]:
        return self.request.rows[self.draws[0].row].messages

    @property
    def seed(self) -> int:
        """The seed of the first draw; a server derives those of the others from it."""
        first = self.draws[0]
        return drawn_seed(self.request.rows[first.row].seed, first.attempt)

    def without(self, draws: Container[Draw]) -> "Ask":
        """Return what is left to ask when some draws are answered."""
        return replace(self, draws=tuple(draw for draw in self.draws if draw not in draws))


def drawn_seed(seed: int, attempt: int) -> int:
    """Return the seed of an attempt at a row: another one each time, the same ones always.

    >>> drawn_seed(7, 0), drawn_seed(7, 1) == drawn_seed(7, 2)
    (7, False)
    """
    if not attempt:
        return seed % _SEEDS
    digest = hashlib.blake2b(f"{seed}/{attempt}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % _SEEDS
