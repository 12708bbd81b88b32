"""Grounding: the words of the brief, their inflections, and nothing half copied."""

from dataclasses import replace

import pytest

from creative.domain import Audience, Brand, Brief, Product
from creative.drafting.grounding import (
    grounded_words,
    is_mixed_case,
    odd_capitals,
    odd_compounds,
)
from creative.engine.words import Lexicon

BRIEF = Brief(
    brand=Brand(name="McCrumb's & Söhne"),
    product=Product(
        name="gluten-free sourdough",
        benefits=("Keeps for five days", "slice it thin"),
        features=("iPhone ordering",),
        offer="15% off",
    ),
    audience=Audience(name="celiacs", pains=("crumbly bread",)),
    channel="google_rsa",
)
LEXICON = Lexicon(grounded_words(BRIEF, frozenset({"with", "the", "for"})))


@pytest.mark.parametrize(
    "line",
    [
        "McCrumb's & Söhne gluten-free sourdough",
        "Keep the sourdough for five days",
        "Slicing it thin",
        "15% off for celiacs",
    ],
)
def test_words_and_inflections_of_the_brief_may_be_used(line):
    assert LEXICON.allows_whole(line)


@pytest.mark.parametrize(
    "line", ["McCrumbs", "sourdouh", "fresh bread", "20% off", "keept", "thinner"]
)
def test_anything_else_may_not(line):
    assert not LEXICON.allows_whole(line)


@pytest.mark.parametrize(
    ("line", "odd"),
    [
        ("StilL fresh", ["StilL"]),
        ("HAs the day", ["HAs"]),
        ("McCrumb's by iPhone", []),
        ("Fresh Gluten-Free Bread", []),
        ("SPF 50", []),
        ("gluten-free Sourdough", ["gluten-free Sourdough"]),
        ("mccrumb's & söhne bread", ["mccrumb's & söhne"]),
    ],
)
def test_odd_capitals(line, odd):
    assert odd_capitals(line, BRIEF) == odd


@pytest.mark.parametrize(
    ("line", "odd"),
    [
        ("Gluten-free bread", []),
        ("Gluten\u2011free bread", []),
        ("Must-see bread, bye-bye crumbs", []),
        ("Fresh sit-far bread", ["sit-far"]),
        ("Ten-free bread", ["ten-free"]),
    ],
)
def test_odd_compounds(line, odd):
    brief = replace(BRIEF, brand=replace(BRIEF.brand, required_words=("Must-see",)))
    assert odd_compounds(line, brief, frozenset({"bye-bye"})) == odd


@pytest.mark.parametrize(
    ("line", "is_mixed"),
    [
        ("Crumbly bread for celiacs", False),
        ("Crumbly Bread for Celiacs", False),
        ("Crumbly bread for Celiacs", True),
        ("Slice it thin: Crumbly bread", False),
        ("Crumbly iPhone bread", False),
        ("Crumbly", False),
    ],
)
def test_mixed_case(line, is_mixed):
    assert is_mixed_case(line, BRIEF) is is_mixed


def test_a_name_may_be_written_short():
    assert is_mixed_case("Early bird entry until 31 Mar", BRIEF)
    brief = replace(BRIEF, product=replace(BRIEF.product, offer="entry until 31 March"))
    assert not is_mixed_case("Early bird entry until 31 Mar", brief)
