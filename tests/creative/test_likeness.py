"""Lines that say the same thing in nearly the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from creative.likeness import in_order, is_like, is_near_duplicate, likeness, normalised


@pytest.mark.parametrize(
    ("one", "two", "is_same"),
    [
        ("Fresh bread daily", "fresh bread, daily!", True),
        ("Fresh bread daily", "Daily fresh bread", True),
        ("Fresh bread daily", "Fresh breads daily", True),
        ("Fresh bread daily", "Crusty outside, soft inside", False),
        ("Bread for families", "Bread for campers", False),
    ],
)
def test_near_duplicates(one, two, is_same):
    assert is_near_duplicate(one, [two]) is is_same
    assert is_like(in_order(one), [in_order(two)], 85) is is_same


def test_nothing_repeats_an_empty_list():
    assert likeness("anything", []) == 0
    assert not is_like("anything", [], 0)


@given(st.text(), st.text())
def test_likeness_is_symmetric_and_bounded(one, two):
    assert likeness(one, [two]) == pytest.approx(likeness(two, [one]))
    assert 0 <= likeness(one, [two]) <= 100


@given(st.text(), st.text())
def test_likeness_is_the_ratio_of_sorted_tokens(one, two):
    """The definition in rapidfuzz, which sorts both sides at every call."""
    expected = fuzz.token_sort_ratio(normalised(one), normalised(two))
    assert likeness(one, [two]) == pytest.approx(expected)
