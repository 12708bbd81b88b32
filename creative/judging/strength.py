"""How strong lines are, as far as votes tell: Bradley-Terry with ties, and how sure that is.

The chance that one line beats another follows from the difference of their strengths; a tie is the
likelier the closer they are (Davidson 1970).  Strengths have a normal prior, so that a line that
won every vote is not infinitely strong; intervals are of the curvature at the best fit (Laplace).
choix, the library for such models, has no ties.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from creative.judging.votes import Floats, Tallied

SPREAD = 1.0  #: standard deviation of strengths beforehand
TIE_SPREAD = 1.0  #: of the log odds of a tie
DECIDED = 0.95
_DRAWS, _SEED = 4000, 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Strengths [lines] with their covariance; larger is better, 0 is the middle.

    Attributes:
        tie: Log of how often votes between equals are ties, against being decided.
    """

    ids: tuple[int, ...]
    strength: Floats
    covariance: Floats
    tie: float

    @property
    def order(self) -> list[int]:
        """The ids, the strongest first."""
        return [self.ids[at] for at in np.argsort(-self.strength, kind="stable")]

    def interval(self, id: int, level: float = 0.95) -> tuple[float, float]:
        """Return the range that holds the strength of a line."""
        at = self.ids.index(id)
        reach = float(stats.norm.isf((1 - level) / 2) * np.sqrt(self.covariance[at, at]))
        return float(self.strength[at]) - reach, float(self.strength[at]) + reach

    def beats(self, one: int, other: int) -> float:
        """Return how sure it is that one line is stronger than another, 0 to 1."""
        a, b = self.ids.index(one), self.ids.index(other)
        return float(stats.norm.cdf(self.strength[a] - self.strength[b], scale=self._apart(a, b)))

    def chance_best(self) -> Floats:
        """Return the chance of each line [lines] to be the strongest."""
        rng = np.random.default_rng(_SEED)
        drawn = rng.multivariate_normal(self.strength, self.covariance, _DRAWS)
        return np.bincount(drawn.argmax(axis=1), minlength=len(self.ids)) / _DRAWS

    def is_decided(self, places: int = 1) -> bool:
        """Tell whether the lines of the first places are surely stronger than all others."""
        order = self.order
        first, rest = order[:places], order[places:]
        return all(self.beats(one, other) >= DECIDED for one in first for other in rest)

    def next_pair(self, compared: Floats) -> tuple[int, int] | None:
        """Return the two lines on which a vote tells most; None if there are not two.

        That is where the difference is least known and the outcome most open; of equals, those
        that were compared less.

        Args:
            compared: How often each two lines were compared, of `Tallied`.
        """
        count = len(self.ids)
        if count < 2:
            return None
        variance = np.diag(self.covariance)
        apart = variance[:, None] + variance - 2 * self.covariance
        chance = special.expit(self.strength[:, None] - self.strength)
        worth = apart * chance * (1 - chance) - 1e-6 * compared
        worth[np.tril_indices(count)] = -np.inf
        a, b = np.unravel_index(int(worth.argmax()), worth.shape)
        return self.ids[int(a)], self.ids[int(b)]

    def _apart(self, a: int, b: int) -> float:
        square = self.covariance[a, a] + self.covariance[b, b] - 2 * self.covariance[a, b]
        return float(np.sqrt(max(square, 1e-12)))


def standing(votes: Tallied) -> Standing:
    """Fit strengths to votes."""
    count = len(votes.ids)
    start = np.zeros(count + 1)
    fit = optimize.minimize(_loss, start, args=(votes,), jac=True, method="BFGS")
    strength = fit.x[:count] - fit.x[:count].mean()
    covariance = np.asarray(np.linalg.inv(_curvature(fit.x, votes))[:count, :count], float)
    return Standing(ids=votes.ids, strength=strength, covariance=covariance, tie=float(fit.x[-1]))


def _loss(values: Floats, votes: Tallied) -> tuple[float, Floats]:
    """Return the negative log posterior with its gradient, by Davidson's model."""
    strength, tie = values[:-1], values[-1]
    win, lose, even, total = _terms(strength, tie)
    upper = np.triu(np.ones_like(win, dtype=bool), 1)
    compared = votes.compared
    logs = votes.wins * (win - total) + votes.wins.T * (lose - total) + votes.ties * (even - total)
    loss = -logs[upper].sum() + (strength**2).sum() / 2 / SPREAD**2 + tie**2 / 2 / TIE_SPREAD**2
    won = votes.wins + votes.ties / 2
    expected = compared * (np.exp(win - total) + np.exp(even - total) / 2)
    by_strength = -(won - expected).sum(axis=1) + strength / SPREAD**2
    tied = (votes.ties - compared * np.exp(even - total))[upper].sum()
    return float(loss), np.append(by_strength, -tied + tie / TIE_SPREAD**2)


def _terms(strength: Floats, tie: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Return logs [lines, lines] of winning, losing, a tie, and of their sum."""
    count = len(strength)
    win = np.broadcast_to(strength[:, None], (count, count))
    lose = win.T
    even = tie + (win + lose) / 2
    return win, lose, even, np.asarray(special.logsumexp([win, lose, even], axis=0))


def _curvature(values: Floats, votes: Tallied, step: float = 1e-4) -> Floats:
    """Return the second derivatives of the loss, by differences of its gradient."""
    size = len(values)
    rows = []
    for at in range(size):
        change = np.zeros(size)
        change[at] = step
        rows.append(
            (_loss(values + change, votes)[1] - _loss(values - change, votes)[1]) / 2 / step
        )
    square = np.array(rows)
    return np.asarray((square + square.T) / 2)
