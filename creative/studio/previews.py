"""What importing a report would do, shown before anything counts.

A page asks for the same preview at every click: it is made once for a file, for what a person said
of it, and for what the library holds.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as ByName
from dataclasses import dataclass

from creative.domain import kept_id
from creative.errors import ExperimentRefused
from creative.ingest.matching import Matched, matched
from creative.ingest.refusals import ColumnsMissing
from creative.ingest.report import Mapping, Report, read_report
from creative.ingest.results import ResultRow, Skipped
from creative.ports import Records
from creative.trials import DayCounts, Experiment, Metric, ResultFile

_REMEMBERED = 2  #: previews: one with ads placed by hand, one without


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What an import would do; nothing is kept yet.

    Attributes:
        matched: Rows of the file with the arms that they are about, and those without.
        refused: Rows that cannot count, with line and reason; totals are not among them.
        days: Of the rows that count.
        early: Days before the test began on which its lines were shown; left out unless asked for.
        lacking: Fields that this test needs and the file has no column for.
        replaces: How many counts of an arm and a day come from an earlier file now.
        is_known: Whether this very file counts already.
        notes: What to know before using these results.
    """

    report: Report
    matched: Matched
    refused: tuple[Skipped, ...]
    days: tuple[dt.date, ...]
    early: tuple[dt.date, ...]
    lacking: tuple[str, ...]
    replaces: int
    is_known: bool
    notes: tuple[str, ...]


