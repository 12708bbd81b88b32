"""Runs: kept line by line, stopped and resumed, reproducible, failing in words."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from creative.domain import Brief, Run, RunState, Severity
from creative.errors import BriefError
from creative.likeness import likeness
from creative.settings import Settings
from creative.studio.briefs import brief_from, brief_to
from creative.studio.studio import Studio
from storage.assemble import assemble


def until(claim: Callable[[], object], timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while not claim():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def texts(studio: Studio, run_id: int) -> list[str]:
    return [draft.line.text for draft in studio.drafting.lines_of(run_id)]


def written(studio: Studio, brief: Brief, count: int, seed: int) -> list[str]:
    run = studio.drafting.start(brief.id, {"headline": count}, seed=seed)
    studio.drafting.wait(run.id, 120)
    assert studio.drafting.progress(run.id).run.state is RunState.DONE
    return texts(studio, run.id)


def test_sixteen_headlines_that_fit_and_promise_nothing_else(studio, brief):
    run = studio.drafting.start(brief.id, {"headline": 16}, seed=7)
    studio.drafting.wait(run.id, 120)
    progress = studio.drafting.progress(run.id)
    drafts = studio.drafting.lines_of(run.id)
    assert (progress.run.state, progress.done) == (RunState.DONE, 16), progress.run.message
    assert all(draft.line.width <= draft.line.limit == 30 for draft in drafts)
    assert not [f for d in drafts for f in d.line.findings if f.severity is Severity.ERROR]
    assert all(claim.support for draft in drafts for claim in draft.line.claims)
    lines = [draft.line.text for draft in drafts]
    assert all(likeness(line, lines[:at]) < 85 for at, line in enumerate(lines))


def test_the_same_seed_gives_the_same_lines(studio, brief):
    other = studio.briefs.keep(replace(brief, id=None))
    assert written(studio, brief, 4, seed=3) == written(studio, other, 4, seed=3)


def test_a_second_run_repeats_no_line_of_the_first(studio, brief):
    first, second = written(studio, brief, 4, seed=3), written(studio, brief, 4, seed=3)
    assert not set(first) & set(second)


def test_a_stopped_run_keeps_its_lines_and_goes_on_where_it_ended(studio, brief):
    run = studio.drafting.start(brief.id, {"headline": 40}, seed=5)
    until(lambda: len(texts(studio, run.id)) >= 2)
    studio.drafting.stop(run.id)
    studio.drafting.wait(run.id, 60)
    stopped = texts(studio, run.id)
    assert studio.drafting.progress(run.id).run.state is RunState.STOPPED
    assert 2 <= len(stopped) < 40
    studio.drafting.resume(run.id)
    until(lambda: len(texts(studio, run.id)) > len(stopped))
    studio.drafting.stop(run.id)
    studio.drafting.wait(run.id, 60)
    assert texts(studio, run.id)[: len(stopped)] == stopped


def test_a_run_that_a_killed_process_left_can_go_on(studio, brief):
    left = Run(
        brief_id=brief.id, wanted={"headline": 2}, templates={"headline": "headline@1"},
        model="starter", seed=1,
    )  # fmt: skip
    with studio.store.transaction() as records:
        run = records.runs.add(left)
        records.runs.set_state(run.id, RunState.RUNNING)
    studio.drafting.recover()
    found = studio.drafting.progress(run.id).run
    assert (found.state, "Resume" in found.message) == (RunState.STOPPED, True)
    studio.drafting.resume(run.id)
    studio.drafting.wait(run.id, 60)
    assert len(texts(studio, run.id)) == 2


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({}, "at least one line"),
        ({"headline": 0}, "at least one line"),
        ({"headline": -1, "description": 5}, "at least one line"),
        ({"headline": 10_000}, "more than one run may write"),
        ({"final_url": 2}, "filled from the brief"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_in_words(studio, brief, wanted, message):
    with pytest.raises(BriefError, match=message):
        studio.drafting.start(brief.id, wanted)
    assert studio.drafting.of_brief(brief.id) == []


def test_a_bare_brief_delivers_what_it_can_and_says_what_is_missing(studio):
    names = {"brand": {"name": "Halden"}, "product": {"name": "beans"}, "channel": "google_rsa"}
    bare = studio.briefs.keep(brief_from(names))
    run = studio.drafting.start(bare.id, {"headline": 30}, seed=7)
    studio.drafting.wait(run.id, 120)
    progress = studio.drafting.progress(run.id)
    assert progress.run.state is RunState.DONE
    assert progress.done == 30 or "could not be written" in progress.run.message


def test_a_missing_model_fails_the_run_and_loses_nothing(tmp_path, brief):
    settings = Settings(home=tmp_path, database_url="", engine="thread", model="starter")
    studio = assemble(settings.model_copy(update={"models": tmp_path / "nowhere"}))
    kept = studio.briefs.keep(brief_from(brief_to(brief)))
    run = studio.drafting.start(kept.id, {"headline": 2})
    studio.drafting.wait(run.id, 60)
    progress = studio.drafting.progress(run.id)
    assert progress.run.state is RunState.FAILED
    assert progress.run.message.endswith(".")
    studio.close()


def test_a_second_studio_beside_a_running_one_stops_nothing(studio, brief):
    run = studio.drafting.start(brief.id, {"headline": 40}, seed=5)
    other = assemble(studio.settings)
    assert other.drafting.progress(run.id).run.state.is_active
    other.close()
    assert studio.drafting.progress(run.id).run.state.is_active
    studio.drafting.stop(run.id)
    studio.drafting.wait(run.id, 60)


def test_another_model_does_not_go_on_with_a_run(studio, brief):
    with studio.store.transaction() as records:
        run = records.runs.add(
            Run(brief_id=brief.id, wanted={"headline": 1}, templates={}, model="other", seed=1)
        )
        records.runs.set_state(run.id, RunState.STOPPED)
    with pytest.raises(BriefError, match="written by other"):
        studio.drafting.resume(run.id)


def test_restoring_a_backup_ends_the_runs_that_were_active_in_it(tmp_path):
    studio = assemble(Settings(home=tmp_path, database_url="", engine="thread", model="starter"))
    names = {"brand": {"name": "Halden"}, "product": {"name": "beans"}, "channel": "google_rsa"}
    kept = studio.briefs.keep(brief_from(names))
    with studio.store.transaction() as records:
        left = Run(brief_id=kept.id, wanted={"headline": 1}, templates={}, model="starter", seed=1)
        run = records.runs.add(left)
        records.runs.set_state(run.id, RunState.RUNNING)
    studio.restore(studio.store.backup(tmp_path / "copy.db"))
    assert studio.drafting.progress(run.id).run.state is RunState.STOPPED
    studio.close()
