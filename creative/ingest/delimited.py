"""Delimited text as a table; the delimiter is the one under which a header is found.

Lines are counted as a text editor shows them, also when a cell holds line breaks.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from creative.ingest.cells import Line, Sheet
from creative.ingest.limits import HEADER_LINES, CellBudget
from creative.ingest.refusals import ReportRefused

_DELIMITERS = ("\t", ",", ";", "|")
_HEAD = 500_000  #: characters in which the header must stand

Score = Callable[[Sequence[str]], int]


def sheet_of(text: str, score: Score) -> Sheet:
    """Return the table in a text.

    Args:
        score: How many cells of a row are known headers.

    Raises:
        ReportRefused: If quotes are left open, or the table is too large.
    """
    delimiter = max(_DELIMITERS, key=lambda each: _best(text[:_HEAD], each, score))
    return Sheet(name="", lines=list(_lines(text, delimiter)))


def _lines(text: str, delimiter: str) -> Iterator[Line]:
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    budget = CellBudget()
    last = 0
    try:
        for cells in table:
            if any(cells):
                budget.spend(len(cells))
                yield Line(number=last + 1, cells=cells)
            last = table.line_num
    except csv.Error as error:
        raise ReportRefused(
            f"The row that begins in line {last + 1} cannot be read: {error}. Most often a"
            " quotation mark is missing there; download the report again."
        ) from error


def _best(head: str, delimiter: str, score: Score) -> tuple[int, int]:
    """Return how well a delimiter does: known headers in one row, then cells in one row."""
    table = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    best = (0, 0)
    try:
        for cells in islice(table, HEADER_LINES):
            best = max(best, (score(cells), len(cells)))
    except csv.Error:
        pass  # reading the whole text will say where
    return best
