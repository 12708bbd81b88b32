"""How good foretold chances are: order, hits, calibration and lift.

Sources: AUC as the Mann-Whitney statistic (Hanley & McNeil 1982); expected calibration error over
bins of equal counts (Naeini et al. 2015; Nixon et al. 2019); intervals by the bootstrap over rows,
or over groups where rows of one group are alike (Efron & Tibshirani 1993).  Chances and rates are
fractions in [0, 1].
"""

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
    _, units = np.unique(np.arange(len(outcome)) if groups is None else groups, return_inverse=True)
    chance = np.random.default_rng(seed)
    order = np.argsort(scores, kind="stable")
    won, units = outcome[order], units[order]
    starts = np.flatnonzero(np.r_[True, np.diff(scores[order]) > 0])
    count = int(units.max()) + 1
    found = []
    for _ in range(resamples):
        weights = np.bincount(chance.integers(count, size=count), minlength=count)[units]
        found.append(_weighted_auc(weights * won, weights * (1 - won), starts))
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


def _weighted_auc(won: Floats, lost: Floats, starts: np.ndarray) -> float:
    """Return the AUC of sorted rows that count several times; equal scores begin at `starts`."""
    wins, losses = np.add.reduceat(won, starts), np.add.reduceat(lost, starts)
    total = wins.sum() * losses.sum()
    if not total:
        return 0.5
    below = np.cumsum(losses) - losses / 2
    return float((wins * below).sum() / total)


def log_loss(chances: Floats, outcome: Floats) -> float:
    """Return the mean surprise in nats."""
    right = np.where(outcome == 1, chances, 1 - chances)
    return float(-np.log(np.maximum(right, _TINY)).mean())


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
