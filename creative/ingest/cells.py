"""Cells of a table and the text in them, made harmless; knows no columns.

A cell of a text file is a str; a workbook also has numbers, dates and formulas, which are shown
but never evaluated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import regex

from creative.ingest.refusals import CellRefused

_NULLS = frozenset({"", "-", "--", "---", "–", "—", "n/a", "null", "none"})
_LONGEST_NULL = 16  #: with the spaces that platforms put around
_BREAKS = regex.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
#: Controls, and marks that reorder or hide text; joiners of emoji and scripts stay.
_HIDDEN = regex.compile(r"[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff\u200b\u2060]")


@dataclass(frozen=True, slots=True)
class Formula:
    """What a workbook would reckon; we do not."""

    text: str


Cell = str | int | float | date | Formula | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One row of a table."""

    number: int
    cells: Sequence[Cell]

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A table without its blank rows."""

    name: str
    lines: Sequence[Line]
    drops_blanks: bool = False  #: whether blank cells at the end of a row may be missing


def clean(text: str) -> str:
    r"""Return text on one line, without control characters and outer spaces.

    >>> clean(" Total\x00 Care\r\nBasic ")
    'Total Care Basic'
    """
    if not text.isprintable():
        text = _HIDDEN.sub("", _BREAKS.sub(" ", text))
    return text.strip()


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell holds nothing, or a platform's sign for nothing."""
    if isinstance(cell, str):
        short = len(cell) <= _LONGEST_NULL
        return (short and clean(cell).lower() in _NULLS) or cell.isspace()
    return cell is None


def words(cell: Cell) -> str:
    """Return a cell as text; signs for nothing become the empty text.

    Raises:
        CellRefused: If it is a formula, or was a long number once.
    """
    if is_blank(cell):
        return ""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, Formula):
        raise formula_refused(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return str(cell)


def shown(cell: object) -> str:
    """Return a cell as messages show it: harmless in a terminal, and not long."""
    return clean(str(cell))[:40]


def formula_refused(cell: Formula) -> CellRefused:
    """Say what to do about a formula."""
    return CellRefused(
        f"“{shown(cell.text)}” is a formula, and formulas are not run;"
        " copy the column, paste it as values, and save again"
    )
