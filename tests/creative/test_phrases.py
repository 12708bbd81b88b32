"""Words and phrases, strictly as the checks find them and loosely as the engine refuses them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.phrases import any_of, mentions, with_plain_apostrophes


@pytest.mark.parametrize(
    ("phrase", "text", "is_found", "is_found_loosely"),
    [
        ("act now", "Act  NOW!", True, True),
        ("act now", "act-now", False, True),
        ("act now", "act - now", False, True),
        ("act now", "act nowhere", False, False),
        ("risk-free", "risk free", False, True),
        ("straße", "STRASSE", False, True),
        ("don’t", "Don't", True, True),
        ("stop", "non-stop", True, True),
        ("stop", "stopper", False, False),
        ("最高", "日本最高級", True, True),
        ("-free", "sugar-free", True, True),
        ("c++", "C++", True, True),
    ],
)
def test_phrases(phrase, text, is_found, is_found_loosely):
    assert mentions(text, phrase) is is_found
    pattern = any_of((phrase,), is_loose=True)
    assert bool(pattern and pattern.search(with_plain_apostrophes(text))) is is_found_loosely


WORDS = st.text(alphabet="abß-’' é最", max_size=8)


@given(text=WORDS, phrase=WORDS)
def test_what_is_found_is_found_loosely(text, phrase):
    pattern = any_of((phrase,), is_loose=True)
    if mentions(text, phrase):
        assert pattern is not None
        assert pattern.search(with_plain_apostrophes(text))
