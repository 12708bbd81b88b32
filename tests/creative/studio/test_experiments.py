"""Tests of lines: designed, run, judged and decided, over a real library."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from creative.domain import DraftState, kept_id
from creative.errors import ExperimentRefused
from creative.experiments.design import expected_gain, outlook, shortage
from creative.experiments.verdict import Outcome
from creative.export.shares import shares_table
from creative.trials import Arm, ExperimentState, Metric, Rule
from tests.creative.studio.experiment_samples import LINES, a_counted_test, a_test, approved, report


@pytest.fixture
def drafted(studio, brief):
    """A line that the model wrote, approved."""
    run = studio.drafting.start(brief.id, {"headline": 1}, seed=3)
    studio.drafting.wait(run.id, 60)
    draft = studio.drafting.lines_of(run.id)[0]
    studio.review.decide([draft.id], DraftState.APPROVED)
    return draft


def test_a_design_is_kept_as_it_was_given(studio, brief):
    kept = a_test(studio, brief, per_day=500, days=20, rule=Rule.PLANNED)
    again = studio.experiments.get(kept.id)
    assert again == kept
    assert [arm.text for arm in again.arms] == list(LINES)
    assert again.control == 0
    assert list(again.names.values()) == [f"T{kept.id}-A", f"T{kept.id}-B", f"T{kept.id}-C"]


def test_a_control_may_be_a_line_that_is_not_in_the_library(studio, brief):
    draft = approved(studio, brief, ["Roasted for you"])[0]
    control = Arm(draft_id=None, text="What runs today", is_control=True)
    design = replace(
        a_test(studio, brief), id=None, arms=(control, Arm(draft_id=draft.id, text=draft.line.text))
    )
    assert studio.experiments.keep(design).arms[0].text == "What runs today"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda e: replace(e, name=" "), "name"),
        (lambda e: replace(e, arms=e.arms[:1]), "2 to 500"),
        (lambda e: replace(e, arms=tuple(replace(a, is_control=False) for a in e.arms)), "control"),
        (
            lambda e: replace(e, arms=(Arm(draft_id=None, text=" ", is_control=True), *e.arms[1:])),
            "Type the",
        ),
        (lambda e: replace(e, rate=0.0), "above 0"),
        (lambda e: replace(e, days=366), "365"),
        (lambda e: replace(e, rule=Rule.PLANNED, days=0), "number of days"),
        (lambda e: replace(e, arms=tuple(replace(a, share=0.0) for a in e.arms)), "Shares"),
        (lambda e: replace(e, arms=(*e.arms, replace(e.arms[1], id=None))), "twice"),
        (lambda e: replace(e, arms=(*e.arms, Arm(draft_id=None, text="New"))), "no approved"),
    ],
)
def test_a_design_that_makes_no_sense_is_refused(studio, brief, change, told):
    kept = a_test(studio, brief)
    with pytest.raises(ExperimentRefused, match=told):
        studio.experiments.keep(change(kept))
    assert studio.experiments.get(kept.id) == kept


def test_a_control_must_be_written_by_a_person(studio, brief, drafted):
    kept = a_test(studio, brief)
    arm = Arm(draft_id=drafted.id, text=drafted.line.text, is_control=True)
    with pytest.raises(ExperimentRefused, match="person wrote"):
        studio.experiments.keep(replace(kept, arms=(arm, *kept.arms[1:])))


def test_a_line_under_test_is_not_edited(studio, brief):
    kept = a_test(studio, brief)
    studio.experiments.start(kept.id)
    draft = studio.review.get(kept.arms[1].draft_id)
    with pytest.raises(ExperimentRefused, match="October lines"):
        studio.review.edit(draft, "Another wording", "Ann")
    assert studio.review.get(draft.id).line.text == LINES[1]
    studio.experiments.move(kept.id, ExperimentState.STOPPED)
    assert studio.review.edit(draft, "Another wording", "Ann").line.text == "Another wording"


def test_a_line_that_was_edited_since_has_to_be_chosen_again(studio, brief):
    kept = a_test(studio, brief)
    draft = studio.review.get(kept.arms[1].draft_id)
    studio.review.edit(draft, "Another wording", "Ann")
    studio.review.decide([kept_id(draft)], DraftState.APPROVED)
    with pytest.raises(ExperimentRefused, match="Another wording"):
        studio.experiments.start(kept.id)


def test_a_test_that_has_begun_keeps_its_design(studio, brief):
    kept = studio.experiments.start(a_test(studio, brief).id)
    assert kept.state is ExperimentState.RUNNING
    assert kept.started_at is not None
    with pytest.raises(ExperimentRefused, match="has begun"):
        studio.experiments.keep(replace(kept, rate=0.5))


def test_states_follow_one_another(studio, brief):
    kept = a_test(studio, brief)
    with pytest.raises(ExperimentRefused, match="cannot become stopped"):
        studio.experiments.move(kept.id, ExperimentState.STOPPED)
    studio.experiments.start(kept.id)
    decided = studio.experiments.decide(kept.id, kept.arms[1].id, "Ann", " clearer ")
    assert decided.decision.by == "Ann"
    assert decided.decision.why == "clearer"
    assert decided.stopped_at is not None
    studio.experiments.move(kept.id, ExperimentState.ARCHIVED)
    assert studio.experiments.put_back(kept.id).decision == decided.decision
    assert studio.experiments.move(kept.id, ExperimentState.STOPPED).decision is None


def test_a_decision_needs_a_name_and_a_line_of_the_test(studio, brief):
    kept = studio.experiments.start(a_test(studio, brief).id)
    with pytest.raises(ExperimentRefused, match="name"):
        studio.experiments.decide(kept.id, None, " ", "")
    with pytest.raises(ExperimentRefused, match="not one of the test"):
        studio.experiments.decide(kept.id, 10**6, "Ann", "")


def test_the_better_line_wins_and_gets_more_traffic(studio, brief):
    kept = studio.experiments.start(a_test(studio, brief).id)
    assert studio.experiments.standing(kept.id).verdict.outcome is Outcome.EMPTY
    studio.results.commit(kept.id, report(LINES, (0.02, 0.035, 0.02)), "report.csv")
    standing = studio.experiments.standing(kept.id)
    assert standing.verdict.outcome is Outcome.WINNER
    assert standing.verdict.winner == 1
    assert LINES[1] in standing.verdict.sentence
    assert standing.verdict.missed > 0
    # What 6,000 impressions a day bring more at about 50 % over a rate of 2 %.
    assert standing.verdict.payback == pytest.approx(standing.verdict.missed / 60, rel=0.5)
    shares = studio.steering.next_shares(kept.id).shares
    assert sum(shares.values()) == pytest.approx(1)
    assert shares[kept.arms[1].id] > 0.8
    assert shares[kept.arms[0].id] == pytest.approx(0.1)
    file = shares_table(kept, shares)
    assert f"T{kept.id}-B,{LINES[1]},,89.5" in file.content.decode("utf-8-sig")


def test_lines_that_do_the_same_have_no_winner(studio, brief):
    kept = studio.experiments.start(a_test(studio, brief).id)
    studio.results.commit(kept.id, report(LINES, (0.02, 0.02, 0.02)), "report.csv")
    verdict = studio.experiments.standing(kept.id).verdict
    assert verdict.outcome is Outcome.OPEN
    assert verdict.winner is None
    assert re.match("No winner yet, and (at this traffic none is|one may come)", verdict.sentence)


def test_a_planned_end_is_looked_at_on_planned_days_only(studio, brief):
    kept = a_test(studio, brief, rule=Rule.PLANNED, days=28)
    studio.experiments.start(kept.id)
    rates = (0.02, 0.06, 0.02)
    studio.results.commit(kept.id, report(LINES, rates, days=6), "six.csv")
    early = studio.experiments.standing(kept.id).verdict
    assert early.looks == (7, 14, 21, 28)
    assert early.outcome is Outcome.OPEN
    assert "after day 7" in early.sentence
    studio.results.commit(kept.id, report(LINES, rates, days=7), "seven.csv")
    assert studio.experiments.standing(kept.id).verdict.outcome is Outcome.WINNER


def test_traffic_that_was_not_split_as_planned_is_told_before_any_winner(studio, brief):
    kept = studio.experiments.start(a_test(studio, brief).id)
    rows = report(LINES, (0.02, 0.05, 0.02)).decode().splitlines()
    skewed = [rows[0], *(r for at, r in enumerate(rows[1:]) if at % 3 or at % 2)]
    studio.results.commit(kept.id, "\n".join(skewed).encode(), "report.csv")
    verdict = studio.experiments.standing(kept.id).verdict
    assert verdict.outcome is Outcome.BROKEN
    assert LINES[0] in verdict.sentence


def test_shares_that_were_shifted_are_not_called_broken(studio, brief):
    kept = studio.experiments.start(a_test(studio, brief).id)
    a, b, c = (arm.id for arm in kept.arms)
    day = dt.date(2026, 10, 8)
    studio.experiments.plan_shares(kept.id, day, {a: 0.2, b: 0.6, c: 0.2})
    before = report(LINES, (0.02, 0.02, 0.02), days=7).decode()
    rows = [
        f"{day + dt.timedelta(at)},{text},{shown},{shown // 50}"
        for at in range(7)
        for text, shown in zip(LINES, (1200, 3600, 1200), strict=True)
    ]
    studio.results.commit(kept.id, (before + "\n".join(rows)).encode(), "report.csv")
    assert not studio.experiments.standing(kept.id).verdict.split.is_broken


def test_too_little_traffic_is_said_before_the_start(studio, brief):
    kept = a_test(studio, brief, per_day=200, rate=0.01, days=14)
    told = shortage(kept, 0.2)
    assert "Not enough traffic" in told
    assert "200 impressions a day" in told
    assert shortage(replace(kept, per_day=200_000), 0.2) == ""
    assert expected_gain(replace(kept, per_day=65, rate=0.02, days=6))[1] == pytest.approx(0.03)


def test_revenue_is_compared_at_equal_shares_only(studio, brief):
    kept = a_test(studio, brief, metric=Metric.REVENUE, per_day=2000, rate=0.02)
    arms = (replace(kept.arms[0], share=2.0), *kept.arms[1:])
    with pytest.raises(ExperimentRefused, match="same share"):
        studio.experiments.keep(replace(kept, arms=arms))
    with pytest.raises(ExperimentRefused, match="from day 7 on"):
        studio.experiments.keep(replace(kept, rule=Rule.PLANNED, days=5))
    studio.experiments.start(kept.id)
    shares = {arm.id: float(at) for at, arm in enumerate(kept.arms)}
    with pytest.raises(ExperimentRefused, match="every line keeps the same share"):
        studio.experiments.plan_shares(kept.id, dt.date(2026, 10, 8), shares)
    conversions = replace(kept, metric=Metric.CONVERSIONS)
    assert outlook(kept, 0.3).per_arm == pytest.approx(2 * outlook(conversions, 0.3).per_arm)
    busy = replace(kept, per_day=10_000_000)
    assert outlook(busy, 0.3).days == 7
    assert outlook(replace(busy, metric=Metric.CLICKS), 0.3).days == 1


def test_lines_that_run_in_another_test_are_told(studio, brief):
    lines = [f"{text}, {kept_id(brief)}" for text in LINES]
    first = a_test(studio, brief, lines)
    asked = [lines[1].upper(), "Another line"]
    assert studio.experiments.running(asked) == []
    begun = studio.experiments.start(first.id)
    assert studio.experiments.running(asked) == [(begun, begun.arms[1])]
    studio.demo.begin(kept_id(brief))
    assert studio.experiments.running(asked) == [(begun, begun.arms[1])]
    studio.experiments.move(first.id, ExperimentState.STOPPED)
    assert studio.experiments.running(asked) == []


def test_a_name_that_is_taken_gets_a_number(studio, brief):
    stem = f"Box of brief {kept_id(brief)}"
    assert studio.experiments.free_name(stem) == stem
    for expected in (stem, f"{stem} 2"):
        name = studio.experiments.free_name(stem)
        assert a_test(studio, brief, name=name).name == expected
    assert studio.experiments.free_name(stem) == f"{stem} 3"


def test_a_test_with_a_winner_waits_until_somebody_decides(studio, brief):
    def waiting():
        return [each.id for each in studio.experiments.undecided() if each.id in (won.id, even.id)]

    won = a_counted_test(studio, brief, LINES, LINES[1])
    even = studio.experiments.start(a_test(studio, brief).id)
    studio.results.commit(even.id, report(LINES, (0.02, 0.02, 0.02)), "even.csv")
    assert waiting() == [won.id]
    studio.experiments.move(won.id, ExperimentState.STOPPED)
    assert waiting() == [won.id]
    studio.experiments.decide(won.id, None, "Ann", "")
    assert waiting() == []
