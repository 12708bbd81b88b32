"""Whether the rows of today are still like those that a model was made from.

The population stability index of a column is the sum over bins of (now - then) * ln(now / then),
shares being fractions.  Below 0.1 nothing is said, up to 0.25 a column has moved, above it has
moved much (Siddiqi 2006).  With few rows the index is high by chance alone: it is about chi-square
times 1 / then + 1 / now, counted in rows, so what chance would reach in one of a hundred columns is
not warned of (Yurdakul & Naranjo 2020).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from creative.tables.table import Column, Floats, Frame, Kind

MOVED, MUCH = 0.1, 0.25
SCORE = "(score)"  #: name of the model's own chances among columns
_BINS = 10
_CATEGORIES = 20
_EMPTY = 0.5  #: rows that are added to each bin, so that the logarithm of an empty one is finite
_LEAST = 1e-12  #: share
_BY_CHANCE = 0.99
_MISSING, _OTHER = "(missing)", "(other)"


@dataclass(frozen=True, kw_only=True)
class Reference:
    """How a column was spread when the model was made.

    Attributes:
        edges: Between bins of a number, or of the words of a text; empty for categories.
        labels: Categories; empty for numbers.
        shares: Of bins or categories, then of all others (categories only), then of missing cells.
    """

    name: str
    rows: int
    edges: tuple[float, ...]
    labels: tuple[str, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Drift:
    """How far one column has moved.

    Attributes:
        index: Population stability index.
        by_chance: What it would stay below by chance in 99 of 100 columns.
        message: What to know, in a sentence; empty if nothing moved.
    """

    name: str
    index: float
    by_chance: float
    message: str


def references(frame: Frame, names: Sequence[str], scores: Floats) -> tuple[Reference, ...]:
    """Return how columns and scores are spread."""
    own = [_reference(frame[name]) for name in names]
    return (*own, _numeric_reference(SCORE, scores))


def drifts(known: Sequence[Reference], frame: Frame, scores: Floats) -> list[Drift]:
    """Return how far each column and the scores have moved, the farthest first."""
    found = []
    for reference in known:
        values = scores if reference.name == SCORE else _values(frame[reference.name])
        now = _shares(reference, values)
        found.append(_drift(reference, now, len(scores)))
    return sorted(found, key=lambda each: -each.index)


def stability_index(then: Floats, now: Floats) -> float:
    """Return the population stability index of two lists of shares.

    >>> round(stability_index(np.array([0.5, 0.5]), np.array([0.6, 0.4])), 4)
    0.0405
    """
    then, now = np.maximum(then, _LEAST), np.maximum(now, _LEAST)
    return float(((now - then) * np.log(now / then)).sum())


def _drift(reference: Reference, now: Floats, rows: int) -> Drift:
    then = np.array(reference.shares)
    used = (then > 0) | (now > 0)
    index = stability_index(_smooth(then[used], reference.rows), _smooth(now[used], rows))
    freedom = max(1, int(used.sum()) - 1)
    by_chance = float(chi2.ppf(_BY_CHANCE, freedom)) * (1 / reference.rows + 1 / max(1, rows))
    message = ""
    if index >= MOVED and index > by_chance:
        how = "has moved much" if index >= MUCH else "has moved"
        message = f"{_said(reference.name)} {how} (index {index:.2f}): {_where(reference, now)}."
        if index >= MUCH:
            message += " Fit the model again, with rows of today."
    return Drift(name=reference.name, index=index, by_chance=by_chance, message=message)


def _smooth(shares: Floats, rows: int) -> Floats:
    return np.asarray((shares * rows + _EMPTY) / (rows + _EMPTY * len(shares)))


def _said(name: str) -> str:
    return "What the model foretells" if name == SCORE else f"“{name}”"


def _where(reference: Reference, now: Floats) -> str:
    """Say where the shares differ most."""
    at = int(np.argmax(np.abs(now - np.array(reference.shares))))
    return f"{_label(reference, at)}: {reference.shares[at]:.0%} then, {now[at]:.0%} now"


def _label(reference: Reference, at: int) -> str:
    last = len(reference.shares) - 1
    if at == last:
        return "missing cells"
    if reference.labels:
        return "all other values" if at == last - 1 else f"“{reference.labels[at][:40]}”"
    edges = reference.edges
    if not edges:
        return "filled cells"
    if at == 0:
        return f"below {edges[0]:.6g}"
    return (
        f"from {edges[-1]:.6g} on"
        if at == len(edges)
        else f"{edges[at - 1]:.6g} to {edges[at]:.6g}"
    )


def _reference(column: Column) -> Reference:
    values = _values(column)
    if values.dtype == np.float64:
        return _numeric_reference(column.name, values)
    counts = Counter(value for value in values if value)
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    labels = tuple(value for value, _ in ordered[:_CATEGORIES])
    empty = Reference(name=column.name, rows=len(values), edges=(), labels=labels, shares=())
    return _filled(empty, values)


def _numeric_reference(name: str, values: Floats) -> Reference:
    known = values[~np.isnan(values)]
    cuts = np.quantile(known, np.arange(1, _BINS) / _BINS) if len(known) else np.empty(0)
    edges = tuple(np.unique(cuts).tolist())
    empty = Reference(name=name, rows=len(values), edges=edges, labels=(), shares=())
    return _filled(empty, values)


def _filled(reference: Reference, values: np.ndarray) -> Reference:
    return Reference(
        name=reference.name,
        rows=reference.rows,
        edges=reference.edges,
        labels=reference.labels,
        shares=tuple(_shares(reference, values).tolist()),
    )


def _values(column: Column) -> np.ndarray:
    """Return what is compared: words of a text by their number, the hour of nothing else."""
    if column.kind is Kind.TEXT:
        return np.array([float(len(text.split())) or np.nan for text in column.values])
    if column.kind is Kind.DATE:  # dates always move on; their weekdays should not
        return np.array(
            [
                "" if np.isnan(each) else _WEEKDAYS[int(each // 86_400 + 3) % 7]
                for each in column.values
            ],
            dtype=object,
        )
    return column.values


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _shares(reference: Reference, values: np.ndarray) -> Floats:
    count = max(1, len(values))
    if values.dtype == np.float64:
        bins = np.searchsorted(reference.edges, values, side="right")
        missing = np.isnan(values)
        found = np.bincount(bins[~missing], minlength=len(reference.edges) + 1)
        return np.array([*found, missing.sum()]) / count
    counts = Counter(values.tolist())
    missing_count = counts.pop("", 0)
    own = [counts.pop(label, 0) for label in reference.labels]
    return np.array([*own, sum(counts.values()), missing_count]) / count
