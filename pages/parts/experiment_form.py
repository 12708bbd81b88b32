"""Designing a test: which lines, against which control, on how much traffic."""

from collections.abc import Sequence

import streamlit as st

from creative.channels import channel
from creative.domain import Brief, Draft, kept_id
from creative.experiments.design import PATIENCE, expected_gain, outlook, shortage, why_fixed
from creative.trials import Arm, Experiment, Metric, Rule
from pages.parts.brief_choice import open_page
from pages.parts.experiment_words import (
    METRICS,
    REVENUE_EXPLAINED,
    RULES,
    RULES_EXPLAINED,
    SELF_CHOOSING,
)
from pages.parts.failures import shown_to_the_user
from pages.parts.keys import CHOSEN_TEST
from pages.parts.resources import studio
from pages.parts.wording import count_of, listed, plain

DESIGNING = "designing_test"  #: whether the form is open
_USUAL = 4  #: lines chosen at first
_TYPED = 0  #: the control is typed in


def show_form(brief: Brief) -> None:
    """Ask for the design of a test, and say what it can show before it starts."""
    st.subheader("New test", anchor=False)
    place = channel(brief.channel)
    field = st.selectbox(
        "What is compared",
        [one.id for one in place.drafted],
        format_func=lambda id: place.field(id).name,
        key="test_field",
    )
    drafts = studio().experiments.candidates(kept_id(brief), field)
    if not drafts:
        st.markdown("No line of this field is approved yet. Approve the lines to test first.")
        with st.container(horizontal=True):
            if st.button("Review lines", key="to_review", type="primary"):
                open_page("pages/review.py", kept_id(brief))
            _show_cancel()
        return
    design = _asked(brief, field, drafts)
    _show_outlook(design)
    with st.container(horizontal=True):
        is_kept = st.button("Keep this design", key="keep_test", type="primary")
        _show_cancel()
    if is_kept:
        with shown_to_the_user() as attempt:
            kept = studio().experiments.keep(design)
        if attempt.error is None:
            st.session_state[CHOSEN_TEST] = kept.id
            st.session_state[DESIGNING] = False
            st.rerun()


def _show_cancel() -> None:
    st.button("Cancel", key="cancel_test", on_click=_close)


def _close() -> None:
    st.session_state[DESIGNING] = False


def _asked(brief: Brief, field: str, drafts: Sequence[Draft]) -> Experiment:
    usual = studio().experiments.free_name(f"{brief.product.name}, {field}")
    name = st.text_input("Name", usual, key=f"test_name_{field}")
    by_id = {kept_id(draft): draft for draft in drafts}
    control = _control(by_id)
    others = [id for id in by_id if id != control.draft_id]
    busy = {arm.text for _, arm in studio().experiments.running(d.line.text for d in drafts)}
    free = [id for id in others if by_id[id].line.text not in busy]
    chosen = st.multiselect(
        "Lines to test against it",
        others,
        default=(free or others)[:_USUAL],
        format_func=lambda id: by_id[id].line.text,
        key=f"test_lines_{control.draft_id}",
    )
    arms = (control, *(Arm(draft_id=id, text=by_id[id].line.text) for id in chosen))
    _warn_of_others(arms)
    left, middle, right = st.columns(3)
    metric = Metric(
        left.selectbox(
            "What counts",
            [metric.value for metric in Metric],
            format_func=lambda value: METRICS[Metric(value)],
            key="test_metric",
        )
    )
    what = "Conversion rate" if metric is Metric.REVENUE else "Rate"
    rate = middle.number_input(
        f"{what} that you have today, %", 0.01, 99.0, 2.0, step=0.1, key="test_rate",
        help="Of the control: clicks in a hundred impressions, or conversions where they or their"
        " revenue count.",
    )  # fmt: skip
    per_day = right.number_input(
        "Impressions a day, all lines together", 0, 100_000_000, 2000, step=100, key="test_per_day"
    )
    if metric is Metric.REVENUE:
        st.caption(REVENUE_EXPLAINED)
    rule = Rule(
        st.radio(
            "When a winner may be called",
            [rule.value for rule in Rule],
            format_func=lambda value: RULES[Rule(value)],
            captions=[RULES_EXPLAINED[rule] for rule in Rule],
            key="test_rule",
        )
    )
    left, right = st.columns(2)
    days = left.number_input(
        "Days" if rule is Rule.PLANNED else "Days (0: open-ended)",
        0, 365, 28 if rule is Rule.PLANNED else 0, key=f"test_days_{rule.value}",
    )  # fmt: skip
    segment = right.text_input("Who sees it", key="test_segment", placeholder="Everybody")
    return Experiment(
        brief_id=kept_id(brief),
        field=field,
        name=name,
        arms=arms,
        metric=metric,
        rule=rule,
        platform=brief.channel,
        segment=segment,
        rate=rate / 100,
        per_day=int(per_day),
        days=int(days),
    )


