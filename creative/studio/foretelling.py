"""What the response prediction says of lines, and how often it was right for this library.

It was learnt from headlines of one publisher.  So its numbers are kept back until tests of this
library, foretold before their results, show that it is better than chance here.
"""

import threading
from collections.abc import Iterator, Sequence

import numpy as np

from creative.domain import kept_id
from creative.experiments.tally import Floats
from creative.ports import Store
from creative.prediction.explanation import Explanation, explain
from creative.prediction.predictor import Predictor
from creative.prediction.record import Foretold, TrackRecord, track_record
from creative.studio.experiments import Experiments
from creative.trials import Experiment


class Foretelling:
    """The predictor that ships; loaded when it is first asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._predictor: Predictor | None = None

    def scores(self, lines: Sequence[str]) -> Floats:
        """Return scores [lines]; only differences mean something."""
        return self._loaded().scores(lines)

    def relative_rates(self, lines: Sequence[str]) -> Floats:
        """Return expected click rates [lines] relative to the mean of these lines."""
        return self._loaded().relative_rates(lines)

    def why(self, line: str) -> Explanation:
        """Return what makes the score of a line."""
        return explain(self._loaded(), line)

    def record(self, experiments: Experiments) -> TrackRecord:
        """Return how often predictions held that were made before the results of a test."""
        return track_record(self._foretold(experiments))

    def _foretold(self, experiments: Experiments) -> Iterator[Foretold]:
        for test in experiments.all():
            if test.foretold and test.started_at and not test.is_simulated:
                yield from self._pairs(experiments, test)

    def _pairs(self, experiments: Experiments, test: Experiment) -> Iterator[Foretold]:
        """Yield every line of a test against its control."""
        with self._store.transaction() as records:
            times = [file.created_at for file in records.results.files(kept_id(test))]
        first = min((time for time in times if time), default=None)
        control = test.foretold.get(kept_id(test.arms[test.control]))
        if control is None or test.started_at is None:
            return
        verdict = experiments.standing(kept_id(test)).verdict
        for arm, figures in zip(test.arms, verdict.arms, strict=True):
            if arm.is_control or kept_id(arm) not in test.foretold:
                continue
            gap = test.foretold[kept_id(arm)] - control
            is_known = figures.is_better or figures.is_worse
            yield Foretold(
                test=kept_id(test),
                chance=float(np.asarray(self._loaded().calibration.ordinary(gap))),
                foretold_at=test.started_at,
                first_result_at=first,
                is_won=figures.is_better if is_known else None,
            )

    def _loaded(self) -> Predictor:
        with self._lock:
            if self._predictor is None:
                self._predictor = Predictor.load()
            return self._predictor
