import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.engine.words import Lexicon, growing_word, words_of

WORD = st.text(string.ascii_lowercase, min_size=1, max_size=6)
TEXT = st.text(string.ascii_letters + " -'&.,!0123456789é–’", max_size=40)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Fenn & Fig", ["fenn", "fig"]),
        ("McDonald’s 24-hour", ["mcdonald's", "24-hour"]),
        ("AT&T, $19.99!", ["at&t", "19.99"]),
        ("1,000 beans - 'tis", ["1,000", "beans", "tis"]),
        ("Cafe\u0301 für हिन्दी", ["café", "für", "हिन्दी"]),
    ],
)
def test_words_of_ad_copy(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("vocabulary", "text", "is_allowed"),
    [
        ({"24", "hour"}, "24-hour", True),
        ({"24-hour"}, "24", False),
        ({"fenn & fig"}, "Fenn & Fig", True),
        ({"19", "99"}, "19.99", False),
        ({"don't"}, "don", False),
        ({"don't"}, "Don’t", True),
        ({"fenn"}, "fenn's", False),
        ({"McDonald's", "iPhone"}, "MCDonald's", False),
        ({"McDonald's", "iPhone"}, "McDonald's-iPhone", True),
        ({"mcdonald's"}, "McDonald's", False),
        ({"USA", "sale"}, "USA Sale", True),
        ({"USA", "sale"}, "USA SALE", False),
        ({"fresh", "coffee"}, "Fresh-Coffee", True),
        ({"fresh", "coffee"}, "fresh.coffee", False),
    ],
)
def test_which_words_a_vocabulary_knows(vocabulary, text, is_allowed):
    assert Lexicon(vocabulary).allows_whole(text) is is_allowed


@given(vocabulary=st.sets(WORD, min_size=1), text=TEXT)
def test_an_allowed_whole_text_was_allowed_at_every_step(vocabulary, text):
    lexicon = Lexicon(vocabulary | {text})
    assert lexicon.allows_whole(text)
    assert all(lexicon.allows(text[:end]) for end in range(len(text) + 1))


@given(vocabulary=st.sets(WORD, min_size=1), text=TEXT)
def test_words_outside_the_vocabulary_never_pass(vocabulary, text):
    lexicon = Lexicon(vocabulary)
    if lexicon.allows_whole(text):
        parts = {part for word in words_of(text) for part in word.replace("–", "-").split("-")}
        assert {part for joined in parts for part in joined.split("&")} <= vocabulary


@given(TEXT, TEXT)
def test_what_comes_before_the_growing_word_never_changes(text, more):
    start = growing_word(text)
    assert words_of((text + more)[:start]) == words_of(text[:start])
    assert words_of(text + more)[: len(words_of(text[:start]))] == words_of(text[:start])


@pytest.mark.parametrize(
    ("vocabulary", "text", "rests"),
    [
        ({"fresh", "free", "a"}, "So fre", ["e", "sh"]),
        ({"fresh", "free", "a"}, "Fresh", []),
        ({"24-hour", "hot"}, "24-h", ["our"]),
        ({"24", "hour", "hot"}, "24-h", ["ot", "our"]),
        ({"24", "hot"}, "24-", ["24", "hot"]),
        ({"McDonald's"}, "McD", ["onald's"]),
        ({"USA", "use"}, "US", ["A"]),
        ({"tea"}, "x", []),
        ({"tea"}, "", ["tea"]),
    ],
)
def test_how_a_word_may_go_on(vocabulary, text, rests):
    assert list(Lexicon(vocabulary).rests(text)) == rests


def test_narrow_words_come_first():
    lexicon = Lexicon({"字", "aaa"}, lambda word: 9 * len(word) if word > "~" else len(word))
    assert list(lexicon.rests("")) == ["aaa", "字"]


def test_some_words_may_be_left_out():
    lexicon = Lexicon({"fresh", "Free"}, unusable=lambda words: {w for w in words if w == "free"})
    assert not lexicon.allows_whole("Free")
    assert not lexicon.allows("fre e")


@given(vocabulary=st.sets(WORD, min_size=1), text=TEXT)
def test_every_rest_makes_known_words(vocabulary, text):
    lexicon = Lexicon(vocabulary)
    start = growing_word(text)
    assert all(lexicon.allows_whole(text[start:] + rest) for rest in lexicon.rests(text))
