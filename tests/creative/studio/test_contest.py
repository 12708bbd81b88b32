"""When blind votes let one writer take the place of another."""

import random

import pytest
from scipy import stats

from creative.studio.contest import FEWEST_PAIRS, NOT_WORSE, Doubt, contest
from creative.trials import Choice, Vote


def pairs_of(count):
    return [(2 * at, 2 * at + 1) for at in range(count)]


def vote(pair, choice=Choice.FIRST, voter="Ada"):
    return Vote(first=pair[0], second=pair[1], choice=choice, voter=voter)


def test_nothing_is_known_without_pairs():
    found = contest([], [])
    assert (found.doubt, found.share) == (Doubt.NEVER_COMPARED, 0.5)


def test_every_pair_has_to_be_judged_first():
    pairs = pairs_of(40)
    votes = [vote(pair) for pair in pairs[:-1]]
    assert contest(pairs, votes).doubt is Doubt.PAIRS_LEFT  # however far ahead
    assert contest(pairs, [*votes, vote(pairs[-1])]).doubt is None


def test_a_few_pairs_are_too_few():
    pairs = pairs_of(FEWEST_PAIRS - 1)
    assert contest(pairs, map(vote, pairs)).doubt is Doubt.FEW_PAIRS
    assert contest(pairs, map(vote, pairs), same=1).doubt is None


def test_the_end_of_the_range_decides_not_the_share():
    pairs = pairs_of(40)
    votes = [vote(p, Choice.FIRST if at % 2 else Choice.SECOND) for at, p in enumerate(pairs)]
    found = contest(pairs, votes)
    assert found.share == 0.5
    assert found.low < NOT_WORSE
    assert found.doubt is Doubt.MAY_BE_WORSE
    wanted = stats.binomtest(20, 40).proportion_ci(0.9, "wilson")
    assert (found.low, found.high) == (pytest.approx(wanted.low), pytest.approx(wanted.high))


def test_writers_that_write_the_same_cannot_be_far_apart():
    pairs = pairs_of(11)
    votes = [vote(p, Choice.FIRST if at < 5 else Choice.SECOND) for at, p in enumerate(pairs)]
    found = contest(pairs, votes, same=21)
    assert (found.judged, found.doubt) == (32, None)
    lost = contest(pairs, [vote(pair, Choice.SECOND) for pair in pairs], same=21)
    assert lost.doubt is Doubt.MAY_BE_WORSE


def test_sides_say_nothing():
    pairs = pairs_of(40)
    turned = [vote(pair[::-1], Choice.SECOND) for pair in pairs]
    assert contest(pairs, turned) == contest(pairs, map(vote, pairs))


def test_many_votes_on_a_pair_are_one_pair():
    pairs = pairs_of(2)
    votes = [vote(pairs[0], voter=str(at)) for at in range(9)]
    votes.append(vote(pairs[1], Choice.SECOND))
    found = contest(pairs, votes)
    assert (found.share, found.judged, found.votes) == (0.5, 2, 10)


def test_the_last_word_of_a_person_counts_and_ties_are_halves():
    (pair,) = pairs_of(1)
    assert contest([pair], [vote(pair), vote(pair, Choice.SECOND)]).share == 0
    assert contest([pair], [vote(pair, Choice.BOTH)]).share == 0.5
    assert contest([pair], [vote(pair), vote(pair, Choice.NEITHER, "Ben")]).share == 0.75


def test_models_and_other_drafts_do_not_count():
    pairs = pairs_of(2)
    others = [vote(pairs[0], voter="model: x"), vote((0, 3)), vote((7, 9))]
    assert contest(pairs, others).judged == 0


@pytest.mark.parametrize(
    ("truth", "pairs", "least", "most"),
    [(0.3, 40, 0.0, 0.01), (0.4, 40, 0.0, 0.07), (0.4, 120, 0.0, 0.07), (0.5, 120, 0.65, 0.8),
     (0.6, 80, 0.94, 1.0), (0.7, 40, 0.97, 1.0)],
)  # fmt: skip
def test_how_often_a_writer_may_pass(truth, pairs, least, most):
    """A writer that wins four of ten hardly ever passes, as docs/decisions/0013 says."""
    lot = random.Random(1)
    passed = 0
    for _ in range(1_000):
        asked = pairs_of(pairs)
        votes = [
            vote(p, Choice.FIRST if lot.random() < truth else Choice.SECOND) for p in asked
        ]  # fmt: skip
        passed += contest(asked, votes).doubt is None
    assert least <= passed / 1_000 <= most
