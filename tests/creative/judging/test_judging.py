"""Strengths from votes: against a library, with ties, and where there is little to go by."""

import numpy as np
import pytest
from scipy import special

from creative.judging.agreement import agreement
from creative.judging.strength import SPREAD, _loss, standing
from creative.judging.votes import tallied
from creative.trials import Choice, Vote


def vote(first, second, choice=Choice.FIRST, voter="ann"):
    return Vote(first=first, second=second, choice=choice, voter=voter)


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def votes_of(rng, strengths, count, tie=-1.0):
    """Draw votes between random pairs by Davidson's model."""
    found = []
    for _ in range(count):
        a, b = rng.choice(len(strengths), 2, replace=False)
        logs = np.array([strengths[a], strengths[b], tie + (strengths[a] + strengths[b]) / 2])
        outcome = rng.choice(3, p=special.softmax(logs))
        choice = (Choice.FIRST, Choice.SECOND, Choice.BOTH)[outcome]
        found.append(vote(int(a), int(b), choice))
    return found


def test_votes_are_counted_from_either_side():
    counts = tallied(
        [7, 9],
        [
            vote(7, 9),
            vote(9, 7, Choice.SECOND),
            vote(9, 7, Choice.NEITHER),
            vote(7, 8),
            vote(7, 7),
        ],
    )
    assert counts.wins.tolist() == [[0, 2], [0, 0]]
    assert counts.ties.tolist() == [[0, 1], [1, 0]]
    assert counts.compared.tolist() == [[0, 3], [3, 0]]


def test_the_gradient_is_that_of_the_loss(rng):
    counts = tallied(range(4), votes_of(rng, [0.5, 0, -0.5, 1], 40))
    at = rng.normal(size=5)
    for place in range(5):
        step = np.eye(5)[place] * 1e-5
        slope = (_loss(at + step, counts)[0] - _loss(at - step, counts)[0]) / 2e-5
        assert _loss(at, counts)[1][place] == pytest.approx(slope, rel=1e-4, abs=1e-6)


def test_strengths_that_votes_were_drawn_from_come_back(rng):
    true = np.array([1.0, 0.4, 0.0, -0.4, -1.0])
    found = standing(tallied(range(5), votes_of(rng, true, 3000)))
    assert found.strength == pytest.approx(true, abs=0.2)
    assert found.tie == pytest.approx(-1.0, abs=0.3)
    assert found.order == [0, 1, 2, 3, 4]
    assert found.is_decided()
    assert found.chance_best()[0] > 0.99


def test_intervals_hold_the_truth_about_as_often_as_they_say(rng):
    held = []
    for _ in range(40):
        true = rng.normal(0, SPREAD, 4)
        true -= true.mean()
        found = standing(tallied(range(4), votes_of(rng, true, 60)))
        held += [low <= true[id] <= high for id in range(4) for low, high in [found.interval(id)]]
    assert 0.88 <= np.mean(held) <= 1.0


def test_a_line_that_won_every_vote_is_not_endlessly_strong():
    found = standing(tallied([1, 2], [vote(1, 2)] * 5))
    assert 0 < found.strength[0] < 3
    assert found.beats(1, 2) > 0.9
    assert found.beats(1, 2) + found.beats(2, 1) == pytest.approx(1)


def test_without_votes_all_are_even_and_nothing_is_decided():
    found = standing(tallied([1, 2, 3], []))
    assert found.strength == pytest.approx([0, 0, 0])
    assert found.beats(1, 2) == pytest.approx(0.5)
    assert not found.is_decided()
    assert found.next_pair(np.zeros((3, 3))) is not None
    assert standing(tallied([1], [])).next_pair(np.zeros((1, 1))) is None


def test_the_next_pair_is_the_one_least_known():
    votes = [vote(1, 2)] * 10 + [vote(2, 1)] * 10 + [vote(3, 1)]
    counts = tallied([1, 2, 3], votes)
    assert 3 in (standing(counts).next_pair(counts.compared) or ())


def test_asking_where_it_tells_most_decides_sooner(rng):
    true = np.array([0.9, 0.1, 0.0, -0.1, -0.3, -0.6])

    def asked(chooses):
        votes = []
        for number in range(60):
            counts = tallied(range(6), votes)
            if number and standing(counts).is_decided():
                break
            pair = standing(counts).next_pair(counts.compared) if chooses else None
            a, b = pair or (int(x) for x in rng.choice(6, 2, replace=False))
            chance = special.expit(true[a] - true[b])
            votes.append(vote(a, b, Choice.FIRST if rng.random() < chance else Choice.SECOND))
        return standing(tallied(range(6), votes)).chance_best()[0]

    assert (
        np.mean([asked(True) for _ in range(12)]) > np.mean([asked(False) for _ in range(12)]) - 0.1
    )


def test_agreement_is_compared_with_luck():
    same = [vote(1, 2, voter="ann"), vote(2, 1, Choice.SECOND, voter="bob")]
    assert agreement(same).same == 1.0
    assert agreement(same).kappa == 1.0
    mixed = [*same, vote(3, 4, voter="ann"), vote(3, 4, Choice.SECOND, voter="bob")]
    found = agreement(mixed)
    assert (found.shared, found.same) == (2, 0.5)
    assert (found.chance, found.kappa) == (0.5, 0.0)
    tied = [vote(5, 6, Choice.BOTH, voter="ann"), vote(5, 6, Choice.BOTH, voter="bob")]
    assert agreement(tied).kappa is None
    found = agreement([*mixed, *tied])
    assert found.chance == pytest.approx((2 / 3) ** 2 / 2 + (1 / 3) ** 2)
    assert agreement([vote(1, 2)]).kappa is None


def test_ids_of_lines_are_no_habit_of_voters():
    people = ("ann", "bob")
    liking_later = [vote(a, a + 1, Choice.SECOND, name) for a in range(20) for name in people]
    assert agreement(liking_later).kappa == 1.0


def test_the_last_vote_of_a_voter_on_a_pair_counts():
    votes = [vote(1, 2, voter="ann"), vote(1, 2, Choice.SECOND, voter="ann")]
    assert agreement([*votes, vote(2, 1, voter="bob")]).same == 1.0
