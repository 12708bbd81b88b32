"""What is foretold before a test begins, and how often it came true."""

from creative.domain import kept_id
from creative.prediction.record import NOT_TESTED
from tests.creative.studio.experiment_samples import a_test, report

LINES = (
    "Coffee is available",
    "You Won't Believe What She Found In Her Coffee",
    "See what this farmer did",
)


def test_a_test_is_foretold_when_it_begins(studio, brief):
    kept = a_test(studio, brief, LINES)
    assert kept.foretold == {}
    begun = studio.experiments.start(kept.id)
    scores = studio.foretelling.scores(LINES)
    assert list(begun.foretold.values()) == [float(score) for score in scores]
    assert studio.experiments.get(kept.id).foretold == begun.foretold


def test_the_record_counts_tests_foretold_before_their_results(studio, brief):
    before = studio.foretelling.record(studio.experiments).tests
    test = studio.experiments.start(a_test(studio, brief, LINES).id)
    better = max(test.foretold, key=test.foretold.get)
    rates = [0.05 if kept_id(arm) == better else 0.02 for arm in test.arms]
    studio.results.commit(test.id, report(LINES, rates), "report.csv")
    record = studio.foretelling.record(studio.experiments)
    assert record.tests == before + 1
    assert not record.is_tested
    assert NOT_TESTED in record.sentence


def test_why_adds_up(studio):
    found = studio.foretelling.why(LINES[1])
    assert abs(sum(part.adds for part in found.parts) - found.lexical) < 1e-6
