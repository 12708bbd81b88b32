import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.engine.demands import Demands
from creative.phrases import mentions


@pytest.mark.parametrize(
    ("phrases", "text", "missing"),
    [
        (["Fenn & Fig"], "from fenn & fig", []),
        (["fig"], "figs", ["fig"]),
        (["don’t"], "Don't wait", []),
        (["コーヒー"], "新鮮コーヒー豆", []),
        (["coffee", "fresh coffee"], "coffee", ["fresh coffee"]),
        ([" ", ""], "", []),
    ],
)
def test_what_a_text_lacks(phrases, text, missing):
    assert Demands(phrases).missing(text) == missing


@pytest.mark.parametrize(
    ("phrases", "text", "ending", "way"),
    [
        (["coffee"], "Fresh", "", " coffee"),
        (["coffee"], "Fresh cof", None, "fee"),
        (["coffee"], "Fre", "sh", "sh coffee"),
        (["coffee"], "Fresh ", "", "coffee"),
        (["coffee"], "", "x", "coffee"),
        (["Fenn & Fig"], "By fenn ", "", "& Fig"),
        (["コーヒー"], "新鮮", "", "コーヒー"),
        (["coffee", "fig"], "cof", None, "fee fig"),
        (["coffee"], "Coffee", "", ""),
    ],
)
def test_the_first_way_to_carry_a_phrase(phrases, text, ending, way):
    assert next(Demands(phrases).ways_to_keep(text, ending)) == way


def test_there_is_no_way_on_from_half_a_word_that_becomes_none():
    assert not list(Demands(["coffee"]).ways_to_keep("Fre", None))
    assert list(Demands(["coffee"]).ways_to_keep("-", None))


PHRASE = st.text(alphabet="abé最 ", max_size=5)


@given(st.lists(PHRASE, max_size=4), st.text(alphabet="abé'最 .", max_size=8))
def test_every_way_carries_every_phrase(phrases, text):
    demands = Demands(phrases)
    ways = list(demands.ways_to_keep(text, ""))
    assert ways
    assert all(not demands.missing(text + way) for way in ways)
    assert all(mentions(text + ways[0], phrase) for phrase in phrases if phrase.strip())
