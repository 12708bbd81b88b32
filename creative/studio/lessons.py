"""What the tests of a library have taught: of angles and traits, and what testing cost and brought.

A trait that is surely better or worse in all tests together is the library's taste, which the
writer heeds.  Segments and months are told apart for people to read.
"""

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from creative.domain import Taste, kept_id
from creative.experiments.balance import forgone
from creative.experiments.days import Days
from creative.experiments.lessons import FEWEST, Lesson, lessons, observed
from creative.experiments.shrinkage import beliefs
from creative.experiments.verdict import Outcome, Verdict
from creative.ports import Records, Store
from creative.ranking.traits import traits_of
from creative.studio.experiments import Experiments
from creative.studio.own_tests import Basis, basis_of, folded, sound_days
from creative.trials import Experiment, Metric

Places = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Balance:
    """What testing cost and brought, in clicks, conversions or, with its currency, revenue.

    Attributes:
        cost: Against showing the best line only.
        gain: Against showing the control only.
        per_day: What winners bring a day above their controls, at the traffic of their last week.
    """

    metric: Metric
    currency: str
    cost: float
    gain: float
    per_day: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Taught:
    """What tests have taught in some time.

    Attributes:
        tests: With results, simulated ones aside.
        won: Those with a winner better than its control.
        impressions: Of all of them.
        balances: What it cost and brought, by what was counted.
        lessons: The surest first.
        news: Sure traits of all time that were not sure before that time.
    """

    tests: int
    won: int
    impressions: int
    balances: tuple[Balance, ...]
    lessons: tuple[Lesson, ...]
    news: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """A test with sound results, and what each of its lines is like."""

    test: Experiment
    days: Days
    traits: tuple[frozenset[str], ...]

    def at(self, rows: Places) -> "_Seen":
        """Return what was seen on some days."""
        tally = self.days.tally
        days = replace(
            self.days,
            dates=tuple(self.days.dates[row] for row in rows),
            tally=replace(tally, impressions=tally.impressions[rows], clicks=tally.clicks[rows]),
            planned=self.days.planned[rows],
        )
        return replace(self, days=days)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """All tests with sound results, and what they teach together."""

    basis: Basis
    seen: tuple[_Seen, ...]
    lessons: tuple[Lesson, ...]


class Lessons:
    """What is learnt from many tests."""

    def __init__(self, store: Store, experiments: Experiments) -> None:
        self._store = store
        self._experiments = experiments
        self._lock = threading.Lock()
        self._last: _Known | None = None

    def taste(self) -> Taste:
        """Return the traits that are surely better or worse, in all tests together."""
        sure = [each for each in self._known().lessons if each.is_sure]
        return Taste(
            liked=tuple(each.trait for each in sure if each.mean > 0),
            disliked=tuple(each.trait for each in sure if each.mean < 0),
        )

    def segments(self) -> list[str]:
        """Return the segments with enough tests to be looked at by themselves."""
        names: dict[str, list[str]] = {}
        for seen in self._known().seen:
            if key := folded(seen.test.segment):
                names.setdefault(key, []).append(" ".join(seen.test.segment.split()))
        return sorted(every[0] for every in names.values() if len(every) >= FEWEST)

    def taught(self, since: dt.date | None = None, segment: str = "") -> Taught:
        """Look through all tests with results, of all briefs.

        Args:
            since: First day whose results count; all if None.
            segment: Whom tests were for; everybody if empty.
        """
        known = self._known()
        now, learnt = known.seen, known.lessons
        if wanted := folded(segment):
            now = tuple(seen for seen in now if folded(seen.test.segment) == wanted)
            learnt = _lessons(now)
        news: frozenset[str] = frozenset()
        if since is not None:
            news = _sure(learnt) - _sure(_lessons(_within(now, before=since)))
            now = tuple(_within(now, since=since))
            learnt = _lessons(now)
        verdicts = [self._experiments.standing(kept_id(seen.test)).verdict for seen in now]
        return Taught(
            tests=len(now),
            won=sum(verdict.outcome is Outcome.WINNER for verdict in verdicts),
            impressions=sum(int(seen.days.tally.impressions.sum()) for seen in now),
            balances=tuple(_balances(now, verdicts)),
            lessons=learnt,
            news=news,
        )

    def _known(self) -> _Known:
        """Return what is known; read anew when there are other results."""
        with self._lock, self._store.transaction() as records:
            basis = basis_of(records)
            if self._last is None or basis != self._last.basis:
                seen = tuple(_seen(records, basis))
                self._last = _Known(basis=basis, seen=seen, lessons=_lessons(seen))
            return self._last


def _seen(records: Records, basis: Basis) -> Iterator[_Seen]:
    for test in basis.tests:
        if (days := sound_days(records, test)) is not None:
            yield _Seen(test=test, days=days, traits=tuple(_traits(records, test)))


def _traits(records: Records, test: Experiment) -> Iterator[frozenset[str]]:
    """Yield what each line of a test is like; lines of people have no angle."""
    brief = records.briefs.get(test.brief_id)
    for arm in test.arms:
        draft = records.drafts.get(arm.draft_id) if arm.draft_id is not None else None
        yield traits_of(arm.text, brief, draft.line.angle if draft else "")


def _within(
    every: Sequence[_Seen], *, since: dt.date = dt.date.min, before: dt.date = dt.date.max
) -> Iterator[_Seen]:
    """Yield tests on the days of some time, those that earned something then."""
    for seen in every:
        dates = seen.days.dates
        rows = np.flatnonzero([since <= date < before for date in dates])
        if len(rows) and seen.days.tally.clicks[rows].sum():
            yield seen.at(rows)


def _lessons(every: Iterable[_Seen]) -> tuple[Lesson, ...]:
    lines = [
        line
        for seen in every
        for line in observed(kept_id(seen.test), seen.days.tally, seen.traits)
    ]
    return tuple(lessons(lines))


def _sure(learnt: Iterable[Lesson]) -> frozenset[str]:
    return frozenset(each.trait for each in learnt if each.is_sure)


def _balances(every: Sequence[_Seen], verdicts: Sequence[Verdict]) -> Iterator[Balance]:
    """Yield what testing cost and brought, by what was counted and its currency.

    Args:
        verdicts: Of each test.
    """
    by_kind: dict[tuple[Metric, str], list[tuple[_Seen, Verdict]]] = defaultdict(list)
    for seen, verdict in zip(every, verdicts, strict=True):
        by_kind[seen.test.metric, seen.days.currency].append((seen, verdict))
    for (metric, currency), own in by_kind.items():
        costs, gains = zip(*(_cost_and_gain(seen) for seen, _ in own), strict=True)
        yield Balance(
            metric=metric,
            currency=currency,
            cost=sum(costs),
            gain=sum(gains),
            per_day=sum(v.missed / v.payback for _, v in own if v.payback),
        )


def _cost_and_gain(seen: _Seen) -> tuple[float, float]:
    """Return what a test cost against its best line, and brought against its control."""
    tally = seen.days.tally
    factors = beliefs(tally).mean
    cost = forgone(tally, factors, float(factors.max()))
    loss = forgone(tally, factors, float(factors[tally.control]))
    return cost * seen.days.unit, -loss * seen.days.unit
