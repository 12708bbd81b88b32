"""How often this library's tests came out as was foretold before their results.

What is shown and what is ranked rests on this and on nothing else: a prediction that is good
elsewhere may be worth nothing here.
"""

import datetime as dt
import threading
from collections.abc import Iterator

from creative.domain import kept_id
from creative.ports import Store
from creative.prediction.record import NEEDED, Foretold, TrackRecord, track_record
from creative.studio.experiments import Experiments, Standing
from creative.studio.own_tests import Basis, basis_of, folded
from creative.trials import Experiment, Metric


class TrackRecords:
    """Records by what was counted, and by segment."""

    def __init__(self, store: Store, experiments: Experiments) -> None:
        self._store = store
        self._experiments = experiments
        self._lock = threading.Lock()
        self._basis: Basis | None = None
        self._pairs: list[tuple[Experiment, Foretold]] = []

    @property
    def metric(self) -> Metric:
        """What the tests of this library count, most of them."""
        with self._store.transaction() as records:
            return basis_of(records).metric

    def of(self, metric: Metric) -> TrackRecord:
        """Return the record of all tests that count this."""
        return track_record(pair for test, pair in self._known() if test.metric is metric)

    def by_segment(self, metric: Metric) -> dict[str, TrackRecord]:
        """Return the records of segments with enough tests to speak of, by name."""
        found: dict[str, list[Foretold]] = {}
        names: dict[str, str] = {}
        for test, pair in self._known():
            if test.metric is metric and (key := folded(test.segment)):
                names.setdefault(key, " ".join(test.segment.split()))
                found.setdefault(key, []).append(pair)
        every = {names[key]: track_record(pairs) for key, pairs in found.items()}
        return {name: record for name, record in every.items() if record.tests >= NEEDED}

    def _known(self) -> list[tuple[Experiment, Foretold]]:
        """Return every pair that was foretold; judged anew when results are other ones."""
        with self._lock:
            with self._store.transaction() as records:
                basis = basis_of(records)
            if basis != self._basis:
                self._pairs = [
                    (test, pair)
                    for test in basis.tests
                    if test.foretold
                    for pair in self._pairs_of(test)
                ]
                self._basis = basis
            return self._pairs

    def _pairs_of(self, test: Experiment) -> Iterator[Foretold]:
        """Yield every line of a test against its control."""
        with self._store.transaction() as records:
            times = [file.created_at for file in records.results.files(kept_id(test))]
        if test.started_at is None or not times:
            return
        standing = self._experiments.standing(kept_id(test))
        verdict = standing.verdict
        first = _first_result(standing, min(time for time in times if time))
        for arm, figures in zip(test.arms, verdict.arms, strict=True):
            if kept_id(arm) not in test.foretold:
                continue
            is_known = (figures.is_better or figures.is_worse) and not verdict.split.is_broken
            yield Foretold(
                test=kept_id(test),
                chance=test.foretold[kept_id(arm)],
                foretold_at=test.started_at,
                first_result_at=first,
                is_won=figures.is_better if is_known else None,
            )


def _first_result(standing: Standing, imported_at: dt.datetime) -> dt.datetime:
    """Return since when there were results: on an early day, long before they were imported."""
    dates, begun = standing.days.dates, standing.experiment.first_day
    if dates and begun and dates[0] < begun:
        return dt.datetime.combine(dates[0], dt.time(), dt.UTC)
    return imported_at