def _control(drafts: dict[int, Draft]) -> Arm:
    """Ask for the line that runs today; a model's line is no control."""
    human = [id for id, draft in drafts.items() if draft.run_id is None]
    chosen = _TYPED
    if human:
        chosen = st.selectbox(
            "Control: the line that runs today",
            [*human, _TYPED],
            format_func=lambda id: drafts[id].line.text if id else "Another line: type it",
            key="test_control",
        )
    if chosen:
        return Arm(draft_id=chosen, text=drafts[chosen].line.text, is_control=True)
    text = st.text_input(
        "Control: the line that runs today" if not human else "That line",
        key="test_control_text",
        help="A person wrote it, and it runs now. Without it nobody can say what a test gained.",
    )
    return Arm(draft_id=None, text=text, is_control=True)


def _warn_of_others(arms: Sequence[Arm]) -> None:
    """Say which lines run in another test now."""
    found = studio().experiments.running(arm.text for arm in arms if arm.text.strip())
    if not found:
        return
    lines = listed([f"“{text}”" for text in dict.fromkeys(arm.text for _, arm in found)])
    tests = {test.id: f"“{test.name}” (#{test.id})" for test, _ in found}
    is_one = len({arm.text for _, arm in found}) == 1
    st.warning(
        plain(
            f"{lines} {'runs' if is_one else 'run'} in another test already:"
            f" {listed(list(tests.values()))}. A report that lists ads by their text would count"
            " for all of these tests. Stop the other ones first, or name the ads on the platform as"
            f" their designs say, such as {found[0][0].names[kept_id(found[0][1])]}."
        ),
        icon=":material/call_split:",
    )


def _show_outlook(design: Experiment) -> None:
    """Say what the traffic can show, before anything is spent."""
    if len(design.arms) < 2:
        st.markdown("Choose at least one line to test against the control.")
        return
    with st.container(border=True, key="outlook"):
        wanted = st.select_slider(
            "Smallest difference worth finding",
            [0.05, 0.1, 0.2, 0.3, 0.5, 1.0],
            0.3,
            format_func=lambda uplift: f"{uplift:.0%} more",
            key="test_uplift",
        )
        if told := shortage(design, wanted):
            st.warning(plain(told), icon=":material/hourglass_disabled:")
        found = outlook(design, wanted)
        st.markdown(_plan_words(design, found.per_arm, found.days, found.detectable))
        if design.metric is Metric.REVENUE:
            st.caption(
                "This takes order values to differ as much as they are large on average; if yours"
                " differ more, it takes longer. " + why_fixed(design)
            )
        elif design.rule is Rule.ANY_DAY:
            wins, gain = expected_gain(design)
            what = design.metric.value
            st.markdown(
                f"If you shift traffic to better lines as you go, expect about {gain:.0%} more"
                f" {what} than with equal shares, at about {wins:,.0f} {what} per line."
            )
        st.caption(SELF_CHOOSING)


def _plan_words(design: Experiment, per_arm: float, days: float, detectable: float) -> str:
    if per_arm == float("inf"):
        return "No number of impressions shows that difference: the rate would exceed 100 %."
    length = design.days or PATIENCE
    needs = f"Each line needs {per_arm:,.0f} impressions"
    when = f", which takes {count_of(int(days), 'day')}" if days < float("inf") else ""
    if detectable == float("inf"):
        return f"{needs}{when}. In {length} days this traffic shows no difference at all."
    return f"{needs}{when}. In {length} days, differences from {detectable:.0%} on show."
