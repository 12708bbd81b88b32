"""Adapters on the settings page: their cards, blind comparison with their base, the switch."""

import streamlit as st

from creative.studio.adapters import Adapter
from creative.studio.comparing import MOST_PAIRS, PAIRS, Comparing
from pages.parts.adapter_words import TUNE, drafting_words, made_words, stand_words
from pages.parts.failures import shown_to_the_user, told_on_the_page
from pages.parts.keys import COMPARED
from pages.parts.rater import rater, visitor
from pages.parts.resources import studio
from pages.parts.wording import count_of, plain

_WATCHED = "comparison_watched"  #: id of the adapter whose comparison this session has begun


def show_adapters() -> None:
    """Show the adapters of this library."""
    st.subheader("Tuned writers", anchor=False)
    with shown_to_the_user() as attempt:
        adapters = studio().adapters.all()
    if attempt.error is not None:
        return
    if not adapters:
        _show_none()
        return
    progress = studio().adapters.comparisons.progress()
    is_busy = progress is not None and progress.is_active
    if is_busy:
        _show_live()
    elif progress is not None and progress.message and _is_mine(progress):
        st.error(plain(progress.message), icon=":material/error:")
    with st.container(gap="xsmall"):
        for adapter in adapters:
            _show_adapter(adapter, is_busy=is_busy)


def _show_none() -> None:
    st.markdown(
        "A model can learn from your votes, stars, edits and results what people prefer here. It"
        " becomes a small addition to the model, an adapter; none has been made yet. With some"
        " hundred preferences in the library, run this in the folder of Adlib:"
    )
    st.code(TUNE, language=None)


def _show_adapter(adapter: Adapter, *, is_busy: bool) -> None:
    with st.container(border=True, key=f"adapter_{adapter.name}"):
        badge = ""
        if adapter.is_current:
            badge = ":orange-badge[On trial]" if adapter.is_trial else ":green-badge[In use]"
        st.markdown(f"**{plain(adapter.name)}** changes {plain(adapter.base_name)} {badge}")
        if adapter.obstacle:
            st.error(plain(adapter.obstacle), icon=":material/error:")
            return
        if adapter.figures:
            st.caption(made_words(adapter.figures))
        st.markdown(stand_words(adapter))
        if adapter.is_trial:
            st.caption("It writes until another model is chosen or Adlib is started again.")
        elif adapter.is_current and not adapter.may_be_default:
            st.warning(
                "It writes, though votes do not show that it is not worse.", icon=":material/info:"
            )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _show_switches(adapter)
            _show_comparison(adapter, is_busy=is_busy)


def _show_switches(adapter: Adapter) -> None:
    if adapter.may_be_default and (adapter.is_trial or not adapter.is_current):
        st.button(
            "Make it the default",
            key=f"adapter_use_{adapter.name}",
            type="primary",
            on_click=_use,
            args=(adapter.id,),
        )
    if adapter.is_current:
        st.button(
            f"Back to {plain(adapter.base_name)}",
            key=f"adapter_back_{adapter.name}",
            on_click=_back,
            args=(adapter.id,),
        )
    else:
        st.button(
            "Try it", key=f"adapter_try_{adapter.name}", on_click=_try_out, args=(adapter.id,)
        )


def _show_comparison(adapter: Adapter, *, is_busy: bool) -> None:
    """Offer to vote on what is drafted, or to draft more."""
    if left := studio().adapters.comparisons.open_for(rater()).get(adapter.id):
        st.button(
            f"Vote blind on {count_of(left, 'pair')}",
            key=f"adapter_vote_{adapter.name}",
            on_click=_vote,
            args=(adapter.id,),
        )
    if adapter.contest.left:
        return
    word = "more pairs" if adapter.contest.pairs else f"with {plain(adapter.base_name)}"
    st.button(
        f"Compare {word}",
        key=f"adapter_compare_{adapter.name}",
        on_click=_compare,
        args=(adapter.id,),
        disabled=is_busy,
        help="Both draft for your newest briefs. Nobody sees whose line is whose.",
    )
    st.number_input(
        "Pairs",
        min_value=5,
        max_value=MOST_PAIRS,
        value=PAIRS,
        step=5,
        key=_pairs_key(adapter.id),
        width=130,
    )


@st.fragment(run_every=1.0)
def _show_live() -> None:
    """Show how far drafting is; the page follows when it has ended."""
    progress = studio().adapters.comparisons.progress()
    if progress is None or not progress.is_active:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key="comparison_progress"):
        share = min(1.0, progress.done / max(1, progress.wanted))
        st.progress(share, f"Drafting for the comparison: {drafting_words(progress)}")
        st.button("Stop", key="comparison_stop", icon=":material/stop:", on_click=_stop)


def _is_mine(progress: Comparing) -> bool:
    return bool(st.session_state.get(_WATCHED) == progress.adapter)


def _pairs_key(id: str) -> str:
    return f"adapter_pairs_{id}"


def _compare(id: str) -> None:
    with told_on_the_page():
        pairs = int(st.session_state.get(_pairs_key(id)) or PAIRS)
        studio().adapters.compare(id, pairs, user=rater() or visitor())
        st.session_state[_WATCHED] = id


def _stop() -> None:
    studio().adapters.comparisons.stop()
    st.toast("Stopping; nothing of it is kept.", icon=":material/stop:")


def _vote(id: str) -> None:
    st.session_state[COMPARED] = id
    st.switch_page("pages/vote.py")


def _use(id: str) -> None:
    with told_on_the_page() as attempt:
        settings = studio().models.settings
        studio().adapters.use(id, device=settings.device, dtype=settings.dtype)
    if attempt.error is None:
        st.toast("It writes from now on.", icon=":material/check:")


def _try_out(id: str) -> None:
    with told_on_the_page() as attempt:
        studio().adapters.try_out(id)
    if attempt.error is None:
        st.toast("It writes until Adlib is started again.", icon=":material/check:")


def _back(id: str) -> None:
    with told_on_the_page() as attempt:
        studio().adapters.back_to_base(id)
    if attempt.error is None:
        st.toast("The model without it writes again.", icon=":material/check:")
