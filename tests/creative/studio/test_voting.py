"""Votes: who sees which pair, what the votes say, and when they say enough."""

from collections import Counter
from itertools import combinations, cycle, islice, pairwise

import numpy as np
import pytest

from creative.domain import Brief, DraftState
from creative.errors import BriefError, EditConflict
from creative.studio.studio import Studio
from creative.studio.voting import MAX_LINES
from creative.trials import Choice

WORDS = "crisp bold warm slow rich mild dark deep pure calm".split()


@pytest.fixture
def write(studio: Studio, brief: Brief):
    def written(count: int):
        texts = [f"Espresso, {WORDS[at % 10]} number {at}" for at in range(count)]
        return [studio.review.write(brief.id, "headline", text) for text in texts]

    return written


def elect(studio, brief, strengths, count, voters=("Ada", "Ben", "Cleo"), seed=3, places=1):
    """Let people vote whose taste is known, until it is decided; returns the pairs they saw."""
    rng = np.random.default_rng(seed)
    shown = []
    for voter in islice(cycle(voters), count):
        if studio.voting.standing(brief.id, "headline", places).is_decided:
            break
        pair = studio.voting.next_pair(brief.id, "headline", voter, places)
        if pair is None:
            continue
        shown.append((pair.first.id, pair.second.id, voter))
        gap = strengths[pair.first.id] - strengths[pair.second.id]
        chance = 1 / (1 + np.exp(-gap))
        choice = Choice.FIRST if rng.random() < chance else Choice.SECOND
        studio.voting.vote(pair.first, pair.second, choice, voter)
    return shown


def ids(pair):
    return {pair.first.id, pair.second.id}


def test_one_line_makes_no_pair(studio, brief, write):
    assert studio.voting.next_pair(brief.id, "headline", "Ada") is None
    write(1)
    assert studio.voting.next_pair(brief.id, "headline", "Ada") is None
    result = studio.voting.standing(brief.id, "headline")
    assert (len(result.placed), result.is_decided, result.votes) == (1, False, 0)


def test_nobody_cannot_vote(studio, write):
    first, second = write(2)
    with pytest.raises(BriefError, match="name"):
        studio.voting.vote(first, second, Choice.BOTH, "  ")


def test_lines_of_different_briefs_are_not_compared(studio, brief, write):
    (one,) = write(1)
    other = studio.review.write(brief.id, "description", "Another field altogether")
    with pytest.raises(ValueError, match="one brief and field"):
        studio.voting.vote(one, other, Choice.BOTH, "Ada")


def test_a_pair_stays_until_somebody_votes(studio, brief, write):
    write(6)
    pair = studio.voting.next_pair(brief.id, "headline", "Ada")
    assert studio.voting.next_pair(brief.id, "headline", " Ada ") == pair
    vote = studio.voting.vote(pair.first, pair.second, Choice.BOTH, "Ada")
    assert ids(studio.voting.next_pair(brief.id, "headline", "Ada")) != ids(pair)
    studio.voting.take_back(vote.id)
    assert studio.voting.next_pair(brief.id, "headline", "Ada") == pair
    assert studio.voting.standing(brief.id, "headline").votes == 0


def test_a_voter_sees_every_pair_before_one_comes_again(studio, brief, write):
    write(4)
    seen = []
    for _ in range(8):
        pair = studio.voting.next_pair(brief.id, "headline", "Ada")
        studio.voting.vote(pair.first, pair.second, Choice.BOTH, "Ada")
        seen.append((frozenset(ids(pair)), pair.is_again))
    assert len({pair for pair, _ in seen[:6]}) == 6
    assert [again for _, again in seen] == [False] * 6 + [True] * 2
    assert all(a != b for (a, _), (b, _) in pairwise(seen))


def test_of_two_lines_each_voter_votes_once(studio, brief, write):
    first, second = write(2)
    studio.voting.vote(first, second, Choice.FIRST, "Ada")
    assert studio.voting.next_pair(brief.id, "headline", "Ada") is None
    assert studio.voting.next_pair(brief.id, "headline", "Ben") is not None


def test_sides_are_balanced(studio, brief, write):
    lines = write(6)
    left, every = Counter(), Counter()
    for voter in islice(cycle("ABCDEFGHIJ"), 150):  # who find all alike, so that it goes on
        pair = studio.voting.next_pair(brief.id, "headline", voter)
        left[pair.first.id] += 1
        every.update(ids(pair))
        studio.voting.vote(pair.first, pair.second, Choice.BOTH, voter)
    assert sum(left[line.id] for line in lines[:3]) > 15  # the older line is not always right
    for line in lines:
        assert 0.25 < left[line.id] / every[line.id] < 0.75


