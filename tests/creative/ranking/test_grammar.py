"""Slips that no copywriter would hand in, and the good lines that only look like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.ranking.grammar import grammar_slips


@pytest.mark.parametrize(
    "line",
    [
        "Say hello to a espresso",
        "An single lens",
        "A 15% off your first bag",
        "Get a gloves and tools",
        "Try a four-course dinners today",
        "Bread that that stays fresh",
        "A 18-hour day",
        "Espresso beans for the",
        "Love espresso with.",
        "Ground for your machine?.",
        "Beans,. roasted",
        "How to compostable bags",
        "Why do you crusty outside?",
        "Ready to covers theft?",
        "Ready to moved in a day?",
        "Ready to kids love it?",
        "Want to the tip?",
        "Beans that arrives fresh",
        "A cargo bike that carry two",
        "Gentle care you covers",
        "Need a gentle with free parking?",
        "Rated 4.8 by s",
        "More payroll, not",
        "Soft bread instead of every",
    ],
)
def test_slips_are_found(line):
    assert grammar_slips(line)


@pytest.mark.parametrize(
    "line",
    [
        "An hour of rest, a unique stay",
        "A machine for home baristas",
        "An evening off your phone",
        "Race in a few weeks?",
        "Stays on the diet it's used to",
        "A one-year plan with an 8-day trial",
        "A US brand, an SPF 50 cream",
        "A bus pass is a must",
        "A user's guide to a European trip",
        "A business class seat",
        "Bye-bye, bitter beans",
        "An 11-course dinner",
        "A lens that lasts",
        "Tea you can rely on",
        "Coffee... at last. Tea? Too.",
        "Why not?",
        "How to cover two kids",
        "Gives you drinks for two",
        "Beans that arrive fresh",
        "A cargo bike that carries two",
        "4 g of sugar, 20 m of rope",
        "A fresh start with luz y sal",
        "The wet sheet is. The mattress is not.",
        "What we do for you",
    ],
)
def test_good_lines_are_left_alone(line):
    assert grammar_slips(line) == []


@given(st.text())
def test_any_text_is_read(text):
    assert all(
        slip.split()[0].lower() in text.lower() or slip[0] == "a" for slip in grammar_slips(text)
    )
