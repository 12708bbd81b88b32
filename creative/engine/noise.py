"""Noise that depends on a row's seed, a position and a token, and on nothing that must be kept.

So a row draws the same whatever rows are beside it, however it is split into batches, and when it
is written again.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = 2**64 - 1


def key_of(seed: int, position: int) -> int:
    """Return 64 bits that stand for one position of one row.

    Args:
        seed: The row's seed; its lowest 64 bits count.
        position: How many tokens the row holds already.
    """
    return _mixed((_mixed((seed + _GOLDEN) & _MASK) + (position + 1) * _GOLDEN) & _MASK)


def keys_of(pairs: Sequence[tuple[int, int]]) -> Keys:
    """Return the keys of seeds and positions, uint64 [rows]."""
    return np.array([key_of(*pair) for pair in pairs], dtype=np.uint64)


def uniform(keys: Keys, tokens: Ids) -> Doubles:
    """Return one number in (0, 1) per token, float64; keys and tokens broadcast."""
    bits = keys + (tokens.astype(np.uint64) + np.uint64(1)) * np.uint64(_GOLDEN)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    bits = (bits ^ (bits >> np.uint64(31))) >> np.uint64(11)
    return np.asarray((bits.astype(np.float64) + 0.5) * 2.0**-53)


def gumbel(keys: Keys, tokens: Ids) -> Doubles:
    """Return standard Gumbel noise per token, float64; keys and tokens broadcast."""
    return np.asarray(-np.log(-np.log(uniform(keys, tokens))))


def _mixed(number: int) -> int:
    """Scramble 64 bits (splitmix64; Steele, Lea, Flood 2014)."""
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _MASK
    return number ^ (number >> 31)
