"""Lines that wear out get challengers, once, from angles that tests speak for."""

from dataclasses import replace

import pytest

from creative.domain import Angle, Audience, Brand, Brief, DraftState, Product, Taste, kept_id
from creative.drafting.angles import possible_angles
from creative.studio.refresh import CHALLENGERS, aim, worn
from creative.trials import Arm, Experiment
from tests.creative.studio.experiment_samples import LINES, START, a_test, noon, report, wearing

ALL = Brief(
    brand=Brand(name="Brew"),
    product=Product(
        name="Box",
        benefits=("Fresh",),
        features=("Roasted on Mondays",),
        offer="20% off",
        proof=("4.8 stars",),
    ),
    audience=Audience(name="Offices", pains=("Stale beans",)),
    channel="google_rsa",
)


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


def test_challengers_leave_the_angle_of_the_tired_line_alone(studio, brief):
    run = studio.drafting.start(kept_id(brief), {"headline": 3}, angles=(Angle.FEATURE,), seed=1)
    studio.drafting.wait(kept_id(run), 120)
    tired = studio.drafting.lines_of(kept_id(run))[0]
    assert tired.line.angle == Angle.FEATURE
    studio.review.decide([kept_id(tired)], DraftState.APPROVED)
    texts = (LINES[0], tired.line.text, LINES[2])
    arms = (
        Arm(draft_id=None, text=texts[0], is_control=True),
        Arm(draft_id=tired.id, text=texts[1]),
    )
    design = Experiment(
        brief_id=kept_id(brief), field="headline", name="Worn", arms=arms, started_at=noon(START)
    )
    test = studio.experiments.start(studio.experiments.keep(design).id)
    studio.results.commit(test.id, wearing(texts), "report.csv")
    standing = studio.experiments.standing(test.id)
    chosen = studio.refresh.aim(standing, {test.arms[1].id})
    assert chosen.avoided == (Angle.FEATURE,)
    challengers = studio.refresh.challenge(standing)
    assert challengers.angles == chosen.plan
    studio.drafting.wait(kept_id(challengers), 120)
    written = {draft.line.angle for draft in studio.drafting.lines_of(kept_id(challengers))}
    assert written
    assert written <= set(chosen.plan)


def test_angles_that_surely_won_take_every_other_line():
    taste = Taste(
        liked=("has a number", "angle: proof", "angle: question"), disliked=("angle: offer",)
    )
    chosen = aim(ALL, taste, {Angle.BENEFIT})
    assert chosen.won == (Angle.PROOF, Angle.QUESTION)
    assert chosen.avoided == (Angle.BENEFIT, Angle.OFFER)
    assert len(chosen.plan) == CHALLENGERS
    assert chosen.plan[::2] == (Angle.PROOF, Angle.QUESTION, Angle.PROOF)
    assert len(set(chosen.plan[1::2])) == 3
    assert not set(chosen.plan) & set(chosen.avoided)


def test_no_winner_is_left_out_because_there_are_few_others():
    winners = (Angle.PROOF, Angle.QUESTION, Angle.FEATURE)
    taste = Taste(liked=tuple(f"angle: {angle.value}" for angle in winners))
    others = (Angle.BENEFIT, Angle.OFFER)
    chosen = aim(ALL, taste, {*possible_angles(ALL)} - {*winners, *others})
    assert chosen.won == chosen.plan[::2] == winners
    assert set(chosen.plan[1::2]) == set(others)


def test_only_winners_that_challengers_are_written_from_are_named():
    usual = possible_angles(ALL)
    taste = Taste(liked=tuple(f"angle: {angle.value}" for angle in usual[:-1]))
    chosen = aim(ALL, taste, ())
    assert chosen.won == usual[: CHALLENGERS // 2] == chosen.plan[::2]
    assert set(chosen.plan[1::2]) == {usual[-1]}
    everything = aim(ALL, Taste(liked=tuple(f"angle: {angle.value}" for angle in usual)), ())
    assert everything.won == everything.plan == usual[:CHALLENGERS]


def test_a_winning_angle_that_wore_out_is_left_out_too():
    chosen = aim(ALL, Taste(liked=("angle: question",)), {Angle.QUESTION})
    assert (chosen.won, chosen.avoided) == ((), (Angle.QUESTION,))


@pytest.mark.parametrize("worn_out", [(), tuple(Angle)])
def test_where_tests_say_nothing_or_leave_nothing_the_usual_angles_serve(worn_out):
    chosen = aim(ALL, Taste(), worn_out)
    assert (chosen.plan, chosen.won, chosen.avoided) == ((), (), ())
    bare = replace(ALL, product=Product(name="Box"), audience=Audience())
    assert possible_angles(bare) == (Angle.BRAND,)
    assert aim(bare, Taste(), {Angle.BRAND}).avoided == ()
