"""When a model may vote: recorded votes of people and a model, and what follows from them."""

from random import Random

import pytest
from scipy.stats import norm

from creative.judging.trust import FEWEST_PAIRS, Doubt, trust
from creative.judging.voters import is_model, model_voter
from creative.trials import Choice, Vote

JUDGE = model_voter("org/judge")
PEOPLE = ("Ada", "Ben", "Cleo")


def vote(pair, better, voter):
    """A vote on lines 2 * pair and 2 * pair + 1; ties by their word."""
    low, high = 2 * pair + 1, 2 * pair + 2
    choice = better if isinstance(better, Choice) else (Choice.FIRST, Choice.SECOND)[better]
    return Vote(first=low, second=high, choice=choice, voter=voter)


def recorded(pairs, people_err, model_err, voters=PEOPLE, seed=5):
    """Votes of people and a model that see the truth, each with errors of a known rate."""
    chance = Random(seed)
    found = []
    for pair in range(pairs):
        truth = chance.random() < 0.5
        found += [vote(pair, truth ^ (chance.random() < people_err), name) for name in voters]
        found.append(vote(pair, truth ^ (chance.random() < model_err), JUDGE))
    return found


def test_a_model_that_agrees_better_than_people_do_has_earned_it():
    found = trust(recorded(60, people_err=0.15, model_err=0.0), JUDGE)
    assert found.doubt is None
    assert (found.people.shared, found.model.shared) == (180, 60)
    assert 0 < found.people.kappa <= found.low < found.model.kappa


def test_thirty_pairs_are_the_least():
    votes = recorded(FEWEST_PAIRS, people_err=0.15, model_err=0.0)
    assert trust(votes, JUDGE).doubt is None
    short = [each for each in votes if each.voter != JUDGE or each.first > 2]
    assert trust(short, JUDGE).doubt is Doubt.FEW_PAIRS
    assert trust(short, JUDGE).model.shared == FEWEST_PAIRS - 1


@pytest.mark.parametrize("seed", range(5))
def test_thrown_dice_never_earn_it(seed):
    assert trust(recorded(300, 0.15, 0.5, seed=seed), JUDGE).doubt is Doubt.APART


def test_an_estimate_above_the_yardstick_is_not_enough():
    found = trust(recorded(40, people_err=0.08, model_err=0.05), JUDGE)
    assert found.model.kappa > found.people.kappa > found.low
    assert found.doubt is Doubt.APART


def test_people_who_vote_as_dice_give_no_yardstick():
    chance = Random(2)
    votes = recorded(40, 0.0, 0.0, voters=("Ada",))
    votes += [vote(pair, chance.random() < 0.5, "Ben") for pair in range(40)]
    votes += [vote(pair, chance.random() < 0.5, "Cleo") for pair in range(40)]
    found = trust(votes, JUDGE)
    assert found.people.kappa <= 0.05
    low = trust([each for each in votes if each.voter != "Ada"], JUDGE)
    assert low.people.kappa <= 0
    assert low.doubt is Doubt.PEOPLE_DISAGREE


def test_one_person_is_no_yardstick():
    found = trust(recorded(50, 0.0, 0.0, voters=("Ada",)), JUDGE)
    assert (found.people.shared, found.model.shared) == (0, 50)
    assert found.doubt is Doubt.NO_YARDSTICK


def test_a_few_answers_of_two_people_are_none_either():
    votes = [*recorded(50, 0.0, 0.0, voters=("Ada",)), vote(0, 1, "Ben"), vote(1, 0, "Ben")]
    assert trust(votes, JUDGE).doubt is Doubt.SHORT_YARDSTICK


def test_people_who_only_say_tie_give_no_kappa():
    both = Choice.BOTH
    votes = [vote(pair, both, name) for pair in range(40) for name in (*PEOPLE, JUDGE)]
    found = trust(votes, JUDGE)
    assert found.people.kappa is None
    assert found.low is None
    assert found.doubt is Doubt.PEOPLE_DISAGREE


def test_the_lower_end_is_that_of_wilson():
    found = trust(recorded(FEWEST_PAIRS, 0.0, 0.0), JUDGE)
    z = norm.isf(0.05)
    assert found.model.same == 1.0
    same = FEWEST_PAIRS / (FEWEST_PAIRS + z**2)  # Wilson's lower end where all were the same
    assert found.low == pytest.approx((same - found.model.chance) / (1 - found.model.chance))


def test_both_kinds_of_ties_are_one_answer():
    votes = [vote(0, Choice.BOTH, "Ada"), vote(0, Choice.NEITHER, "Ben"), vote(0, 1, "Cleo")]
    found = trust([*votes, vote(0, Choice.BOTH, JUDGE)], JUDGE)
    assert found.people.same == pytest.approx(1 / 3)
    assert (found.model.shared, found.model.same) == (1, 1.0)


def test_a_pair_on_which_people_are_divided_has_no_majority():
    votes = [vote(0, 0, "Ada"), vote(0, 1, "Ben"), vote(0, 1, JUDGE)]
    assert trust(votes, JUDGE).model.shared == 0


def test_only_the_last_vote_of_each_counts():
    votes = [vote(0, 0, "Ada"), vote(0, 1, "Ada"), vote(0, 0, JUDGE), vote(0, 1, JUDGE)]
    found = trust(votes, JUDGE).model
    assert (found.shared, found.same) == (1, 1.0)


def test_other_models_are_no_people():
    other = model_voter("org/other")
    votes = recorded(50, 0.0, 0.0, voters=("Ada", other))
    found = trust(votes, JUDGE)
    assert (found.people.shared, found.doubt) == (0, Doubt.NO_YARDSTICK)
    assert trust([vote(0, 0, other), vote(0, 0, JUDGE)], JUDGE).model.shared == 0


@pytest.mark.parametrize("name", ["model: x", "Model:x", " MODEL : x", "m odel:"])
def test_names_of_models_are_told(name):
    assert is_model(name)


@pytest.mark.parametrize("name", ["Ada", "model", "A model: x", ""])
def test_names_of_people_are_told(name):
    assert not is_model(name)
