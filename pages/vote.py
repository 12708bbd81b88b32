"""Judge drafts by blind votes between two of them."""

import streamlit as st

from creative.channels import Field, channel
from creative.domain import Brief, DraftState, kept_id
from creative.ports import DraftFilter
from creative.studio.voting import Standings
from pages.parts.ballot import show_ballot, show_take_back
from pages.parts.brief_choice import choose_brief
from pages.parts.comparison_booth import is_comparing, offer_comparison, show_comparison
from pages.parts.failures import shown_to_the_user, tell_problem
from pages.parts.judge_view import show_judge
from pages.parts.navigation import only_inside_the_app
from pages.parts.ranking import show_approval, show_approval_undo, show_ranking
from pages.parts.rater import choose_rater, rater
from pages.parts.resources import studio
from pages.parts.vote_words import decided_words, left_out_words, progress_words, votes_words
from pages.parts.wording import plain

_BLIND = 5  #: votes of a person before the ranking may sway them
_FIELD, _PLACES = "vote_field", "vote_places"
_ASKED = "vote_ranking_asked"  #: what the ranking was asked for
_GO_ON = "vote_go_on"  #: what is voted on although it is decided


def _count(brief: Brief, field: Field) -> int:
    states = (DraftState.NEW, DraftState.APPROVED)
    wish = DraftFilter(brief_id=kept_id(brief), field=field.id, states=states)
    return studio().review.count(wish)


def _choose_field(fields: list[Field]) -> Field:
    """Ask for one of several fields."""
    names = {field.id: field.name for field in fields}
    if st.session_state.get(_FIELD) not in names:
        st.session_state[_FIELD] = fields[0].id
    if len(fields) > 1:
        st.selectbox(
            "Field",
            list(names),
            format_func=names.__getitem__,
            key=_FIELD,
            persist_state="session",
            width=190,
        )
    return next(field for field in fields if field.id == st.session_state[_FIELD])


def _choose_places(field: Field, count: int) -> int:
    """Ask how many lines are sought."""
    most = max(min(field.max_count, count - 1), 1)
    st.session_state[_PLACES] = min(max(int(st.session_state.get(_PLACES) or 1), 1), most)
    if most > 1:
        st.number_input(
            "Lines you need",
            min_value=1,
            max_value=most,
            step=1,
            key=_PLACES,
            persist_state="session",
            width=145,
            help="Voting is decided once each of that many lines is stronger than every other "
            "one, 95 % sure of each two.",
        )
    return int(st.session_state[_PLACES])


@st.fragment
def _show_booth(brief_id: int, field_id: str, places: int) -> None:
    with shown_to_the_user():
        tell_problem()
        about = f"{brief_id}/{field_id}"
        result = studio().voting.standing(brief_id, field_id, places)
        is_over = result.is_decided and st.session_state.get(_GO_ON) != _aim(about, result)
        is_seen = _may_see(result, about)
        said = votes_words(result, rater())
        st.markdown(said if is_over else f"{said} {progress_words(result)}")
        if words := left_out_words(result):
            st.caption(words)
        if is_over:
            _show_decided(result, about, is_seen)
        else:
            _show_turn(result, brief_id, field_id)
        show_approval_undo()
        st.space("small")
        if is_seen:
            _show_result(result, about, is_over)
        elif result.votes and not is_over:
            _show_hidden(about)


def _aim(about: str, result: Standings) -> str:
    return f"{about}/{result.places}"


def _may_see(result: Standings, about: str) -> bool:
    """Tell whether the order can sway this person no more, or was asked for."""
    own = result.by_voter.get(rater(), 0)
    return own >= (1 if result.is_decided else _BLIND) or st.session_state.get(_ASKED) == about


def _show_turn(result: Standings, brief_id: int, field_id: str) -> None:
    """Show the pair whose turn it is, or why there is none."""
    about = f"{brief_id}/{field_id}"
    if not rater():
        with st.container(border=True, key="vote_no_name"):
            st.markdown("**Say who you are** in the box above, then the first two lines appear.")
            st.caption("Votes count per person. Any name will do; it is no login.")
        return
    pair = studio().voting.next_pair(brief_id, field_id, rater(), result.places)
    if pair is None:
        with st.container(border=True, key="vote_no_pair"):
            st.markdown("**You have judged this pair.** Let others vote, or draft more lines.")
            show_take_back(about)
        return
    show_ballot(pair, about)


def _show_decided(result: Standings, about: str, is_seen: bool) -> None:
    with st.container(border=True, key="vote_decided"):
        if is_seen:
            st.markdown(f":green[:material/flag:] {decided_words(result)}")
        else:
            st.markdown(
                "**Decided** by others. You have not voted yet, so you see the result only if "
                "you ask for it."
            )
        with st.container(horizontal=True):
            if is_seen:
                show_approval(result, is_first_choice=True)
            else:
                _ask_button(about, "Show the result", is_quiet=False)
            st.button(
                "Go on anyway" if is_seen else "Vote anyway",
                key="vote_go_on_button",
                on_click=lambda: st.session_state.update({_GO_ON: _aim(about, result)}),
            )
            if is_seen:
                show_take_back(about)


def _show_hidden(about: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="vote_hidden"):
        st.caption(
            f"The ranking shows after {_BLIND} votes of yours, so that it does not sway you.",
            width="content",
        )
        _ask_button(about, "Show it now", is_quiet=True)


def _show_result(result: Standings, about: str, is_over: bool) -> None:
    was_asked = st.session_state.get(_ASKED) == about
    with st.expander("Ranking so far", expanded=was_asked, key="vote_ranking"):
        show_ranking(result)
        if not is_over:
            show_approval(result, is_first_choice=False)


def _ask_button(about: str, label: str, *, is_quiet: bool) -> None:
    st.button(
        label,
        key="vote_ask",
        type="tertiary" if is_quiet else "secondary",
        on_click=lambda: st.session_state.update({_ASKED: about}),
    )


def _show_page() -> None:
    st.title("Vote", anchor=False)
    if is_comparing():
        choose_rater()
        show_comparison()
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        brief = choose_brief()
        if brief is not None:
            choose_rater()
    if brief is None:
        tell_problem()
        st.markdown("Votes are between the lines of a brief, and there is none yet.")
        st.page_link("pages/briefs.py", label="Write a brief")
        return
    offer_comparison()
    counts = {field: _count(brief, field) for field in channel(brief.channel).drafted}
    fields = [field for field, count in counts.items() if count > 1]
    if not fields:
        _show_too_few(counts)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        field = _choose_field(fields)
        places = _choose_places(field, counts[field])
    _show_booth(kept_id(brief), field.id, places)
    show_judge()


def _show_too_few(counts: dict[Field, int]) -> None:
    tell_problem()
    only = next((field for field, count in counts.items() if count), None)
    there_is = f"there is one {plain(only.name.lower())}" if only else "there is none"
    st.markdown(
        f"A vote takes two lines of the same field that are new or approved, and {there_is}."
    )
    st.page_link("pages/draft.py", label="Draft more lines")


only_inside_the_app()
_show_page()
