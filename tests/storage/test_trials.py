"""Votes, experiments and results in a real library."""

import datetime as dt
from dataclasses import replace

import pytest

from creative.domain import kept_id
from creative.errors import RecordNotFound
from creative.trials import (
    Arm,
    Choice,
    DayCounts,
    Decision,
    Experiment,
    ExperimentState,
    Metric,
    Result,
    ResultFile,
    Rule,
    SharePlan,
    Vote,
)
from tests.storage.samples import a_line

DAY = dt.date(2026, 10, 1)


@pytest.fixture
def drafts(store, brief):
    with store.transaction() as records:
        return [records.drafts.add(kept_id(brief), None, a_line(f"Line {at}")) for at in range(3)]


@pytest.fixture
def experiment(store, brief, drafts):
    arms = tuple(
        Arm(draft_id=draft.id, text=draft.line.text, is_control=at == 0)
        for at, draft in enumerate(drafts)
    )
    with store.transaction() as records:
        return records.experiments.keep(
            Experiment(brief_id=kept_id(brief), field="headline", name="Ünïque", arms=arms)
        )


def imported(store, experiment, *results, digest="d", columns=("Day",)):
    file = ResultFile(
        experiment_id=kept_id(experiment),
        filename="f.csv",
        digest=digest,
        platform="generic",
        columns=columns,
        mapping={"columns": {"date": ["Day"]}},
    )
    with store.transaction() as records:
        return records.results.add(file, results)


def counts(store, experiment):
    with store.transaction() as records:
        return records.results.counts(kept_id(experiment))


def test_votes_come_back_between_the_asked_drafts_only(store, drafts):
    a, b, c = (kept_id(draft) for draft in drafts)
    with store.transaction() as records:
        first = records.votes.add(Vote(first=a, second=b, choice=Choice.FIRST, voter="Ann"))
        records.votes.add(Vote(first=c, second=a, choice=Choice.BOTH, voter="Ben"))
        assert records.votes.between([a, b]) == [first]
        assert len(records.votes.between([a, b, c])) == 2
        assert len(records.votes.all()) == 2
        records.votes.remove(first.id)
        assert records.votes.between([a, b]) == []
        assert [vote.voter for vote in records.votes.all()] == ["Ben"]


def test_a_vote_is_between_two_known_drafts(store, drafts):
    a = kept_id(drafts[0])
    with store.transaction() as records:
        with pytest.raises(ValueError, match="two drafts"):
            records.votes.add(Vote(first=a, second=a, choice=Choice.BOTH, voter="Ann"))
        with pytest.raises(RecordNotFound):
            records.votes.add(Vote(first=a, second=999, choice=Choice.BOTH, voter="Ann"))


def test_an_experiment_comes_back_whole(store, experiment):
    arm = kept_id(experiment.arms[1])
    now = dt.datetime(2026, 10, 3, 12, tzinfo=dt.UTC)
    changed = replace(
        experiment,
        metric=Metric.CONVERSIONS,
        rule=Rule.PLANNED,
        days=28,
        state=ExperimentState.DECIDED,
        plans=(SharePlan(day=DAY, shares={arm: 0.5}),),
        decision=Decision(arm_id=arm, by="Ann", why="so", made_at=now),
        started_at=now,
        arms=(*experiment.arms[:2], replace(experiment.arms[2], aliases=("Autumn",))),
    )
    with store.transaction() as records:
        assert records.experiments.keep(changed) == changed
    with store.transaction() as records:
        assert records.experiments.get(experiment.id) == changed
        assert records.experiments.all() == [changed]


def test_lines_left_out_of_a_design_are_gone(store, experiment):
    fewer = replace(experiment, arms=(*experiment.arms[:1], Arm(draft_id=None, text="New")))
    with store.transaction() as records:
        kept = records.experiments.keep(fewer)
    assert [arm.text for arm in kept.arms] == ["Line 0", "New"]
    assert kept.arms[0].id == experiment.arms[0].id


def test_running_experiments_are_found_by_a_draft(store, experiment, drafts):
    draft_id = kept_id(drafts[1])
    with store.transaction() as records:
        assert records.experiments.running_with(draft_id) == []
        running = records.experiments.keep(replace(experiment, state=ExperimentState.RUNNING))
        assert records.experiments.running_with(draft_id) == [running]


def test_the_last_file_holds_for_an_arm_and_a_day(store, experiment):
    a, b = (kept_id(arm) for arm in experiment.arms[:2])
    day2 = DAY + dt.timedelta(1)
    imported(
        store,
        experiment,
        Result(arm_id=a, day=DAY, impressions=100, clicks=1, segment="mobile"),
        Result(arm_id=a, day=DAY, impressions=50, clicks=2, segment="desktop"),
        Result(arm_id=b, day=DAY, impressions=10, clicks=1, conversions=0.5),
    )
    later = imported(store, experiment, Result(arm_id=b, day=DAY, impressions=20, clicks=4))
    imported(store, experiment, Result(arm_id=a, day=day2, impressions=5))
    expected = [
        DayCounts(arm_id=a, day=DAY, impressions=150, clicks=3, conversions=0.0),
        DayCounts(arm_id=b, day=DAY, impressions=20, clicks=4, conversions=0.0),
        DayCounts(arm_id=a, day=day2, impressions=5, clicks=0, conversions=0.0),
    ]
    assert counts(store, experiment) == expected
    with store.transaction() as records:
        assert records.results.set_undone(later.id, True).undone_at is not None
    assert counts(store, experiment)[1].impressions == 10
    assert counts(store, experiment)[1].conversions == 0.5
    with store.transaction() as records:
        assert records.results.set_undone(later.id, False).undone_at is None
        assert [file.id for file in records.results.files(experiment.id)][1] == later.id
        assert [each.impressions for each in records.results.of_file(later.id)] == [20]
    assert counts(store, experiment) == expected


def test_the_last_file_with_the_same_headers_is_found(store, experiment):
    imported(store, experiment, columns=("Day", "Ad"), digest="1")
    newer = imported(store, experiment, columns=("Day", "Ad"), digest="2")
    imported(store, experiment, columns=("Other",), digest="3")
    with store.transaction() as records:
        assert records.results.last_mapping(["Day", "Ad"]) == newer
        assert records.results.last_mapping(["Day"]) is None


def test_a_revision_changes_whenever_results_do(store, experiment):
    def revision():
        with store.transaction() as records:
            return records.results.revision()

    seen = [revision()]
    arm = kept_id(experiment.arms[0])
    files = [imported(store, experiment, Result(arm_id=arm, day=DAY, impressions=9, clicks=1))]
    seen.append(revision())
    files.append(imported(store, experiment, Result(arm_id=arm, day=DAY, impressions=9, clicks=2)))
    seen.append(revision())
    for file in files:
        with store.transaction() as records:
            records.results.set_undone(kept_id(file), True)
        seen.append(revision())
    assert len(set(seen)) == 5
    with store.transaction() as records:
        records.results.set_undone(kept_id(files[1]), False)
    assert revision() == seen[3]
    assert revision() == revision()


def test_revenue_comes_back_summed_with_its_currency(store, experiment):
    arm = kept_id(experiment.arms[0])
    halves = [
        Result(arm_id=arm, day=DAY, impressions=5, revenue=10.5, currency="EUR", segment=segment)
        for segment in ("a", "b")
    ]
    file = imported(store, experiment, *halves)
    (found,) = counts(store, experiment)
    assert (found.revenue, found.currency, found.conversions) == (21.0, "EUR", 0.0)
    with store.transaction() as records:
        assert records.results.of_file(kept_id(file)) == halves
