"""The demonstration: made-up days, never mixed with real ones."""

import numpy as np
import pytest

from creative.domain import kept_id
from creative.errors import ExperimentRefused
from creative.experiments.verdict import Outcome
from creative.studio.demo import DAYS, has_ended, true_rates
from creative.trials import ExperimentState
from tests.creative.studio.experiment_samples import LINES, a_test, report


def test_thirty_days_pass_and_no_more(studio, brief):
    for text in LINES:
        studio.review.write(kept_id(brief), "headline", text)
    demo = studio.demo.begin(kept_id(brief))
    assert [studio.demo.play(demo.id) for _ in range(DAYS + 2)] == [*range(1, DAYS + 1), DAYS, DAYS]
    standing = studio.experiments.standing(demo.id)
    assert len(standing.days.dates) == DAYS
    assert not standing.verdict.split.is_broken
    shown = standing.days.tally.impressions.sum(axis=0)
    best = int(np.argmax(true_rates(demo)))
    assert shown[best] == max(shown) or best == demo.control
    assert standing.experiment.is_simulated


def test_a_demonstration_ends_with_its_last_day(studio, brief):
    for text in LINES:
        studio.review.write(kept_id(brief), "headline", text)
    demo = studio.demo.begin(kept_id(brief))
    while studio.demo.play(demo.id) < DAYS - 1:
        pass
    going = studio.experiments.get(demo.id)
    assert (going.is_running, has_ended(going)) == (True, False)
    studio.demo.play(demo.id)
    over = studio.experiments.standing(demo.id)
    assert over.experiment.state is ExperimentState.STOPPED
    assert over.experiment.stopped_at.date() == over.days.dates[-1]
    assert has_ended(over.experiment)
    studio.experiments.decide(demo.id, None, "Ann", "")
    taken_back = studio.experiments.move(demo.id, ExperimentState.STOPPED)
    assert taken_back.stopped_at == over.experiment.stopped_at


@pytest.mark.parametrize("lines", [2, 3])
def test_every_demonstration_ends_with_a_winner(studio, brief, lines):
    for text in LINES[:lines]:
        studio.review.write(kept_id(brief), "headline", text)
    for _ in range(4):  # the days of each follow from its id
        demo = studio.demo.begin(kept_id(brief))
        while studio.demo.play(demo.id) < DAYS:
            pass
        standing = studio.experiments.standing(demo.id)
        rates = true_rates(demo)
        assert standing.verdict.outcome is Outcome.WINNER
        assert rates[standing.verdict.winner] > rates[demo.control]
        shown = standing.days.tally.impressions
        assert shown.min() > 0
        assert shown.max() < 0.97 * shown.sum(axis=1).max()


def test_a_brief_without_lines_is_told_to_draft_first(studio, brief):
    with pytest.raises(ExperimentRefused, match="draft some first"):
        studio.demo.begin(kept_id(brief))


def test_real_and_simulated_results_do_not_mix(studio, brief):
    real = studio.experiments.start(a_test(studio, brief).id)
    with pytest.raises(ExperimentRefused, match="Only a demonstration"):
        studio.demo.play(real.id)
    demo = studio.demo.begin(kept_id(brief))
    with pytest.raises(ExperimentRefused, match="no real results"):
        studio.results.commit(demo.id, report(LINES, (0.1, 0.1, 0.1)), "report.csv")
