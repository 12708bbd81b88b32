"""Runs of characters and words: what is counted, and which words it belongs to."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.prediction.grams import (
    character_spans,
    characters,
    learnt_block,
    shown_words,
    word_spans,
    words,
)
from creative.prediction.traits import listed_words, trait_row, trait_rows, traits

LINES = st.text(alphabet="ab cD'’?!. -", max_size=30)


def test_runs_of_characters_include_both_ends():
    assert characters("Ab")[:3] == [" a", "ab", "b "]
    assert max(map(len, characters("A longer line"))) == 5


def test_words_come_with_their_neighbours():
    assert words("Don’t  stop!") == ["don't", "stop", "!", "don't stop", "stop !"]


@given(LINES)
def test_every_run_belongs_to_words_that_are_there(line):
    last = max(len(shown_words(line)) - 1, 0)
    for runs, spans in (
        (characters(line), character_spans(line)),
        (words(line), word_spans(line)),
    ):
        assert len(runs) == len(spans)
        assert all(0 <= first <= end <= last for first, end in spans)


@pytest.mark.parametrize("line", ["fresh bread daily", "a  b", "one"])
def test_a_run_lies_in_the_words_that_it_is_said_to_touch(line):
    shown = shown_words(line.lower())
    for run, (first, last) in zip(characters(line), character_spans(line), strict=True):
        assert run.strip() in " ".join(shown[first : last + 1])


def test_rows_have_length_one_and_rare_runs_weigh_more():
    block = learnt_block(words, word_spans, ["fresh bread", "fresh milk", "stale bread"], least=2)
    assert list(block.places) == ["bread", "fresh"]
    places, values = block.row("fresh fresh bread")
    assert np.linalg.norm(values) == pytest.approx(1)
    assert values[0] / values[1] == pytest.approx(1 + math.log(2))  # sublinear, Salton 1988
    assert len(places) == 2
    assert block.row("")[1].sum() == 0


def test_every_trait_can_be_told_apart_and_is_finite():
    names = [trait.name for trait in traits()]
    assert len(names) == len(set(names)) == len(trait_row("What?"))
    assert np.isfinite(trait_rows(["", "Ω", "12%", "a" * 500])).all()
    assert {"she", "this"} <= listed_words()
    assert "cancer" not in listed_words()  # a topic


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Is it so?", "question"),
        ("9 ways", "digit"),
        ("WOW, bread", "capitals"),
        ("How it rises", "asks_first"),
        ("The softest loaf", "best"),
        ("See this", "see"),
    ],
)
def test_traits_are_found(line, name):
    at = [trait.name for trait in traits()].index(name)
    assert trait_row(line)[at] > 0
    assert trait_row("bread")[at] == 0
