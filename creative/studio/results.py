"""Results of tests: read from a report, shown before they count, undone when they were wrong."""

from collections.abc import Mapping as ByName
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from creative.domain import kept_id
from creative.errors import ExperimentRefused
from creative.ingest.matching import LEFT_OUT, Matched, label_of
from creative.ingest.report import Mapping
from creative.ingest.results import ResultRow
from creative.ports import Records, Store
from creative.studio.previews import Preview, Previews, refuse_other_currencies, upload
from creative.trials import Experiment, ExperimentState, Metric, Result, ResultFile

_CLOSED = (ExperimentState.DRAFT, ExperimentState.ARCHIVED)


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
        self._previews = Previews()

    def preview(
        self,
        experiment_id: int,
        content: bytes,
        name: str,
        mapping: Mapping | None = None,
        chosen: ByName[str, int] | None = None,
        *,
        with_early: bool = False,
    ) -> Preview:
        """Read a report and say what importing it would do.

        Args:
            mapping: Which column is what; the one of the last file with these headers if None.
            chosen: Arm ids by the name of an ad that was not recognised; 0 leaves it out.
            with_early: Whether days before the test began count as well.

        Raises:
            ReportRefused: If the file cannot be read; ColumnsMissing if naming columns helps.
            ExperimentRefused: If the test takes no results.
        """
        given = upload(content, name, mapping, chosen, with_early=with_early)
        with self._store.transaction() as records:
            experiment = _open(records, experiment_id)
            return self._previews.of(records, experiment, given)

    def commit(
        self,
        experiment_id: int,
        content: bytes,
        name: str,
        mapping: Mapping | None = None,
        chosen: ByName[str, int] | None = None,
        *,
        with_early: bool = False,
    ) -> ResultFile | None:
        """Import what `preview` showed; the last file counts for each arm and day.

        Returns:
            The file; None if this very file counts already, and nothing was changed.

        Raises:
            ExperimentRefused: If no row counts for a line of the test.
        """
        given = upload(content, name, mapping, chosen, with_early=with_early)
        with self._store.transaction() as records:
            experiment = _open(records, experiment_id)
            found = self._previews.of(records, experiment, given)
            if found.is_known:
                return None
            if not found.matched.rows:
                raise ExperimentRefused("No row of this file counts for a line of the test.")
            report = found.report
            _remember(records, experiment, report.rows, given.chosen)
            self._previews.forget()
            kept = ResultFile(
                experiment_id=experiment_id,
                filename=name,
                digest=given.digest,
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
        """Let a file count no more, or again; what it replaced counts again meanwhile.

        Raises:
            ExperimentRefused: If revenue that is to count again is in another currency than what
                counts by now.
        """
        with self._store.transaction() as records:
            file = records.results.set_undone(file_id, is_undone)
            if not is_undone:
                _refuse_mixed_revenue(records, file)
            return file


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


def _refuse_mixed_revenue(records: Records, file: ResultFile) -> None:
    """Refuse a file that counts again, if revenue in another currency counts by now."""
    if records.experiments.get(file.experiment_id).metric is not Metric.REVENUE:
        return
    ours = {each.currency for each in records.results.of_file(kept_id(file))}
    counted = {each.currency for each in records.results.counts(file.experiment_id)}
    refuse_other_currencies(ours, counted - ours)


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
