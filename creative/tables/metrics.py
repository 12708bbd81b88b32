"""How good foretold chances are: order, hits, calibration and lift.

Sources: AUC as the Mann-Whitney statistic (Hanley & McNeil 1982); expected calibration error over
bins of equal counts (Naeini et al. 2015; Nixon et al. 2019); intervals by the bootstrap over rows,
or over groups where rows of one group are alike (Efron & Tibshirani 1993).  Chances and rates are
fractions in [0, 1].
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from creative.tables.table import Floats

RESAMPLES = 500
BINS = 10
_TINY = 1e-15


@dataclass(frozen=True, kw_only=True, slots=True)
class Bin:
    """Rows with alike chances: how many, what was foretold, and what came."""

    rows: int
    foretold: float
    came: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Decile:
    """A tenth of the rows, best first: its rate and how much of the success it holds.

    Attributes:
        lift: Rate over the rate of all rows.
        captured: Share of all successes in this and the better tenths.
    """

    decile: int
    rows: int
    rate: float
    lift: float
    captured: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Metrics:
    """What a model reached on rows that it never saw.

    Attributes:
        threshold: Chance from which a row counts as a hit in precision, recall and F1.
        auc_low, auc_high: Ends of the 95 % bootstrap interval.
    """

    rows: int
    rate: float
    auc: float
    auc_low: float
    auc_high: float
    log_loss: float
    ece: float
    threshold: float
    precision: float
    recall: float
    f1: float
    bins: tuple[Bin, ...]
    deciles: tuple[Decile, ...]


def measure(
    chances: Floats, outcome: Floats, threshold: float, *, seed: int, groups: Floats | None = None
) -> Metrics:
    """Return all metrics of chances [rows] against outcomes [rows] of 0 and 1.

    Args:
        groups: Group of each row, if rows of one group are alike.
    """
    low, high = auc_interval(chances, outcome, seed=seed, groups=groups)
    precision, recall, f1 = hits(chances, outcome, threshold)
    bins = reliability(chances, outcome)
    return Metrics(
        rows=len(outcome),
        rate=float(outcome.mean()),
        auc=auc(chances, outcome),
        auc_low=low,
        auc_high=high,
        log_loss=log_loss(chances, outcome),
        ece=sum(each.rows * abs(each.foretold - each.came) for each in bins) / len(outcome),
        threshold=threshold,
        precision=precision,
        recall=recall,
        f1=f1,
        bins=bins,
        deciles=deciles(chances, outcome),
    )


def auc(scores: Floats, outcome: Floats) -> float:
    """Return the chance that a success is scored above a failure; ties count half.

    >>> auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.0, 0.0, 1.0, 1.0]))
    0.75
    """
    won = int(outcome.sum())
    lost = len(outcome) - won
    if not won or not lost:
        return 0.5
    ranks = rankdata(scores)
    return float((ranks[outcome == 1].sum() - won * (won + 1) / 2) / (won * lost))


def auc_interval(
    scores: Floats,
    outcome: Floats,
    *,
    seed: int,
    groups: Floats | None = None,
    resamples: int = RESAMPLES,
) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of the AUC."""
    ranked = _Ranked(scores, outcome)
    return _middle([ranked.auc(each) for each in _resampled(len(outcome), groups, seed, resamples)])


def gain_interval(
    scores: Floats,
    rival: Floats,
    outcome: Floats,
    *,
    seed: int,
    groups: Floats | None = None,
    resamples: int = RESAMPLES,
) -> tuple[float, float]:
    """Return the 95 % interval of the AUC of scores less that of a rival on the same rows."""
    ours, theirs = _Ranked(scores, outcome), _Ranked(rival, outcome)
    return _middle(
        [
            ours.auc(each) - theirs.auc(each)
            for each in _resampled(len(outcome), groups, seed, resamples)
        ]
    )


def _middle(found: list[float]) -> tuple[float, float]:
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


def _resampled(rows: int, groups: Floats | None, seed: int, resamples: int) -> Iterator[Floats]:
    """Yield how often each row [rows] is drawn; rows of one group are drawn together."""
    _, units = np.unique(np.arange(rows) if groups is None else groups, return_inverse=True)
    chance, count = np.random.default_rng(seed), int(units.max()) + 1
    for _ in range(resamples):
        drawn = np.bincount(chance.integers(count, size=count), minlength=count)
        yield drawn.astype(np.float64)[units]


class _Ranked:
    """Scores that are sorted once and weighed many times."""

    def __init__(self, scores: Floats, outcome: Floats) -> None:
        self._order = np.argsort(scores, kind="stable")
        self._won = outcome[self._order]
        self._starts = np.flatnonzero(np.r_[True, np.diff(scores[self._order]) > 0])  # no ties

    def auc(self, weights: Floats) -> float:
        """Return the AUC of rows that count `weights` times [rows]."""
        sorted_weights = weights[self._order]
        wins = np.add.reduceat(sorted_weights * self._won, self._starts)
        losses = np.add.reduceat(sorted_weights * (1 - self._won), self._starts)
        total = wins.sum() * losses.sum()
        if not total:
            return 0.5
        return float((wins * (np.cumsum(losses) - losses / 2)).sum() / total)


def log_loss(chances: Floats, outcome: Floats) -> float:
    """Return the mean surprise in nats."""
    return float(surprises(chances, outcome).mean())


def surprises(chances: Floats, outcome: Floats) -> Floats:
    """Return the surprise of each row [rows] in nats."""
    right = np.where(outcome == 1, chances, 1 - chances)
    return np.asarray(-np.log(np.maximum(right, _TINY)))


def hits(chances: Floats, outcome: Floats, threshold: float) -> tuple[float, float, float]:
    """Return precision, recall and F1 of chances from `threshold` on; 0 where undefined."""
    chosen = chances >= threshold
    right = float(outcome[chosen].sum())
    precision = right / chosen.sum() if chosen.any() else 0.0
    recall = right / outcome.sum() if outcome.any() else 0.0
    both = precision + recall
    return float(precision), float(recall), float(2 * precision * recall / both) if both else 0.0


def best_threshold(chances: Floats, outcome: Floats) -> float:
    """Return the chance from which on F1 is highest."""
    order = np.argsort(-chances, kind="stable")
    right = np.cumsum(outcome[order])
    f1 = 2 * right / (np.arange(1, len(order) + 1) + outcome.sum())
    is_last = np.r_[np.diff(chances[order]) < 0, True]  # rows of one chance are chosen together
    return float(chances[order][np.argmax(np.where(is_last, f1, -1))])


def reliability(chances: Floats, outcome: Floats, bins: int = BINS) -> tuple[Bin, ...]:
    """Return bins of equal counts, lowest chances first."""
    order = np.argsort(chances, kind="stable")
    return tuple(
        Bin(
            rows=len(rows),
            foretold=float(chances[rows].mean()),
            came=float(outcome[rows].mean()),
        )
        for rows in np.array_split(order, min(bins, len(order)))
    )


def deciles(chances: Floats, outcome: Floats) -> tuple[Decile, ...]:
    """Return tenths of the rows, best first."""
    order = np.argsort(-chances, kind="stable")
    rate, total = float(outcome.mean()), max(1.0, float(outcome.sum()))
    found, captured = [], 0.0
    for at, rows in enumerate(np.array_split(order, min(10, len(order))), start=1):
        captured += float(outcome[rows].sum())
        here = float(outcome[rows].mean())
        found.append(
            Decile(
                decile=at,
                rows=len(rows),
                rate=here,
                lift=here / rate if rate else 1.0,
                captured=captured / total,
            )
        )
    return tuple(found)
