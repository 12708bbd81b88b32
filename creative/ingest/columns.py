"""Which column of a table is what: by what the user said, else by the names of a layout."""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as ByField
from dataclasses import dataclass

from creative.ingest.cells import Cell, Sheet, clean
from creative.ingest.limits import HEADER_LINES
from creative.ingest.platforms import (
    FIELDS,
    GENERIC,
    SEVERAL,
    SINGLE,
    Layout,
    currency_in,
    heading,
    is_known,
    layout,
    layouts,
    names_column,
    recognised,
)
from creative.ingest.refusals import ColumnsMissing, ReportRefused
from creative.ingest.results import Mapping

_ENOUGH = 2  #: known headers that make a row a header
_NAMES = ("name", "text", "ad_group", "campaign")
AMOUNTS = ("revenue", "cost")  #: fields in money


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """The columns of one table."""

    layout: Layout
    line: int  #: of the header
    index: int  #: of the header among the lines
    headers: tuple[str, ...]
    positions: ByField[str, tuple[int, ...]]  #: field to columns; fields without one are absent

    def first(self, field: str) -> int | None:
        """Return the column of a field, or None if it has none."""
        found = self.positions.get(field, ())
        return found[0] if found else None

    def header(self, field: str) -> str:
        """Return the header of a field's column as the file has it, or "" without one."""
        position = self.first(field)
        return "" if position is None else self.headers[position]

    @property
    def mapping(self) -> dict[str, tuple[str, ...]]:
        """The headers that were used."""
        return {
            field: tuple(self.headers[position] for position in found)
            for field, found in self.positions.items()
        }

    @property
    def currencies(self) -> list[str]:
        """The currencies in the headers of amounts, as they stand there."""
        return [currency_in(self.header(field)) for field in AMOUNTS]


def score(mapping: Mapping, cells: Sequence[Cell]) -> int:
    """Return how many cells of a row are known headers."""
    asked = _asked(mapping)
    keys = {heading(cell) for cell in cells if isinstance(cell, str)}
    return sum(key in asked or is_known(key) for key in keys)


def columns_of(sheet: Sheet, mapping: Mapping) -> Columns | None:
    """Return the columns of a table, or None if it has no header that is known.

    Raises:
        ColumnsMissing: If there is a header, but not all that results need.
        ReportRefused: If the mapping names what the table does not have, or a header is doubled.
    """
    head = sheet.lines[:HEADER_LINES]
    scores = [score(mapping, line.cells) for line in head]
    enough = min(_ENOUGH, len(_asked(mapping)) or _ENOUGH)
    if max(scores, default=0) < enough:
        return None
    index = scores.index(max(scores))
    headers = tuple(clean(cell) if isinstance(cell, str) else "" for cell in head[index])
    before = [cell for line in head[:index] if isinstance(cell := line.cells[0], str)]
    chosen = layout(mapping.platform) if mapping.platform else recognised(headers, before)
    columns = Columns(
        layout=chosen,
        line=head[index].number,
        index=index,
        headers=headers,
        positions=_positions(headers, chosen, mapping),
    )
    _demand_enough(columns)
    return columns


def _asked(mapping: Mapping) -> set[str]:
    return {heading(name) for names in mapping.columns.values() for name in names}


def _positions(
    headers: Sequence[str], layout: Layout, mapping: Mapping
) -> dict[str, tuple[int, ...]]:
    if unknown := sorted(set(mapping.columns) - set(FIELDS)):
        raise ReportRefused(f"There is no field {unknown[0]!r}; there are {', '.join(FIELDS)}.")
    keys = [heading(header) for header in headers]
    asked = {
        field: tuple(_position(headers, keys, name) for name in names)
        for field, names in mapping.columns.items()
    }
    found = asked | _recognised(keys, layout, [field for field in FIELDS if field not in asked])
    is_named = any(found.get(field) for field in _NAMES)
    usual = set(SINGLE) - set(_NAMES) if is_named else {*SINGLE, *_NAMES}
    # Platforms rename columns, and people rename them by hand: common names fill what is open.
    found |= _recognised(keys, layouts()[GENERIC], usual - set(found))
    return {field: found[field] for field in FIELDS if found.get(field)}


def _position(headers: Sequence[str], keys: Sequence[str], name: str) -> int:
    """Return the column that the user named, to the letter if several are alike."""
    exact = [at for at, header in enumerate(headers) if header == clean(name)]
    found = exact if len(exact) == 1 else [at for at, k in enumerate(keys) if k == heading(name)]
    if not found:
        raise ReportRefused(f"The file has no column “{name}”; it has {_listed(headers)}.")
    if len(found) > 1:
        raise _doubled(name, found)
    return found[0]


def _recognised(
    keys: Sequence[str], layout: Layout, fields: Iterable[str]
) -> dict[str, tuple[int, ...]]:
    """Return the columns that a layout has names for, by field."""
    found = {field: _named(keys, layout.names_of(field), field) for field in fields}
    return {field: positions for field, positions in found.items() if positions}


def _named(keys: Sequence[str], names: Sequence[str], field: str) -> tuple[int, ...]:
    if field in SEVERAL:
        return tuple(at for at, key in enumerate(keys) if key and names_column(names, key))
    for name in names:
        found = [at for at, key in enumerate(keys) if key == name]
        if len(found) > 1:
            raise _doubled(name, found)
        if found:
            return (found[0],)
    return ()


def _doubled(name: str, found: Sequence[int]) -> ReportRefused:
    places = " and ".join(str(at + 1) for at in found)
    return ReportRefused(
        f"Several columns are called “{name}” (columns {places}); rename all but the right one."
    )


def _demand_enough(columns: Columns) -> None:
    missing = [] if "impressions" in columns.positions else ["impressions"]
    if not any(field in columns.positions for field in _NAMES):
        missing.append("name")
    if missing:
        way_out = columns.layout.without_results
        raise columns_missing(columns.headers, tuple(missing), way_out, columns.mapping)


def columns_missing(
    headers: Sequence[str],
    missing: tuple[str, ...],
    way_out: str,
    known: ByField[str, tuple[str, ...]],
) -> ColumnsMissing:
    """Say which fields have no column, and what to do."""
    return ColumnsMissing(
        f"No column was found for: {', '.join(missing)}. The file has {_listed(headers)}."
        f" {way_out}",
        columns=tuple(header for header in headers if header),
        missing=missing,
        known=known,
    )


def _listed(headers: Sequence[str], most: int = 20) -> str:
    shown = [f"“{header[:40]}”" for header in headers if header]
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(shown[:most]) + more if shown else "no header"
