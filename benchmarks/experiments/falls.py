"""How often a line is called worn that is not, and how soon one that is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.experiments.days import clicks_of
from creative.experiments.fatigue import fatigue
from creative.experiments.shrinkage import SPREAD
from creative.experiments.tally import Floats, Tally

MONTH = 30
DAYS = 2 * MONTH


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line in use for 60 days; noise is the standard deviation of log rates.

    Attributes:
        arms: Lines in use together.
        shown: Impressions of each line a day.
        common: Noise of days.
        own: Noise of each line on each day.
        left: Of its rate, from the second month on.
    """

    arms: int = 4
    shown: int = 1000
    common: float = 0.3
    own: float = 0.0
    left: float = 1.0


BESIDE = Line()
ALONE = Line(arms=1, common=0.15)
NOISY = Line(shown=20_000, own=0.15)


def falls(rng: np.random.Generator, runs: int) -> Mapping[str, float]:
    """Play lines that hold and lines that lose 30 % on day 31, asked about every day.

    Returns:
        fatigue_false_alarms: The largest share of months with a false alarm.
        fatigue_power: Falls that are found within 30 days, beside three others.
    """
    quiet = {
        name: _alarms(rng, line, runs)
        for name, line in (("beside", BESIDE), ("alone", ALONE), ("noisy", NOISY))
    }
    months = {name: _by_month(days) for name, days in quiet.items()}
    fallen = {
        name: _alarms(rng, replace(line, left=0.7), runs)
        for name, line in (("beside", BESIDE), ("alone", ALONE))
    }
    return {
        "fatigue_false_alarms": round(max(months.values()), 4),
        **{f"fatigue_false_{name}": round(share, 4) for name, share in months.items()},
        "fatigue_power": _found(fallen["beside"]),
        "fatigue_power_alone": _found(fallen["alone"]),
        "fatigue_days": float(np.median(fallen["beside"][fallen["beside"] > MONTH])) - MONTH,
    }


def _alarms(rng: np.random.Generator, line: Line, runs: int) -> Floats:
    """Return the days of the first alarm [runs], infinite without one."""
    return np.array([_first_alarm(rng, line) for _ in range(runs)], float)


def _first_alarm(rng: np.random.Generator, line: Line) -> float:
    rates = 0.01 * rng.gamma(1 / SPREAD, SPREAD, line.arms)
    by_day = np.exp(rng.normal(0, line.common, (DAYS, 1))) * rates
    by_day[MONTH:, 0] *= line.left
    shown = np.full((DAYS, line.arms), line.shown)
    test = Tally(impressions=shown, clicks=clicks_of(rng, by_day, shown, line.own))
    worn = (day for day in range(1, DAYS + 1) if fatigue(test.until(day), 0).is_worn)
    return float(next(worn, np.inf))


def _by_month(days: Floats) -> float:
    """Return the larger share of months with an alarm, of those that began without one."""
    first, second = (days <= MONTH).mean(), (days[days > MONTH] <= DAYS).mean()
    return float(max(first, second))


def _found(days: Floats) -> float:
    return round(float((days[days > MONTH] <= DAYS).mean()), 4)
