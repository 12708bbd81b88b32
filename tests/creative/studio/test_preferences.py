"""What is preferred: gathered from votes, stars, edits and results, written and read again."""

import json

import pytest

from creative.domain import DraftState, kept_id
from creative.errors import BriefError
from creative.export.preferences import read_pairs
from creative.trials import Choice
from tests.creative.studio.experiment_samples import LINES, a_test, approved, report


def told(studio, brief):
    """Return the pairs of a brief as better words, worse words, source."""
    pairs = [each for each in studio.preferences.pairs() if each.brief == kept_id(brief)]
    return {(each.chosen, each.rejected, each.source) for each in pairs}


def rows_of(file, brief):
    rows = map(json.loads, file.content.decode().splitlines())
    return [row for row in rows if row["brief"] == kept_id(brief)]


def test_votes_count_while_the_words_stand_and_ties_do_not(studio, brief):
    a, b, c = approved(studio, brief, LINES)
    studio.voting.vote(a, b, Choice.SECOND, "Ann")
    studio.voting.vote(a, c, Choice.BOTH, "Ann")
    studio.voting.vote(c, a, Choice.FIRST, "Ben")
    assert told(studio, brief) == {(LINES[1], LINES[0], "vote"), (LINES[2], LINES[0], "vote")}
    studio.review.edit(c, "Other words", "Ann")
    assert told(studio, brief) == {(LINES[1], LINES[0], "vote")}


def test_stars_count_from_two_apart(studio, brief):
    a, b, c = approved(studio, brief, LINES)
    for draft, stars in ((a, 5), (b, 4), (c, 3)):
        studio.review.rate(kept_id(draft), "Ann", stars)
    assert told(studio, brief) == {(LINES[0], LINES[2], "stars")}


def test_words_that_replaced_the_models_count_once_approved(studio, brief):
    run = studio.drafting.start(brief.id, {"headline": 1}, seed=3)
    studio.drafting.wait(run.id, 60)
    draft = studio.drafting.lines_of(run.id)[0]
    edited = studio.review.edit(draft, "Coffee, roasted on Monday", "Ann")
    assert told(studio, brief) == set()
    studio.review.decide([kept_id(edited)], DraftState.APPROVED)
    assert told(studio, brief) == {("Coffee, roasted on Monday", draft.line.text, "edit")}


def test_results_count_where_they_are_sure(studio, brief):
    test = studio.experiments.start(a_test(studio, brief).id)
    studio.results.commit(test.id, report(LINES, (0.02, 0.035, 0.02)), "report.csv")
    assert told(studio, brief) == {(LINES[1], LINES[0], "result")}


def test_pairs_are_read_as_they_were_written(studio, brief):
    a, b, _ = approved(studio, brief, LINES)
    studio.voting.vote(a, b, Choice.FIRST, "Ann")
    assert read_pairs(studio.preferences.pairs_file().content) == studio.preferences.pairs()
    (row,) = rows_of(studio.preferences.pairs_file(), brief)
    assert [turn["role"] for turn in row["prompt"]] == ["system", "user"]
    assert row["chosen"] == [{"role": "assistant", "content": LINES[0]}]


def test_approved_lines_are_written_with_their_prompt(studio, brief):
    approved(studio, brief, LINES[:1])
    (row,) = rows_of(studio.preferences.approved_file(), brief)
    assert row["completion"] == [{"role": "assistant", "content": LINES[0]}]
    assert brief.product.name in row["prompt"][-1]["content"]


@pytest.mark.parametrize(
    "line",
    ["no json", "{}", '{"prompt": [], "chosen": [], "rejected": []}', '{"prompt": "x"}', "[1]"],
)
def test_a_line_that_is_no_pair_is_named(line):
    with pytest.raises(BriefError, match="Line 2 is no pair"):
        read_pairs(f"\n{line}".encode())


def test_a_file_that_is_no_text_is_refused():
    with pytest.raises(BriefError, match="UTF-8"):
        read_pairs(b"\xff\xfe\x00")
