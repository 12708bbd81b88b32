"""A table with chances, as the page shows it: the file, the best rows and why, what has moved."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from creative.export.files import ExportFile, filename
from creative.tables.drift import Drift, drifts
from creative.tables.kinds import as_text
from creative.tables.model import TableModel
from creative.tables.scoring import Scored, score_table, scored_file
from creative.tables.table import RawTable

_SHOWN = 20  #: best rows that are explained one by one


@dataclass(frozen=True, kw_only=True, slots=True)
class BestRow:
    """A row with a high chance.

    Attributes:
        cells: By header, as they stand in the file.
        base: Log-odds that every row begins with.
        added: What each column adds to them, the strongest first; empty for a network.
    """

    line: int
    chance: float
    cells: dict[str, str]
    base: float
    added: tuple[tuple[str, float], ...]

    @property
    def usual(self) -> float:
        """Return the chance that every row begins with."""
        return 1 / (1 + math.exp(-self.base))


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoredTable:
    """A table with chances: the file to hand out, its best rows, and how like the old one it is."""

    rows: int
    left_out: dict[str, int]
    mean: float
    file: ExportFile
    best: tuple[BestRow, ...]
    drift: tuple[Drift, ...]


def scored_with(model: TableModel, raw: RawTable) -> ScoredTable:
    """Foretell the outcome of each row, and compare the table with the one learnt from.

    Raises:
        TableRefused: If the table lacks a column that the model needs.
    """
    scored = score_table(model, raw)
    content = scored_file(raw, scored, model.card.target)
    frame = model.frame(raw)
    return ScoredTable(
        rows=raw.rows,
        left_out=dict(raw.left_out),
        mean=float(scored.chances.mean()) if raw.rows else 0.0,
        file=ExportFile(
            content=content,
            filename=filename("scored", Path(raw.name).stem, extension="csv"),
            media_type="text/csv",
        ),
        best=_best(model, raw, scored),
        drift=tuple(drifts(model.card.references, frame, scored.chances)),
    )


def _best(model: TableModel, raw: RawTable, scored: Scored) -> tuple[BestRow, ...]:
    rows = np.argsort(-scored.chances, kind="stable")[:_SHOWN]
    explained = model.explain(model.frame(raw).take(rows)) if scored.reasons else None
    added: Sequence[tuple[tuple[str, float], ...]] = (
        [tuple(explained.of_row(at)) for at in range(len(rows))] if explained else [()] * len(rows)
    )
    return tuple(
        BestRow(
            line=raw.lines[row],
            chance=float(scored.chances[row]),
            cells={name: as_text(cells[row]) for name, cells in raw.columns.items()},
            base=explained.base if explained else 0.0,
            added=added[at],
        )
        for at, row in enumerate(rows.tolist())
    )
