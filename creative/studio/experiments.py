"""Tests of lines against each other: designed, run, judged, decided."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from creative.domain import Draft, DraftState, kept_id
from creative.errors import ExperimentRefused
from creative.experiments.days import Days, days_of
from creative.experiments.design import why_fixed
from creative.experiments.dispersion import FROM_DAY
from creative.experiments.tally import CountsUnusable
from creative.experiments.verdict import Verdict, verdict
from creative.ports import NO_LIMIT, DraftFilter, Records, Store
from creative.studio.free_names import free_title
from creative.studio.own_tests import folded
from creative.trials import (
    MAX_ARMS,
    Arm,
    Decision,
    Experiment,
    ExperimentState,
    Metric,
    ResultFile,
    Rule,
    SharePlan,
)

MAX_DAYS = 365
MAX_NAME = 200  #: code points of the name of a test
_REMEMBERED = 512  #: verdicts; a look through more tests than these finds none of them again

_NEXT = {
    ExperimentState.DRAFT: (ExperimentState.RUNNING, ExperimentState.ARCHIVED),
    ExperimentState.RUNNING: (ExperimentState.STOPPED, ExperimentState.DECIDED),
    ExperimentState.STOPPED: (
        ExperimentState.RUNNING,
        ExperimentState.DECIDED,
        ExperimentState.ARCHIVED,
    ),
    ExperimentState.DECIDED: (ExperimentState.STOPPED, ExperimentState.ARCHIVED),
    ExperimentState.ARCHIVED: (
        ExperimentState.DRAFT,
        ExperimentState.STOPPED,
        ExperimentState.DECIDED,
    ),
}
_OVER = (ExperimentState.STOPPED, ExperimentState.DECIDED)
_UNDECIDED = (ExperimentState.DRAFT, ExperimentState.RUNNING, ExperimentState.STOPPED)


Foretell = Callable[[Experiment], Mapping[int, float]]  #: chances by arm id to beat the control
_Basis = tuple[Experiment, list[ResultFile]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A test with what it counted and what that says."""

    experiment: Experiment
    days: Days
    verdict: Verdict


