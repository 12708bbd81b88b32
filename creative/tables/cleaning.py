"""A raw table as columns of known kinds and an outcome, with a report of all that was changed.

Rows without an outcome are dropped.  A row that repeats another in every cell is dropped only if
the table has an id or a date with time: without one, two impressions may well look the same.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from creative.ingest.cells import Cell, Formula
from creative.tables.kinds import as_text, form_of, read_column
from creative.tables.refusals import TableRefused
from creative.tables.table import Column, Floats, Frame, Kind, RawTable, demand

YES = frozenset(
    "1 yes y true t click clicked converted conversion bought buyer positive won ja wahr oui vrai"
    " si sí sim".split()
)
_DAY = 86_400.0  #: seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnReport:
    """What one column turned out to be; counts are of cells in the rows that were kept."""

    name: str
    kind: str
    missing: int
    distinct: int
    unreadable: int
    infinite: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CleaningReport:
    """What was read, what was dropped and why.

    Attributes:
        dropped: Rows by reason.
        duplicates: Rows that repeat another in every cell, dropped or not.
        positive: The value of the outcome that counts as success.
        rate: Share of successes, a fraction.
    """

    rows_read: int
    rows_kept: int
    dropped: Mapping[str, int]
    duplicates: int
    duplicates_dropped: bool
    target: str
    positive: str
    rate: float
    columns: tuple[ColumnReport, ...]

    @property
    def notes(self) -> list[str]:
        """Return what a person should know, as sentences."""
        found = [f"{count:,} rows were dropped: {why}." for why, count in self.dropped.items()]
        if self.duplicates and not self.duplicates_dropped:
            found.append(
                f"{self.duplicates:,} rows repeat another; they were kept, for no id or time tells"
                " whether they are the same event."
            )
        constant = [each.name for each in self.columns if each.kind == Kind.CONSTANT]
        if constant:
            found.append(f"The same in every row, so left out: {', '.join(constant)}.")
        for each in self.columns:
            spoilt = each.unreadable + each.infinite
            if spoilt:
                found.append(
                    f"{each.name}: {spoilt:,} cells are no {each.kind}, infinite or formulas, and"
                    " count as missing."
                )
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleaned:
    """Columns without the outcome, and the outcome as float64 [rows] of 0 and 1."""

    frame: Frame
    outcome: Floats
    report: CleaningReport


def clean_table(
    raw: RawTable,
    target: str,
    *,
    positive: str = "",
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    decimal: str = "",
    dates: str = "",
) -> Cleaned:
    """Return a table that can be learnt from.

    Args:
        target: The column to foretell; it has two values.
        positive: The value that counts as success; known for 1, yes, true, clicked and the like.
        keep: Columns to learn from though they look like ids.
        drop: Columns to leave out.
        decimal: Mark before decimals, "." or ",", where the file does not tell.
        dates: Order of days, "dmy" or "mdy", where the file does not tell.

    Raises:
        TableRefused: If a named column is missing, or the outcome has not two values.
    """
    demand(raw.columns, [target, *keep, *drop], raw.name)
    names = [name for name in raw.columns if name != target and name not in drop]
    if not names:
        raise TableRefused("Beside the outcome the table needs at least one more column.")
    outcome, positive = _outcome(raw.columns[target], target, positive)
    forms = {
        name: form_of(name, raw.columns[name], kept=name in keep, mark=decimal, order=dates)
        for name in names
    }
    repeats = _repeats(raw)
    is_event = any(each.kind is Kind.ID for each in forms.values()) or any(
        _has_time(read_column(form, raw.columns[name]))
        for name, form in forms.items()
        if form.kind is Kind.DATE
    )
    kept = ~np.isnan(outcome)
    dropped = Counter(raw.left_out)
    dropped.update({f"no {target}": int((~kept).sum())})
    if is_event:
        dropped.update({"repeats another row in every cell": int((repeats & kept).sum())})
        kept &= ~repeats
    rows = np.flatnonzero(kept)
    chosen = {name: [raw.columns[name][row] for row in rows.tolist()] for name in names}
    columns = {name: read_column(forms[name], cells) for name, cells in chosen.items()}
    report = CleaningReport(
        rows_read=raw.rows + sum(raw.left_out.values()),
        rows_kept=len(rows),
        dropped={why: count for why, count in dropped.items() if count},
        duplicates=int(repeats.sum()),
        duplicates_dropped=is_event,
        target=target,
        positive=positive,
        rate=float(outcome[rows].mean()),
        columns=tuple(_described(column) for column in columns.values()),
    )
    return Cleaned(
        frame=Frame(columns=columns, rows=len(rows)), outcome=outcome[rows], report=report
    )


def _outcome(cells: Sequence[Cell], target: str, positive: str) -> tuple[Floats, str]:
    """Return 1, 0 or NaN for each cell, and the value that counts as success."""
    texts = [as_text(cell) for cell in cells]
    values = sorted({text for text in texts if text})
    if len(values) < 2:
        has = f"only “{values[0][:40]}”" if values else "nothing"
        raise TableRefused(
            f"The column “{target}” holds {has}; to learn what makes a difference, it needs rows"
            " with success and rows without."
        )
    if positive and positive not in values:
        raise TableRefused(f"No cell of “{target}” is “{positive}”.")
    if not positive:
        positive = _success(values, target)
    found = [np.nan if not text else float(text == positive) for text in texts]
    return np.array(found), positive


def _success(values: Sequence[str], target: str) -> str:
    likely = [value for value in values if value.casefold().removesuffix(".0") in YES]
    if len(values) != 2:
        raise TableRefused(
            f"The column “{target}” has {len(values):,} different values, and an outcome has two."
            " Name another column, or say which value is the success (--positive)."
        )
    if len(likely) != 1:
        raise TableRefused(
            f"Say which value of “{target}” is the success: “{values[0][:40]}” or"
            f" “{values[1][:40]}” (--positive)."
        )
    return likely[0]


def _repeats(raw: RawTable) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell which rows [rows] repeat an earlier one in every cell."""
    seen: set[tuple[object, ...]] = set()
    found = np.zeros(raw.rows, dtype=np.bool_)
    for at, row in enumerate(zip(*raw.columns.values(), strict=True)):
        key = tuple(cell.text if isinstance(cell, Formula) else cell for cell in row)
        found[at] = key in seen
        seen.add(key)
    return found


def _has_time(column: Column) -> bool:
    known = column.values[~column.is_missing]
    return bool((known % _DAY != 0).any())


def _described(column: Column) -> ColumnReport:
    known = column.values[~column.is_missing]
    return ColumnReport(
        name=column.name,
        kind=column.kind.value,
        missing=int(column.is_missing.sum()),
        distinct=len(set(known.tolist())),
        unreadable=column.unreadable,
        infinite=column.infinite,
    )
