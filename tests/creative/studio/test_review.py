"""Review: judged, undone, reworded with history, never overwritten."""

import pytest

from creative.domain import Brief, DraftState, Severity
from creative.errors import BriefError, EditConflict
from creative.ports import DraftFilter
from creative.studio.studio import Studio


@pytest.fixture
def draft(studio: Studio, brief: Brief):
    return studio.review.write(brief.id, "headline", "Fresh espresso beans")


def test_a_decision_can_be_undone(studio, draft):
    before = studio.review.decide([draft.id], DraftState.APPROVED)
    assert studio.review.get(draft.id).state is DraftState.APPROVED
    studio.review.undo(before)
    assert studio.review.get(draft.id).state is DraftState.NEW


def test_stars_are_the_mean_of_each_raters_latest(studio, draft):
    for rater, stars in (("Ada", 1), ("Ada", 5), (" Bob ", 4)):
        studio.review.rate(draft.id, rater, stars)
    assert studio.review.get(draft.id).stars == 4.5
    assert {rating.rater for rating in studio.review.ratings(draft.id)} == {"Ada", "Bob"}
    assert studio.review.raters()[:2] == ["Bob", "Ada"]


def test_nobody_cannot_rate(studio, draft):
    with pytest.raises(BriefError, match="name"):
        studio.review.rate(draft.id, "  ", 3)


def test_an_edit_is_checked_and_keeps_the_old_wording(studio, draft):
    edited = studio.review.edit(draft, "Espresso beans, 90% off today", "Ada")
    rules = {f.rule for f in edited.line.findings if f.severity is Severity.ERROR}
    assert rules
    assert {claim.support for claim in edited.line.claims} == {None}
    history = studio.review.history(draft.id)
    assert [edit.text for edit in history] == ["Fresh espresso beans", edited.line.text]
    assert (edited.version, history[-1].editor) == (2, "Ada")


def test_an_approval_does_not_pass_over_to_other_words(studio, draft):
    studio.review.decide([draft.id], DraftState.APPROVED)
    approved = studio.review.get(draft.id)
    assert studio.review.edit(approved, approved.line.text, "Ada").state is DraftState.APPROVED
    again = studio.review.get(draft.id)
    assert studio.review.edit(again, "Other words about espresso", "Ada").state is DraftState.NEW


def test_a_field_that_the_brief_fills_is_not_written(studio, brief):
    with pytest.raises(BriefError, match="filled from the brief"):
        studio.review.write(brief.id, "final_url", "https://example.com")


def test_a_preview_keeps_nothing(studio, draft):
    line = studio.review.preview(draft, "x" * 31)
    assert (line.width, line.limit) == (31, 30)
    assert any(finding.severity is Severity.ERROR for finding in line.findings)
    assert studio.review.get(draft.id) == draft


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(studio, draft):
    studio.review.edit(draft, "Espresso, roasted in small batches", "Ada")
    with pytest.raises(EditConflict, match="Ada"):
        studio.review.edit(draft, "Espresso beans with a smooth taste", "Bob")
    assert studio.review.get(draft.id).line.text == "Espresso, roasted in small batches"


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_001])
def test_an_empty_or_huge_wording_is_refused(studio, draft, text):
    with pytest.raises(BriefError):
        studio.review.edit(draft, text, "Ada")
    assert studio.review.get(draft.id).version == 1


@pytest.mark.parametrize("text", ["=2+5", "שלום עולם", "濃いコーヒー", "<b>bold</b> $x$", "☕☕☕"])
def test_any_text_comes_back_as_it_was_typed(studio, brief, text):
    kept = studio.review.write(brief.id, "headline", text)
    assert studio.review.find(DraftFilter(brief_id=brief.id, text=text))[0] == kept
    assert studio.review.get(kept.id).line.text == text
