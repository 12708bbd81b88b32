"""The real tests of a library, as counts that its response prediction learns from.

Simulated tests never count.  Of others, those count that have begun and were not put away, and
whose traffic was split as planned.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from creative.domain import kept_id
from creative.experiments.alarm import split_of
from creative.experiments.days import Days, days_of
from creative.experiments.exposure import fair_counts
from creative.experiments.tally import CountsUnusable, Floats
from creative.ports import Records
from creative.trials import Experiment, ExperimentState, Metric

_COUNTED = (ExperimentState.RUNNING, ExperimentState.STOPPED, ExperimentState.DECIDED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Basis:
    """What the results of a library rest on; another one as soon as anything of it changes."""

    revision: str
    tests: tuple[Experiment, ...]  #: real ones that have begun, the first one first

    @property
    def metric(self) -> Metric:
        """What most tests count; clicks without any."""
        usual = Counter(test.metric for test in self.tests).most_common(1)
        return usual[0][0] if usual else Metric.CLICKS


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """A test with how often its arms were shown and how often they won [arms]."""

    test: Experiment
    shown: Floats
    won: Floats


def basis_of(records: Records) -> Basis:
    """Return what there is to learn from, without its counts."""
    begun = [t for t in records.experiments.all() if t.started_at and not t.is_simulated]
    return Basis(revision=records.results.revision(), tests=tuple(reversed(begun)))


def counted(records: Records, basis: Basis, metric: Metric, most: int) -> list[Counted]:
    """Return the latest tests with results, up to so many arms, the first one first."""
    found: list[Counted] = []
    arms = 0
    for each in _latest_first(records, basis, metric):
        found.append(each)
        arms += len(each.test.arms)
        if arms >= most:
            break
    return found[::-1]


def sound_days(records: Records, test: Experiment) -> Days | None:
    """Return the results of a test by day if it counts.

    None when it was put away, without a win, with a broken split or broken counts.
    """
    if test.state not in _COUNTED:
        return None
    try:
        days = days_of(test, records.results.counts(kept_id(test)))
    except CountsUnusable:  # its own page says what is wrong
        return None
    is_sound = days.tally.clicks.sum() and not split_of(days.tally, days.planned).is_broken
    return days if is_sound else None


def _latest_first(records: Records, basis: Basis, metric: Metric) -> Iterator[Counted]:
    for test in reversed(basis.tests):
        if test.metric is metric and (days := sound_days(records, test)) is not None:
            shown, won = fair_counts(days.tally)
            yield Counted(test=test, shown=np.asarray(shown), won=np.asarray(won))


def folded(text: str) -> str:
    """Return a line or the name of a segment as it is compared, in any case and with any spaces."""
    return " ".join(text.casefold().split())
