"""What a test says so far: who won, how sure that is, and what it may still take.

One sentence for people, then figures of every arm.  A winner is called by the rule that was chosen
before the test began and by no other; what is likely but not sure is said as such.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

import numpy as np

from creative.experiments import intervals, revenue
from creative.experiments.alarm import Split, split_of
from creative.experiments.balance import forgone
from creative.experiments.days import Days
from creative.experiments.dispersion import FROM_DAY, dispersion
from creative.experiments.evidence import ALPHA, needed
from creative.experiments.forecast import days_without_winner
from creative.experiments.intervals import Interval
from creative.experiments.looks import boundaries
from creative.experiments.methods import method_of
from creative.experiments.shrinkage import Beliefs, beliefs
from creative.experiments.tally import Tally
from creative.trials import Experiment, Metric, Rule

_NEARLY = 0.99  #: chances beyond are not told apart
_OLD = 2  #: days that a report often lags; a date that has passed would forecast nothing
LOOK_EVERY = 7  #: days between the looks of a test with a planned end


class Outcome(StrEnum):
    """What a test has come to."""

    EMPTY = "no results"
    BROKEN = "broken split"
    WINNER = "winner"
    CONTROL = "control wins"
    OPEN = "no winner yet"
    EVEN = "ended without a winner"


@dataclass(frozen=True, kw_only=True, slots=True)
class ArmFigures:
    """One arm so far.  Uplifts are of its rate over the control's, less 1.

    Attributes:
        wins: Clicks or conversions, or the revenue.
        rate: Of these per impression.
        ratio: To the control's rate, as counted; None for the control itself.
        uplift: Low end, mean and high end when luck is taken off; noughts for the control.
        chance_best: To have the highest rate of all arms.
        loss: Share, 0 to 1, of what the best arm earns that choosing this one loses.
        is_better: Whether it is surely better than the control, by the rule of the test.
        is_worse: Whether it is surely worse.
    """

    impressions: int
    wins: float
    rate: Interval
    ratio: Interval | None
    uplift: tuple[float, float, float]
    chance_best: float
    loss: float
    is_better: bool
    is_worse: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a test says.

    Attributes:
        sentence: For people; quotes lines as they are.
        winner: Place of the winner among the arms, the control's too; None while there is none.
        missed: Clicks, conversions or revenue that testing cost against showing the best line only.
        payback: Days in which the winner earns that back at the traffic of the last week; None
            without a winner that is better than the control.
        dispersion: How much more counts vary by day than chance alone would make them.
        looks: Days on which a test with a planned end is looked at; empty for the other rule.
    """

    outcome: Outcome
    sentence: str
    winner: int | None
    arms: tuple[ArmFigures, ...]
    split: Split
    missed: float
    payback: float | None
    dispersion: float
    looks: tuple[int, ...]


def verdict(experiment: Experiment, days: Days) -> Verdict:
    """Judge a test by all days so far, and by nothing that was foretold of it."""
    tally = days.tally
    factor, belief = dispersion(tally), beliefs(tally)
    looks = look_days(experiment)
    signs = _signs(experiment, tally, looks, factor)
    split = split_of(tally, days.planned) if tally.days else split_of(tally)
    arms = _figures(experiment, days, belief, signs, factor)
    outcome, winner = _outcome(tally, arms, split, looks)
    missed = forgone(tally, belief.mean, float(belief.mean.max())) * days.unit
    return Verdict(
        outcome=outcome,
        sentence=_sentence(experiment, days, arms, split, outcome, winner, looks),
        winner=winner,
        arms=arms,
        split=split,
        missed=missed,
        payback=_payback(days, arms, winner, missed),
        dispersion=factor,
        looks=looks,
    )


def look_days(experiment: Experiment) -> tuple[int, ...]:
    """Return after how many days a test with a planned end is looked at."""
    if experiment.rule is not Rule.PLANNED:
        return ()
    looks = max(1, ceil(experiment.days / LOOK_EVERY))
    return tuple(min(experiment.days, LOOK_EVERY * (at + 1)) for at in range(looks))


def _signs(
    experiment: Experiment, tally: Tally, looks: Sequence[int], factor: float
) -> dict[int, tuple[bool, bool]]:
    """Return for each arm but the control whether it is surely better, and surely worse."""
    method = method_of(experiment.metric)
    if experiment.rule is Rule.ANY_DAY:
        enough = needed(tally.arms)
        found = {arm: method.e_values(tally, arm, factor) for arm in tally.others}
        return {arm: (more >= enough, less >= enough) for arm, (more, less) in found.items()}
    past = [look for look in looks if look <= tally.days]
    if not past:
        return dict.fromkeys(tally.others, (False, False))
    seen, alpha = tally.until(past[-1]), ALPHA / max(1, tally.arms - 1)
    bound = boundaries(len(looks), alpha)[len(past) - 1]
    reached = {arm: method.z_of(seen, arm) for arm in tally.others}
    return {arm: (z >= bound, z <= -bound) for arm, z in reached.items()}


def _figures(
    experiment: Experiment,
    days: Days,
    belief: Beliefs,
    signs: dict[int, tuple[bool, bool]],
    factor: float,
) -> tuple[ArmFigures, ...]:
    tally, method = days.tally, method_of(experiment.metric)
    best, loss = belief.chance_best(), belief.expected_loss()
    found = []
    for arm in range(tally.arms):
        is_control = arm == tally.control
        is_better, is_worse = signs.get(arm, (False, False))
        found.append(
            ArmFigures(
                impressions=int(tally.impressions[:, arm].sum()),
                wins=float(tally.clicks[:, arm].sum() * days.unit),
                rate=_rate(experiment.metric, days, arm),
                ratio=None if is_control else method.ratio(tally, arm, factor),
                uplift=(0.0, 0.0, 0.0) if is_control else belief.uplift(arm, tally.control),
                chance_best=float(best[arm]),
                loss=float(loss[arm]),
                is_better=is_better,
                is_worse=is_worse,
            )
        )
    return tuple(found)


