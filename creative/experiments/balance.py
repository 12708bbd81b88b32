"""What testing cost and brought, by what is believed of lines once luck is taken off."""

from creative.experiments.tally import Floats, Tally


def forgone(tally: Tally, factors: Floats, instead: float) -> float:
    """Return what the arms together won less than a single line shown in their place.

    Args:
        factors: What is believed of the rates of the arms [arms], relative to one another.
        instead: The factor of that line: the best arm's for what testing cost, the control's for
            what it brought, which is below zero where the arms won more.
    """
    shown = tally.impressions.sum(axis=0)
    expected = float(shown @ factors)
    rate = float(tally.clicks.sum()) / expected if expected else 0.0
    return float(rate * (shown @ (instead - factors)))
