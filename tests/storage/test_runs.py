"""Runs know what they were drafted from and where they stand; exports are remembered."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from creative.domain import Angle, ExportRecord, RunState, Sampling, Taste
from creative.errors import RecordNotFound
from tests.storage.samples import a_run


def test_a_run_comes_back_as_it_was_added(store, brief):
    run = a_run(
        brief.id,
        seed=2**63 - 1,
        sampling=Sampling(temperature=0.7, top_p=0.9, candidates_per_line=4),
        angles=(Angle.OFFER, Angle.PAIN),
        taste=Taste(liked=("asks a question",), disliked=("has a number",)),
        state=RunState.RUNNING,
        message="going",
    )
    with store.transaction() as records:
        added = records.runs.add(run)
    with store.transaction() as records:
        assert records.runs.get(added.id) == added
    assert replace(added, id=None, created_at=None) == run


def test_a_run_remembers_the_brief_it_was_drafted_from(store, brief):
    with store.transaction() as records:
        run = records.runs.add(a_run(brief.id))
        records.briefs.keep(replace(brief, product=replace(brief.product, offer="50% off")))
    with store.transaction() as records:
        assert records.runs.brief(run.id) == brief
        assert records.briefs.get(brief.id).product.offer == "50% off"


def test_states_are_kept_with_their_message_and_end(store, brief):
    with store.transaction() as records:
        id = records.runs.add(a_run(brief.id)).id
        assert [run.id for run in records.runs.active()] == [id]
        assert records.runs.set_state(id, RunState.RUNNING).finished_at is None
        ended = records.runs.set_state(id, RunState.FAILED, "out of memory")
        assert (ended.state, ended.message) == (RunState.FAILED, "out of memory")
        assert ended.finished_at is not None
        assert records.runs.active() == []
        again = records.runs.set_state(id, RunState.QUEUED)
        assert (again.finished_at, again.message) == (None, "")


def test_the_newest_run_comes_first(store, brief):
    with store.transaction() as records:
        ids = [records.runs.add(a_run(brief.id)).id for _ in range(12)]
        assert [run.id for run in records.runs.of_brief(brief.id)] == ids[::-1]
        assert [run.id for run in records.runs.latest()] == ids[:1:-1]
        assert [run.id for run in records.runs.latest(2)] == ids[:9:-1]
        assert records.runs.of_brief(999) == []


def test_runs_and_exports_of_nothing_are_refused(store):
    record = ExportRecord(brief_id=999, format="csv", filename="a.csv", draft_ids=())
    with store.transaction() as records:
        with pytest.raises(RecordNotFound, match="Brief 999"):
            records.runs.add(a_run(999))
        with pytest.raises(RecordNotFound, match="Brief 999"):
            records.exports.add(record)
        with pytest.raises(RecordNotFound, match="Run 999"):
            records.runs.set_state(999, RunState.DONE)


def test_exports_are_remembered_the_newest_first(store, brief):
    first = ExportRecord(brief_id=brief.id, format="csv", filename="a.csv", draft_ids=(3, 1))
    then = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    with store.transaction() as records:
        one = records.exports.add(first)
        two = records.exports.add(replace(first, filename="b.csv", created_at=then))
    with store.transaction() as records:
        assert records.exports.of_brief(brief.id) == [two, one]
    assert two.created_at == then
    assert replace(one, id=None, created_at=None) == first
