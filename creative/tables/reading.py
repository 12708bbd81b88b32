"""A CSV, TSV or XLSX file of a stranger as columns of cells.

The header is the first line that is nearly as wide as the widest below it.  Rows of another width
are left out and counted.  Knows no kinds of columns.
"""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from creative.ingest.cells import Cell, Line, Sheet, clean, is_blank
from creative.ingest.delimited import sheet_of
from creative.ingest.encodings import text_of
from creative.ingest.limits import HEADER_LINES, MAX_BYTES
from creative.ingest.workbooks import is_packed, sheets_of
from creative.tables.refusals import TableRefused
from creative.tables.table import RawTable

MAX_COLUMNS = 500
LONGEST = 2_000  #: characters of a cell; texts of ads are shorter, and words beyond teach nothing
_DELIMITERS = "\t,;|"
_HEAD = 100_000  #: characters in which the header stands


def read_table(source: Path | bytes, name: str, sheet: str = "") -> RawTable:
    """Read a file.

    Args:
        source: A file, or what is in it.
        name: Of the file, for messages.
        sheet: Of a workbook; the first that has rows if empty.

    Raises:
        TableRefused: If there is no table with rows in it, or it is too wide.
        ReportRefused: If the file is damaged, too large or of an unclear encoding.
    """
    content = _content(source, name)
    if is_packed(content):
        table = _chosen(sheets_of(content), sheet)
    else:
        text = text_of(content, lambda _head: False)
        headers = _likely_headers(text[:_HEAD])
        table = sheet_of(text, lambda cells: sum(cell in headers for cell in cells))
    return _columns(table, name)


def _content(source: Path | bytes, name: str) -> bytes:
    try:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size > MAX_BYTES:
            raise TableRefused(
                f"{name} has {size / 2**20:,.0f} MB, more than the {MAX_BYTES // 2**20} MB that a"
                " table may have; choose a shorter period or a sample of the users."
            )
        content = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise TableRefused(f"The table {name} cannot be read: {error.strerror}.") from error
    if not content.strip():
        raise TableRefused(f"The table {name} is empty.")
    return content


def _likely_headers(head: str) -> frozenset[str]:
    """Return the first filled line, cut by the delimiter that makes most cells of it.

    Names of columns hold no delimiters, but cells below may: `1,5;2,3` has more commas.
    """
    first = next((line for line in head.splitlines() if line.strip()), "")
    widest: list[str] = []
    for delimiter in _DELIMITERS:
        cells = next(csv.reader(io.StringIO(first), delimiter=delimiter), [])
        widest = cells if len(cells) > len(widest) else widest
    return frozenset(widest)


def _chosen(sheets: Sequence[Sheet], wanted: str) -> Sheet:
    if wanted:
        found = next((each for each in sheets if each.name == wanted), None)
        if found is None:
            names = ", ".join(each.name for each in sheets)
            raise TableRefused(f"The workbook has no sheet “{wanted}”; it has: {names}.")
        return found
    found = next((each for each in sheets if len(each.lines) > 1), None)
    if found is None:
        raise TableRefused("No visible sheet of the workbook has a header and rows under it.")
    return found


def _columns(sheet: Sheet, name: str) -> RawTable:
    at = _header_at(sheet.lines)
    headers = _headers(sheet.lines[at].cells if sheet.lines else ())
    if not headers:
        raise TableRefused(f"{name} has no line that could be a header.")
    if len(headers) > MAX_COLUMNS:
        raise TableRefused(
            f"{name} has {len(headers):,} columns, more than the {MAX_COLUMNS} that can be learnt"
            " from; leave out those that nobody would know before the ad is shown."
        )
    width = len(headers)
    kept: list[Sequence[Cell]] = []
    lines: list[int] = []
    left_out: Counter[str] = Counter()
    for line in sheet.lines[at + 1 :]:
        cells = _trimmed(line.cells, width)
        if len(cells) > width:
            left_out["more cells than the header"] += 1
        elif len(cells) < width and not sheet.drops_blanks:
            left_out["fewer cells than the header"] += 1
        else:
            kept.append([*cells, *[None] * (width - len(cells))])
            lines.append(line.number)
    if not kept:
        raise TableRefused(f"{name} has no rows under its header.")
    by_column = zip(*kept, strict=True)
    columns = {header: _short(cells) for header, cells in zip(headers, by_column, strict=True)}
    return RawTable(name=name, columns=columns, lines=lines, left_out=dict(left_out))


def _header_at(lines: Sequence[Line]) -> int:
    """Return where the header stands; titles and periods of reports above it are narrower."""
    filled = [sum(not is_blank(cell) for cell in line.cells) for line in lines[:HEADER_LINES]]
    widest = max(filled, default=0)
    return next((at for at, count in enumerate(filled) if 2 * count > widest), 0)


def _headers(cells: Sequence[Cell]) -> list[str]:
    """Return names that are all different; columns without one are numbered."""
    found: list[str] = []
    for at, cell in enumerate(cells, start=1):
        name = clean(str(cell))[:100] if not is_blank(cell) else f"column {at}"
        copies = 2
        unique = name
        while unique in found:
            unique = f"{name} ({copies})"
            copies += 1
        found.append(unique)
    return found


def _trimmed(cells: Sequence[Cell], width: int) -> Sequence[Cell]:
    """Return a row without blank cells beyond the header, as spreadsheets leave them."""
    end = len(cells)
    while end > width and is_blank(cells[end - 1]):
        end -= 1
    return cells[:end]


def _short(cells: Sequence[Cell]) -> list[Cell]:
    return [cell[:LONGEST] if isinstance(cell, str) else cell for cell in cells]
