"""Which token each row takes next: the first allowed one in Gumbel order.

Walking tokens by logit / temperature plus Gumbel noise and taking the first allowed one draws from
the distribution over the allowed tokens exactly (Gumbel-max; Maddison, Tarlow, Minka 2014), so no
mask over the vocabulary is built.  A truncated distribution needs noise for its few tokens only;
without truncation, noise of the unlikely tokens is drawn when one of them could come first.
Log probabilities are in nats, at temperature 1, of the untruncated model.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from creative.engine.likeliest import Floats, Summary, likeliest, packed, unpacked, width
from creative.engine.noise import Doubles, Ids, Keys, gumbel, keys_of
from creative.engine.tails import Tail

HEAD = 64  #: tokens of a row that are looked at first
WIDER = 256  #: tokens tried when none of the truncated distribution is allowed
_LOG2_E = math.log2(math.e)

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """How freely a row chooses; see `Request` for the meaning of each."""

    temperature: float = 1.0
    top_k: int = HEAD
    top_p: float = 1.0
    min_p: float = 0.0

    @property
    def is_free(self) -> bool:
        """Whether every token of the vocabulary may come first."""
        is_cut = self.top_k > 0 or self.top_p < 1 or self.min_p > 0
        return not is_cut and self.temperature > 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """What one row wants of a step: how to choose, its seed and how many tokens it holds."""

    choice: Choice
    seed: int
    position: int


class Scores:
    """The logits of one step, reduced to what the rows need of them."""

    def __init__(
        self, logits: torch.Tensor, asks: Sequence[Ask], head: torch.Tensor | None = None
    ) -> None:
        """Take the scores of a step.

        Args:
            logits: [rows, vocab] in any number format and on any device.
            asks: A wish per row.
            head: The `HEAD` likeliest of each row as `packed`, where that is done already.
        """
        self._logits = logits
        self._asks = asks
        self._vocab = logits.shape[-1]
        self._head = min(self._vocab, max([HEAD, *(_needed(ask.choice) for ask in asks)]))
        # What can be reckoned without scores comes first, while a card is still busy with them.
        self._keys: Keys = keys_of([(ask.seed, ask.position) for ask in asks])
        self._wishes = _Wishes([ask.choice for ask in asks], self._head)
        self._top, self._ids, self._log_mass = _summary(logits, self._head, head)
        self._scaled = self._in_units_of_temperature(self._top)
        self._perturbed = self._noisy(self._scaled, self._ids)
        self._kept = self._truncated()
        is_out = np.arange(self._head)[None] >= self._kept[:, None]
        self._cost = np.where(is_out, np.inf, -self._perturbed)
        # mostly a row takes the first, so that only few rows are put in order
        first = self._cost.argmin(axis=1)
        self._first: list[int] = self._ids[np.arange(len(first)), first].tolist()

    def is_sound(self, row: int) -> bool:
        """Tell whether a row holds numbers at all."""
        return math.isfinite(float(self._log_mass[row]))

    def logprob(self, row: int, token: int) -> float:
        """Return the log probability of a token in nats."""
        at = np.flatnonzero(self._ids[row] == token)
        logit = self._top[row, at[0]] if len(at) else self._logits[row, token]
        return float(logit) - float(self._log_mass[row])

    def likely(self, row: int) -> Iterator[int]:
        """Yield the tokens of a row's distribution in the order to try."""
        if self._asks[row].choice.is_free:
            yield from self._all_in_order(row)
            return
        yield self._first[row]
        order = np.argsort(self._cost[row], kind="stable")
        yield from self._ids[row, order[1 : self._kept[row]]].tolist()

    def wider(self, row: int) -> Iterator[int]:
        """Yield the likeliest tokens beyond those, for when none of them is allowed."""
        found: Ids = self._logits[row].topk(min(WIDER, self._vocab)).indices.cpu().numpy()
        yield from self.ordered(row, found[int(self._kept[row]) :])

    def everything(self, row: int) -> Iterator[int]:
        """Yield every token there is, for when nothing else is allowed."""
        yield from self.ordered(row, np.arange(self._vocab))

    def ordered(self, row: int, tokens: Sequence[int] | Ids) -> list[int]:
        """Return some tokens in a row's Gumbel order."""
        ids = np.asarray(tokens, dtype=np.int64)
        scores = self._logits[row].double().cpu().numpy()[ids]
        temperature = self._asks[row].choice.temperature
        if temperature > 0:
            scores = scores / temperature + gumbel(self._keys[row : row + 1], ids)
        ordered: list[int] = ids[np.argsort(-scores, kind="stable")].tolist()
        return ordered

    def _all_in_order(self, row: int) -> Iterator[int]:
        """Yield the whole vocabulary in Gumbel order: the head's tokens, the tail's in between."""
        head = self._ids[row, :HEAD]  # no more, whatever other rows need, so that seeds decide
        order = np.argsort(-self._perturbed[row, :HEAD], kind="stable")
        tail = Tail(
            self._logits[row],
            head,
            temperature=self._asks[row].choice.temperature,
            log_mass=float(self._log_mass[row]),
            key=self._keys[row],
        )
        for at in order:
            yield from tail.above(float(self._perturbed[row, at]))
            yield int(head[at])
        yield from tail.above(-math.inf)

    def _in_units_of_temperature(self, logits: Floats) -> Doubles:
        """Return logits / temperature, relative to the likeliest; as they are at temperature 0."""
        return np.asarray((logits.astype(np.float64) - logits[:, :1]) / self._wishes.divisors)

    def _noisy(self, scaled: Doubles, tokens: Ids) -> Doubles:
        noise = gumbel(self._keys[:, None], tokens)
        return np.asarray(scaled + np.where(self._wishes.is_warm, noise, 0.0))

    def _truncated(self) -> Counts:
        """Return how many of its likeliest tokens each row chooses from, int64 [rows]."""
        wishes = self._wishes
        mass = np.exp(self._scaled)
        mass[wishes.is_beyond] = 0.0
        sums = mass.cumsum(axis=1)
        nucleus = (sums < (wishes.top_p * sums[:, -1])[:, None]).sum(axis=1) + 1
        likely = (mass >= wishes.min_p).sum(axis=1)
        return np.asarray(np.minimum(np.minimum(nucleus, likely), wishes.limits))


