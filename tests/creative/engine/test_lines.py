import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.engine.lines import Lines
from creative.likeness import NEAR_DUPLICATE, is_near_duplicate

TAKEN = ("Fresh bread daily", "Bread for families")


@pytest.mark.parametrize(
    ("text", "likeness", "is_repeated"),
    [
        ("fresh  BREAD daily", 100, True),
        ("Daily fresh bread", 100, False),
        ("Daily fresh bread", NEAR_DUPLICATE, True),
        ("Fresh breads daily", NEAR_DUPLICATE, True),
        ("Bread for campers", NEAR_DUPLICATE, False),
        ("", 100, False),
    ],
)
def test_which_lines_repeat_others(text, likeness, is_repeated):
    assert Lines(TAKEN, likeness).repeats(text) is is_repeated


def test_a_line_that_is_added_is_taken_too():
    lines = Lines((), NEAR_DUPLICATE)
    assert not lines.repeats("Baked at dawn")
    lines.add("Baked at dawn")
    assert lines.repeats("At dawn, baked")


@given(st.lists(st.text(alphabet="abc !"), max_size=4), st.text(alphabet="abc !"))
def test_near_lines_are_those_that_the_drafter_refuses(taken, text):
    assert Lines(taken, NEAR_DUPLICATE).repeats(text) is is_near_duplicate(text, taken)


@given(st.lists(st.text(), max_size=4), st.floats(0, 100))
def test_every_taken_line_is_repeated(taken, likeness):
    lines = Lines(taken, likeness)
    assert all(lines.repeats(text) for text in taken)
