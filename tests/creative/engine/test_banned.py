import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.engine.banned import Banned
from creative.phrases import mentions


@pytest.mark.parametrize(
    ("text", "occurs"),
    [
        ("Act-NOW!", True),
        ("act   now", True),
        ("act nowhere", False),
        ("react now", False),
        ("Best in town's", True),
        ("CAFÉ", True),
        ("cafe\u0301 noir", True),
        ("cafés", False),
        ("日本最高級", True),
    ],
)
def test_phrases_are_found_whole_and_in_any_case(text, occurs):
    assert Banned(["act now", "best in town", "café", "最高"]).occurs(text) is occurs


def test_nothing_is_banned_by_nothing():
    assert not Banned(["", " "]).occurs("anything")
    assert Banned([]).without(["a", "b"]) == {"a", "b"}
    assert Banned(["a"]).without([]) == set()


def test_the_longest_phrase_says_how_far_back_to_look():
    assert Banned(["stop", "best-in town"]).most_words == 3


WORD = st.text(alphabet="abé-'", min_size=1, max_size=5)


@given(st.lists(WORD, min_size=1, max_size=3), st.sets(WORD, max_size=6))
def test_words_are_left_out_one_by_one(phrases, words):
    banned = Banned(phrases)
    assert banned.without(sorted(words)) == {word for word in words if not banned.occurs(word)}


TEXT = st.text(alphabet="aAb -’é最", max_size=9)


@given(st.lists(TEXT, max_size=3), TEXT)
def test_all_that_the_last_check_refuses_is_found(phrases, text):
    if any(mentions(text, phrase) for phrase in phrases):
        assert Banned(phrases).occurs(text)
