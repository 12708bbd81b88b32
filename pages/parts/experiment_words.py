"""Tests in words: how they are named, where they stand, what their rules mean."""

from creative.trials import Arm, Experiment, ExperimentState, Metric, Rule, letters
from pages.parts.wording import ago

VIEW = "test_view"  #: what of a test is shown
STATES = {
    ExperimentState.DRAFT: ("Draft", "gray"),
    ExperimentState.RUNNING: ("Running", "green"),
    ExperimentState.STOPPED: ("Stopped", "orange"),
    ExperimentState.DECIDED: ("Decided", "blue"),
    ExperimentState.ARCHIVED: ("Archived", "gray"),
}
METRICS = {
    Metric.CLICKS: "Clicks per impression",
    Metric.CONVERSIONS: "Conversions per impression",
    Metric.REVENUE: "Revenue per impression",
}
REVENUE_EXPLAINED = (
    "Revenue is compared day by day, each day counting as one, because reports tell what a day"
    " brought and not what single orders were worth. So it takes seven days before anything is"
    " said, equal shares for all lines, and more traffic than conversions do. A few large orders"
    " cannot make a winner."
)
_WHOLE = 100  #: amounts from which cents do not matter
RULES = {
    Rule.ANY_DAY: "Any day",
    Rule.PLANNED: "Planned end",
}
RULES_EXPLAINED = {
    Rule.ANY_DAY: "Look whenever you like: a winner is called only when that stays right however"
    " often you look. It takes somewhat more traffic.",
    Rule.PLANNED: "The test is looked at once a week and at its end, on days fixed now (O'Brien and"
    " Fleming). It takes less traffic, and looking on other days tells nothing.",
}
SELF_CHOOSING = (
    "Most platforms choose by themselves which line to show, and show it to the people who click"
    " anyway. Then lines are not compared with like people, and the winner may be no better."
    " Use the platform's own experiment, or an ad group for each line with even rotation."
)


def earned(metric: Metric, amount: float, currency: str) -> str:
    """Return what lines earned, with its name.

    >>> earned(Metric.CLICKS, 1200, ""), earned(Metric.REVENUE, 1200, "EUR")
    ('1,200 clicks', 'EUR 1,200 of revenue')
    """
    if metric is Metric.REVENUE:
        return f"{money(amount, currency)} of revenue"
    return f"{amount:,.0f} {metric.value}"


def money(amount: float, currency: str) -> str:
    """Return an amount, small ones with cents.

    >>> money(1234.5, "EUR"), money(12.345, "")
    ('EUR 1,234', '12.35')
    """
    return f"{currency} {amount:,.{0 if abs(amount) >= _WHOLE else 2}f}".strip()


def rate_of(metric: Metric, rate: float, currency: str) -> str:
    """Return what an impression earns, as tables show it: money for a thousand of them.

    >>> rate_of(Metric.CLICKS, 0.0123, ""), rate_of(Metric.REVENUE, 0.0123, "EUR")
    ('1.23%', 'EUR 12.30')
    """
    return money(1000 * rate, currency) if metric is Metric.REVENUE else f"{rate:.2%}"


def experiment_label(experiment: Experiment) -> str:
    """Return how lists name a test; it is the user's text, so not Markdown."""
    simulated = " (simulated)" if experiment.is_simulated else ""
    return f"{experiment.name}{simulated} · {STATES[experiment.state][0].lower()} #{experiment.id}"


def badges(experiment: Experiment) -> str:
    """Return where a test stands, as Markdown."""
    word, colour = STATES[experiment.state]
    simulated = (
        ":violet-badge[Simulated: these results are made up] " if experiment.is_simulated else ""
    )
    return f"{simulated}:{colour}-badge[{word}]"


def dates(experiment: Experiment) -> str:
    """Return when a test began and ended, in words."""
    if experiment.started_at is None:
        return f"Designed {ago(experiment.created_at)}"
    begun = f"Started {experiment.started_at:%d %b %Y}"
    if experiment.stopped_at:
        return f"{begun} · ended {experiment.stopped_at:%d %b %Y}"
    return f"{begun} · planned for {experiment.days} days" if experiment.days else begun


def arm_label(experiment: Experiment, place: int) -> str:
    """Return how pictures and tables name a line; it is the user's text, so not Markdown.

    Narrow places cut the end off, so the text comes last.
    """
    arm: Arm = experiment.arms[place]
    return f"{letters(place)}{' (control)' if arm.is_control else ''} · {arm.text}"
