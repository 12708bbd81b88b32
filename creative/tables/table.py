"""A table as columns: as it was read, and as columns of known kinds.

Numbers and dates are float64 with NaN where nothing could be read; dates are seconds since 1970
without time zone.  All other columns are texts, "" where a cell is blank.  Knows no outcome.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative.ingest.cells import Cell
from creative.tables.refusals import TableRefused

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]  #: positions of rows


class Kind(StrEnum):
    """What the cells of a column are."""

    NUMBER = "number"
    CATEGORY = "category"
    TEXT = "text"
    DATE = "date"
    ID = "id"
    CONSTANT = "constant"


@dataclass(frozen=True, kw_only=True, slots=True)
class RawTable:
    """Cells as they stand in the file.

    Attributes:
        name: Of the file.
        columns: Cells [rows] by header.
        lines: Line of each row in the file.
        left_out: How many rows were left out, by reason.
    """

    name: str
    columns: Mapping[str, Sequence[Cell]]
    lines: Sequence[int]
    left_out: Mapping[str, int]

    @property
    def rows(self) -> int:
        return len(self.lines)


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """How a column is read; part of a stored model, so that files to score are read alike.

    Attributes:
        mark: Before decimals, "." or ",".
        order: Of days such as 03/04/2026: "dmy", "mdy" or "" where it is not needed.
    """

    name: str
    kind: Kind
    mark: str = "."
    order: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column of known kind.

    Attributes:
        values: float64 [rows] of numbers and dates, object [rows] of texts.
        unreadable: Cells that are filled but not of this kind; they count as missing.
        infinite: Numbers that are infinite or not a number; they count as missing.
    """

    form: Form
    values: NDArray[Any]
    unreadable: int = 0
    infinite: int = 0

    @property
    def name(self) -> str:
        return self.form.name

    @property
    def kind(self) -> Kind:
        return self.form.kind

    @property
    def is_numeric(self) -> bool:
        return self.kind in (Kind.NUMBER, Kind.DATE)

    @property
    def is_missing(self) -> NDArray[np.bool_]:
        """Tell which cells [rows] hold nothing that can be used."""
        if self.values.dtype == np.float64:
            return np.asarray(np.isnan(self.values), dtype=np.bool_)
        return np.asarray(self.values == "", dtype=np.bool_)

    def take(self, rows: Rows) -> "Column":
        return replace(self, values=self.values[rows])


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """Columns of known kinds, all of one length."""

    columns: Mapping[str, Column]
    rows: int

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns.values())

    def take(self, rows: Rows) -> "Frame":
        columns = {name: column.take(rows) for name, column in self.columns.items()}
        return Frame(columns=columns, rows=len(rows))

    def select(self, names: Iterable[str]) -> "Frame":
        return Frame(columns={name: self.columns[name] for name in names}, rows=self.rows)


def demand(columns: Iterable[str], names: Iterable[str], file: str) -> None:
    """Refuse a file that lacks columns.

    Raises:
        TableRefused: Naming the columns that are missing and those that are there.
    """
    there = list(columns)
    missing = [name for name in names if name and name not in there]
    if missing:
        raise TableRefused(
            f"{file} has no column “{'”, “'.join(missing)}”. Its columns are:"
            f" {', '.join(there[:30])}{' …' if len(there) > 30 else ''}."
        )