class Experiments:
    """What a marketer does with tests, results aside."""

    def __init__(self, store: Store, foretell: Foretell | None = None) -> None:
        """Take a library, and what foretells a test when it begins."""
        self._store = store
        self._foretell = foretell
        #: Verdicts with what they rest on: pages ask for the same one at every click.
        self._judged: dict[int, tuple[_Basis, Standing]] = {}

    def all(self) -> list[Experiment]:
        """Every test, the newest first."""
        with self._store.transaction() as records:
            return records.experiments.all()

    def get(self, id: int) -> Experiment:
        with self._store.transaction() as records:
            return records.experiments.get(id)

    def candidates(self, brief_id: int, field: str) -> list[Draft]:
        """Approved lines of a field, the best rated first."""
        wish = DraftFilter(
            brief_id=brief_id,
            field=field,
            states=(DraftState.APPROVED,),
            order="stars",
            limit=NO_LIMIT,
        )
        with self._store.transaction() as records:
            return records.drafts.find(wish)

    def free_name(self, stem: str) -> str:
        """Return a name that no test has, the stem if it can be."""
        return free_title(stem, {test.name for test in self.all()})

    def running(self, texts: Iterable[str]) -> list[tuple[Experiment, Arm]]:
        """Return the real tests that run now with one of some lines, and that line."""
        asked = {folded(text) for text in texts}
        return [
            (test, arm)
            for test in self.all()
            if test.is_running and not test.is_simulated
            for arm in test.arms
            if folded(arm.text) in asked
        ]

    def undecided(self) -> list[Experiment]:
        """Return the real tests that say which line is best while nobody has decided."""
        waiting = (ExperimentState.RUNNING, ExperimentState.STOPPED)
        return [
            test
            for test in self.all()
            if test.state in waiting and not test.is_simulated and self._has_winner(test)
        ]

    def _has_winner(self, test: Experiment) -> bool:
        try:
            return self.standing(kept_id(test)).verdict.winner is not None
        except CountsUnusable:  # its own page says what is wrong
            return False

    def keep(self, experiment: Experiment) -> Experiment:
        """Keep the design of a test.

        Raises:
            ExperimentRefused: If it has no control that a person wrote, less than two lines, lines
                that are the same or not approved, or has begun already.
        """
        with self._store.transaction() as records:
            if experiment.id is not None:
                _demand(records.experiments.get(experiment.id), ExperimentState.DRAFT)
            return records.experiments.keep(_checked(records, experiment))

    def start(self, id: int) -> Experiment:
        """Begin to count from now on; the lines cannot be edited while the test runs."""
        foretold = self._foretell(self.get(id)) if self._foretell else {}
        with self._store.transaction() as records:
            experiment = _checked(records, records.experiments.get(id))
            begun = _moved(experiment, ExperimentState.RUNNING)
            return records.experiments.keep(replace(begun, foretold=foretold))

    def move(self, id: int, state: ExperimentState) -> Experiment:
        """Stop, resume or archive a test, or take a decision back.

        Raises:
            ExperimentRefused: If that does not follow on where it stands.
        """
        with self._store.transaction() as records:
            return records.experiments.keep(_moved(records.experiments.get(id), state))

    def put_back(self, id: int) -> Experiment:
        """Undo archiving: the test stands again where it stood."""
        found = self.get(id)
        if found.decision:
            return self.move(id, ExperimentState.DECIDED)
        is_new = found.started_at is None
        return self.move(id, ExperimentState.DRAFT if is_new else ExperimentState.STOPPED)

    def decide(self, id: int, arm_id: int | None, by: str, why: str) -> Experiment:
        """Record what is done about a test; None keeps the control.

        Raises:
            ExperimentRefused: If nobody is named, or the arm is of another test.
        """
        name = " ".join(by.split())
        if not name:
            raise ExperimentRefused("Say who decides: type your name first.")
        made = Decision(arm_id=arm_id, by=name, why=why.strip(), made_at=dt.datetime.now(dt.UTC))
        with self._store.transaction() as records:
            experiment = records.experiments.get(id)
            if arm_id is not None and arm_id not in {arm.id for arm in experiment.arms}:
                raise ExperimentRefused("This line is not one of the test.")
            decided = replace(_moved(experiment, ExperimentState.DECIDED), decision=made)
            return records.experiments.keep(decided)

    def standing(self, id: int) -> Standing:
        """Return a test with its verdict.

        Raises:
            CountsUnusable: If imported counts are impossible; names the day and the line.
        """
        with self._store.transaction() as records:
            experiment = records.experiments.get(id)
            basis = experiment, records.results.files(id)
            if (known := self._judged.get(id)) and known[0] == basis:
                return known[1]
            counts = records.results.counts(id)
        days = days_of(experiment, counts)
        found = Standing(experiment=experiment, days=days, verdict=verdict(experiment, days))
        while len(self._judged) >= _REMEMBERED:
            self._judged.pop(next(iter(self._judged)), None)
        self._judged[id] = basis, found
        return found

    def plan_shares(self, id: int, day: dt.date, shares: Mapping[int, float]) -> Experiment:
        """Remember from which day on which shares hold, so that the split is judged by them.

        Raises:
            ExperimentRefused: If the test keeps the shares that it began with.
        """
        with self._store.transaction() as records:
            experiment = records.experiments.get(id)
            if told := why_fixed(experiment):
                raise ExperimentRefused(told)
            others = [each for each in experiment.plans if each.day != day]
            plans = sorted([*others, SharePlan(day=day, shares=shares)], key=lambda each: each.day)
            return records.experiments.keep(replace(experiment, plans=tuple(plans)))


