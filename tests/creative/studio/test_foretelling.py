"""What is foretold before a test begins, what own results add, and how often it came true."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from creative.domain import kept_id
from creative.prediction.record import NEEDED, NOT_TESTED
from creative.settings import Settings
from creative.trials import ExperimentState, Metric
from storage.assemble import assemble
from tests.creative.studio.experiment_samples import START, a_counted_test, a_test, report

LINES = (
    "Coffee is available",
    "You Won't Believe What She Found In Her Coffee",
    "See what this farmer did",
)
PLAIN, LIKED = LINES[0], LINES[1]


@pytest.fixture
def studio(tmp_path):
    """A studio of its own: what was learnt is of a whole library."""
    built = assemble(Settings(home=tmp_path, database_url="", engine="thread", model="starter"))
    yield built
    built.close()


def test_a_test_is_foretold_when_it_begins(studio, brief):
    kept = a_test(studio, brief, LINES)
    assert kept.foretold == {}
    begun = studio.experiments.start(kept.id)
    chances = studio.foretelling.outlook(LINES).chances()[1:, 0]
    assert list(begun.foretold.values()) == [float(chance) for chance in chances]
    assert studio.experiments.get(kept.id).foretold == begun.foretold
    assert kept_id(begun.arms[0]) not in begun.foretold


def test_without_own_results_the_predictor_speaks(studio):
    prior = studio.foretelling._loaded().relative_rates(LINES)
    assert studio.foretelling.relative_rates(LINES) == pytest.approx(prior)
    assert studio.foretelling.why(LIKED, [PLAIN]).own == pytest.approx(0)
    taste = studio.foretelling.taste()
    assert (taste.tests, taste.mean) == (0, taste.elsewhere)


def test_own_results_move_what_is_foretold_and_undoing_them_moves_it_back(studio, brief):
    before = studio.foretelling.relative_rates(LINES)
    test = a_counted_test(studio, brief, LINES, PLAIN)
    after = studio.foretelling.relative_rates(LINES)
    assert after[0] > before[0]
    (file,) = studio.results.files(test.id)
    studio.results.set_undone(file.id, True)
    assert studio.foretelling.relative_rates(LINES) == pytest.approx(before)


def test_what_was_foretold_stays_as_it_was(studio, brief):
    test = a_counted_test(studio, brief, LINES, PLAIN)
    now = studio.foretelling.outlook(LINES).chances()[1:, 0]
    assert (now < np.array(list(test.foretold.values()))).all()
    again = a_test(studio, brief, LINES)
    assert list(studio.experiments.start(again.id).foretold.values()) == pytest.approx(now)


def test_demonstrations_and_tests_put_away_teach_nothing(studio, brief):
    before = studio.foretelling.relative_rates(LINES)
    test = a_counted_test(studio, brief, LINES, PLAIN)
    studio.experiments.move(test.id, ExperimentState.STOPPED)
    studio.experiments.move(test.id, ExperimentState.ARCHIVED)
    demo = studio.demo.begin(kept_id(brief))
    studio.demo.play(demo.id)
    assert studio.foretelling.relative_rates(LINES) == pytest.approx(before)


def test_clicks_say_nothing_of_conversions(studio, brief):
    a_counted_test(studio, brief, LINES, LIKED)
    assert studio.foretelling.relative_rates(LINES, Metric.CONVERSIONS).tolist() == [1, 1, 1]
    buying = a_test(studio, brief, LINES, metric=Metric.CONVERSIONS)
    assert set(studio.experiments.start(buying.id).foretold.values()) == {0.5}
    taste = studio.foretelling.taste(Metric.CONVERSIONS)
    assert (taste.tests, taste.mean) == (0, 0)
    assert taste.low < 0 < taste.elsewhere
    assert studio.foretelling.why(LIKED, [PLAIN], Metric.CONVERSIONS).parts == ()


def test_a_segment_is_heard_apart(studio, brief):
    for seed in range(3):
        a_counted_test(studio, brief, LINES, PLAIN, seed=seed, segment="Night owls")
    here = studio.foretelling.relative_rates(LINES, segment="night  OWLS")
    elsewhere = studio.foretelling.relative_rates(LINES, segment="Early birds")
    assert here[0] > elsewhere[0] > 0
    assert studio.foretelling.taste(segment="Night owls").mean < studio.foretelling.taste().mean


@pytest.mark.parametrize("others", [(), (PLAIN,), LINES])
def test_why_adds_up_with_own_tests_among_it(studio, brief, others):
    a_counted_test(studio, brief, LINES, LIKED)
    why = studio.foretelling.why(LIKED, others)
    assert why.tests == 1
    assert why.own > 0
    total = sum(part.adds for part in why.parts) + why.own + why.rest
    assert total == pytest.approx(why.expected)
    means = studio.foretelling.outlook([LIKED, *(others or LINES)]).mean
    assert why.expected == pytest.approx(means[0] - means[1:].mean())


def test_why_of_the_first_line_of_all_compares_it_with_nothing(studio):
    why = studio.foretelling.why(LIKED, [])
    assert (why.tests, why.own) == (0, 0)
    assert why.expected == pytest.approx(sum(part.adds for part in why.parts) + why.rest)


def test_the_record_counts_tests_foretold_before_their_results(studio, brief):
    assert studio.track_records.of(Metric.CLICKS).sentence == NOT_TESTED
    a_counted_test(studio, brief, LINES, LIKED)
    record = studio.track_records.of(Metric.CLICKS)
    assert record.tests == 1
    assert record.accuracy == 1
    assert record.weight == 0
    assert NOT_TESTED in record.sentence
    assert studio.track_records.of(Metric.CONVERSIONS).tests == 0


def test_segments_have_records_of_their_own_when_there_is_enough(studio, brief):
    for seed in range(NEEDED):
        segment = "Night owls" if seed else "Early birds"
        a_counted_test(studio, brief, LINES[:2], LIKED, seed=seed, segment=segment)
    assert studio.track_records.by_segment(Metric.CLICKS) == {}
    a_counted_test(studio, brief, LINES[:2], LIKED, seed=NEEDED, segment="night owls")
    (name,) = studio.track_records.by_segment(Metric.CLICKS)
    assert name == "Night owls"
    record = studio.track_records.of(Metric.CLICKS)
    assert record.tests == NEEDED + 1
    assert record.weight > 0.5


def test_results_that_came_first_make_no_record(studio, brief):
    test = a_counted_test(studio, brief, LINES, LIKED)
    late = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    with studio.store.transaction() as records:
        kept = records.experiments.get(test.id)
        records.experiments.keep(replace(kept, started_at=late))
    record = studio.track_records.of(Metric.CLICKS)
    assert (record.tests, record.too_late) == (0, 2)


def test_days_before_the_start_make_no_record(studio, brief):
    test = studio.experiments.start(a_test(studio, brief, LINES).id)
    rates = [0.05 if text == LIKED else 0.02 for text in LINES]
    early = report(LINES, rates, first=START - dt.timedelta(3))
    studio.results.commit(test.id, early, "early.csv")
    assert studio.track_records.of(Metric.CLICKS).tests == 1
    kept = studio.results.commit(test.id, early + b"\n", "with_early.csv", with_early=True)
    record = studio.track_records.of(Metric.CLICKS)
    assert (record.tests, record.too_late) == (0, 2)
    studio.results.set_undone(kept.id, True)
    assert studio.track_records.of(Metric.CLICKS).tests == 1
