"""Drafts are kept with their findings, edited with their history, decided and rated."""

import threading
from dataclasses import replace

import pytest

from creative.domain import (
    Claim,
    ClaimKind,
    DraftState,
    Finding,
    Rating,
    Severity,
    Span,
)
from creative.errors import EditConflict, RecordNotFound
from creative.ports import DraftFilter
from tests.storage.samples import a_brief, a_line, a_run

TOO_LONG = Finding(
    rule="length",
    severity=Severity.ERROR,
    message="Four characters too long.",
    fix="Shorten it.",
    span=Span(30, 34),
    source="https://support.google.com/google-ads/answer/1722124",
)
SHOUTING = Finding(rule="caps", severity=Severity.WARNING, message="No capitals.", overridable=True)
FREE = Claim(kind=ClaimKind.FREE, text="free", span=Span(0, 4), support=None)
PRICE = Claim(kind=ClaimKind.PRICE, text="€9", span=Span(5, 7), support="product.price")


@pytest.fixture
def draft(store, brief):
    with store.transaction() as records:
        return records.drafts.add(brief.id, None, a_line())


def test_a_draft_comes_back_as_it_was_added(store, brief):
    line = a_line(
        angle="benefit",
        seed=2**63 - 1,
        logprob=-12.625,
        findings=(TOO_LONG, SHOUTING),
        claims=(FREE, PRICE),
    )
    with store.transaction() as records:
        run = records.runs.add(a_run(brief.id))
        added = records.drafts.add(brief.id, run.id, line)
    with store.transaction() as records:
        assert records.drafts.get(added.id) == added
    assert (added.line, added.brief_id, added.run_id) == (line, brief.id, run.id)
    assert (added.state, added.version, added.stars) == (DraftState.NEW, 1, None)


def test_a_draft_of_nothing_is_refused(store, brief):
    with store.transaction() as records:
        other = records.briefs.keep(a_brief())
        run = records.runs.add(a_run(other.id))
        with pytest.raises(RecordNotFound, match="Brief 999"):
            records.drafts.add(999, None, a_line())
        with pytest.raises(RecordNotFound, match="Run 999"):
            records.drafts.add(brief.id, 999, a_line())
        with pytest.raises(ValueError, match="is of brief"):
            records.drafts.add(brief.id, run.id, a_line())


def test_an_edit_replaces_the_line_and_keeps_the_history(store, draft):
    line = a_line("Free beans", findings=(TOO_LONG,), claims=(FREE,))
    with store.transaction() as records:
        edited = records.drafts.edit(draft.id, 1, line, "Ada")
        assert edited == records.drafts.get(draft.id)
        assert (edited.line, edited.version) == (line, 2)
        assert records.drafts.count(DraftFilter(has_findings=True)) == 1
        assert records.drafts.count(DraftFilter(text="FREE")) == 1
        records.drafts.edit(draft.id, 2, a_line("Beans"), "Bo")
        assert records.drafts.count(DraftFilter(has_findings=True)) == 0
    with store.transaction() as records:
        history = records.drafts.history(draft.id)
    assert [(edit.version, edit.text, edit.editor) for edit in history] == [
        (1, "Fresh beans today", ""),
        (2, "Free beans", "Ada"),
        (3, "Beans", "Bo"),
    ]
    assert history[0].created_at == draft.created_at


def test_an_edit_from_an_old_version_is_refused_with_both_texts_at_hand(store, draft):
    with store.transaction() as records:
        records.drafts.edit(draft.id, 1, a_line("Ada's wording"), "Ada")
    with (
        pytest.raises(EditConflict, match=r"Ada .*UTC.*Ada's wording") as caught,
        store.transaction() as records,
    ):
        records.drafts.edit(draft.id, 1, a_line("Bo's wording"), "Bo")
    assert "Bo's wording" not in str(caught.value)
    with store.transaction() as records:
        assert records.drafts.get(draft.id).line.text == "Ada's wording"
        assert len(records.drafts.history(draft.id)) == 2


