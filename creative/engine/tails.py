"""The unlikely tokens of a row in Gumbel order, drawn only as far as somebody asks.

The largest perturbed score of a set of tokens is itself a Gumbel variable around the log of their
mass; which token holds it is drawn from their softmax; the next one is a Gumbel below that bound
(top-down construction; Maddison, Tarlow, Minka 2014, A* sampling, section 3).  So as long as the
likely tokens win, the tail costs one number.
"""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from creative.engine.noise import Doubles, Ids, gumbel, uniform

if TYPE_CHECKING:
    import torch

_SURE = 1e-4  #: share of the mass below which one minus the head's is only rounding


class Tail:
    """The tokens of a row outside its head; scores are relative to the likeliest token's."""

    def __init__(
        self,
        logits: "torch.Tensor",
        head: Ids,
        *,
        temperature: float,
        log_mass: float,
        key: np.uint64,
    ) -> None:
        """Take a row.

        Args:
            logits: [vocab].
            head: Ids of its likeliest tokens, the likeliest first.
            temperature: Above 0.
            log_mass: Log of the sum of exponentials of the logits, at temperature 1.
            key: The row's noise at this position.
        """
        self._logits = logits
        self._head = head
        self._temperature = temperature
        self._log_mass = log_mass
        self._key = np.array([key])
        self._draws = 0
        self._bound = math.inf  #: the score of the token drawn last
        self._next: float | None = None  #: the largest score of what is left, once it is drawn
        self._relative: Doubles | None = None

    def above(self, score: float) -> Iterator[int]:
        """Yield the tokens with a perturbed score above this one that were not yielded yet."""
        while self._highest() > score:
            yield self._take()

    def _highest(self) -> float:
        """Return the largest score of what is left, below the last one."""
        if self._next is None:
            self._draws += 1
            free = self._log_left() + float(gumbel(self._key, self._number(0))[0])
            self._next = -float(np.logaddexp(-self._bound, -free))
        return self._next

    def _take(self) -> int:
        """Return the token that holds the highest score."""
        sums = np.exp(self._scores()).cumsum()
        place = float(uniform(self._key, self._number(1))[0]) * sums[-1]
        token = int(np.searchsorted(sums, place, side="right"))
        self._scores()[token] = -np.inf
        self._bound, self._next = self._highest(), None
        return token

    def _number(self, kind: int) -> Ids:
        """Return a number that no token has, another one for every draw."""
        return np.array([len(self._logits) + self._draws + (kind << 32)])

    def _scores(self) -> Doubles:
        """Return what is left relative to the likeliest token, float64 [vocab]; -inf elsewhere."""
        if self._relative is None:
            scores: Doubles = self._logits.double().cpu().numpy()
            self._relative = (scores - scores[self._head[0]]) / self._temperature
            self._relative[self._head] = -np.inf
        return self._relative

    def _log_left(self) -> float:
        """Return the log of the mass of what is left, at best without a look at each token."""
        if self._relative is None and self._temperature == 1:
            top = self._logits[self._head.tolist()].double().cpu().numpy()
            share = 1.0 - float(np.exp(top - self._log_mass).sum())
            if share > _SURE:
                return self._log_mass - float(top[0]) + math.log(share)
        with np.errstate(divide="ignore"):
            return float(np.log(np.exp(self._scores()).sum()))
