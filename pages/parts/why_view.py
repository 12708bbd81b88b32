"""What the response prediction says of a line: only as much as it has earned here."""

from math import expm1

import streamlit as st

from creative.domain import Draft, kept_id
from creative.ports import DraftFilter
from creative.prediction.explanation import Part, Sort
from creative.studio.foretelling import Why
from creative.trials import Metric
from pages.parts.failures import shown_to_the_user
from pages.parts.resources import studio
from pages.parts.wording import count_of, plain

_SHOWN = 8  #: words and traits that are listed
_OTHERS = 50  #: lines of the field that a line is compared with
_SUGGESTED = 3
_OWN = "Your own tests"


def show_why(draft: Draft) -> None:
    """Show what speaks for and against a line, when somebody asks."""
    key = f"why_{draft.id}"
    with st.expander("Why this line?", key=key, on_change="rerun") as opened:
        if not opened.open:
            return
        with shown_to_the_user() as attempt:
            metric = studio().track_records.metric
            found = studio().foretelling.why(draft.line.text, _others(draft), metric)
            record = studio().track_records.of(metric)
        if attempt.error is not None:
            return
        st.markdown(plain(record.sentence))
        if record.weight:
            change = expm1(found.expected)
            st.markdown(
                f"Expected: {abs(change):.0%} {'more' if change >= 0 else 'less'} {metric.value}"
                " than the other lines of this field."
            )
        _show_parts(found, metric, with_sum=bool(record.weight))
        for suggestion in found.suggestions[:_SUGGESTED]:
            st.markdown(f":material/lightbulb: {plain(suggestion.text)}")
        st.caption(
            f"{_sources(found)} What goes with {metric.value} need not cause them, and your ads may"
            " differ."
        )


def _others(draft: Draft) -> list[str]:
    """Return the lines that a line is compared with: some of its field."""
    wish = DraftFilter(brief_id=draft.brief_id, field=draft.line.field, limit=_OTHERS)
    return [each.line.text for each in studio().review.find(wish) if kept_id(each) != draft.id]


def _show_parts(found: Why, metric: Metric, *, with_sum: bool) -> None:
    shown = found.parts[:_SHOWN]
    rest = found.rest + sum(part.adds for part in found.parts[_SHOWN:])
    rows = [
        *([_row(f"{_OWN} ({found.tests})", found.own)] if found.tests else []),
        *(_row(_named(part), part.adds) for part in shown),
        *([_row("Everything else, against the other lines", rest)] if shown else []),
        *([_row("All together", found.expected)] if with_sum else []),
    ]
    if not rows:
        st.markdown(f"What brings {metric.value} is not known before one of your tests tells.")
        return
    st.dataframe(
        rows,
        hide_index=True,
        height="content",
        key="why_parts",
        alt=f"Words, traits and own tests with what they add to or take from {metric.value}",
    )


def _named(part: Part) -> str:
    return f"{part.text} (topic, no advice)" if part.sort is Sort.TOPIC else part.text


def _row(part: str, adds: float) -> dict[str, object]:
    return {"Part": part, "Adds about": f"{adds:+.1%}"}


def _sources(found: Why) -> str:
    """Say what an explanation was learnt from."""
    known = (
        "headlines that millions of readers of one publisher saw from 2013 to 2015"
        if found.parts
        else ""
    )
    own = f"{count_of(found.tests, 'test')} of yours" if found.tests else ""
    learnt = " and ".join(filter(None, (known, own)))
    return f"Learnt from {learnt}." if learnt else ""
