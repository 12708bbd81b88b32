import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.counting import UNITS, width
from creative.engine.room import Room
from creative.engine.tidying import tidy

ODD = st.sampled_from('aé字ｱ😀\u200d\ufe0f\u20e31©🇩🇪"\u0958\U0001d160. ')
TEXT = st.text(alphabet=st.characters() | ODD)


@pytest.mark.parametrize(
    ("most", "unit", "text", "holds"),
    [
        (12, "chars", '"Fresh coffee"', True),
        (12, "chars", "1. Fresh coffee ", True),
        (12, "chars", '"Fresh coffee', False),
        (8, "google_width", "コーヒー", True),
        (7, "google_width", "コーヒー", False),
        (22, "twitter_weighted", "fenn.com", False),
        (1, "sms_segments", "a" * 160, True),
        (1, "sms_segments", "a" * 160 + "b", False),
        (1, "sms_segments", "ê" + "a" * 70, False),
        (None, "chars", "a" * 999, True),
    ],
)
def test_what_fits(most, unit, text, holds):
    assert Room(most, unit).holds(text) is holds


def test_a_line_with_tags_is_measured_with_what_is_around_it():
    assert not Room(5, "chars").holds(" fresh", is_tidied=False)


@given(TEXT, st.sampled_from(sorted(UNITS)), st.integers(0, 60))
def test_a_text_fits_when_its_width_does(text, unit, most):
    """The quick bound never lets a wider line pass, and never refuses one that fits."""
    assert Room(most, unit).holds(text) is (width(tidy(text), unit) <= most)