def test_of_two_threads_that_edit_one_draft_exactly_one_wins(store, draft):
    outcomes, together = [], threading.Barrier(2)

    def edit(name):
        together.wait()
        try:
            with store.transaction() as records:
                outcomes.append(records.drafts.edit(draft.id, 1, a_line(name), name).line.text)
        except EditConflict as conflict:
            outcomes.append(conflict)

    threads = [threading.Thread(target=edit, args=(name,)) for name in ("Ada", "Bo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (conflict,) = [one for one in outcomes if isinstance(one, EditConflict)]
    (winner,) = [one for one in outcomes if isinstance(one, str)]
    assert winner in str(conflict)
    with store.transaction() as records:
        assert [edit.text for edit in records.drafts.history(draft.id)][1:] == [winner]


def test_a_line_cannot_move_to_another_field(store, draft):
    with store.transaction() as records, pytest.raises(ValueError, match="not a description"):
        records.drafts.edit(draft.id, 1, a_line(field="description"), "Ada")


def test_many_drafts_are_decided_at_once_or_not_at_all(store, brief):
    with store.transaction() as records:
        ids = [records.drafts.add(brief.id, None, a_line()).id for _ in range(3)]
        records.drafts.set_state([*ids, ids[0]], DraftState.APPROVED)
        assert records.drafts.get(ids[0]).state is DraftState.APPROVED
        records.drafts.set_state([], DraftState.REJECTED)
    with pytest.raises(RecordNotFound, match="Draft 999"), store.transaction() as records:
        records.drafts.set_state([*ids, 999], DraftState.REJECTED)
    with store.transaction() as records:
        assert records.drafts.count(DraftFilter(states=(DraftState.APPROVED,))) == 3


def test_more_drafts_are_decided_than_one_statement_takes(store, brief):
    with store.transaction() as records:
        ids = [records.drafts.add(brief.id, None, a_line()).id for _ in range(600)]
        records.drafts.set_state(iter(ids), DraftState.ARCHIVED)
        assert records.drafts.count(DraftFilter(states=(DraftState.ARCHIVED,))) == 600


def test_the_latest_rating_of_each_rater_counts(store, draft):
    def rate(rater, stars):
        with store.transaction() as records:
            records.ratings.add(Rating(draft_id=draft.id, rater=rater, stars=stars))
            return records.drafts.get(draft.id).stars

    assert rate("Ada", 5) == 5
    assert rate("Bo", 2) == 3.5
    assert rate("Ada", 1) == 1.5
    assert rate("Cy", 3) == 2
    with store.transaction() as records:
        ratings = records.ratings.of_draft(draft.id)
        assert [(one.rater, one.stars) for one in ratings] == [
            ("Ada", 5),
            ("Bo", 2),
            ("Ada", 1),
            ("Cy", 3),
        ]
        assert records.ratings.raters() == ["Cy", "Ada", "Bo"]


@pytest.mark.parametrize("stars", [0, 6, -1, 3.5])
def test_only_one_to_five_stars_exist(store, draft, stars):
    with store.transaction() as records, pytest.raises(ValueError, match="one to five"):
        records.ratings.add(Rating(draft_id=draft.id, rater="Ada", stars=stars))


def test_a_rating_comes_back_and_needs_its_draft(store, draft):
    rating = Rating(draft_id=draft.id, rater="Ada", stars=4)
    with store.transaction() as records:
        added = records.ratings.add(rating)
        assert records.ratings.of_draft(draft.id) == [added]
        assert replace(added, created_at=None) == rating
        for refused in (
            lambda: records.ratings.add(replace(rating, draft_id=999)),
            lambda: records.ratings.of_draft(999),
            lambda: records.drafts.history(999),
            lambda: records.drafts.edit(999, 1, a_line(), "Ada"),
        ):
            with pytest.raises(RecordNotFound, match="Draft 999"):
                refused()
