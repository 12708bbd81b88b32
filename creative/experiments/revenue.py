"""What revenue by day and arm says, without knowing single orders.

A day's revenue is a sum of few orders of very different worth, so nothing is taken from how orders
are spread: each day is one pair, the arm against the control.  Lines that do not differ could as
well have changed names, if both were shown equally; then the sign of a day's gap is a coin, however
large the gap.  Betting on those signs gives an e-process that holds however often one looks,
whatever orders are worth and however days differ (de la Peña 1999; Ramdas et al. 2020).  It holds
for equal shares only: the gap of a large arm and a small one is skewed.

Ratios are those of Mantel & Haenszel over days; their intervals are Fieller's (1954), with the
variance that days show.  What is believed of arms takes revenue for a count in units of how much it
varies (quasi-Poisson, McCullagh & Nelder 1989).  All but `unit` and `rate` is the same in any unit.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from creative.experiments.dispersion import FROM_DAY
from creative.experiments.evidence import needed
from creative.experiments.intervals import LEVEL, Interval
from creative.experiments.tally import Counts, Floats, Tally

#: On a typical day: small ones for differences that take weeks, large ones for those seen at once.
_BETS = np.array([0.3, 0.45, 0.7, 1.2])
_NOTHING = 1e-9  #: share of all revenue that is no variation but rounding
_WIDEST, _STEPS = 3.0, 241  #: the grid of log ratios of `sequence`


def unit(impressions: Counts, amounts: Floats) -> float:
    """Return the amount that varies like one count: revenue [days, arms] over it is quasi-Poisson.

    It is that of the arm that varies most from day to day beside all others, so that one large
    order makes less of an arm and not more.  Before there are enough days on which an arm was shown
    beside others, or where they do not vary, all revenue counts as one.
    """
    total = float(amounts.sum())
    found = [_varies(impressions, amounts, arm) for arm in range(amounts.shape[1])]
    known = max(found, default=0.0)
    return known if known > _NOTHING * total else total or 1.0


def _varies(impressions: Counts, amounts: Floats, arm: int) -> float:
    """Return the variance of an arm over its mean, by its gaps to all others; 0 if not known."""
    shown = np.stack([impressions[:, arm], np.delete(impressions, arm, 1).sum(axis=1)], axis=1)
    won = np.stack([amounts[:, arm], np.delete(amounts, arm, 1).sum(axis=1)], axis=1)
    both = (shown > 0).all(axis=1)
    shown, won = shown[both].astype(float), won[both]
    weights = shown.prod(axis=1) / shown.sum(axis=1)
    each = weights[:, None] * won / shown
    if len(each) < FROM_DAY or not each.sum(axis=0).all():
        return 0.0
    times = each[:, 0].sum() / each[:, 1].sum()
    gaps = each[:, 0] - times * each[:, 1]
    rates = won.sum(axis=0) / shown.sum(axis=0) * np.array([1.0, times**2])
    return float((gaps**2).sum() / (weights[:, None] ** 2 * rates / shown).sum())


def e_values(tally: Tally, arm: int) -> tuple[float, float]:
    """Return the e-values for an arm that earns more than the control, and for one that earns less.

    Both are 0 before the seventh day on which both lines were shown: until then nobody could tell
    how much more it earns.
    """
    more, less = e_paths(tally, arm)
    if len(more) < FROM_DAY:
        return 0.0, 0.0
    return float(more[-1]), float(less[-1])


def e_paths(tally: Tally, arm: int) -> tuple[Floats, Floats]:
    """Return the e-processes for more and for less [shared days], from the first shared day on.

    A shared day is one on which both lines were shown; without any, both are a single 1.
    """
    found = _gaps(tally, arm)
    return _wealth(found), _wealth(-found)


def sequence(tally: Tally, arm: int) -> tuple[Floats, Floats]:
    """Return low and high ends [days] of the 95 % confidence sequence of the ratio of revenues.

    It holds exactly at ratios that leave the sign of every day's gap a coin, as 1 does for lines
    that do not differ, and nearly so at others.  Days on which only one line was shown leave it as
    it was: 0 and infinite before the first day of both.
    """
    grid = np.linspace(-_WIDEST, _WIDEST, _STEPS)
    ours, theirs = _sides(tally, arm)
    gaps = ours - np.exp(grid)[:, None] * theirs
    inside = (_wealth(gaps) + _wealth(-gaps)) / 2 < needed(2)
    low = np.where(inside.any(axis=0), grid[inside.argmax(axis=0)], 0.0)
    high = np.where(inside.any(axis=0), grid[_STEPS - 1 - inside[::-1].argmax(axis=0)], 0.0)
    so_far = _shared(tally, arm).cumsum()
    return (
        np.append(0.0, np.where(low <= -_WIDEST, 0.0, np.exp(low)))[so_far],
        np.append(np.inf, np.where(high >= _WIDEST, np.inf, np.exp(high)))[so_far],
    )


def z_of(tally: Tally, arm: int) -> float:
    """Return the t of the gaps of shared days, as the z that is as unlikely.

    It is 0 before the seventh of them, and where they do not vary.
    Source: the significance-level approach of Jennison & Turnbull 2000, section 4.4.
    """
    gaps = _gaps(tally, arm)
    if len(gaps) < FROM_DAY or not (error := _error(gaps)):
        return 0.0
    t = gaps.sum() / error
    return float(-np.sign(t) * stats.norm.ppf(stats.t.sf(abs(t), len(gaps) - 1)))


def ratio(tally: Tally, arm: int, level: float = LEVEL) -> Interval:
    """Return the interval of the revenue of an arm over that of the control, as days show it.

    An end on which the shared days say nothing is 0 or infinite, as both are before the seventh.
    """
    ours, theirs = _sides(tally, arm)
    if not theirs.sum():
        return Interval(low=0.0, middle=np.inf if ours.sum() else 0.0, high=np.inf)
    middle = float(ours.sum() / theirs.sum())
    if len(ours) < FROM_DAY:
        return Interval(low=0.0, middle=middle, high=np.inf)
    reach = float(stats.t.isf((1 - level) / 2, len(ours) - 1)) ** 2
    (aa, ab), (_, bb) = np.cov(ours, theirs) * len(ours) * reach
    # All ratios whose t is small enough: a quadratic inequality.
    a, b, c = theirs.sum() ** 2 - bb, ours.sum() * theirs.sum() - ab, ours.sum() ** 2 - aa
    if a <= 0:
        return Interval(low=0.0, middle=middle, high=np.inf)
    root = np.sqrt(max(0.0, b * b - a * c))
    low, high = (b - root) / a, (b + root) / a
    return Interval(low=float(max(0.0, low)), middle=middle, high=float(high))


def rate(impressions: Counts, amounts: Counts | Floats, level: float = LEVEL) -> Interval:
    """Return the interval of revenue per impression of one arm [days], days being what varies.

    Days on which it was not shown say nothing; before the seventh other one the high end is
    infinite.
    """
    was_shown = impressions > 0
    impressions, amounts = impressions[was_shown], amounts[was_shown]
    total = float(impressions.sum())
    if not total:
        return Interval(low=0.0, middle=0.0, high=np.inf)
    middle = float(amounts.sum() / total)
    if len(amounts) < FROM_DAY:
        return Interval(low=0.0, middle=middle, high=np.inf)
    reach = stats.t.isf((1 - level) / 2, len(amounts) - 1)
    half = float(reach * _error(amounts - middle * impressions) / total)
    return Interval(low=max(0.0, middle - half), middle=middle, high=middle + half)


def winning(tally: Tally, arm: int, daily: Floats, rates: Floats, horizon: int) -> int | None:
    """Return after how many more days like those so far an arm wins first; None if not by then.

    Days are gone through in their order, since one that went badly can take a win back.

    Args:
        daily: Impressions [arms] of a day to come.
        rates: That arms will have [arms], as `tally` counts.
        horizon: The most days.
    """
    gaps, (ours, theirs) = _gaps(tally, arm), daily[[arm, tally.control]]
    later = ours * theirs / max(1.0, ours + theirs)
    mean = later * (rates[arm] - rates[tally.control])
    noise = np.zeros(1)
    if len(gaps):
        noise = (gaps - gaps.mean()) * np.sqrt(later / _weights(tally, arm).mean())
    values = _wealth(np.concatenate([gaps, mean + np.resize(noise, horizon)]))
    values[: FROM_DAY - 1] = 0
    is_won = np.append(0, values)[len(gaps) :] >= needed(tally.arms)
    return int(is_won.argmax()) if is_won.any() else None


def _gaps(tally: Tally, arm: int) -> Floats:
    """Return weighted gaps [shared days] between an arm and the control."""
    ours, theirs = _sides(tally, arm)
    return np.asarray(ours - theirs)


def _sides(tally: Tally, arm: int) -> tuple[Floats, Floats]:
    """Return the weighted rates [shared days] of an arm and of the control."""
    shown, won = tally.beside_control(arm)
    both = _shared(tally, arm)
    ours, theirs = _weights(tally, arm) * (won[both] / shown[both]).T
    return ours, theirs


def _weights(tally: Tally, arm: int) -> Floats:
    shown, _ = tally.beside_control(arm)
    both = _shared(tally, arm)
    return np.asarray(shown[both].prod(axis=1) / shown[both].sum(axis=1))


def _shared(tally: Tally, arm: int) -> NDArray[np.bool_]:
    """Return on which days [days] both an arm and the control were shown."""
    shown, _ = tally.beside_control(arm)
    return np.asarray((shown > 0).all(axis=1))


def _error(values: Floats) -> float:
    """Return the standard error of a sum of days."""
    return float(np.sqrt(len(values)) * values.std(ddof=1))


def _wealth(gaps: Floats) -> Floats:
    """Return the e-process [..., days] that bets on gaps [..., days] being positive.

    A bet may know the sizes of all gaps so far, the day's own among them, but no sign to come.
    """
    if not gaps.shape[-1]:
        return np.ones((*gaps.shape[:-1], 1))
    days = np.arange(1, gaps.shape[-1] + 1)
    typical = np.sqrt(np.cumsum(gaps**2, axis=-1) / days)
    scaled = np.divide(gaps, typical, out=np.zeros_like(gaps), where=typical > 0)
    bets = _BETS.reshape(-1, *np.ones(gaps.ndim, int)) * scaled
    logs = np.cumsum(bets - np.logaddexp(bets, -bets) + np.log(2), axis=-1)
    mixed = special.logsumexp(logs, axis=0) - np.log(len(_BETS))
    return np.asarray(np.exp(np.minimum(700.0, mixed)))
