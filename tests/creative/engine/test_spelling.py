import random

import pytest

from creative.engine.spelling import Speller, Spelling

TOKENIZERS = ["byte_level", "sentencepiece", "case_marks"]


@pytest.fixture(params=TOKENIZERS)
def tokenizer(request, making):
    return making.wrapped(getattr(making, request.param)())


def test_the_short_cut_says_what_decoding_says(tokenizer):
    """Every step of random rows, whose pending ends are those an acceptor would let stand."""
    speller = Speller(tokenizer, frozenset({2}))
    chance = random.Random(5)
    usable = [token for token in range(len(tokenizer)) if speller.is_text(token)]
    agreed = tried = 0
    for _ in range(60):
        spelling = Spelling(speller)
        for _ in range(15):
            candidate = chance.choice(usable)
            exact = spelling.confirmed(candidate)
            assert exact == tokenizer.decode([*spelling.tokens, candidate])
            agreed += spelling.with_next(candidate) == exact
            tried += 1
            if "\ufffd" not in exact[:-1]:
                is_pending = exact[-1:] in ("\ufffd", "\ue000", "\ue001")
                spelling.take(candidate, exact, is_pending=is_pending)
    assert agreed > tried * 0.9  # lone bytes after bytes differ, and are confirmed


def test_text_survives(tokenizer):
    speller = Speller(tokenizer, frozenset({2}))
    for text in ["Fresh coffee, delivered daily.", "Meet Fenn & Fig", "24-hour McDonald's"]:
        tokens = tokenizer.encode(text, add_special_tokens=False)
        assert speller.text(tokens).strip() == text


def test_control_tokens_are_no_text(making):
    tokenizer = making.wrapped(making.byte_level())
    tokenizer.add_tokens(["<think>", "</think>"])
    speller = Speller(tokenizer, frozenset({2}))
    refused = ["<s>", "<|user|>", "<think>", "</think>"]
    assert not any(speller.is_text(tokenizer.convert_tokens_to_ids(each)) for each in refused)
    assert speller.is_text(tokenizer.encode("a")[0])
    assert not speller.is_text(len(tokenizer))
