"""A report of an ad platform as results: a file in, rows with their origin out.

The sheets of a workbook are read one by one; what a file does not say is not guessed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from creative.ingest.cells import Cell, Line, Sheet, clean, is_blank
from creative.ingest.columns import Columns, columns_missing, columns_of, score
from creative.ingest.dates import ORDERS, days_in
from creative.ingest.delimited import sheet_of
from creative.ingest.encodings import text_of
from creative.ingest.limits import HEADER_LINES, MAX_BYTES, WAY_OUT
from creative.ingest.numbers import MARKS, decimal_mark, is_number_like
from creative.ingest.platforms import has_foreign_header, heading
from creative.ingest.refusals import ReportRefused
from creative.ingest.results import Mapping, Report, ResultRow, Skipped
from creative.ingest.rows import Kinds, RowReader
from creative.ingest.workbooks import is_packed, sheets_of

__all__ = ["Mapping", "Report", "read_report"]

_SAMPLE = 1000  #: rows of a column that tell whether it holds numbers


@dataclass(frozen=True, kw_only=True, slots=True)
class _Table:
    """A sheet whose columns are known."""

    sheet: Sheet
    columns: Columns

    @property
    def lines(self) -> Sequence[Line]:
        """The lines under the header."""
        return self.sheet.lines[self.columns.index + 1 :]

    @property
    def preamble(self) -> Sequence[Line]:
        return self.sheet.lines[: self.columns.index]

    def cells(self, positions: Iterable[int | None]) -> Iterator[Cell]:
        """Return the cells of some columns."""
        for position in positions:
            if position is not None:
                for line in self.lines:
                    if position < len(line.cells):
                        yield line.cells[position]


def read_report(source: Path | bytes, name: str, mapping: Mapping | None = None) -> Report:
    """Read a report of an ad platform, or any table with results.

    Args:
        source: A file, or what is in it.
        name: Of the file, for the origin of rows.
        mapping: Which column is what, where the headers do not tell.

    Raises:
        ReportRefused: If the file as a whole cannot be read; ColumnsMissing if a mapping helps.
    """
    mapping = mapping or Mapping()
    _check(mapping)
    content = _content(source, name)
    sheets = _sheets(content, mapping)
    tables = _tables(sheets, mapping)
    kinds, notes = _kinds(tables, mapping)
    found: list[ResultRow | Skipped] = []
    for table in tables:
        found += _read(table, clean(Path(name).name), mapping, kinds)
    first = tables[0].columns
    return Report(
        platform=first.layout.id,
        rows=tuple(each for each in found if isinstance(each, ResultRow)),
        skipped=tuple(each for each in found if isinstance(each, Skipped)),
        columns=tuple(header for header in first.headers if header),
        mapping=replace(mapping, platform=first.layout.id, columns=first.mapping),
        notes=(*notes, *_notes(first), *_left_out(sheets, tables)),
    )


def _check(mapping: Mapping) -> None:
    if mapping.decimal not in ("", *MARKS):
        raise ReportRefused(f"The mark before decimals is “.” or “,”, not {mapping.decimal!r}.")
    if mapping.dates not in ("", *ORDERS):
        raise ReportRefused(f"The order of dates is dmy or mdy, not {mapping.dates!r}.")


def _content(source: Path | bytes, name: str) -> bytes:
    try:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size > MAX_BYTES:
            raise ReportRefused(
                f"{name} has {size / 2**20:,.0f} MB, more than the {MAX_BYTES // 2**20} MB"
                f" that a report may have; {WAY_OUT}."
            )
        content = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise ReportRefused(f"The report {name} cannot be read: {error.strerror}.") from error
    if not content.strip():
        raise ReportRefused(f"The report {name} is empty.")
    return content


def _sheets(content: bytes, mapping: Mapping) -> list[Sheet]:
    if is_packed(content):
        return sheets_of(content)
    return [sheet_of(text_of(content, has_foreign_header), partial(score, mapping))]


def _tables(sheets: Sequence[Sheet], mapping: Mapping) -> list[_Table]:
    """Return the sheets with results; they must agree on what their columns are."""
    refusals = []
    tables = []
    for sheet in sheets:
        try:
            if columns := columns_of(sheet, mapping):
                tables.append(_Table(sheet=sheet, columns=columns))
        except ReportRefused as refused:
            refusals.append(refused)
    if not tables:
        raise refusals[0] if refusals else _no_header(sheets)
    if not any(table.lines for table in tables):
        line = tables[0].columns.line
        raise ReportRefused(
            f"There are no rows under the header in line {line}; the period may have no results."
        )
    return _agreeing(_preferred([table for table in tables if table.lines]))


def _no_header(sheets: Sequence[Sheet]) -> ReportRefused:
    head = [line for sheet in sheets for line in sheet.lines[:HEADER_LINES]]
    if not head:
        return ReportRefused("The file has no visible rows; download the report again.")
    widest = max(head, key=lambda line: len(line.cells))
    shown = [clean(cell) for cell in widest if isinstance(cell, str)]
    way_out = "Download the report with its header, or say which column is which."
    return columns_missing(shown, ("name", "impressions"), way_out, {})


def _preferred(tables: list[_Table]) -> list[_Table]:
    """Return the one sheet that a platform writes for programs, if there is one."""
    for table in tables:
        if heading(table.sheet.name) == table.columns.layout.preferred_sheet != "":
            return [table]
    return tables


def _agreeing(tables: list[_Table]) -> list[_Table]:
    first = tables[0]
    for other in tables[1:]:
        same_layout = first.columns.layout.id == other.columns.layout.id
        if not same_layout or first.columns.mapping != other.columns.mapping:
            raise ReportRefused(
                f"The sheets “{first.sheet.name}” and “{other.sheet.name}” both hold results, but"
                " in different columns, so one may repeat the other; save the right one as a file"
                " of its own."
            )
    return tables


def _read(table: _Table, file: str, mapping: Mapping, kinds: Kinds) -> list[ResultRow | Skipped]:
    columns = table.columns
    numbers = ("impressions", "clicks", "conversions", "revenue", "cost")
    counts, amounts = map(columns.first, numbers[:2]), map(columns.first, numbers[2:])
    evidence = [*table.cells(amounts), *_unmapped_numbers(table)]
    dates = map(columns.first, ("date", "starts", "ends"))
    reader = RowReader(
        file=file,
        sheet=table.sheet.name,
        columns=columns,
        mark=mapping.decimal or decimal_mark(table.cells(counts), evidence),
        days=days_in(table.cells(dates), mapping.dates),
        kinds=kinds,
        split_by=_split_by(table),
        pads=table.sheet.drops_blanks,
    )
    found = [read for line in table.lines if (read := reader.read(line))]
    _demand_promised(table, len(found))
    return found


def _unmapped_numbers(table: _Table) -> Iterator[Cell]:
    """Return a sample of the columns that hold numbers but no results, such as rates."""
    mapped = {at for positions in table.columns.positions.values() for at in positions}
    for position in set(range(len(table.columns.headers))) - mapped:
        column = [line.cells[position] for line in table.lines if position < len(line.cells)]
        sample = [cell for cell in column[:_SAMPLE] if not is_blank(cell)]
        if all(map(is_number_like, sample)):
            yield from sample


def _split_by(table: _Table) -> frozenset[int]:
    """Return the columns without whose value a row is the sum of others."""
    columns = table.columns
    asked = [*columns.positions.get("date", ())]
    if columns.layout.subtotals_are_blank:
        asked += columns.positions.get("segment", ())
    return frozenset(
        each for each in asked if not all(is_blank(cell) for cell in table.cells([each]))
    )


def _demand_promised(table: _Table, found: int) -> None:
    """Refuse a file that was cut off, where it says how many rows it has."""
    pattern = table.columns.layout.promised_rows
    for line in table.preamble:
        said = re.match(pattern, clean(str(line.cells[0]))) if pattern else None
        if said and found < int(said[1]):
            raise ReportRefused(
                f"The report says that it has {said[1]} rows, but only {found} are there;"
                " download it again."
            )


def _kinds(tables: Sequence[_Table], mapping: Mapping) -> tuple[Kinds, list[str]]:
    """Return which actions the conversions are, and what to say about that."""
    columns = tables[0].columns
    header = columns.header("conversions")
    if not header or heading(header) not in columns.layout.mixed:
        return Kinds(), []
    if "result" not in columns.positions:
        note = (
            f"“{header}” was not used: it counts a different action for every ad, and the file"
            " does not say which. Add the column “Result type”, or choose a column such as"
            " “Purchases” for the conversions."
        )
        return Kinds(are_named=False), [note]
    found = Counter(kind for table in tables for kind in _kinds_in(table))
    if mapping.result:
        if mapping.result not in found:
            raise ReportRefused(
                f"No row counts “{mapping.result}”; the file counts {_quoted(found)}."
            )
        return Kinds(counted=mapping.result), []
    if len(found) > 1:
        note = (
            f"“{header}” was not used: it counts different actions, {_quoted(found)}."
            " Say which one is the conversion."
        )
        return Kinds(are_several=True), [note]
    return Kinds(), []


def _kinds_in(table: _Table) -> Iterator[str]:
    position = table.columns.first("result")
    return (
        clean(cell)
        for cell in table.cells([position])
        if isinstance(cell, str) and not is_blank(cell)
    )


def _quoted(found: Counter[str]) -> str:
    return ", ".join(f"“{kind}” ({rows} rows)" for kind, rows in found.most_common(10))


def _notes(columns: Columns) -> Iterator[str]:
    keys = {heading(header) for header in columns.headers}
    return (note for name, note in columns.layout.notes.items() if name in keys)


def _left_out(sheets: Sequence[Sheet], tables: Sequence[_Table]) -> Iterator[str]:
    read = {table.sheet.name for table in tables}
    return (f"Sheet “{each.name}” was left out." for each in sheets if each.name not in read)
