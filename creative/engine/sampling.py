"""Which token each row takes next: the first allowed one in Gumbel order.

Walking tokens by logit plus Gumbel noise and taking the first allowed one draws from the
distribution over the allowed tokens exactly (Gumbel-max; Maddison, Tarlow, Minka 2014), so no
mask over the vocabulary is built.  Noise is a hash of the row's seed, the position and the token:
it depends on no other row, on no batch, and on nothing that has to be kept.  Logits are float32
[rows, vocab]; log probabilities are in nats, at temperature 1, of the untruncated model.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import torch

TOP_K = 64  #: tokens a row chooses from while one of them is allowed
WIDER_K = 1024  #: tokens tried next

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = 2**64 - 1


def _mixed(number: int) -> int:
    """Scramble 64 bits (splitmix64; Steele, Lea, Flood 2014)."""
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _MASK
    return number ^ (number >> 31)


def gumbel(seed: int, position: int, tokens: Ids) -> Doubles:
    """Return the noise of some tokens at one position of one row.

    Args:
        seed: The row's seed; its lowest 64 bits count.
        position: How many tokens the row holds already.
        tokens: Token ids, int64 [candidates].
    Returns:
        Standard Gumbel noise, float64 [candidates], the same at every call.
    """
    key = _mixed((_mixed((seed + _GOLDEN) & _MASK) + (position + 1) * _GOLDEN) & _MASK)
    bits = np.uint64(key) + (tokens.astype(np.uint64) + np.uint64(1)) * np.uint64(_GOLDEN)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    bits = (bits ^ (bits >> np.uint64(31))) >> np.uint64(11)
    uniform = (bits.astype(np.float64) + 0.5) * 2.0**-53
    return np.asarray(-np.log(-np.log(uniform)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """How freely rows choose.  `temperature` 0 takes the likeliest; `top_p` is in (0, 1]."""

    temperature: float
    top_p: float

    def order(self, logits: Floats, tokens: Ids, seed: int, position: int) -> Ids:
        """Return candidates in the order they should be tried.

        Args:
            logits: float32 [candidates].
            tokens: Their ids, int64 [candidates].
            seed: The row's seed.
            position: How many tokens the row holds already.
        """
        scores = logits.astype(np.float64)
        if self.temperature > 0:
            scores = scores / self.temperature + gumbel(seed, position, tokens)
        return np.asarray(tokens[np.argsort(-scores, kind="stable")])

    def nucleus(self, logits: Floats) -> int:
        """Return how many of some candidates, likeliest first, hold `top_p` of their mass."""
        if self.top_p >= 1 or self.temperature == 0:
            return len(logits)
        scaled = (logits - logits[0]).astype(np.float64) / self.temperature
        mass = np.cumsum(np.exp(scaled))
        return int(np.searchsorted(mass, self.top_p * mass[-1])) + 1


class Scores:
    """The logits of one step, reduced to what the rows need of them."""

    def __init__(self, logits: "torch.Tensor") -> None:
        """Take a torch tensor [rows, vocab]; it stays on its device."""
        self._logits = logits.float()
        values, ids = self._logits.topk(min(TOP_K, logits.shape[-1]), dim=-1)
        self._top: Floats = values.cpu().numpy()
        self._ids: Ids = ids.cpu().numpy()
        self._log_mass: Floats = self._logits.logsumexp(dim=-1).cpu().numpy()

    def is_sound(self, row: int) -> bool:
        """Tell whether a row holds numbers at all."""
        return math.isfinite(float(self._log_mass[row]))

    def logprob(self, row: int, token: int) -> float:
        """Return the log probability of a token in nats."""
        at = np.flatnonzero(self._ids[row] == token)
        logit = self._top[row, at[0]] if len(at) else self._logits[row, token]
        return float(logit) - float(self._log_mass[row])

    def candidates(self, row: int, choice: Choice, seed: int, position: int) -> Iterator[int]:
        """Yield tokens of a row in the order to try: the nucleus, then wider, then all."""
        kept = choice.nucleus(self._top[row])
        ids = self._ids[row]
        yield from choice.order(self._top[row, :kept], ids[:kept], seed, position).tolist()
        tried = set(ids[:kept].tolist())
        for width in (WIDER_K, self._logits.shape[-1]):
            values, wider = self._logits[row].topk(min(width, self._logits.shape[-1]))
            found: Ids = wider.cpu().numpy()
            for token in choice.order(values.cpu().numpy(), found, seed, position).tolist():
                if token not in tried:
                    yield token
            tried.update(found.tolist())


def first_allowed(candidates: Iterator[int], is_allowed: Callable[[int], bool]) -> int | None:
    """Return the first candidate that is allowed, or None when no token is."""
    return next((token for token in candidates if is_allowed(token)), None)
