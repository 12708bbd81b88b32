"""A test that plays through thirty made-up days, to show what a test is like.

It is marked as simulated wherever it appears, and takes no real results.  One of its lines is made
to be clearly better than the control: to see that there is no winner takes no demonstration.
"""

import datetime as dt
from dataclasses import replace

import numpy as np

from creative.domain import Brief, kept_id
from creative.errors import ExperimentRefused
from creative.experiments.days import days_of
from creative.experiments.shares import next_shares
from creative.experiments.shrinkage import beliefs
from creative.experiments.tally import Floats
from creative.ports import NO_LIMIT, DraftFilter, Records, Store
from creative.trials import Arm, Experiment, ExperimentState, Result, ResultFile, SharePlan

DAYS = 30
_ARMS = 4
_PER_DAY = 6000
_RATE = 0.02
_SPREAD = 0.2  #: standard deviation of the made-up rates, as a share of the rate
_CLEARLY = 1.35  #: the best made-up rate over the control's, at least
_BY_DAY = 0.1  #: standard deviation of the rate from day to day, the same for all lines


class Demo:
    """Made-up tests."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, brief_id: int) -> Experiment:
        """Start a simulated test of some lines of a brief.

        Raises:
            ExperimentRefused: If the brief has less than two lines of one field.
        """
        with self._store.transaction() as records:
            brief = records.briefs.get(brief_id)
            field, texts = _lines(records, brief)
            now = dt.datetime.now(dt.UTC)
            return records.experiments.keep(
                Experiment(
                    brief_id=brief_id,
                    field=field,
                    name="Demonstration",
                    arms=tuple(
                        Arm(draft_id=None, text=text, is_control=at == 0)
                        for at, text in enumerate(texts)
                    ),
                    rate=_RATE,
                    per_day=_PER_DAY,
                    is_simulated=True,
                    state=ExperimentState.RUNNING,
                    started_at=now - dt.timedelta(DAYS),
                )
            )

    def play(self, experiment_id: int) -> int:
        """Let another day pass, with shares that follow what was earned; return the days so far.

        With the last day, the test is stopped.

        Raises:
            ExperimentRefused: If the test is a real one.
        """
        with self._store.transaction() as records:
            experiment = records.experiments.get(experiment_id)
            if not experiment.is_simulated or experiment.started_at is None:
                raise ExperimentRefused("Only a demonstration plays days by itself.")
            days = days_of(experiment, records.results.counts(experiment_id))
            done = len(days.dates)
            if done >= DAYS or experiment.state is not ExperimentState.RUNNING:
                return done
            shares = next_shares(beliefs(days.tally), days.tally.control)
            day = experiment.started_at.date() + dt.timedelta(done)
            by_arm = {kept_id(arm): float(shares[at]) for at, arm in enumerate(experiment.arms)}
            plans = (*experiment.plans, SharePlan(day=day, shares=by_arm))
            played = replace(experiment, plans=plans)
            records.experiments.keep(_ended(played, day) if has_ended(played) else played)
            file = ResultFile(
                experiment_id=experiment_id,
                filename=f"day {done + 1} (simulated)",
                digest=f"simulated-{done}",
                platform="simulated",
            )
            records.results.add(file, _results(experiment, day, done, shares))
        return done + 1


def has_ended(experiment: Experiment) -> bool:
    """Tell whether all days of a demonstration have passed; each came with its plan."""
    return experiment.is_simulated and len(experiment.plans) >= DAYS


def true_rates(experiment: Experiment) -> Floats:
    """Return the rates [arms] that a simulated test was made with."""
    return made_up_rates(kept_id(experiment), len(experiment.arms), experiment.control)


def made_up_rates(seed: int, arms: int, control: int) -> Floats:
    """Draw rates [arms] until one is clearly better than the control's."""
    rng = np.random.default_rng([seed, 0])
    while True:
        rates = np.asarray(_RATE * np.exp(rng.normal(0, _SPREAD, arms)))
        if rates.max() >= _CLEARLY * rates[control]:
            return rates


def _ended(experiment: Experiment, day: dt.date) -> Experiment:
    """Return a test that was stopped late on a day."""
    late = dt.datetime.combine(day, dt.time.max, dt.UTC)
    return replace(experiment, state=ExperimentState.STOPPED, stopped_at=late)


def _lines(records: Records, brief: Brief) -> tuple[str, list[str]]:
    """Return a field of a brief and some of its lines, those that people like best first."""
    wish = DraftFilter(brief_id=brief.id, order="stars", limit=NO_LIMIT)
    by_field: dict[str, list[str]] = {}
    for draft in records.drafts.find(wish):
        by_field.setdefault(draft.line.field, []).append(draft.line.text)
    field, texts = max(by_field.items(), key=lambda item: len(item[1]), default=("", []))
    different = list(dict.fromkeys(texts))[:_ARMS]
    if len(different) < 2:
        raise ExperimentRefused("A demonstration needs two lines of this brief: draft some first.")
    return field, different


def _results(experiment: Experiment, day: dt.date, number: int, shares: Floats) -> list[Result]:
    """Draw what all arms earn on a day; the same test draws the same days."""
    rng = np.random.default_rng([kept_id(experiment), 1, number])
    rates = true_rates(experiment) * np.exp(rng.normal(0, _BY_DAY))
    shown = rng.multinomial(experiment.per_day, shares)
    return [
        Result(
            arm_id=kept_id(arm),
            day=day,
            impressions=int(shown[at]),
            clicks=int(rng.binomial(shown[at], min(1.0, rates[at]))),
        )
        for at, arm in enumerate(experiment.arms)
    ]