class _Wishes:
    """How all rows choose, as arrays: [rows, 1], or [rows] where a row is counted."""

    def __init__(self, choices: Sequence[Choice], head: int) -> None:
        """Take the choices of all rows, and how many tokens of each are looked at."""
        temperatures = np.array([[each.temperature] for each in choices])
        self.is_warm = temperatures > 0
        self.divisors: Doubles = np.where(self.is_warm, temperatures, 1.0)
        self.limits = np.array([min(each.top_k or head, head) for each in choices])
        self.is_beyond = np.arange(head)[None] >= self.limits[:, None]
        self.top_p = np.array([each.top_p if each.temperature else 1.0 for each in choices])
        self.min_p = np.array([[each.min_p] for each in choices])


def _needed(choice: Choice) -> int:
    """Return how many likeliest tokens must be known; all for a nucleus of the whole vocabulary."""
    if choice.top_k == 0 and not choice.is_free:
        return 2**62
    return choice.top_k


def _summary(logits: torch.Tensor, count: int, head: torch.Tensor | None) -> Summary:
    """Return the largest scores of each row, their ids, and the log of all its mass."""
    if head is not None and head.shape[1] == width(count):
        return unpacked(head)
    if logits.device.type != "cpu":
        return unpacked(packed(logits, count))
    top, ids = likeliest(logits, count)
    return top, ids, _log_mass(logits, top[:, 0])


def _log_mass(logits: torch.Tensor, largest: Floats) -> Doubles:
    """Return the log of the sum of exponentials of each row, float64 [rows].

    In single precision, on a processor a few rows at a time: a copy of everything would not fit any
    cache.  Powers of two, as torch takes four times as long for those of e on some processors.
    """
    rows = max(1, 2**20 // logits.shape[-1]) if logits.device.type == "cpu" else len(logits)
    most = torch.from_numpy(largest).to(logits.device)[:, None]
    parts = [
        (part.float() - most[at * rows : at * rows + rows]).mul_(_LOG2_E).exp2_().sum(dim=-1)
        for at, part in enumerate(torch.split(logits, rows))
    ]
    sums = np.concatenate([part.cpu().numpy() for part in parts]).astype(np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.log(sums) + largest)
