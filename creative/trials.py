"""The words of judging and testing as frozen values: votes, experiments, arms, results.

As in `domain`: keyword-only, `id` is None until storage has kept it, times are aware UTC.  Days are
dates of the ad account, as its reports give them.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from enum import StrEnum
from string import ascii_uppercase

MAX_ARMS = 500  #: lines of one experiment
_FURTHEST_WEST = dt.timedelta(hours=12)  #: days begin there so long after those of UTC


class Choice(StrEnum):
    """What a voter says of two lines."""

    FIRST = "first"
    SECOND = "second"
    BOTH = "both good"
    NEITHER = "both bad"

    @property
    def is_tie(self) -> bool:
        return self in (Choice.BOTH, Choice.NEITHER)


@dataclass(frozen=True, kw_only=True, slots=True)
class Vote:
    """One choice between two drafts, by their ids; `first` stood on the left or above."""

    id: int | None = None
    first: int
    second: int
    choice: Choice
    voter: str
    created_at: dt.datetime | None = None


class Metric(StrEnum):
    """What is counted, out of impressions."""

    CLICKS = "clicks"
    CONVERSIONS = "conversions"
    REVENUE = "revenue"  #: the worth of conversions


class Rule(StrEnum):
    """When a winner may be called."""

    ANY_DAY = "any day"  #: looked at whenever one likes (creative/experiments/evidence.py)
    PLANNED = "planned end"  #: looked at on fixed days only (creative/experiments/looks.py)


class ExperimentState(StrEnum):
    """Where an experiment stands."""

    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"
    DECIDED = "decided"
    ARCHIVED = "archived"


@dataclass(frozen=True, kw_only=True, slots=True)
class Arm:
    """A line under test, in the words in which the test began.

    `aliases` are further names under which reports list it.
    """

    id: int | None = None
    draft_id: int | None
    text: str
    is_control: bool = False
    share: float = 1.0  #: of the traffic, relative to the shares of the other arms
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What was done about an experiment, by whom and why; `arm_id` None keeps the control."""

    arm_id: int | None
    by: str
    why: str
    made_at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SharePlan:
    """Shares by arm id that hold from a day on, until the next plan."""

    day: dt.date
    shares: Mapping[int, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Experiment:
    """Lines that are shown to like people at the same time, to see which earns most.

    Attributes:
        field: Id of the field whose lines are compared.
        rate: Clicks, or else conversions, per impression that the control is expected to have, 0
            to 1.
        per_day: Impressions of all arms that a day is expected to bring.
        days: Planned length; 0 for open-ended.
        is_simulated: Whether its results are made up, for a demonstration.
        challenged: Ids of arms that wore out and have got challengers.
        foretold: Chances by arm id to beat the control, as foretold when the test began.
    """

    id: int | None = None
    brief_id: int
    field: str
    name: str
    arms: tuple[Arm, ...]
    metric: Metric = Metric.CLICKS
    rule: Rule = Rule.ANY_DAY
    platform: str = ""
    segment: str = ""
    rate: float = 0.02
    per_day: int = 1000
    days: int = 0
    is_simulated: bool = False
    state: ExperimentState = ExperimentState.DRAFT
    plans: tuple[SharePlan, ...] = ()
    challenged: tuple[int, ...] = ()
    foretold: Mapping[int, float] = made_by(default_factory=dict)
    decision: Decision | None = None
    created_at: dt.datetime | None = None
    started_at: dt.datetime | None = None
    stopped_at: dt.datetime | None = None

    @property
    def is_running(self) -> bool:
        return self.state is ExperimentState.RUNNING

    @property
    def first_day(self) -> dt.date | None:
        """The first day that can be one of the test, wherever the ad account is."""
        return self.started_at and (self.started_at - _FURTHEST_WEST).date()

    @property
    def control(self) -> int:
        """The place of the control among the arms; the first one while none is marked."""
        return next((at for at, arm in enumerate(self.arms) if arm.is_control), 0)

    @property
    def chosen(self) -> int | None:
        """The place of the arm that was decided for, which may be the control; None before that."""
        if self.decision is None:
            return None
        ids = [arm.id for arm in self.arms]
        return ids.index(self.decision.arm_id) if self.decision.arm_id in ids else self.control

    @property
    def names(self) -> dict[int, str]:
        """How ads are to be named on the platform, by arm id: `T7-A` is the first arm of test 7."""
        return {arm.id or at: f"T{self.id}-{letters(at)}" for at, arm in enumerate(self.arms)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What one arm earned on one day, with the place in the file that says so."""

    arm_id: int
    day: dt.date
    impressions: int
    clicks: int | None = None
    conversions: float | None = None
    revenue: float | None = None
    cost: float | None = None
    currency: str = ""  #: of revenue and cost; empty when the file does not say
    segment: str = ""
    sheet: str = ""
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultFile:
    """A report that was imported; undone, it counts no more but stays.

    `digest` is SHA-256 of its bytes; `mapping` is how its columns were read, as plain data.
    """

    id: int | None = None
    experiment_id: int
    filename: str
    digest: str
    platform: str
    columns: tuple[str, ...] = ()
    mapping: Mapping[str, object] = made_by(default_factory=dict)
    rows: int = 0
    created_at: dt.datetime | None = None
    undone_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DayCounts:
    """The counts of one arm on one day that hold, summed over segments."""

    arm_id: int
    day: dt.date
    impressions: int
    clicks: int
    conversions: float
    revenue: float = 0.0
    currency: str = ""  #: of revenue; empty when no file says it


def letters(place: int) -> str:
    """Return the letters of a place, as columns of a spreadsheet have them.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    found = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, len(ascii_uppercase))
        found = ascii_uppercase[rest] + found
    return found
