"""What the luckiest arm of real tests does next, beside what was claimed of it.

One half of a test's impressions is seen, the other kept back.  Claims about a winner against a
random control are held against the kept half.  No claim is divided by the few clicks of a kept
control, which would make a mean of huge errors: the clicks that are foretold for the winner, the
kept control's times the claim, are summed over all tests, as are those that came.  What chance in
both counts adds to squares is known and subtracted.
"""

from typing import NamedTuple

import numpy as np

from benchmarks.experiments.archive import RealTest, one_day
from creative.experiments.shrinkage import beliefs
from creative.experiments.tally import Floats


class Claim(NamedTuple):
    """One winner; ratios are of its rate over the control's."""

    raw: float
    shrunk: float
    came: float  #: kept clicks of the winner, as if it had been shown as often as the control
    control: float  #: kept clicks of the control
    scale: float  #: impressions kept of the control for each of the winner


def winners_curse(rng: np.random.Generator, tests: list[RealTest]) -> dict[str, float]:
    """Compare claims from one half of real clicks with what the other half shows."""
    claims = [claim for test in tests if (claim := _claim(rng, test))]
    raw, shrunk, came, control, scale = np.array(claims).T
    return {
        "shrunk_rmse_ratio": round(
            _error(shrunk, came, control, scale) / _error(raw, came, control, scale), 3
        ),
        "shrunk_bias": round(_bias(shrunk, came, control), 4),
        "raw_bias": round(_bias(raw, came, control), 4),
        "shrunk_overclaims": round(_overclaims(shrunk, came, control), 3),
        "raw_overclaims": round(_overclaims(raw, came, control), 3),
        "shrunk_bias_each": round(_bias_each(shrunk, came, control), 4),
        "raw_bias_each": round(_bias_each(raw, came, control), 4),
        "curse_tests": len(claims),
    }


def _claim(rng: np.random.Generator, test: RealTest) -> Claim | None:
    """Return what half of a test claims; None if the control wins or has no clicks to compare."""
    shown, clicked = test.shown, test.clicked
    seen = shown // 2
    clicks = rng.hypergeometric(clicked, shown - clicked, seen)
    winner, control = int((clicks / seen).argmax()), int(rng.integers(len(shown)))
    if winner == control or not clicks[control]:
        return None
    kept, came = shown - seen, clicked - clicks
    scale = kept[control] / kept[winner]
    return Claim(
        raw=clicks[winner] / seen[winner] / (clicks[control] / seen[control]),
        shrunk=1 + beliefs(one_day(seen, clicks), test.spread).uplift(winner, control)[1],
        came=came[winner] * scale,
        control=float(came[control]),
        scale=scale,
    )


def _bias(claim: Floats, came: Floats, control: Floats) -> float:
    """Return clicks foretold less those that came, for each click of a control."""
    return float((claim * control - came).sum() / control.sum())


def _error(claim: Floats, came: Floats, control: Floats, scale: Floats) -> float:
    """Return the root mean square error; tests weigh by the square of the control's clicks.

    Of two Poisson counts a and b, (ca - b)^2 is too large by c^2 a + b on average, and a^2 by a.
    """
    squares = (claim * control - came) ** 2 - claim**2 * control - scale * came
    return float(np.sqrt(squares.sum() / (control * (control - 1)).sum()))


def _overclaims(claim: Floats, came: Floats, control: Floats) -> float:
    """Return the share of tests in which less came than was foretold; ties count half."""
    return float(np.mean((claim * control > came) + 0.5 * (claim * control == came)))


def _bias_each(claim: Floats, came: Floats, control: Floats) -> float:
    """Return the bias if all tests weigh the same.

    Of Poisson counts, b / (a + 1) has the ratio of both means as its mean, but for exp(-a).
    """
    return float(np.mean(claim - came / (control + 1)))
