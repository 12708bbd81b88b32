"""Lines that wear out get challengers, once."""

from creative.domain import kept_id
from creative.studio.refresh import CHALLENGERS, worn
from tests.creative.studio.experiment_samples import LINES, START, a_test, report, wearing


def test_a_worn_line_gets_challengers_that_wait_in_review_once(studio, brief):
    test = studio.experiments.start(a_test(studio, brief).id)
    studio.results.commit(test.id, wearing(), "report.csv")
    standing = studio.experiments.standing(test.id)
    (tired,) = worn(standing)
    assert tired.place == 1
    assert abs((tired.since - START).days - 20) <= 3
    assert 0.4 < tired.left < 0.65
    run = studio.refresh.challenge(standing)
    studio.drafting.wait(kept_id(run), 120)
    assert len(studio.drafting.lines_of(kept_id(run))) == CHALLENGERS
    again = studio.experiments.standing(test.id)
    assert again.experiment.challenged == (test.arms[1].id,)
    assert studio.refresh.challenge(again) is None


def test_lines_that_hold_get_none(studio, brief):
    test = studio.experiments.start(a_test(studio, brief).id)
    studio.results.commit(test.id, report(LINES, (0.02, 0.03, 0.02), days=40), "report.csv")
    standing = studio.experiments.standing(test.id)
    assert worn(standing) == []
    assert studio.refresh.challenge(standing) is None
