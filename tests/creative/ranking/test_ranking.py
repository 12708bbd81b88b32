"""Ranking: full, telling, different lines before likely, empty ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.domain import Brand, Brief, Line, Product
from creative.ranking.candidates import Candidate, best, is_thin, stems

BRIEF = Brief(
    brand=Brand(name="Halden Roasters"),
    product=Product(
        name="espresso beans", benefits=("tastes like dark chocolate",), features=("small batches",)
    ),
    channel="google_rsa",
)


def candidate(text: str, per_token: float = -0.5) -> Candidate:
    line = Line(field="headline", text=text, width=len(text), limit=30, logprob=8 * per_token)
    return Candidate(line=line, tokens=8)


def test_a_telling_line_beats_a_likelier_thin_one():
    thin, telling = candidate("Meet Halden Roasters", -0.1), candidate("Espresso in small batches")
    assert best([thin, telling], BRIEF, []) is telling


def test_a_new_idea_beats_a_repeated_one():
    kept = ["Small-batch espresso beans"]
    again, fresh = candidate("Espresso beans, small batch"), candidate("Tastes like chocolate")
    assert best([again, fresh], BRIEF, kept) is fresh


def test_a_line_that_says_more_beats_the_bare_product():
    bare, more = candidate("Espresso beans"), candidate("Dark chocolate espresso")
    assert best([bare, more], BRIEF, []) is more


def test_a_line_that_says_it_once_beats_one_that_says_it_twice():
    twice, once = candidate("Small batches: small batches"), candidate("Made in small batches")
    assert best([twice, once], BRIEF, []) is once


def test_the_first_wins_a_tie_so_that_seeds_decide():
    one, two = candidate("Espresso, small batches"), candidate("Espresso, small batches")
    assert best([one, two], BRIEF, []) is one


@pytest.mark.parametrize("text", ["Meet Halden Roasters", "Your day starts here", ""])
def test_thin_lines_could_stand_for_any_product(text):
    assert is_thin(text, BRIEF)


@pytest.mark.parametrize("text", ["Chocolate in a cup", "Batch by batch, bean by bean"])
def test_inflected_words_of_the_brief_are_recognised(text):
    assert not is_thin(text, BRIEF)


def test_words_that_brand_and_product_share_count_outside_the_brand_alone():
    brief = Brief(
        brand=Brand(name="Willow Rest Pet Crematory"), product=Product(name="Pet cremation"),
        channel="google_rsa",
    )  # fmt: skip
    assert is_thin("Meet Willow Rest Pet Crematory", brief)
    assert not is_thin("Pet cremation in Leeds", brief)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("新鮮なコーヒー", "毎朝の新鮮なコーヒーを自宅へ"),
        ("커피 구독", "매일 새로운 커피를"),
        ("新鲜咖啡", "每天喝新鲜咖啡"),
    ],
)
def test_lines_without_spaces_are_read_too(name, line):
    brief = Brief(brand=Brand(name="Halden"), product=Product(name=name), channel="yahoo_jp_rsa")
    assert not is_thin(line, brief)
    assert is_thin("完全に別のこと", brief)


@given(st.text())
def test_stems_never_fail(text):
    assert all(stem == stem.casefold() for stem in stems(text))
