"""Lines in use that wear out, and the challengers that are drafted for them."""

import datetime as dt
from dataclasses import dataclass, replace

from creative.domain import Run, kept_id
from creative.experiments.fatigue import fatigue
from creative.ports import Store
from creative.studio.drafting import Drafting
from creative.studio.experiments import Standing
from creative.trials import ExperimentState

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


class Refresh:
    """Watches lines in use."""

    def __init__(self, store: Store, drafting: Drafting) -> None:
        self._store = store
        self._drafting = drafting

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
        with self._store.transaction() as records:
            now = records.experiments.get(kept_id(experiment))
            challenged = tuple(sorted({*now.challenged, *new}))
            records.experiments.keep(replace(now, challenged=challenged))
        wanted = {experiment.field: CHALLENGERS}
        return self._drafting.start(experiment.brief_id, wanted, user=user)


def worn(standing: Standing) -> list[Worn]:
    """Return the lines that have worn out by the last day, the most worn first."""
    days = standing.days
    found = []
    for place in range(days.tally.arms):
        state = fatigue(days.tally, place)
        if state.is_worn and state.since is not None:
            found.append(Worn(place=place, since=days.dates[state.since], left=state.left))
    return sorted(found, key=lambda each: each.left)
