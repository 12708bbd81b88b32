"""What the response prediction is worth for this library, by its own record."""

from math import expm1, log

import streamlit as st

from creative.prediction.record import NEEDED, TrackRecord
from creative.studio.foretelling import Taste
from creative.trials import Metric
from pages.parts.resources import studio
from pages.parts.wording import count_of, plain

_STEP = 0.10  #: the difference elsewhere that is told in terms of here


def show_worth() -> None:
    """Show how often own tests were foretold, and how far the general taste holds here."""
    records, metric = studio().track_records, studio().track_records.metric
    record = records.of(metric)
    st.markdown(plain(record.sentence))
    if record.tests:
        st.markdown(_promised(record))
    st.markdown(taste_words(studio().foretelling.taste(metric), metric))
    for name, own in records.by_segment(metric).items():
        words = taste_words(studio().foretelling.taste(metric, name), metric)
        st.markdown(f"**{plain(name)}:** {plain(own.sentence)} {words}")
    st.caption(
        "Every test is foretold when it starts, and the chances are kept. A line counts once it is"
        " surely better or worse than the control; such lines are easier to foretell than others."
        f" Segments are told apart from {NEEDED} tests on."
    )


def _promised(record: TrackRecord) -> str:
    """Say what the kept chances promised, and what follows from the record."""
    follows = (
        f"So it counts for {record.weight:.0%} when **Best first** orders lines on Review."
        if record.weight
        else "So **Best first** on Review leaves it out."
    )
    return f"The chances it gave promised {record.expected:.0%}. {follows}"


def taste_words(taste: Taste, metric: Metric) -> str:
    """Say how far what people click on in general holds here."""
    if not taste.tests:
        if metric is Metric.CLICKS:
            return "No test of yours has results yet: it speaks of other people's readers alone."
        return f"What makes people click need not bring {metric.value}: it starts from nothing."
    here, low, high = (
        expm1(slope / taste.elsewhere * log(1 + _STEP))
        for slope in (taste.mean, taste.low, taste.high)
    )
    gets = (
        f"a line with {_STEP:.0%} more clicks elsewhere gets {_change(here)} {metric.value} here"
        f" ({_change(low)} to {_change(high)})."
    )
    return f"After {count_of(taste.tests, 'test')}, {_holds(taste)}: {gets}"


def _holds(taste: Taste) -> str:
    if taste.low > 0:
        return "the general taste holds here"
    if taste.high < 0:
        return "people here like the opposite of what people like in general"
    return "it is open whether the general taste holds here"


def _change(share: float) -> str:
    """Say a share as more or less.

    >>> _change(0.1), _change(-0.04)
    ('10% more', '4% less')
    """
    return f"{abs(share):.0%} {'more' if share >= 0 else 'less'}"
