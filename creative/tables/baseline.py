"""What a single column foretells by itself; a model has to beat it in the same run.

Numbers and dates are cut into twenty bins of equal counts, categories are taken as they are; each
bin foretells the rate that it had in training, drawn towards that of all rows where it has few.
"""

from dataclasses import dataclass

import numpy as np

from creative.tables.metrics import auc
from creative.tables.table import Column, Floats, Frame, Kind, Rows

_BINS = 20
_WEIGHT = 20.0  #: rows of the overall rate that each bin is mixed with


@dataclass(frozen=True, kw_only=True, slots=True)
class SingleColumn:
    """Rates of the values of one column.

    Attributes:
        edges: Between bins of numbers; None for texts.
        rates: Of bins by their number, or of texts; bin -1 and text "" are missing cells.
        usual: Rate of all rows.
    """

    name: str
    edges: Floats | None
    rates: dict[int | str, float]
    usual: float

    def chances(self, column: Column) -> Floats:
        """Return rates [rows]; values never seen have that of all rows."""
        keys = _keys(column, self.edges)
        return np.array([self.rates.get(key, self.usual) for key in keys], dtype=np.float64)


def single_column(column: Column, outcome: Floats) -> SingleColumn:
    """Learn the rates of a column."""
    edges = _edges(column)
    usual = float(outcome.mean())
    won: dict[int | str, float] = {}
    rows: dict[int | str, int] = {}
    for key, value in zip(_keys(column, edges), outcome, strict=True):
        won[key] = won.get(key, 0.0) + float(value)
        rows[key] = rows.get(key, 0) + 1
    rates = {key: (won[key] + _WEIGHT * usual) / (rows[key] + _WEIGHT) for key in won}
    return SingleColumn(name=column.name, edges=edges, rates=rates, usual=usual)


def best_single_column(frame: Frame, outcome: Floats, train: Rows, valid: Rows) -> SingleColumn:
    """Return the column whose rates, learnt on `train`, order `valid` best."""
    learnt = [single_column(column.take(train), outcome[train]) for column in frame]
    scores = [auc(each.chances(frame[each.name].take(valid)), outcome[valid]) for each in learnt]
    return learnt[int(np.argmax(scores))]


def raw_scores(column: Column, outcome: Floats, train: Rows, test: Rows) -> Floats:
    """Return the bare values of a number on `test`, turned so that more is better on `train`.

    Missing values stand in the middle.  A column of texts has the rates of its values.
    """
    if not column.is_numeric:
        return single_column(column.take(train), outcome[train]).chances(column.take(test))
    known = column.values[train][~column.is_missing[train]].astype(np.float64)
    middle = float(np.median(known)) if len(known) else 0.0
    values = np.where(column.is_missing, middle, column.values).astype(np.float64)
    return values[test] if auc(values[train], outcome[train]) >= 0.5 else -values[test]


def out_of_fold_auc(column: Column, outcome: Floats, seed: int) -> float:
    """Return the AUC of a column by itself, each half foretold from the other."""
    half = np.random.default_rng(seed).permutation(len(outcome)) % 2 == 0
    chances = np.empty(len(outcome))
    for here, there in ((half, ~half), (~half, half)):
        rows, held = np.flatnonzero(here), np.flatnonzero(there)
        learnt = single_column(column.take(rows), outcome[rows])
        chances[held] = learnt.chances(column.take(held))
    return auc(chances, outcome)


def _edges(column: Column) -> Floats | None:
    if not column.is_numeric:
        return None
    known = column.values[~column.is_missing].astype(np.float64)
    if not len(known):
        return np.empty(0)
    return np.unique(np.quantile(known, np.arange(1, _BINS) / _BINS))


def _keys(column: Column, edges: Floats | None) -> list[int | str]:
    if edges is None:
        if column.kind is Kind.TEXT:  # whole texts hardly repeat; how long they are may tell
            return [str(len(text.split())) for text in column.values]
        return list(column.values)
    bins = np.searchsorted(edges, column.values.astype(np.float64), side="right")
    return list(np.where(column.is_missing, -1, bins).tolist())
