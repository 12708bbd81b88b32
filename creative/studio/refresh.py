"""Lines in use that wear out, and the challengers that are drafted for them."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import chain, cycle, islice

from creative.domain import Angle, Brief, Run, Taste, kept_id
from creative.drafting.angles import possible_angles
from creative.experiments.fatigue import fatigue
from creative.ports import Records, Store
from creative.ranking.traits import angle_trait
from creative.studio.drafting import Drafting
from creative.studio.experiments import Standing
from creative.studio.lessons import Lessons
from creative.trials import Arm, ExperimentState

CHALLENGERS = 6  #: lines drafted when one has worn out
_IN_USE = (ExperimentState.RUNNING, ExperimentState.DECIDED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Worn:
    """A line whose rate fell while those beside it did not.

    Attributes:
        place: Of the line among the arms.
        since: The likeliest first day of the fall.
        left: What is left of the rate, as a share of what it was.
    """

    place: int
    since: dt.date
    left: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Aim:
    """Which angles challengers are written from.

    Attributes:
        plan: One for each challenger; empty for the usual ones, where tests say nothing.
        won: Those of the plan that surely earn more, the surest first; they take every other line.
        avoided: Those that are left out: of tired lines, and those that surely earn less.
    """

    plan: tuple[Angle, ...]
    won: tuple[Angle, ...]
    avoided: tuple[Angle, ...]


class Refresh:
    """Watches lines in use."""

    def __init__(self, store: Store, drafting: Drafting, lessons: Lessons) -> None:
        self._store = store
        self._drafting = drafting
        self._lessons = lessons

    def aim(self, standing: Standing, tired: Collection[int]) -> Aim:
        """Return which angles challengers of tired lines, by their arm ids, are written from."""
        arms = [arm for arm in standing.experiment.arms if kept_id(arm) in tired]
        with self._store.transaction() as records:
            brief = records.briefs.get(standing.experiment.brief_id)
            worn_out = {angle for arm in arms if (angle := _angle(records, arm))}
        return aim(brief, self._lessons.taste(), worn_out)

    def challenge(self, standing: Standing, *, user: str = "") -> Run | None:
        """Draft challengers when a line has newly worn out; they wait in Review, unsent.

        Returns:
            The run; None if no line has, or it has got its challengers before.
        """
        experiment = standing.experiment
        if experiment.is_simulated or experiment.state not in _IN_USE:
            return None
        tired = {kept_id(experiment.arms[each.place]) for each in worn(standing)}
        if not (new := tired - set(experiment.challenged)):
            return None
        angles = self.aim(standing, tired).plan
        with self._store.transaction() as records:
            now = records.experiments.get(kept_id(experiment))
            challenged = tuple(sorted({*now.challenged, *new}))
            records.experiments.keep(replace(now, challenged=challenged))
        wanted = {experiment.field: CHALLENGERS}
        return self._drafting.start(experiment.brief_id, wanted, angles=angles, user=user)


def worn(standing: Standing) -> list[Worn]:
    """Return the lines that have worn out by the last day, the most worn first."""
    days = standing.days
    found = []
    for place in range(days.tally.arms):
        state = fatigue(days.tally, place)
        if state.is_worn and state.since is not None:
            found.append(Worn(place=place, since=days.dates[state.since], left=state.left))
    return sorted(found, key=lambda each: each.left)


def aim(brief: Brief, taste: Taste, worn_out: Collection[Angle]) -> Aim:
    """Return the angles of challengers: those that won by turns with the others.

    Args:
        taste: What tests have surely shown.
        worn_out: Angles of tired lines; left out where the brief has others.
    """
    possible = possible_angles(brief)
    traits = {angle_trait(angle.value): angle for angle in possible}
    lost = {traits[trait] for trait in taste.disliked if trait in traits}
    usable = [angle for angle in possible if angle not in {*worn_out, *lost}] or list(possible)
    liked = (traits[trait] for trait in taste.liked if trait in traits)
    won = [angle for angle in liked if angle in usable]
    others = [angle for angle in usable if angle not in won]
    turns = zip(*(cycle(angles) for angles in (won, others) if angles), strict=True)
    plan = tuple(islice(chain.from_iterable(turns), CHALLENGERS))
    avoided = tuple(angle for angle in possible if angle not in usable)
    return Aim(
        plan=plan if won or avoided else (),
        won=tuple(angle for angle in won if angle in plan),
        avoided=avoided,
    )


def _angle(records: Records, arm: Arm) -> Angle | None:
    """Return the angle that a line was written from; lines of people have none."""
    angle = records.drafts.get(arm.draft_id).line.angle if arm.draft_id is not None else ""
    return Angle(angle) if angle in list(Angle) else None
