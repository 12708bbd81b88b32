"""Tests that compare revenue: how often they are right where the answer is known.

Orders come as Poisson counts of a rate that differs from day to day; each is worth 50 on average,
log-normal.  Rivals on the same days: a t test of days, looked at every day.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from creative.experiments import revenue
from creative.experiments.design import outlook
from creative.experiments.evidence import needed
from creative.experiments.fatigue import fatigue
from creative.experiments.looks import boundaries
from creative.experiments.tally import Counts, Floats, Tally
from creative.trials import Arm, Experiment, Metric

DAYS, FIRST = 30, 7
LOOKS = (7, 14, 21, 28)
_WORTH, _BY_DAY = 50.0, 0.3


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A test of two lines.

    Attributes:
        shown: Impressions [arms] a day.
        rate: Orders per impression.
        variation: Standard deviation of order values, as a share of their mean.
        own: Standard deviation of each line's rate from day to day, apart from the other's.
        uplift: Of the second line, in orders.
    """

    shown: tuple[int, int] = (1000, 1000)
    rate: float = 0.01
    variation: float = 1.0
    own: float = 0.0
    uplift: float = 0.0


NO_EFFECT = {
    "": Shop(),
    "_heavy": Shop(variation=4.0),
    "_few": Shop(rate=0.002, variation=4.0),
    "_noise": Shop(shown=(10_000, 10_000), own=0.3),
    "_unequal": Shop(shown=(200, 1800), rate=0.002),
}
BETTER = Shop(shown=(3000, 3000), uplift=0.3)
COVERED = (Shop(uplift=0.5), Shop(uplift=0.5, variation=4.0), Shop(uplift=1.0, rate=0.002))


def takings(rng: np.random.Generator, runs: int) -> Mapping[str, float]:
    """Play tests of revenue for thirty days.

    Returns:
        revenue_fpr...: False winners when one looks on every day from the seventh on.
        revenue_fpr_naive: The same of a t test.
        revenue_fpr_planned: Of four planned looks, either way.
        revenue_power...: Tests in which a line that is 30 % better wins.
        revenue_plan_power: Power of a look at the end, with the impressions planned for 80 %.
        revenue_coverage: Least coverage of the range of the ratio.
        revenue_worn...: Second months in which a line that holds is called worn.
    """
    found = {f"revenue_fpr{name}": _share(rng, shop, runs) for name, shop in NO_EFFECT.items()}
    even = [_played(rng, NO_EFFECT[""]) for _ in range(runs)]
    found["revenue_fpr_naive"] = float(np.mean([_ever_significant(test) for test in even]))
    found["revenue_fpr_planned"] = float(np.mean([_ever_crosses(test) for test in even]))
    better = [_played(rng, BETTER) for _ in range(runs)]
    found["revenue_power"] = float(np.mean([_ever_wins(test) for test in better]))
    found["revenue_power_once"] = float(np.mean([_p(test, DAYS) < 0.05 for test in better]))
    asked = _planned()
    planned = [_played(rng, asked) for _ in range(runs)]
    found["revenue_plan_power"] = float(np.mean([_p(test, DAYS) < 0.05 for test in planned]))
    found["revenue_coverage"] = min(_coverage(rng, shop, runs) for shop in COVERED)
    for name in ("", "_heavy"):
        worn = [_ever_worn(_played(rng, NO_EFFECT[name], 2 * DAYS)) for _ in range(runs // 4)]
        found[f"revenue_worn{name}"] = float(np.mean(worn))
    return {name: round(value, 4) for name, value in found.items()}


def _planned() -> Shop:
    """Return a test with as many impressions as its design asks for."""
    arms = tuple(Arm(draft_id=None, text=text) for text in "AB")
    design = Experiment(
        brief_id=1, field="", name="", arms=arms, metric=Metric.REVENUE, rate=Shop().rate
    )
    each_day = round(outlook(design, BETTER.uplift).per_arm / DAYS)
    return Shop(shown=(each_day, each_day), uplift=BETTER.uplift)


def _played(rng: np.random.Generator, shop: Shop, days: int = DAYS) -> Tally:
    shown = rng.poisson(np.tile(shop.shown, (days, 1)))
    level = np.exp(rng.normal(0, _BY_DAY, (days, 1)) + rng.normal(0, shop.own, shown.shape))
    orders = rng.poisson(shown * shop.rate * level * np.array([1.0, 1 + shop.uplift]))
    return _tally(shown, _worth(rng, orders, shop.variation))


def _worth(rng: np.random.Generator, orders: Counts, variation: float) -> Floats:
    """Return the worth [days, arms] of so many orders."""
    spread = np.sqrt(np.log1p(variation**2))
    each = _WORTH * rng.lognormal(-(spread**2) / 2, spread, orders.sum())
    ends = np.cumsum(orders.ravel())[:-1]
    return np.array([part.sum() for part in np.split(each, ends)]).reshape(orders.shape)


def _tally(shown: Counts, worth: Floats) -> Tally:
    return Tally(impressions=shown, clicks=worth / revenue.unit(shown, worth))


def _share(rng: np.random.Generator, shop: Shop, runs: int) -> float:
    return float(np.mean([_ever_wins(_played(rng, shop)) for _ in range(runs)]))


def _ever_wins(test: Tally) -> bool:
    more, _ = revenue.e_paths(test, 1)
    return bool((more[FIRST - 1 :] >= needed(2)).any())


def _ever_significant(test: Tally) -> bool:
    return any(_p(test, day) < 0.05 for day in range(FIRST, DAYS + 1))


def _p(test: Tally, day: int) -> float:
    """Return the p of a t test of pairs of days; scipy's own takes far longer to call."""
    gaps = np.diff(test.clicks[:day] / test.impressions[:day])
    t = gaps.mean() * np.sqrt(day) / gaps.std(ddof=1)
    return float(2 * special.stdtr(day - 1, -abs(t)))


def _ever_crosses(test: Tally) -> bool:
    looks = zip(LOOKS, boundaries(len(LOOKS)), strict=True)
    return any(abs(revenue.z_of(test.until(day), 1)) >= edge for day, edge in looks)


def _ever_worn(test: Tally) -> bool:
    return any(fatigue(test.until(day), 1).is_worn for day in range(DAYS + 1, 2 * DAYS + 1))


def _coverage(rng: np.random.Generator, shop: Shop, runs: int) -> float:
    found = [revenue.ratio(_played(rng, shop), 1) for _ in range(runs)]
    return float(np.mean([each.low <= 1 + shop.uplift <= each.high for each in found]))
