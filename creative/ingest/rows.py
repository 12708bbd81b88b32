"""One row of a table as a result, or the reason why it is none."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from creative.ingest.cells import Cell, Line, clean, is_blank, shown, words
from creative.ingest.columns import AMOUNTS, Columns
from creative.ingest.currencies import currency_of
from creative.ingest.dates import Days
from creative.ingest.numbers import amount, count, is_scientific
from creative.ingest.refusals import CellRefused
from creative.ingest.results import Origin, ResultRow, Skipped

#: A campaign called "Total Care" is none of these.
_TOTAL = re.compile(
    r"^(grand total|total|totals|gesamt|gesamtsumme|insgesamt|summe|totale|totaux"
    r"|总计|合计|合計|итого)"
    r"(\s*$|\s*[:\-–—])",
    re.IGNORECASE,
)
_NAMES = ("name", "ad_group", "campaign", "text", "detail")
_Read = TypeVar("_Read")


@dataclass(frozen=True, kw_only=True, slots=True)
class Kinds:
    """Which actions the conversions of a table are."""

    are_named: bool = True  #: False when a column mixes actions and does not say which
    counted: str = ""  #: the one to count; empty to count whatever there is
    are_several: bool = False  #: several, and nobody has chosen

    def counts(self, kind: str) -> bool:
        """Tell whether conversions of that kind are counted."""
        if not self.are_named or self.are_several:
            return False
        return not self.counted or kind in ("", self.counted)


@dataclass(frozen=True, kw_only=True, slots=True)
class RowReader:
    """Reads the rows of one table; everything that must be inferred is known by now."""

    file: str
    sheet: str
    columns: Columns
    mark: str  #: before decimals; "" if nothing tells
    days: Days
    kinds: Kinds
    split_by: frozenset[int]  #: columns of breakdowns and days that have values
    pads: bool  #: whether short rows are whole

    def read(self, line: Line) -> ResultRow | Skipped | None:
        """Return a row as a result, or why it is none; None for lines that are no rows."""
        if self._is_footer(line):
            return None
        try:
            return self._skipped_on_purpose(line) or self._row(line)
        except CellRefused as refused:
            return self._skip(line, str(refused))

    def _row(self, line: Line) -> ResultRow:
        line = self._whole(line)
        self._refuse_broken_ids(line)
        impressions = self._must(line, "impressions")
        clicks = self._count(line, "clicks")
        if clicks is not None and clicks > impressions:
            raise CellRefused(
                f"{clicks:,} clicks of {impressions:,} impressions are impossible;"
                " check which columns hold them"
            )
        kind, conversions = self._conversions(line)
        return ResultRow(
            name=self._name(line),
            text=self._text(line),
            campaign=self._words(line, "campaign"),
            ad_group=self._words(line, "ad_group"),
            date=self._date(line),
            segment=" · ".join(self._every(line, "segment") + self._every(line, "detail")),
            impressions=impressions,
            clicks=clicks,
            conversions=conversions,
            result=kind,
            revenue=self._amount(line, "revenue"),
            cost=self._amount(line, "cost"),
            currency=self._currency(line),
            origin=Origin(file=self.file, sheet=self.sheet, line=line.number),
        )

    def _skipped_on_purpose(self, line: Line) -> Skipped | None:
        """Tell rows that sum others, and rows of a platform that are no ads."""
        cells = line.cells
        if self._is_total(line):
            return self._skip(line, "it is a total of other rows", is_expected=True)
        if len(cells) < len(self.columns.headers) and not self.pads:
            return None
        if any(is_blank(_at(cells, position)) for position in self.split_by):
            return self._skip(line, "it sums rows that are split below it", is_expected=True)
        if self.columns.layout.ads_only and not self._every(line, "text"):
            return self._skip(line, "it is no ad but a setting of one", is_expected=True)
        return None

    def _is_total(self, line: Line) -> bool:
        """Tell totals by their first cell, if no other cell names anything."""
        filled = [(at, cell) for at, cell in enumerate(line) if not is_blank(cell)]
        if not filled or not isinstance(filled[0][1], str):
            return False
        at, label = filled[0][0], clean(filled[0][1])
        own = self.columns.layout.total
        if not (_TOTAL.match(label) or (own and re.match(own, label))):
            return False
        named = {p for field in _NAMES for p in self.columns.positions.get(field, ())}
        return not any(position in named - {at} for position, _ in filled)

    def _is_footer(self, line: Line) -> bool:
        footer = self.columns.layout.footer
        first = line.cells[0]
        return bool(footer) and isinstance(first, str) and bool(re.match(footer, clean(first)))

    def _whole(self, line: Line) -> Line:
        """Refuse rows whose cells have moved against the header."""
        wide, cells = len(self.columns.headers), list(line.cells)
        if len(cells) < wide:
            if not self.pads:
                raise CellRefused(
                    f"it has {len(cells)} cells under {wide} headers, so it was cut short;"
                    " download the report again"
                )
            cells += [None] * (wide - len(cells))
        if any(not is_blank(cell) for cell in cells[wide:]):
            raise CellRefused(
                f"it has {len(cells)} cells under {wide} headers; most often a text with a comma"
                " stands there without quotation marks"
            )
        return Line(number=line.number, cells=cells)

    def _refuse_broken_ids(self, line: Line) -> None:
        for field in ("id", "name"):
            for position in self.columns.positions.get(field, ()):
                cell = line.cells[position]
                if is_scientific(cell):
                    raise CellRefused(
                        f"{self.columns.headers[position]}: a spreadsheet has shortened"
                        f" “{shown(cell)}” and its digits are lost; import the file as it was"
                        " downloaded"
                    )

    def _name(self, line: Line) -> str:
        for field in ("name", "ad_group", "campaign"):
            if field in self.columns.positions:
                if name := self._words(line, field):
                    return name
                break  # a blank name is that of a sum, whatever stands above it
        if text := self._text(line):
            return text.split("\n", 1)[0]
        raise CellRefused("it names no ad, so it is most likely a total of other rows")

    def _text(self, line: Line) -> str:
        return "\n".join(self._every(line, "text"))

    def _date(self, line: Line) -> date | None:
        if "date" in self.columns.positions:
            return self._cell(line, "date", self.days.read)
        first = self._cell(line, "starts", self.days.read)
        last = self._cell(line, "ends", self.days.read)
        return first if first == last else None

    def _conversions(self, line: Line) -> tuple[str, float | None]:
        kind = self._words(line, "result")
        counted = self._amount(line, "conversions") if self.kinds.counts(kind) else None
        return kind, counted

    def _currency(self, line: Line) -> str:
        cells = (self._at(line, field) for field in AMOUNTS)
        in_cells = [currency_of(cell) for cell in cells if isinstance(cell, str)]
        in_headers = map(currency_of, self.columns.currencies)
        written = self._words(line, "currency")
        column = currency_of(written)
        if written and not column:
            raise CellRefused(f"“{shown(written)}” is no currency; write a code such as EUR")
        found = {each for each in (column, *in_headers, *in_cells) if each}
        if len(found) > 1:
            several = " and in ".join(sorted(found))
            raise CellRefused(f"its amounts are in {several}; keep one of them")
        return found.pop() if found else ""

    def _must(self, line: Line, field: str) -> int:
        found = self._count(line, field)
        if found is None:
            raise CellRefused(f"{self.columns.header(field)}: there is no number")
        return found

    def _count(self, line: Line, field: str) -> int | None:
        read = self._cell(line, field, lambda cell: count(cell, self.mark))
        return self._or_zero(read, field, 0)

    def _amount(self, line: Line, field: str) -> float | None:
        read = self._cell(line, field, lambda cell: amount(cell, self.mark))
        return self._or_zero(read, field, 0.0)

    def _or_zero(self, read: _Read | None, field: str, zero: _Read) -> _Read | None:
        is_zero = field in self.columns.positions and field in self.columns.layout.zero_when_blank
        return zero if read is None and is_zero else read

    def _words(self, line: Line, field: str) -> str:
        return self._cell(line, field, words) or ""

    def _every(self, line: Line, field: str) -> list[str]:
        found = [_at(line.cells, position) for position in self.columns.positions.get(field, ())]
        return [text for cell in found if (text := words(cell))]

    def _cell(self, line: Line, field: str, read: Callable[[Cell], _Read]) -> _Read | None:
        """Read the cell of a field; None if it is blank or has no column."""
        cell = self._at(line, field)
        if is_blank(cell):
            return None
        try:
            return read(cell)
        except CellRefused as refused:
            raise CellRefused(f"{self.columns.header(field)}: {refused}") from refused

    def _at(self, line: Line, field: str) -> Cell:
        position = self.columns.first(field)
        return None if position is None else _at(line.cells, position)

    def _skip(self, line: Line, why: str, *, is_expected: bool = False) -> Skipped:
        why = why[:1].upper() + why[1:].rstrip(".") + "."
        return Skipped(line=line.number, sheet=self.sheet, why=why, is_expected=is_expected)


def _at(cells: Sequence[Cell], position: int) -> Cell:
    return cells[position] if position < len(cells) else None
