"""A file with the chance of success of each row, which no spreadsheet runs.

All columns of the file stay; texts that a spreadsheet may read as a formula get an apostrophe.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from creative.export.delimited import UTF8_COMMA, written
from creative.export.formulas import neutralised
from creative.ingest.cells import Cell, Formula, clean
from creative.tables.learners import Network
from creative.tables.model import Explanation, TableModel
from creative.tables.table import Floats, RawTable

MOST_EXPLAINED = 20_000  #: rows; SHAP values of trees take a third of a millisecond each
_REASONS = 3  #: columns that are named as reasons of a row


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """Chances of a table, best row first where a rank is told.

    Attributes:
        chances: Of success [rows], fractions.
        deciles: 1 for the best tenth of the rows, to 10 [rows].
        reasons: What moved each row most, in words [rows]; of large tables only for the best rows,
            "" for the others; no list at all for a network.
    """

    chances: Floats
    deciles: np.ndarray
    reasons: Sequence[str]


def score_table(model: TableModel, raw: RawTable) -> Scored:
    """Return the chance of each row.

    Raises:
        TableRefused: If the table lacks a column that the model needs.
    """
    frame = model.frame(raw)
    chances = model.chances(frame)
    places = np.empty(len(chances), dtype=int)
    places[np.argsort(-chances, kind="stable")] = np.arange(len(chances))
    reasons: list[str] = []
    if not isinstance(model.learner, Network):
        best = np.flatnonzero(places < MOST_EXPLAINED)
        explained = model.explain(frame.take(best))
        reasons = [""] * len(chances)
        for at, row in enumerate(best.tolist()):
            reasons[row] = _reason(explained, at)
    return Scored(chances=chances, deciles=1 + places * 10 // max(1, len(chances)), reasons=reasons)


def scored_file(raw: RawTable, scored: Scored, target: str) -> bytes:
    """Return the table with chances as UTF-8 CSV that is safe to open in a spreadsheet."""
    extra = [f"chance of {target}", "decile", *(["reasons"] if scored.reasons else [])]
    header = [neutralised(name) for name in (*raw.columns, *extra)]
    rows = [
        [
            *map(_safe, cells),
            f"{scored.chances[at]:.6f}",
            int(scored.deciles[at]),
            *([neutralised(scored.reasons[at])] if scored.reasons else []),
        ]
        for at, cells in enumerate(zip(*raw.columns.values(), strict=True))
    ]
    return written([header, *rows], UTF8_COMMA)


def _reason(explained: Explanation, row: int) -> str:
    strongest = [each for each in explained.of_row(row)[:_REASONS] if each[1]]
    return "; ".join(f"{name} {'raises' if added > 0 else 'lowers'}" for name, added in strongest)


def _safe(cell: Cell) -> str | int | float | None:
    """Return a cell as it was, but so that nothing runs."""
    if cell is None or isinstance(cell, int | float):
        return cell
    if isinstance(cell, Formula):
        return f"'{clean(cell.text)}"
    text = cell if isinstance(cell, str) else str(cell)
    return text if _is_number(text) else neutralised(text)


def _is_number(text: str) -> bool:
    """Tell whether a text is a plain number, so that -3 stays a number."""
    return text.lstrip("-").replace(".", "", 1).isdecimal() and text.count("-") <= 1