_Reading = tuple[str, str, Mapping | None]  #: digest, name and columns
_Placing = tuple[bool, ByName[str, int]]  #: whether early days count, and who is who
_Basis = tuple[Experiment, str]  #: the test, and the revision of all results


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file that was handed in, with what a person said of it.

    Attributes:
        digest: SHA-256 of its content.
        mapping: Which column is what; the one of the last file with these headers if None.
        chosen: Arm ids by the name of an ad that was not recognised; 0 leaves it out.
        with_early: Whether days before the test began count as well.
    """

    content: bytes
    digest: str
    name: str
    mapping: Mapping | None
    chosen: ByName[str, int]
    with_early: bool

    @property
    def reading(self) -> _Reading:
        """All that the report depends on, the library aside."""
        return self.digest, self.name, self.mapping

    @property
    def placing(self) -> _Placing:
        """What decides, the report aside, which rows count for which line."""
        return self.with_early, self.chosen


def upload(
    content: bytes,
    name: str,
    mapping: Mapping | None,
    chosen: ByName[str, int] | None,
    *,
    with_early: bool,
) -> Upload:
    """Return a file as it was handed in."""
    return Upload(
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        name=name,
        mapping=mapping,
        chosen=dict(chosen or {}),
        with_early=with_early,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Made:
    """A preview, with what it was made from."""

    basis: _Basis
    reading: _Reading
    placing: _Placing
    preview: Preview


class Previews:
    """Makes previews, and knows the latest ones."""

    def __init__(self) -> None:
        self._made: tuple[_Made, ...] = ()

    def of(self, records: Records, experiment: Experiment, given: Upload) -> Preview:
        """Return what importing a file would do."""
        basis = experiment, records.results.revision()
        alike = [m for m in self._made if m.basis == basis and m.reading == given.reading]
        for made in alike:
            if made.placing == given.placing:
                return made.preview
        report = alike[0].preview.report if alike else _read(records, given)
        preview = _preview(records, experiment, given, report)
        new = _Made(basis=basis, reading=given.reading, placing=given.placing, preview=preview)
        self._made = (new, *self._made)[:_REMEMBERED]
        return preview

    def forget(self) -> None:
        """Let go of all previews; they hold whole files."""
        self._made = ()


def _read(records: Records, given: Upload) -> Report:
    """Read a report, with the columns that a person named for its headers the last time."""
    content, name = given.content, given.name
    if given.mapping is not None:
        return read_report(content, name, given.mapping)
    try:
        report = read_report(content, name)
    except ColumnsMissing as missing:
        if not (last := records.results.last_mapping(missing.columns)):
            raise
        return read_report(content, name, _mapping(last))
    last = records.results.last_mapping(report.columns)
    if last and _mapping(last) != report.mapping:
        return read_report(content, name, _mapping(last))
    return report


def _mapping(file: ResultFile) -> Mapping:
    data = dict(file.mapping)
    columns = data.pop("columns", {})
    assert isinstance(columns, dict)
    named = {field: tuple(headers) for field, headers in columns.items()}
    return Mapping(columns=named, **data)  # type: ignore[arg-type]


def _preview(records: Records, experiment: Experiment, given: Upload, report: Report) -> Preview:
    usable = [row for row in report.rows if not _unusable(row, experiment)]
    early = [row for row in usable if _is_early(row, experiment)]
    counted = usable if given.with_early else [r for r in usable if not _is_early(r, experiment)]
    found = matched(counted, experiment, given.chosen)
    refused = [each for each in report.skipped if not each.is_expected]
    refused += [
        Skipped(line=row.origin.line, sheet=row.origin.sheet, why=why)
        for row in report.rows
        if (why := _unusable(row, experiment))
    ]
    counts = records.results.counts(kept_id(experiment))
    held = {(each.arm_id, each.day) for each in counts}
    told = {(arm, row.date) for arm, row in found.rows}
    files = records.results.files(kept_id(experiment))
    notes = list(report.notes)
    if experiment.metric is Metric.REVENUE:
        notes += _in_one_currency([row for _, row in found.rows], counts)
    return Preview(
        report=report,
        matched=found,
        refused=tuple(refused),
        days=_days(found),
        early=_days(matched(early, experiment, given.chosen)),
        lacking=_lacking(report, experiment),
        replaces=len(held & told),
        is_known=any(each.digest == given.digest and each.undone_at is None for each in files),
        notes=tuple(notes),
    )


def _is_early(row: ResultRow, experiment: Experiment) -> bool:
    first = experiment.first_day
    return row.date is not None and first is not None and row.date < first


def _days(found: Matched) -> tuple[dt.date, ...]:
    return tuple(sorted({row.date for _, row in found.rows if row.date}))


def _lacking(report: Report, experiment: Experiment) -> tuple[str, ...]:
    """Return the fields that a test needs and no column of a report was taken for."""
    columns = report.mapping.columns
    has_days = any(field in columns for field in ("date", "starts"))
    wins = experiment.metric.value  # metrics are called as the fields that hold them
    return (*(() if has_days else ("date",)), *(() if wins in columns else (wins,)))


def _unusable(row: ResultRow, experiment: Experiment) -> str:
    """Say why a row of a report cannot count for a test; empty if it can."""
    if row.date is None:
        return "It sums several days: download the report by day."
    if experiment.metric is Metric.CLICKS:
        if row.clicks is None:
            return "It has no clicks, which this test compares."
        if row.clicks > row.impressions:
            return f"It has {row.clicks:,} clicks of {row.impressions:,} impressions."
    elif experiment.metric is Metric.REVENUE:
        return "It has no revenue, which this test compares." if row.revenue is None else ""
    elif row.conversions is None:
        return "It has no conversions, which this test compares."
    elif row.conversions > row.impressions:
        return f"It has {row.conversions:,} conversions of {row.impressions:,} impressions."
    return ""


def _in_one_currency(rows: Sequence[ResultRow], counts: Sequence[DayCounts]) -> list[str]:
    """Refuse revenue in several currencies; return what to say of rows without one."""
    ours = {row.currency for row in rows}
    theirs = {each.currency for each in counts}
    if len(ours - {""}) > 1:
        raise ExperimentRefused(
            f"This file has revenue in {_and(ours - {''})}. Amounts in several currencies cannot be"
            " compared: export the report in the currency of the account."
        )
    refuse_other_currencies(ours, theirs)
    if "" in ours and (known := (theirs | ours) - {""}):
        return [f"Revenue without a currency is taken as {_and(known)}, like the rest."]
    return []


def refuse_other_currencies(ours: Collection[str], theirs: Collection[str]) -> None:
    """Refuse a file whose revenue is in other currencies than that which counts; "" fits any.

    Raises:
        ExperimentRefused: If it is.
    """
    new, held = {*ours} - {*theirs, ""}, {*theirs} - {""}
    if new and held:
        raise ExperimentRefused(
            f"This file has revenue in {_and(new)}, but the results of this test are in"
            f" {_and(held)}. Export the report in {_and(held)}, or undo the earlier import."
        )


def _and(currencies: Iterable[str]) -> str:
    return " and ".join(sorted(currencies))
