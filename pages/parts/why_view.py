"""What the response prediction says of a line: only as much as it has earned here."""

import streamlit as st

from creative.domain import Draft, kept_id
from creative.ports import DraftFilter
from creative.prediction.explanation import Explanation, Part, Sort
from pages.parts.failures import shown_to_the_user
from pages.parts.resources import studio
from pages.parts.wording import plain

_SHOWN = 8  #: words and traits that are listed
_OTHERS = 50  #: lines of the field that a line is compared with
_SORTS = {Sort.WORDING: "wording", Sort.TOPIC: "topic, no advice", Sort.TRAIT: "trait of the line"}


def show_why(draft: Draft) -> None:
    """Show what speaks for and against a line, when somebody asks."""
    key = f"why_{draft.id}"
    with st.expander("Why this line?", key=key, on_change="rerun") as opened:
        if not opened.open:
            return
        with shown_to_the_user() as attempt:
            found = studio().foretelling.why(draft.line.text)
            record = studio().foretelling.record(studio().experiments)
        if attempt.error is not None:
            return
        st.markdown(plain(record.sentence))
        if record.is_earned:
            st.markdown(_expected(draft))
        _show_parts(found)
        for suggestion in found.suggestions[:3]:
            st.markdown(f":material/lightbulb: {plain(suggestion.text)}")
        st.caption(
            "Learnt from headlines that millions of readers of one publisher saw from 2013 to 2015."
            " What goes with clicks need not cause them, and your ads may differ."
        )


def _show_parts(found: Explanation) -> None:
    rest = found.score - sum(part.adds for part in found.parts[:_SHOWN])
    others = {"Part": "everything else", "Adds": f"{rest:+.2f}", "Kind": ""}
    st.dataframe(
        [*map(_row, found.parts[:_SHOWN]), others],
        hide_index=True,
        key="why_parts",
        alt="Words and traits with what they add to or take from the score",
    )


def _row(part: Part) -> dict[str, object]:
    return {"Part": part.text, "Adds": f"{part.adds:+.2f}", "Kind": _SORTS[part.sort]}


def _expected(draft: Draft) -> str:
    """Say how a line is expected to do against the others of its field."""
    wish = DraftFilter(brief_id=draft.brief_id, field=draft.line.field, limit=_OTHERS)
    others = [each for each in studio().review.find(wish) if kept_id(each) != draft.id]
    if not others:
        return ""
    texts = [draft.line.text, *(each.line.text for each in others)]
    rate = float(studio().foretelling.relative_rates(texts)[0])
    more = "more" if rate >= 1 else "fewer"
    return f"Expected: {abs(rate - 1):.0%} {more} clicks than the other lines of this field."
