"""Drafts in the order in which to look at them, over a real library."""

import pytest

from creative.domain import DraftState, kept_id
from creative.ports import DraftFilter
from creative.prediction.record import NEEDED
from creative.settings import Settings
from storage.assemble import assemble
from tests.creative.studio.experiment_samples import a_counted_test, approved

DULL, LIKED = "Espresso beans available", "See her espresso beans"


@pytest.fixture
def studio(tmp_path):
    """A studio of its own: a record is of a whole library."""
    built = assemble(Settings(home=tmp_path, database_url="", engine="thread", model="starter"))
    yield built
    built.close()


def new_lines(studio, brief, texts):
    for text in texts:
        studio.review.write(kept_id(brief), "headline", text)


def shown(studio, brief, **values):
    wish = DraftFilter(brief_id=brief.id, states=(DraftState.NEW,), order="best", **values)
    return [draft.line.text for draft in studio.review.find(wish)]


def test_the_prediction_moves_lines_only_once_it_has_earned_it(studio, brief):
    texts = ("Beans", "See what this farmer did")
    for seed in range(NEEDED - 1):
        a_counted_test(studio, brief, texts, texts[1], seed=seed)
    new_lines(studio, brief, [LIKED, DULL])
    assert studio.prospects.weight() == 0
    before = shown(studio, brief)
    a_counted_test(studio, brief, texts, texts[1], seed=NEEDED)
    assert studio.prospects.weight() > 0.5
    rates = studio.foretelling.relative_rates([DULL, LIKED])
    assert rates[1] > rates[0]
    assert before == [DULL, LIKED]
    assert shown(studio, brief) == [LIKED, DULL]


def test_pages_follow_one_another_and_lines_in_use_are_not_new(studio, brief):
    approved(studio, brief, ["Compostable espresso bags"])
    new_lines(
        studio,
        brief,
        ["Espresso bags: compostable", "Wake up slowly", "Roasted for home baristas"],
    )
    every = shown(studio, brief)
    assert every[0] == "Roasted for home baristas"
    assert every[-1] == "Espresso bags: compostable"
    assert [shown(studio, brief, limit=1, offset=at)[0] for at in range(3)] == every


def test_nothing_in_a_library_is_put_in_order(studio, brief):
    assert shown(studio, brief) == []


def test_lines_of_the_starter_are_judged_by_how_they_quote(studio, brief):
    run = studio.drafting.start(kept_id(brief), {"headline": 4}, seed=5)
    studio.drafting.wait(run.id)
    assert len(shown(studio, brief)) == 4
    assert studio.prospects._is_quoting(run.model)
    assert not studio.prospects._is_quoting("gone/away?")
