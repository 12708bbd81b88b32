"""What the response prediction says of lines, once the own tests of a library were heard.

It was learnt from headlines of one publisher.  Results of this library move it: how far that taste
holds here, and what lines like those that won here are worth.  Whether it is any good here is for
`track_records` to say.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from creative.domain import kept_id
from creative.experiments.tally import Floats
from creative.ports import Store
from creative.prediction.explanation import Part, Suggestion, explain
from creative.prediction.familiar import familiar
from creative.prediction.predictor import Predictor
from creative.prediction.workspace import (
    CLICKS,
    CONVERSIONS,
    LATEST,
    NOBODY,
    Doubt,
    Learnt,
    Lines,
    Outlook,
    Results,
    learnt,
    no_segment,
    relative_rates,
)
from creative.studio.own_tests import Basis, Counted, basis_of, counted, folded
from creative.trials import Experiment, Metric

_WITHIN = 1.96  #: standard deviations to either side that hold 95 %
_REMEMBERED = 3 * LATEST  #: lines that are not read again


@dataclass(frozen=True, kw_only=True, slots=True)
class Why:
    """Why a line is expected to do better or worse than others, in logs of the rate.

    Attributes:
        parts: What words and traits add, the largest first.
        own: What the own tests of the library add.
        rest: What the line as a whole adds, and the level of the others.
        tests: How many own tests were heard.
        expected: All of them added up.
    """

    parts: tuple[Part, ...]
    own: float
    rest: float
    tests: int
    expected: float
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Taste:
    """How far what people in general click on goes for here: log rate for each unit of score.

    `low` and `high` enclose it with 95 %; `elsewhere` is that of clicks in general.
    """

    tests: int
    elsewhere: float
    mean: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class _Heard:
    """What was learnt from some results."""

    model: Learnt
    segments: dict[str, int]  #: code by folded name

    def code(self, segment: str) -> int:
        return self.segments.get(folded(segment), NOBODY)


class Foretelling:
    """The predictor that ships, loaded when it is first asked, and what own tests add to it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.RLock()
        self._predictor: Predictor | None = None
        self._basis: Basis | None = None
        self._heard: dict[Metric, _Heard] = {}
        self._read = _Read()

    def outlook(
        self, lines: Sequence[str], metric: Metric = Metric.CLICKS, segment: str = ""
    ) -> Outlook:
        """Return what to expect of lines; without own results, what the predictor says."""
        model, own = self._asked(lines, metric, segment)
        return model.outlook(own)

    def relative_rates(
        self, lines: Sequence[str], metric: Metric = Metric.CLICKS, segment: str = ""
    ) -> Floats:
        """Return expected rates [lines] relative to the mean of these lines."""
        model, own = self._asked(lines, metric, segment)
        return relative_rates(model.means(own))

    def foretold(self, test: Experiment) -> dict[int, float]:
        """Return by arm id the chance of each line to beat the control in the long run."""
        texts = [arm.text for arm in test.arms]
        chances = self.outlook(texts, test.metric, test.segment).chances()[:, test.control]
        return {
            kept_id(arm): float(chance)
            for arm, chance in zip(test.arms, chances, strict=True)
            if not arm.is_control
        }

    def why(self, line: str, others: Sequence[str], metric: Metric = Metric.CLICKS) -> Why:
        """Return what makes a line's expected rate differ from that of others.

        Args:
            others: Lines to compare it with; without any, those of own tests.
        """
        found = explain(self._loaded(), line)
        model, lines = self._asked([line, *others], metric, "")
        if not others and model.results is not None:
            tested = model.results.lines
            lines = lines.joined(replace(tested, segment=no_segment(len(tested))))
        slope = model.doubt.slope
        gap, known = _against_the_rest(model.means(lines)), slope * _against_the_rest(lines.scores)
        parts = tuple(replace(part, adds=slope * part.adds) for part in found.parts if slope)
        return Why(
            parts=parts,
            own=gap - known,
            rest=known - sum(part.adds for part in parts),
            tests=0 if model.results is None else model.results.tests,
            expected=gap,
            suggestions=found.suggestions,
        )

    def taste(self, metric: Metric = Metric.CLICKS, segment: str = "") -> Taste:
        """Return how far the general taste holds here."""
        with self._lock:
            heard = self._now(metric)
        mean, sd = heard.model.slope_in(heard.code(segment))
        return Taste(
            tests=0 if heard.model.results is None else heard.model.results.tests,
            elsewhere=self._loaded().calibration.slope,
            mean=mean,
            low=mean - _WITHIN * sd,
            high=mean + _WITHIN * sd,
        )

    def _asked(self, lines: Sequence[str], metric: Metric, segment: str) -> tuple[Learnt, Lines]:
        """Return what was learnt up to now, and lines as it sees them."""
        with self._lock:
            heard, own = self._now(metric), self._familiar(lines)
        return heard.model, replace(own, segment=np.full(len(own), heard.code(segment)))

    def _now(self, metric: Metric) -> _Heard:
        """Return what own results teach; learnt anew when they are other ones."""
        with self._store.transaction() as records:
            basis = basis_of(records)
            if basis != self._basis:
                self._basis, self._heard = basis, {}
            if metric in self._heard:
                return self._heard[metric]
            tests = counted(records, basis, metric, LATEST)
        self._heard[metric] = self._learnt(tests, metric)
        return self._heard[metric]

    def _learnt(self, tests: Sequence[Counted], metric: Metric) -> _Heard:
        names = sorted({folded(each.test.segment) for each in tests} - {""})
        codes = {name: at for at, name in enumerate(names)}
        doubt = self._doubt(metric)
        if not tests:
            return _Heard(model=learnt(None, doubt), segments=codes)
        sizes = [len(each.test.arms) for each in tests]
        lines = self._familiar([arm.text for each in tests for arm in each.test.arms])
        of_test = [codes.get(folded(each.test.segment), NOBODY) for each in tests]
        results = Results(
            lines=replace(lines, segment=np.repeat(of_test, sizes)),
            test=np.repeat(np.arange(len(tests)), sizes),
            shown=np.concatenate([each.shown for each in tests]),
            counted=np.concatenate([each.won for each in tests]),
        )
        return _Heard(model=learnt(results, doubt), segments=codes)

    def _doubt(self, metric: Metric) -> Doubt:
        if metric is Metric.CLICKS:
            return replace(CLICKS, slope=self._loaded().calibration.slope)
        return CONVERSIONS

    def _familiar(self, lines: Sequence[str]) -> Lines:
        return self._read.lines(self._loaded(), lines)

    def _loaded(self) -> Predictor:
        with self._lock:
            if self._predictor is None:
                self._predictor = Predictor.load()
            return self._predictor


class _Read:
    """Lines that were read already: reading one takes longer than all else of an update."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}
        self._lines: Lines | None = None

    def lines(self, predictor: Predictor, texts: Sequence[str]) -> Lines:
        """Return features of lines, reading only what is new."""
        new = list(dict.fromkeys(text for text in texts if text not in self._at))
        if self._lines is None or len(self._at) + len(new) > _REMEMBERED:
            self._at, self._lines = {}, None
            new = list(dict.fromkeys(texts))
        if new:
            found = familiar(predictor, new)
            self._lines = found if self._lines is None else self._lines.joined(found)
            self._at |= {text: len(self._at) + at for at, text in enumerate(new)}
        known = self._lines if self._lines is not None else familiar(predictor, [])
        return known.at(np.array([self._at[text] for text in texts], np.int64))


def _against_the_rest(values: Floats) -> float:
    """Return the first value less the mean of all others, if there are any."""
    return float(values[0] - (values[1:].mean() if len(values) > 1 else 0.0))