def _rate(metric: Metric, days: Days, arm: int) -> Interval:
    shown, won = days.tally.impressions[:, arm], days.tally.clicks[:, arm]
    if metric is Metric.REVENUE:
        return revenue.rate(shown, won.astype(float) * days.unit)
    return intervals.rate(int(won.sum()), int(shown.sum()))


def _outcome(
    tally: Tally,
    arms: Sequence[ArmFigures],
    split: Split,
    looks: Sequence[int],
) -> tuple[Outcome, int | None]:
    if not tally.clicks.sum():
        return Outcome.EMPTY, None
    if split.is_broken:
        return Outcome.BROKEN, None
    if better := [arm for arm in tally.others if arms[arm].is_better]:
        return Outcome.WINNER, max(better, key=lambda arm: arms[arm].uplift[1])
    if tally.others and all(arms[arm].is_worse for arm in tally.others):
        return Outcome.CONTROL, tally.control
    is_over = bool(looks) and tally.days >= looks[-1]
    return (Outcome.EVEN if is_over else Outcome.OPEN), None


def _payback(
    days: Days, arms: Sequence[ArmFigures], winner: int | None, missed: float
) -> float | None:
    if winner is None or winner == days.tally.control:
        return None
    gain = arms[winner].uplift[1] * arms[days.tally.control].rate.middle * days.per_day
    return missed / gain if gain > 0 else None


def _sentence(
    experiment: Experiment,
    days: Days,
    arms: Sequence[ArmFigures],
    split: Split,
    outcome: Outcome,
    winner: int | None,
    looks: Sequence[int],
) -> str:
    tally, what = days.tally, experiment.metric.value
    texts = [f"“{arm.text}”" for arm in experiment.arms]
    match outcome:
        case Outcome.EMPTY if not tally.impressions.sum():
            return "No results yet."
        case Outcome.EMPTY:
            shown = int(tally.impressions.sum())
            return f"No {what} yet in {shown:,} impressions, so nothing can be said."
        case Outcome.BROKEN:
            return _broken(texts, split)
        case Outcome.WINNER:
            assert winner is not None
            low, mean, high = arms[winner].uplift
            return (
                f"{texts[winner]} wins: expect about {mean:.0%} more {what} than with the control"
                f" ({_range(low, high)})."
            )
        case Outcome.CONTROL:
            return f"The control {texts[tally.control]} wins: every other line does worse."
        case Outcome.EVEN:
            return "The test has ended without a winner: the lines are too close to tell apart."
        case Outcome.OPEN:
            return _open(experiment, days, arms, looks)


def _range(low: float, high: float) -> str:
    """Say a range of uplifts in words.

    >>> _range(0.02, 0.25), _range(-0.01, 0.25)
    ('2% to 25% more', '1% less to 25% more')
    """
    return f"{low:.0%} to {high:.0%} more" if low >= 0 else f"{-low:.0%} less to {high:.0%} more"


def _broken(texts: Sequence[str], split: Split) -> str:
    off = int(np.argmax(np.abs(split.seen - split.planned)))
    seen, planned = split.seen[off] / split.seen.sum(), split.planned[off] / split.planned.sum()
    return (
        f"Traffic was not split as planned: {texts[off]} got {seen:.1%} of the impressions where"
        f" {planned:.1%} were planned. Find out why before you trust any difference."
    )


def _open(
    experiment: Experiment, days: Days, arms: Sequence[ArmFigures], looks: Sequence[int]
) -> str:
    if experiment.metric is Metric.REVENUE and days.tally.days < FROM_DAY:
        return f"No winner yet: revenue is judged from day {FROM_DAY} on, so it is too early."
    leader = max(range(days.tally.arms), key=lambda arm: arms[arm].chance_best)
    best = chance_words(arms[leader].chance_best)
    chance = f"“{experiment.arms[leader].text}” leads, with a chance of {best} to be the best."
    if following := [look for look in looks if look > days.tally.days]:
        when = f"the next planned look is after day {following[0]}"
    else:
        when = _forecast(experiment, days)
    return f"No winner yet, and {when}. {chance}"


def _forecast(experiment: Experiment, days: Days) -> str:
    """Say before which day a winner is unlikely at the traffic of the last week."""
    more = days_without_winner(
        days.tally,
        days.per_day,
        shares=days.planned[-1],
        winning=method_of(experiment.metric).winning,
    )
    if more is None:
        return "at this traffic none is in sight within a year"
    if more <= _OLD:
        return "one may come any day"
    return f"at this traffic none is likely before {days.dates[-1] + dt.timedelta(more):%d %B %Y}"


def chance_words(chance: float) -> str:
    """Say a chance; none of a test is ever 0 or 1.

    >>> chance_words(0.354), chance_words(0.9999), chance_words(0.0)
    ('35%', 'more than 99%', 'less than 1%')
    """
    if chance > _NEARLY:
        return f"more than {_NEARLY:.0%}"
    return f"less than {1 - _NEARLY:.0%}" if chance < 1 - _NEARLY else f"{chance:.0%}"
