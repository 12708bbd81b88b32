"""The order that votes gave so far: as a picture with its uncertainty, and as a table."""

import altair as alt
import streamlit as st

from creative.domain import DraftState, kept_id
from creative.studio.voting import Placed, Standings
from pages.parts.charts import data_of, readable
from pages.parts.decisions import decide, show_undo
from pages.parts.keys import UNDO
from pages.parts.vote_words import agreement_words
from pages.parts.wording import stars_words, state_word

_PICTURED = 12  #: lines of the picture; the table has all
_ROW_PX = 46
_LONGEST = 90  #: code points of a line in the picture
_DECIDED_HERE = "ranking_undo"  #: the decision that can be undone, when it was made here


def show_ranking(result: Standings) -> None:
    """Show how strong the lines are, how sure that is, and how far the voters agree."""
    st.caption(
        "How many of its votes a line would win against a middling one. The bar is the range in "
        "which that lies with 95% certainty: it shrinks with votes."
    )
    _show_picture(result)
    _show_table(result)
    st.caption(agreement_words(result.agreement))


def show_approval(result: Standings, *, is_first_choice: bool) -> None:
    """Offer to approve the first lines, or say that they are."""
    wanted = [placed.draft for placed in result.placed[: result.places]]
    ids = [kept_id(draft) for draft in wanted if draft.state is not DraftState.APPROVED]
    what = "the first line" if result.places == 1 else f"the first {result.places} lines"
    st.button(
        f"Approve {what}" if ids else f"{what.capitalize()} approved",
        key="approve_first",
        type="primary" if is_first_choice else "secondary",
        icon=None if ids else ":material/done:",
        disabled=not ids,
        on_click=_approve,
        args=(ids,),
    )


def show_approval_undo() -> None:
    """Offer to undo an approval that was given here."""
    if st.session_state.get(UNDO) and st.session_state[UNDO] == st.session_state.get(_DECIDED_HERE):
        show_undo()


def _approve(ids: list[int]) -> None:
    if decide(ids, DraftState.APPROVED):
        st.session_state[_DECIDED_HERE] = st.session_state[UNDO]


def _show_picture(result: Standings) -> None:
    shown = result.placed[:_PICTURED]
    rows = [_row(place, placed) for place, placed in enumerate(shown, 1)]
    labels = alt.Axis(
        labelAlign="left",
        labelBaseline="bottom",
        labelPadding=-4,
        labelOffset=-6,
        labelLimit=900,
        labelFontSize=14,
        domain=False,
        ticks=False,
        grid=False,
    )
    share = alt.X(
        "From:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(
            format=".0%",
            title="Votes won against a middling line",
            values=[0, 0.25, 0.5, 0.75, 1],
        ),
    )
    hints = [
        alt.Tooltip("Line:N"),
        alt.Tooltip("Wins:Q", format=".0%"),
        alt.Tooltip("From:Q", format=".0%"),
        alt.Tooltip("To:Q", format=".0%"),
    ]
    base = alt.Chart(data_of(rows)).encode(y=alt.Y("Line:N", sort=None, title=None, axis=labels))
    # Bars take the colour of the theme; rules are black in the dark one, too.
    ranges = base.mark_bar(size=6, cornerRadius=3, opacity=0.4, yOffset=9).encode(
        x=share, x2="To:Q", tooltip=hints
    )
    means = base.mark_point(filled=True, size=90, opacity=1, yOffset=9).encode(
        x="Wins:Q", tooltip=hints
    )
    told = "; ".join(
        f"{row['Line']}: {row['Wins']:.0%}, {row['From']:.0%} to {row['To']:.0%}" for row in rows
    )
    st.altair_chart(
        readable((ranges + means).properties(height=alt.Step(_ROW_PX))),
        key="ranking_picture",
        alt=f"Votes that each line would win against a middling one. {told}",
    )
    if len(result.placed) > len(shown):
        st.caption(f"The first {len(shown)} of {len(result.placed)}; the table has all.")


def _row(place: int, placed: Placed) -> dict[str, object]:
    text = " ".join(placed.draft.line.text.split())
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    low, high = placed.wins_range
    return {"Line": f"{place}. {text}", "Wins": placed.wins, "From": low, "To": high}


def _show_table(result: Standings) -> None:
    percent = st.column_config.NumberColumn(format="percent", width="small")
    st.dataframe(
        [
            {
                "Place": place,
                "Line": placed.draft.line.text,
                "Wins": round(placed.wins, 2),
                "Strongest": round(placed.chance_best, 2),
                "Votes": placed.compared,
                "Stars": "" if placed.draft.stars is None else stars_words(placed.draft.stars),
                "State": state_word(placed.draft.state),
            }
            for place, placed in enumerate(result.placed, 1)
        ],
        key="ranking_table",
        hide_index=True,
        column_config={
            "Place": st.column_config.NumberColumn(width=60),
            "Line": st.column_config.TextColumn(width="large"),
            "Wins": percent,
            "Strongest": percent,
            "Votes": st.column_config.NumberColumn(width="small"),
            "Stars": st.column_config.TextColumn(width="small"),
            "State": st.column_config.TextColumn(width="small"),
        },
        alt="Lines by place, with the share of votes won and the chance to be the strongest",
    )
    st.caption(
        "**Wins**: share of votes against a middling line. **Strongest**: chance to be the best of "
        "all. Stars are those of Review; votes do not change them."
    )
