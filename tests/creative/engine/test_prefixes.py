import pytest
import torch
from transformers import DynamicCache, LlamaConfig, LlamaForCausalLM

from creative.engine.cascade import Cascade
from creative.engine.forward import Forward, states_of
from creative.engine.prefixes import Prefixes, Start, common_start
from creative.engine.reading import Reader

BYTES = 2 * 2 * 2 * 8 * 4  #: of one token: keys and values, layers, heads, width, float32


@pytest.fixture(scope="module")
def forward():
    torch.manual_seed(1)
    shape = LlamaConfig(
        vocab_size=100, hidden_size=32, intermediate_size=32, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, initializer_range=0.3,
    )  # fmt: skip
    return Forward(LlamaForCausalLM(shape).eval())


@torch.inference_mode()
def read(forward, prefixes, tokens):
    """Read a prompt through the memory, and tell how many tokens were read for it."""
    start = prefixes.longest(tokens)
    rest = tokens[start.length :]
    logits = forward(torch.tensor([rest]), start.cache)[0] if rest else start.logits
    prefixes.keep(tokens, Start(cache=start.cache, length=len(tokens), logits=logits))
    return len(rest), logits


def test_only_what_differs_is_read_again(forward):
    prefixes = Prefixes(DynamicCache, 10**6)
    brief, other = tuple(range(10, 60)), (*range(10, 50), 9, 8, 7)
    assert read(forward, prefixes, brief)[0] == 50
    count, logits = read(forward, prefixes, other)
    assert count == 3
    alone = read(forward, Prefixes(DynamicCache, 10**6), other)[1]
    torch.testing.assert_close(logits, alone, atol=1e-4, rtol=1e-4)
    assert read(forward, prefixes, brief)[0] == 0
    assert (prefixes.asked_tokens, prefixes.found_tokens) == (143, 90)


def test_what_is_kept_is_never_written_to(forward):
    prefixes = Prefixes(DynamicCache, 10**6)
    brief = tuple(range(10, 40))
    read(forward, prefixes, brief)
    before = [(k.clone(), v.clone()) for k, v in states_of(prefixes.longest(brief).cache)]
    read(forward, prefixes, (*brief[:20], 1, 2, 3))
    for mine, old in zip(states_of(prefixes.longest(brief).cache), before, strict=True):
        torch.testing.assert_close(mine, old, atol=0, rtol=0)


def test_a_prompt_that_goes_on_from_a_kept_one_leaves_it_as_it_is(forward):
    reader = Reader(Cascade(forward), 10**6)

    def read_all(prompt):
        pieces = reader.read([prompt], lambda: 4)
        with torch.inference_mode():
            while True:
                try:
                    next(pieces)
                except StopIteration as end:
                    return end.value[prompt]

    brief = tuple(range(10, 40))
    begun = read_all(brief)
    with torch.inference_mode():
        next(reader.read([(*brief, *range(50, 70))], lambda: 4))  # given up after one piece
    read_all((*brief, 5, 6, 7))
    assert {keys.shape[1] for keys, _ in states_of(begun.shared)} == {30}
    again = read_all(brief)
    torch.testing.assert_close(again.logits, begun.logits, atol=1e-4, rtol=1e-3)


def test_memory_is_bounded_and_the_oldest_goes_first(forward):
    first, second, third = ((n, *range(10, 29)) for n in (1, 2, 3))
    size = 20 * BYTES + 100 * 4  # with the scores of the next token
    prefixes = Prefixes(DynamicCache, 2 * size)
    for prompt in (first, second, first, third):
        read(forward, prefixes, prompt)
    assert len(prefixes) == 2
    assert prefixes.longest(first).length == 20
    assert prefixes.longest(second).length == 0


def test_nothing_is_remembered_without_memory(forward):
    prefixes = Prefixes(DynamicCache, 0)
    read(forward, prefixes, (1, 2, 3))
    assert len(prefixes) == 0
    assert prefixes.longest((1, 2, 3)).length == 0


def test_a_longer_prompt_takes_the_place_of_its_start(forward):
    prefixes = Prefixes(DynamicCache, 10**6)
    read(forward, prefixes, (1, 2, 3))
    read(forward, prefixes, (1, 2, 3, 4))
    assert len(prefixes) == 1


def test_common_start_of_nothing():
    assert common_start((), (1, 2)) == 0
    assert common_start((2,), (1, 2)) == 0
