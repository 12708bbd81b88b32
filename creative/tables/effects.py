"""How the values of a column move the chance: mean contributions by group of rows.

A column's weight says that it counts; this says which way.  Numbers are cut into quarters,
categories stand for themselves.  Texts and dates are left out: their words and hours act one by
one, and no few groups would tell it.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from creative.tables.model import Explanation
from creative.tables.table import Column, Floats, Frame, Kind

MOST_COLUMNS = 6  #: the strongest that are told
_QUARTERS = (0.25, 0.5, 0.75)
_MOST_LABELS = 5
_FEWEST = 20  #: rows below which a mean is luck


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Rows with alike values of a column, and what these add to log-odds on average."""

    label: str
    rows: int
    added: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """One column by groups of its values; small values or frequent ones first."""

    column: str
    groups: tuple[Group, ...]


def effects(explained: Explanation, frame: Frame) -> tuple[Effect, ...]:
    """Return how the strongest columns act, the strongest first.

    Args:
        explained: Contributions of the rows of `frame`.
    """
    strength = np.abs(explained.added).mean(axis=0)
    found = []
    for at in np.argsort(-strength, kind="stable")[:MOST_COLUMNS].tolist():
        column = frame[explained.columns[at]]
        if column.kind in (Kind.NUMBER, Kind.CATEGORY) and strength[at]:
            found.append(Effect(column=column.name, groups=_groups(column, explained.added[:, at])))
    return tuple(each for each in found if len(each.groups) > 1)


def _groups(column: Column, added: Floats) -> tuple[Group, ...]:
    places, labels = _quarters(column) if column.kind is Kind.NUMBER else _labels(column)
    found = []
    for place, label in enumerate(labels):
        rows = places == place
        if rows.sum() >= _FEWEST:
            found.append(Group(label=label, rows=int(rows.sum()), added=float(added[rows].mean())))
    return tuple(found)


def _quarters(column: Column) -> tuple[Floats, list[str]]:
    """Return the group [rows] of each number and what the groups are called."""
    values = column.values.astype(np.float64)
    known = values[~np.isnan(values)]
    edges = np.unique(np.quantile(known, _QUARTERS, method="nearest")) if len(known) else known
    if len(edges) and edges[0] <= known.min():
        edges = edges[1:]
    places = np.searchsorted(edges, values, side="right").astype(np.float64)
    places[np.isnan(values)] = len(edges) + 1
    return places, [*_ranges(edges.tolist(), is_whole=bool((known % 1 == 0).all())), "missing"]


def _ranges(edges: list[float], *, is_whole: bool) -> list[str]:
    """Say what lies between edges.

    >>> _ranges([1.0, 2.0, 5.0], is_whole=True), _ranges([0.5], is_whole=False)
    (['up to 0', '1', '2 to 4', '5 or more'], ['below 0.5', '0.5 or more'])
    """
    if not edges:
        return ["any"]
    middle = [_between(low, high, is_whole=is_whole) for low, high in pairwise(edges)]
    first = f"up to {edges[0] - 1:.6g}" if is_whole else f"below {edges[0]:.6g}"
    return [first, *middle, f"{edges[-1]:.6g} or more"]


def _between(low: float, high: float, *, is_whole: bool) -> str:
    if not is_whole:
        return f"{low:.6g} to below {high:.6g}"
    return f"{low:.6g}" if high - low == 1 else f"{low:.6g} to {high - 1:.6g}"


def _labels(column: Column) -> tuple[Floats, list[str]]:
    counts = Counter(value for value in column.values.tolist() if value)
    frequent = [value for value, _ in counts.most_common(_MOST_LABELS)]
    place = {value: at for at, value in enumerate(frequent)} | {"": len(frequent) + 1}
    other = len(frequent)
    places = np.array([place.get(value, other) for value in column.values.tolist()], dtype=float)
    return places, [*(value[:40] for value in frequent), "all others", "missing"]
