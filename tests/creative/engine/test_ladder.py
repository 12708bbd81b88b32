"""Every way of decoding against plain forward passes, on small models of the usual families."""

import pytest
import torch
from transformers import (
    BloomConfig,
    BloomForCausalLM,
    Gemma2Config,
    Gemma2ForCausalLM,
    Gemma3ForCausalLM,
    Gemma3TextConfig,
    GemmaConfig,
    GemmaForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from creative.engine import ladder
from creative.engine.cascade import Cascade, FusedCascade
from creative.engine.copies import Copies
from creative.engine.forward import Forward
from creative.engine.graphs import GraphedCascade
from creative.engine.ladder import TOLERANCE, climb, is_right
from creative.engine.reading import Reader
from creative.engine.tree import Tree

VOCAB = 300
SHAPE = {
    "vocab_size": VOCAB,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "max_position_embeddings": 512,
    "initializer_range": 0.3,
}
MAKE = {
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**SHAPE)),
    "llama, tied": lambda: LlamaForCausalLM(LlamaConfig(**SHAPE, tie_word_embeddings=True)),
    "llama, one head each": lambda: LlamaForCausalLM(
        LlamaConfig(**(SHAPE | {"num_key_value_heads": 4}))
    ),
    "qwen2": lambda: Qwen2ForCausalLM(Qwen2Config(**SHAPE)),
    "qwen3": lambda: Qwen3ForCausalLM(Qwen3Config(**SHAPE, tie_word_embeddings=True)),
    "gemma": lambda: GemmaForCausalLM(GemmaConfig(**SHAPE)),
    "mistral": lambda: MistralForCausalLM(MistralConfig(**SHAPE, sliding_window=None)),
    "mistral, window": lambda: MistralForCausalLM(MistralConfig(**SHAPE, sliding_window=8)),
    "gemma2, windows": lambda: Gemma2ForCausalLM(Gemma2Config(**SHAPE, sliding_window=8)),
    "gemma3, windows": lambda: Gemma3ForCausalLM(Gemma3TextConfig(**SHAPE, sliding_window=8)),
    "bloom": lambda: BloomForCausalLM(
        BloomConfig(vocab_size=VOCAB, hidden_size=64, n_layer=2, n_head=4)
    ),
}
FULL = ["llama", "llama, tied", "llama, one head each", "qwen2", "qwen3", "gemma", "mistral"]
WINDOWS = ["mistral, window", "gemma2, windows", "gemma3, windows"]


def made(kind):
    torch.manual_seed(3)
    return Forward(MAKE[kind]().eval())


def read(reader, prompts, piece=16):
    pieces = reader.read(prompts, lambda: piece)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


def tokens(generator, count):
    return tuple(torch.randint(VOCAB, (count,), generator=generator).tolist())


@torch.inference_mode()
def worst_difference(kind, make_rung, steps=45, schedule=None):
    """Return the largest difference to plain forward passes over a busy life of a batch.

    Two requests of different lengths, endings of different lengths, rows that come and go, more
    tokens than columns reserved at once, and prompts longer than a window.
    """
    forward, plain = made(kind), made(kind)
    rung = make_rung(forward)
    reader = Reader(rung, 10**8)
    generator = torch.Generator().manual_seed(1)
    start, other = tokens(generator, 40), tokens(generator, 23)
    prompts = [start + tokens(generator, count) for count in (3, 7, 1, 5)]
    begun = read(reader, prompts) | read(reader, [other])
    lines, rows, worst = [], rung.rows(), 0.0

    def add(*added):
        rows.add([begun[prompt] for prompt in added])
        lines.extend(list(prompt) for prompt in added)

    def keep(*places):
        rows.keep(places)
        lines[:] = [lines[at] for at in places]

    changes = (
        {}
        if schedule
        else {
            5: lambda: add(other, other, other),
            9: lambda: keep(0, 2, 3, 6, 7, 8),
            20: lambda: keep(3, 4, 1),
            33: lambda: add(prompts[1]),
            34: lambda: keep(3, 0),
        }
    )
    if schedule:
        changes = {at: lambda do=do: do(add, keep, prompts, other) for at, do in schedule.items()}
    add(*prompts, *prompts[:2])
    for step in range(steps):
        changes.get(step, lambda: None)()
        news = tokens(generator, len(lines))
        scores = rows.step(news)
        for line, token, mine in zip(lines, news, scores, strict=True):
            line.append(token)
            expected = plain.model(torch.tensor([line])).logits[0, -1]
            worst = max(worst, float((mine - expected).abs().max() / expected.std().clamp(min=1)))
    return worst


@pytest.mark.parametrize("kind", FULL)
@pytest.mark.parametrize("rung", [Cascade, GraphedCascade, Tree, Copies])
def test_every_way_scores_like_plain_decoding(kind, rung):
    assert worst_difference(kind, rung) < TOLERANCE


@pytest.mark.parametrize("rung", [Cascade, GraphedCascade, FusedCascade])
def test_a_row_may_begin_before_all_that_are_there(rung):
    """Its ending is longer than what the others have written so far."""

    def swap_and_add(add, keep, prompts, other):
        keep(1, 0)
        add(prompts[1], prompts[3])

    schedule = {
        5: lambda add, keep, prompts, other: add(other, other),
        6: lambda add, keep, prompts, other: keep(6, 7),
        7: swap_and_add,
        12: lambda add, keep, prompts, other: keep(3, 0),
    }
    assert worst_difference("llama", rung, steps=40, schedule=schedule) < TOLERANCE


@pytest.mark.parametrize("kind", WINDOWS)
@pytest.mark.parametrize("rung", [Tree, Copies])
def test_windows_are_kept_where_prompts_are_longer_than_them(kind, rung):
    assert worst_difference(kind, rung) < TOLERANCE


def test_a_model_without_the_standard_interface_is_decoded_in_copies():
    assert worst_difference("bloom", Copies) < TOLERANCE


@pytest.mark.parametrize("kind", FULL)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_full_attention_takes_the_top_rung(kind, dtype):
    forward = made(kind)
    before = {name: each.clone() for name, each in forward.model.to(dtype).named_parameters()}
    assert climb(forward).name.startswith("cascade")
    for name, each in forward.model.named_parameters():
        torch.testing.assert_close(each, before[name], atol=0, rtol=0)


@pytest.mark.parametrize("kind", WINDOWS)
def test_sliding_windows_take_the_tree(kind):
    assert climb(made(kind)).name == "tree"


def test_a_model_that_suits_no_rung_is_decoded_in_copies():
    forward = made("bloom")
    usual = forward.model.config._attn_implementation
    assert climb(forward).name == "copies"
    assert forward.model.config._attn_implementation == usual


def test_a_rung_that_is_wrong_is_found_out():
    """A layer that sees less than it should: cascade attention knows no windows."""
    forward = made("mistral, window")
    rung = Cascade(forward)
    assert not is_right(forward, rung)


def test_so_it_is_where_a_model_is_too_large_for_single_precision(monkeypatch):
    """Rounding is let pass there, and it alone."""
    monkeypatch.setattr(ladder, "_LARGEST_BYTES", 0)
    for kind, is_expected in (("mistral, window", False), ("llama", True)):
        forward = made(kind)
        forward.model.to(torch.bfloat16)
        assert is_right(forward, Cascade(forward)) is is_expected
