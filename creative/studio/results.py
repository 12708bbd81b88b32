"""Results of tests: read from a report, shown before they count, undone when they were wrong."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as ByName
from dataclasses import asdict, dataclass, replace

from creative.domain import kept_id
from creative.errors import ExperimentRefused
from creative.ingest.matching import LEFT_OUT, Matched, label_of, matched
from creative.ingest.refusals import ColumnsMissing
from creative.ingest.report import Mapping, Report, read_report
from creative.ingest.results import ResultRow, Skipped
from creative.ports import Records, Store
from creative.trials import DayCounts, Experiment, ExperimentState, Metric, Result, ResultFile

_CLOSED = (ExperimentState.DRAFT, ExperimentState.ARCHIVED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What an import would do; nothing is kept yet.

    Attributes:
        matched: Rows of the file with the arms that they are about, and those without.
        refused: Rows that cannot count, with line and reason; totals are not among them.
        days: Of the rows that count.
        replaces: How many counts of an arm and a day come from an earlier file now.
        is_known: Whether this very file counts already.
        notes: What to know before using these results.
    """

    report: Report
    matched: Matched
    refused: tuple[Skipped, ...]
    days: tuple[dt.date, ...]
    replaces: int
    is_known: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """What one arm earned on all days."""

    impressions: int
    clicks: int
    conversions: float
    revenue: float