def _checked(records: Records, experiment: Experiment) -> Experiment:
    """Return a design that makes sense, or refuse it."""
    name = " ".join(experiment.name.split())[:MAX_NAME]
    arms = tuple(replace(arm, text=arm.text.strip()) for arm in experiment.arms)
    if not name:
        raise ExperimentRefused("Give the test a name.")
    if sum(arm.is_control for arm in arms) != 1:
        raise ExperimentRefused("A test needs one control: the line that runs today.")
    if not 2 <= len(arms) <= MAX_ARMS:
        raise ExperimentRefused(f"A test has 2 to {MAX_ARMS} lines, the control among them.")
    if not 0 < experiment.rate < 1:
        raise ExperimentRefused("The rate of the control must be above 0 % and below 100 %.")
    if not 0 <= experiment.days <= MAX_DAYS:
        raise ExperimentRefused(f"A test lasts at most {MAX_DAYS} days.")
    if experiment.rule is Rule.PLANNED and not experiment.days:
        raise ExperimentRefused("A test with a planned end needs a number of days.")
    if min(arm.share for arm in arms) < 0 or not any(arm.share for arm in arms):
        raise ExperimentRefused("Shares cannot be less than zero, nor all be zero.")
    if experiment.metric is Metric.REVENUE:
        _refuse_for_revenue(experiment)
    _refuse_same(arms)
    for arm in arms:
        _refuse_unapproved(records, arm)
    return replace(experiment, name=name, arms=arms)


def _refuse_for_revenue(experiment: Experiment) -> None:
    if len({arm.share for arm in experiment.arms}) > 1:
        raise ExperimentRefused("To compare revenue, all lines need the same share of the traffic.")
    if 0 < experiment.days < FROM_DAY:
        raise ExperimentRefused(
            f"Revenue is judged from day {FROM_DAY} on: let the test run for as many days or more."
        )


def _refuse_same(arms: tuple[Arm, ...]) -> None:
    seen: set[str] = set()
    for arm in arms:
        text = folded(arm.text)
        if not text:
            raise ExperimentRefused(
                "Type the control: the line that runs today."
                if arm.is_control
                else "A line of the test is empty."
            )
        if text in seen:
            raise ExperimentRefused(f"“{arm.text}” is in the test twice.")
        seen.add(text)


def _refuse_unapproved(records: Records, arm: Arm) -> None:
    draft = records.drafts.get(arm.draft_id) if arm.draft_id is not None else None
    if draft is None:
        if not arm.is_control:
            raise ExperimentRefused(f"“{arm.text}” is no approved line: approve it under Review.")
        return
    if draft.line.text != arm.text:
        raise ExperimentRefused(
            f"“{arm.text}” was edited and now reads “{draft.line.text}”. Choose it again."
        )
    if draft.state is not DraftState.APPROVED:
        raise ExperimentRefused(f"“{arm.text}” is not approved: approve it under Review.")
    if arm.is_control and draft.run_id is not None:
        raise ExperimentRefused(
            "The control must be a line that a person wrote: the one that runs today."
        )


def _demand(experiment: Experiment, state: ExperimentState) -> None:
    if experiment.state is not state:
        raise ExperimentRefused(
            f"The test “{experiment.name}” has begun, so its design stays as it is. Stop it and"
            " design a new one."
        )


def _moved(experiment: Experiment, state: ExperimentState) -> Experiment:
    if state not in _NEXT[experiment.state]:
        raise ExperimentRefused(
            f"A test that is {experiment.state.value} cannot become {state.value}."
        )
    now = dt.datetime.now(dt.UTC)
    is_running, is_over = state is ExperimentState.RUNNING, state in _OVER
    return replace(
        experiment,
        state=state,
        started_at=experiment.started_at or (now if is_running else None),
        stopped_at=None if is_running else experiment.stopped_at or (now if is_over else None),
        decision=None if state in _UNDECIDED else experiment.decision,
    )