def test_the_strongest_is_found_and_it_is_decided(studio, brief, write):
    lines = write(5)
    strengths = dict(zip((line.id for line in lines), (0.0, -1.0, 2.5, 0.3, -0.6), strict=True))
    shown = elect(studio, brief, strengths, 200)
    result = studio.voting.standing(brief.id, "headline")
    assert result.is_decided
    assert len(shown) < 100
    assert result.placed[0].draft.id == lines[2].id
    assert result.placed[0].chance_best > 0.85
    assert result.contenders == 0
    assert result.votes == sum(result.by_voter.values()) == len(shown)
    assert sum(placed.compared for placed in result.placed) == 2 * len(shown)
    for placed in result.placed:
        low, high = placed.wins_range
        assert 0 < low < placed.wins < high < 1


def test_the_first_two_of_five_are_found(studio, brief, write):
    lines = write(5)
    strengths = dict(zip((line.id for line in lines), (2.2, -1.0, 2.0, -0.5, -1.3), strict=True))
    elect(studio, brief, strengths, 200, places=2)
    result = studio.voting.standing(brief.id, "headline", places=2)
    assert result.is_decided
    assert {placed.draft.id for placed in result.placed[:2]} == {lines[0].id, lines[2].id}


def test_lines_that_are_out_of_the_race_come_last(studio, brief, write):
    lines = write(6)
    for voter in "ABCDEFGH":
        for strong in lines[:2]:
            for weak in lines[2:]:
                studio.voting.vote(weak, strong, Choice.SECOND, voter)
    assert studio.voting.standing(brief.id, "headline").contenders == 2
    pair = studio.voting.next_pair(brief.id, "headline", "Ivy")
    assert (ids(pair), pair.is_open) == ({lines[0].id, lines[1].id}, True)
    studio.voting.vote(pair.first, pair.second, Choice.BOTH, "Ivy")
    pair = studio.voting.next_pair(brief.id, "headline", "Ivy")
    assert len(ids(pair) & {lines[0].id, lines[1].id}) == 1
    assert not pair.is_open


def test_equals_are_not_decided(studio, brief, write):
    lines = write(3)
    for first, second in combinations(lines, 2):
        for voter, choice in zip("ABCDEFGHIJ", cycle((Choice.FIRST, Choice.SECOND)), strict=False):
            studio.voting.vote(first, second, choice, voter)
    result = studio.voting.standing(brief.id, "headline")
    assert not result.is_decided
    assert result.contenders == len(lines)


def test_only_lines_that_may_be_used_are_shown(studio, brief, write):
    lines = write(4)
    studio.voting.vote(lines[0], lines[1], Choice.FIRST, "Ada")
    studio.review.decide([lines[0].id], DraftState.REJECTED)
    studio.review.decide([lines[1].id], DraftState.APPROVED)
    result = studio.voting.standing(brief.id, "headline")
    assert {placed.draft.id for placed in result.placed} == {line.id for line in lines[1:]}
    assert result.votes == 0


def test_votes_are_about_words(studio, brief, write):
    first, second = write(2)
    studio.voting.vote(first, second, Choice.FIRST, "Ada")
    edited = studio.review.edit(first, "Espresso in other words", "Ben")
    assert studio.voting.standing(brief.id, "headline").votes == 0
    with pytest.raises(EditConflict, match="as they are now"):
        studio.voting.vote(first, second, Choice.FIRST, "Ada")
    studio.voting.vote(edited, second, Choice.SECOND, "Ada")
    studio.review.edit(studio.review.get(first.id), edited.line.text, "Ben")  # the same words
    assert studio.voting.standing(brief.id, "headline").votes == 1


def test_voters_who_say_the_same_agree(studio, brief, write):
    lines = write(4)
    for voter in ("Ada", "Ben"):
        for a, b, choice in ((0, 1, Choice.FIRST), (2, 3, Choice.SECOND), (0, 3, Choice.BOTH)):
            studio.voting.vote(lines[a], lines[b], choice, voter)
    found = studio.voting.standing(brief.id, "headline").agreement
    assert (found.shared, found.same) == (3, 1.0)


def test_the_most_promising_lines_are_compared_when_there_are_many(studio, brief, write):
    lines = write(MAX_LINES + 5)
    for line in lines[:5]:
        studio.review.rate(line.id, "Ada", 1)
    studio.review.rate(lines[-1].id, "Ada", 5)
    result = studio.voting.standing(brief.id, "headline")
    compared = {placed.draft.id for placed in result.placed}
    assert (len(compared), result.left_out) == (MAX_LINES, 5)
    assert lines[-1].id in compared
    assert not compared & {line.id for line in lines[:5]}
