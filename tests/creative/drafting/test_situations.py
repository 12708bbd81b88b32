"""What an audience is in may be asked of a reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.drafting.situations import situations


@pytest.mark.parametrize(
    ("audience", "asked"),
    [
        ("couples getting married next year", ["getting married next year"]),
        ("homeowners with a tired kitchen", ["tired kitchen"]),
        ("busy renters without a washing machine", ["no washing machine"]),
        ("people who are curious about faith", ["curious about faith"]),
        ("adults bored of the gym", ["bored of the gym"]),
        ("women over 40 with dry skin", ["dry skin"]),
        ("adults in Grand Rapids wanting a change", ["want a change"]),
        ("families wanting a UK break", ["want a UK break"]),
        ("parents who want to see their kids more", ["want to see your kids more"]),
        ("people applying for visas and citizenship", ["applying for visas and citizenship"]),
        ("people who were laid off last year", ["laid off last year"]),
        ("people without any experience", ["no experience"]),
    ],
)
def test_a_situation_is_told_from_whom_it_is_for(audience, asked):
    assert list(situations(audience)) == asked


@pytest.mark.parametrize(
    "audience",
    [
        "",
        "dog owners",
        "women over 40",
        "husbands caring for someone with dementia",
        "companies with 5 to 50 staff",
        "business coaches with a podcast",
        "a person who paints",
        "sales training managers",
        "grain farms, packing houses and quarries",
        "firms with between 5 and 50 staff",
    ],
)
def test_years_others_and_bare_words_are_not_asked_about(audience):
    assert list(situations(audience)) == []


def test_a_long_audience_is_read_in_no_time():
    assert list(situations("a " * 50_000)) == []


@given(st.text(max_size=200))
def test_any_text_is_read_without_harm(audience):
    assert len(list(situations(audience))) <= 2