class Results:
    """What a marketer does with the reports of a test."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def preview(
        self,
        experiment_id: int,
        content: bytes,
        name: str,
        mapping: Mapping | None = None,
        chosen: ByName[str, int] | None = None,
    ) -> Preview:
        """Read a report and say what importing it would do.

        Args:
            mapping: Which column is what; the one of the last file with these headers if None.
            chosen: Arm ids by the name of an ad that was not recognised; 0 leaves it out.

        Raises:
            ReportRefused: If the file cannot be read; ColumnsMissing if naming columns helps.
            ExperimentRefused: If the test takes no results.
        """
        with self._store.transaction() as records:
            experiment = _open(records, experiment_id)
            report = _read(records, content, name, mapping)
            return _preview(records, experiment, content, report, chosen or {})

    def commit(
        self,
        experiment_id: int,
        content: bytes,
        name: str,
        mapping: Mapping | None = None,
        chosen: ByName[str, int] | None = None,
    ) -> ResultFile | None:
        """Import what `preview` showed; the last file counts for each arm and day.

        Returns:
            The file; None if this very file counts already, and nothing was changed.

        Raises:
            ExperimentRefused: If no row is about a line of the test.
        """
        with self._store.transaction() as records:
            experiment = _open(records, experiment_id)
            report = _read(records, content, name, mapping)
            found = _preview(records, experiment, content, report, chosen or {})
            if found.is_known:
                return None
            if not found.matched.rows:
                raise ExperimentRefused("No row of this file is about a line of the test.")
            _remember(records, experiment, found.report.rows, chosen or {})
            kept = ResultFile(
                experiment_id=experiment_id,
                filename=name,
                digest=_digest(content),
                platform=report.platform,
                columns=report.columns,
                mapping=asdict(report.mapping),
            )
            return records.results.add(kept, _results(found.matched))

    def files(self, experiment_id: int) -> list[ResultFile]:
        """Every file of a test, the newest first, undone ones included."""
        with self._store.transaction() as records:
            return records.results.files(experiment_id)

    def of_file(self, file_id: int) -> list[Result]:
        with self._store.transaction() as records:
            return records.results.of_file(file_id)

    def totals(self, experiment_id: int) -> dict[int, Totals]:
        """Return what every arm earned in all, by its id."""
        with self._store.transaction() as records:
            counts = records.results.counts(experiment_id)
        found: dict[int, Totals] = {}
        for each in counts:
            so_far = found.get(
                each.arm_id, Totals(impressions=0, clicks=0, conversions=0.0, revenue=0.0)
            )
            found[each.arm_id] = Totals(
                impressions=so_far.impressions + each.impressions,
                clicks=so_far.clicks + each.clicks,
                conversions=so_far.conversions + each.conversions,
                revenue=so_far.revenue + each.revenue,
            )
        return found

    def set_undone(self, file_id: int, is_undone: bool) -> ResultFile:
        """Let a file count no more, or again; what it replaced counts again meanwhile."""
        with self._store.transaction() as records:
            return records.results.set_undone(file_id, is_undone)


def _open(records: Records, experiment_id: int) -> Experiment:
    experiment = records.experiments.get(experiment_id)
    if experiment.is_simulated:
        raise ExperimentRefused("A simulated test takes no real results.")
    if experiment.state in _CLOSED:
        raise ExperimentRefused(
            f"The test “{experiment.name}” takes no results: it is"
            f" {'not started' if experiment.state is ExperimentState.DRAFT else 'archived'}."
        )
    return experiment


def _read(records: Records, content: bytes, name: str, mapping: Mapping | None) -> Report:
    """Read a report, with the columns that a person named for its headers the last time."""
    if mapping is not None:
        return read_report(content, name, mapping)
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


def _preview(
    records: Records,
    experiment: Experiment,
    content: bytes,
    report: Report,
    chosen: ByName[str, int],
) -> Preview:
    usable = [row for row in report.rows if not _unusable(row, experiment)]
    found = matched(usable, experiment, chosen)
    refused = [each for each in report.skipped if not each.is_expected]
    refused += [
        Skipped(line=row.origin.line, sheet=row.origin.sheet, why=why)
        for row in report.rows
        if (why := _unusable(row, experiment))
    ]
    counts = records.results.counts(kept_id(experiment))
    held = {(each.arm_id, each.day) for each in counts}
    given = {(arm, row.date) for arm, row in found.rows}
    digest = _digest(content)
    files = records.results.files(kept_id(experiment))
    notes = list(report.notes)
    if experiment.metric is Metric.REVENUE:
        notes += _in_one_currency([row for _, row in found.rows], counts)
    return Preview(
        report=report,
        matched=found,
        refused=tuple(refused),
        days=tuple(sorted({row.date for _, row in found.rows if row.date})),
        replaces=len(held & given),
        is_known=any(each.digest == digest and each.undone_at is None for each in files),
        notes=tuple(notes),
    )


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
    theirs = {each.currency for each in counts} - {""}
    if len(ours - {""}) > 1:
        raise ExperimentRefused(
            f"This file has revenue in {_and(ours - {''})}. Amounts in several currencies cannot be"
            " compared: export the report in the currency of the account."
        )
    if theirs and ours - theirs - {""}:
        raise ExperimentRefused(
            f"This file has revenue in {_and(ours - {''})}, but the results of this test are in"
            f" {_and(theirs)}. Export the report in {_and(theirs)}, or undo the earlier import."
        )
    if "" in ours and (known := theirs | ours - {""}):
        return [f"Revenue without a currency is taken as {_and(known)}, like the rest."]
    return []


def _and(currencies: Iterable[str]) -> str:
    return " and ".join(sorted(currencies))


def _remember(
    records: Records,
    experiment: Experiment,
    rows: Sequence[ResultRow],
    chosen: ByName[str, int],
) -> None:
    """Keep what a person chose as further names of the arms."""
    labels = {label_of(row) for row in rows}
    names = {label: id for label, id in chosen.items() if id != LEFT_OUT and label in labels}
    if names:
        arms = tuple(
            replace(arm, aliases=tuple(dict.fromkeys((*arm.aliases, *_of(names, arm.id)))))
            for arm in experiment.arms
        )
        records.experiments.keep(replace(experiment, arms=arms))


def _of(names: ByName[str, int], arm_id: int | None) -> list[str]:
    return [label for label, id in names.items() if id == arm_id]


def _results(found: Matched) -> list[Result]:
    return [
        Result(
            arm_id=arm_id,
            day=row.date,
            impressions=row.impressions,
            clicks=row.clicks,
            conversions=row.conversions,
            revenue=row.revenue,
            cost=row.cost,
            currency=row.currency,
            segment=row.segment,
            sheet=row.origin.sheet,
            line=row.origin.line,
        )
        for arm_id, row in found.rows
        if row.date is not None
    ]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
