"""What the writer does differently once tests have shown what a library likes."""

from creative.domain import Angle, Taste
from creative.drafting.angles import possible_angles
from creative.drafting.heeding import heeding
from creative.ranking.traits import angle_trait
from creative.studio.briefs import brief_from_json
from tests.creative.studio.conftest import SAMPLE

BRIEF = brief_from_json(SAMPLE.read_text("utf-8"))


def test_without_a_taste_of_angles_the_usual_ones_stay():
    assert heeding(BRIEF, Taste(), seed=1) == ()
    assert heeding(BRIEF, Taste(liked=("has a number",)), seed=1) == ()


def test_an_angle_that_won_comes_more_often_and_others_stay():
    usual = possible_angles(BRIEF)
    plan = heeding(BRIEF, Taste(liked=("asks a question",)), seed=1)
    assert plan.count(Angle.QUESTION) == 6
    assert set(plan) == set(usual)
    assert plan[0] == usual[0]
    by_name = heeding(BRIEF, Taste(liked=(angle_trait("question"),)), seed=1)
    assert by_name == plan


def test_an_angle_that_lost_comes_half_as_often():
    taste = Taste(liked=("asks a question",), disliked=(angle_trait("curiosity"),))
    plan = heeding(BRIEF, taste, seed=1)
    assert plan.count(Angle.CURIOSITY) == 1
    assert plan.count(Angle.PAIN) == 2
    assert plan.count(Angle.QUESTION) == 12


def test_the_seed_alone_decides_the_order():
    taste = Taste(liked=("asks a question",))
    assert heeding(BRIEF, taste, seed=1) == heeding(BRIEF, taste, seed=1)
    assert heeding(BRIEF, taste, seed=1) != heeding(BRIEF, taste, seed=2)


def test_a_brief_whose_angles_all_lost_is_written_from_all_alike():
    every = tuple(angle_trait(angle.value) for angle in Angle)
    assert sorted(heeding(BRIEF, Taste(disliked=every), seed=1)) == sorted(possible_angles(BRIEF))
