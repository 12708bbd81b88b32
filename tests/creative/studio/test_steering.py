"""Forecasts move shares once they have proved themselves, and never a verdict."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creative.domain import kept_id
from creative.experiments.shares import next_shares
from creative.experiments.shrinkage import beliefs
from creative.experiments.verdict import Outcome, verdict
from creative.prediction.record import NEEDED
from creative.prediction.workspace import CLICKS, CONVERSIONS
from creative.settings import Settings
from creative.studio.steering import alone, foretold_factors
from storage.assemble import assemble
from tests.creative.studio.experiment_samples import LINES, a_counted_test, a_test, report

LIKED = ("Coffee is available", "You Won't Believe What She Found In Her Coffee")


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    """A studio of its own: records are of a whole library."""
    home = tmp_path_factory.mktemp("home")
    built = assemble(Settings(home=home, database_url="", engine="thread", model="starter"))
    yield built
    built.close()


@pytest.fixture
def counted(studio, brief):
    kept = studio.experiments.start(a_test(studio, brief).id)
    studio.results.commit(kept.id, report(LINES, (0.02, 0.025, 0.02)), "report.csv")
    return studio.experiments.standing(kept.id)


def test_no_forecast_moves_a_verdict(counted):
    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.floats(0, 1), min_size=3, max_size=3))
    def holds(chances):
        arms = counted.experiment.arms
        foretold = {kept_id(arm): chance for arm, chance in zip(arms, chances, strict=True)}
        told = replace(counted.experiment, foretold=foretold)
        found = verdict(told, counted.days)
        assert found.split.p == counted.verdict.split.p
        # The split holds arrays, which do not compare as one.
        assert replace(found, split=counted.verdict.split) == counted.verdict

    holds()


def test_what_has_not_proved_itself_moves_no_shares(studio, counted):
    split = studio.steering.next_shares(counted.experiment.id)
    assert split.weight == 0
    tally = counted.days.tally
    assert list(split.shares.values()) == pytest.approx(
        next_shares(beliefs(tally), tally.control), abs=1e-12
    )


def test_a_chance_becomes_the_factor_that_it_was_reckoned_from(counted):
    a, b, c = (kept_id(arm) for arm in counted.experiment.arms)
    told = replace(counted.experiment, foretold={b: 0.5, c: 0.9})
    factors = foretold_factors(told, 1.0)
    assert factors.mean() == pytest.approx(1)
    assert factors[0] == factors[1] < factors[2]
    assert CLICKS.residue_sd == CONVERSIONS.residue_sd
    apart = CLICKS.residue_sd * 2**0.5
    # A chance of 90 % is 1.2816 standard deviations (any table of the normal distribution).
    assert np.log(factors[2] / factors[0]) == pytest.approx(1.2816 * apart, abs=1e-4)
    assert foretold_factors(told, 0.0).tolist() == [1, 1, 1]
    sure = foretold_factors(replace(told, foretold={a: 0.5, b: 0.0, c: 1.0}), 1.0)
    assert np.isfinite(sure).all()


def test_a_forecast_that_proved_itself_moves_shares_before_any_result(studio, brief):
    for seed in range(NEEDED):
        a_counted_test(studio, brief, LIKED, LIKED[1], seed=seed)
    begun = studio.experiments.start(a_test(studio, brief, LIKED).id)
    split = studio.steering.next_shares(begun.id)
    assert 0.5 < split.weight < 1
    assert split.shares[begun.arms[1].id] > 0.5 > split.shares[begun.arms[0].id] >= 0.1
    assert studio.experiments.standing(begun.id).verdict.outcome is Outcome.EMPTY


def test_a_line_alone_is_worth_what_is_believed_of_it(studio, brief):
    kept = studio.experiments.start(a_test(studio, brief).id)
    studio.results.commit(kept.id, report(LINES, (0.02, 0.035, 0.02)), "report.csv")
    standing = studio.experiments.standing(kept.id)
    found = alone(standing, 1)
    # Of 6,000 impressions a day at 2 %, about 75 % more clicks; a third are the line's already.
    assert found.over_control == pytest.approx(0.75 * 120, rel=0.15)
    assert found.over_split == pytest.approx(found.over_control * 2 / 3, rel=0.1)
    kept_control = alone(standing, standing.experiment.control)
    assert kept_control.over_control == 0
    assert kept_control.over_split == pytest.approx(found.over_split - found.over_control)
