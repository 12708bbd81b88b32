import random

import pytest

from creative.engine.spelling import Speller

TOKENIZERS = ["byte_level", "sentencepiece", "case_marks"]


@pytest.fixture(params=TOKENIZERS)
def tokenizer(request, making):
    return making.wrapped(getattr(making, request.param)())


def test_the_short_cut_says_what_decoding_says(tokenizer):
    """Every step of random rows; a lone byte may be guessed wrong, but never unnoticed."""
    speller = Speller(tokenizer, frozenset({2}))
    chance = random.Random(5)
    usable = [token for token in range(len(tokenizer)) if speller.is_text(token)]
    for _ in range(60):
        tokens: list[int] = []
        for _ in range(15):
            candidate = chance.choice(usable)
            text = speller.text(tokens)
            exact = speller.text([*tokens, candidate])
            assert speller.with_next(tokens, text, candidate) == exact
            tokens.append(candidate)


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
