"""Passes written out against the modules of transformers, on small models of each known kind."""

from statistics import mean

import pytest
import torch
from torch.nn import Linear
from torch.nn.functional import scaled_dot_product_attention
from transformers import (
    BloomConfig,
    BloomForCausalLM,
    DynamicCache,
    Gemma2Config,
    Gemma2ForCausalLM,
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

from creative.engine.attention import causal
from creative.engine.cascade import FusedCascade
from creative.engine.copies import Copies
from creative.engine.forward import Forward
from creative.engine.fused import Fused, fused
from creative.engine.graphs import GraphedCascade
from creative.engine.ladder import TOLERANCE, climb, is_right
from creative.engine.matrices import ACTIVATIONS, Gate, Joined, Packed, Plain, matrix
from creative.engine.reading import Reader

VOCAB = 300
SHAPE = {
    "vocab_size": VOCAB,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 24,  # no power of two, and not the width of the model
    "max_position_embeddings": 512,
    "initializer_range": 0.3,
}
MAKE = {
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**SHAPE)),
    "llama, tied": lambda: LlamaForCausalLM(LlamaConfig(**SHAPE, tie_word_embeddings=True)),
    "llama, biases": lambda: LlamaForCausalLM(
        LlamaConfig(**SHAPE, attention_bias=True, mlp_bias=True)
    ),
    "llama, one head each": lambda: LlamaForCausalLM(
        LlamaConfig(**(SHAPE | {"num_key_value_heads": 4}))
    ),
    "llama, stretched": lambda: LlamaForCausalLM(
        LlamaConfig(
            **SHAPE,
            rope_parameters={
                "rope_type": "llama3",
                "rope_theta": 1e4,
                "factor": 8.0,
                "low_freq_factor": 1.0,
                "high_freq_factor": 4.0,
                "original_max_position_embeddings": 64,
            },
        )
    ),
    "qwen2": lambda: Qwen2ForCausalLM(Qwen2Config(**SHAPE, tie_word_embeddings=True)),
    "qwen3": lambda: Qwen3ForCausalLM(Qwen3Config(**SHAPE)),
    "mistral": lambda: MistralForCausalLM(MistralConfig(**SHAPE, sliding_window=None)),
    "gemma": lambda: GemmaForCausalLM(GemmaConfig(**SHAPE)),
}
UNKNOWN = {
    "a window": lambda: MistralForCausalLM(MistralConfig(**SHAPE, sliding_window=8)),
    "another family": lambda: BloomForCausalLM(
        BloomConfig(vocab_size=VOCAB, hidden_size=64, n_layer=2, n_head=4)
    ),
    "another gemma": lambda: Gemma2ForCausalLM(Gemma2Config(**SHAPE)),
    "another activation": lambda: LlamaForCausalLM(LlamaConfig(**SHAPE, hidden_act="relu")),
}


def made(kind):
    """Return a model whose biases and norms are not what they begin as, which would hide them."""
    torch.manual_seed(3)
    model = (MAKE | UNKNOWN)[kind]().eval()
    for name, each in model.named_parameters():
        if name.endswith("bias") or "norm" in name:
            each.data += 0.3 * torch.randn_like(each)
    return model


def tokens(generator, *shape):
    return torch.randint(VOCAB, shape, generator=generator)


def beginning(rung, prompt, piece=512):
    pieces = Reader(rung, 0).read([prompt], lambda: piece)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value[prompt]


def differences(rung, plain, steps=8):
    """Yield differences to plain forward passes, in deviations of their scores.

    Two prompts read in pieces and an ending of several tokens; a request joins, then rows are
    dropped and put in another order.
    """
    generator = torch.Generator().manual_seed(1)
    first, second = (tuple(tokens(generator, count).tolist()) for count in (150, 37))
    begun = [beginning(rung, first, piece=64), beginning(rung, second)]
    ending = tuple(tokens(generator, 5).tolist())
    begun += rung.beginnings(begun[1].shared, len(second), [ending])
    prompts = [first, second, second + ending]
    rows, lines = rung.rows(), []

    def off(mine, line):
        expected = plain(torch.tensor([line])).logits[0, -1].float()
        return float((mine.float() - expected).abs().max() / expected.std())

    def add(*places):
        rows.add([begun[at] for at in places])
        lines.extend(list(prompts[at]) for at in places)

    for read, prompt in zip(begun, prompts, strict=True):
        yield off(read.logits, prompt)
    add(0, 0, 2)
    for step in range(steps):
        if step == 3:
            add(1, 1)
        if step == 5:
            rows.keep([4, 0, 2])
            lines[:] = [lines[at] for at in (4, 0, 2)]
        news = tokens(generator, len(lines)).tolist()
        for line, new, mine in zip(lines, news, rows.step(news), strict=True):
            line.append(new)
            yield off(mine, line)


@pytest.mark.parametrize("kind", MAKE)
@torch.inference_mode()
def test_scores_are_those_of_the_modules(kind):
    rung = FusedCascade(Forward(made(kind)))
    assert max(differences(rung, made(kind))) < TOLERANCE


@pytest.mark.parametrize("kind", MAKE)
@torch.inference_mode()
def test_packed_short_numbers_are_as_close_as_those_of_the_modules(kind):
    """To the same weights in single precision: rounding itself makes the larger difference.

    Scores of attention are rounded once more than by torch's own, which shows with weights as large
    as these.
    """
    exact = made(kind).bfloat16().float()
    modules, mine = (
        mean(differences(make(Forward(made(kind).bfloat16())), exact))
        for make in (Copies, FusedCascade)
    )
    assert mine < 1.5 * modules


@pytest.mark.parametrize("kind", MAKE)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_known_kinds_take_the_top_rung_and_keep_their_weights(kind, dtype):
    model = made(kind).to(dtype)
    before = {name: each.clone() for name, each in model.named_parameters()}
    assert climb(Forward(model)).name == FusedCascade.name
    for name, each in model.named_parameters():
        torch.testing.assert_close(each, before[name], atol=0, rtol=0)


@pytest.mark.parametrize("kind", UNKNOWN)
def test_other_models_are_left_to_their_modules(kind):
    assert fused(Forward(made(kind))) is None


def test_a_changed_model_is_left_to_its_modules():
    hooked, mixed, replaced, wrapped = (made("llama") for _ in range(4))
    hooked.model.layers[1].mlp.register_forward_hook(lambda *_: None)
    mixed.lm_head.bfloat16()

    class Louder(Linear):
        """As an adapter or a rounded layer is: another class in place of a linear one."""

        def forward(self, rows):
            return 2 * super().forward(rows)

    mlp = replaced.model.layers[0].mlp
    mlp.up_proj = Louder(mlp.up_proj.in_features, mlp.up_proj.out_features, bias=False)
    wrapped.model.norm.forward = lambda rows: rows  # as accelerate does it
    for model in (hooked, mixed, replaced, wrapped):
        assert fused(Forward(model)) is None


@torch.inference_mode()
def test_prompts_that_the_modules_read_will_do():
    """A cache holds the same, whoever has read it."""
    model = made("qwen3")
    faster = fused(Forward(model))
    ids = tokens(torch.Generator().manual_seed(1), 1, 40)
    theirs, mine = DynamicCache(config=model.config), DynamicCache(config=model.config)
    Forward(model)(ids, theirs)
    faster(ids[:, :25], mine)
    faster(ids[:, 25:], mine)
    for a, b in zip(theirs.layers, mine.layers, strict=True):
        torch.testing.assert_close(a.keys, b.keys, atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(a.values, b.values, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("biases", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@torch.inference_mode()
def test_packed_matrices_multiply_like_plain_ones(dtype, biases):
    torch.manual_seed(1)
    layers = [Linear(64, size, bias=biases, dtype=dtype) for size in (96, 32)]
    plain, packed = Plain(layers), Packed(layers)
    rows, other = torch.randn(5, 64, dtype=dtype), torch.randn(5, 128, dtype=dtype)
    close = {"atol": 0.02, "rtol": 0.02} if dtype == torch.bfloat16 else {}
    torch.testing.assert_close(packed.of(rows), plain.of(rows), **close)
    torch.testing.assert_close(packed.plus(rows, other), plain.plus(rows, other), **close)
    torch.testing.assert_close(packed.times(rows, other), plain.times(rows, other), **close)
    for each in ACTIVATIONS.values():
        torch.testing.assert_close(
            packed.activated(rows, each), plain.activated(rows, each), **close
        )


def test_what_cannot_be_packed_stays_plain():
    some, none = Linear(8, 8), Linear(8, 8, bias=False)
    assert isinstance(matrix([none], "packed"), Packed)
    assert isinstance(matrix([none], "as they are"), Plain)
    assert isinstance(matrix([some.double()], "packed"), Plain)
    assert isinstance(matrix([Linear(8, 8), none], "packed"), Plain)


@pytest.mark.parametrize("biases", [False, True])
@torch.inference_mode()
def test_joined_matrices_multiply_like_plain_ones_and_hold_no_second_copy(biases):
    torch.manual_seed(1)
    layers = [Linear(64, size, bias=biases) for size in (96, 32)]
    plain, joined = Plain(layers), Joined(layers)
    rows, other = torch.randn(5, 64), torch.randn(5, 128)
    for _ in range(2):
        assert len({each.weight.untyped_storage().data_ptr() for each in layers}) == 1
        torch.testing.assert_close(joined.of(rows), plain.of(rows))
        torch.testing.assert_close(joined.plus(rows, other.clone()), plain.plus(rows, other))
        torch.testing.assert_close(joined.times(rows, other), plain.times(rows, other))
        for each in layers:  # as a trial does
            each.weight.data = each.weight.data * 2
        joined.of(rows)


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
@torch.inference_mode()
def test_every_gate_lets_the_same_pass(activation):
    torch.manual_seed(1)
    layers, rows = (Linear(64, 96), Linear(64, 96)), torch.randn(5, 64)
    expected = activation.call(layers[0](rows)) * layers[1](rows)
    for keeping in ("as they are", "packed", "joined"):
        torch.testing.assert_close(Gate(layers, activation, keeping).of(rows), expected)


@pytest.mark.parametrize("kind", MAKE)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@torch.inference_mode()
def test_a_model_whose_weights_are_joined_is_still_itself(kind, dtype):
    """Also after a trial, which swaps its weights."""
    model, ids = made(kind).to(dtype), tokens(torch.Generator().manual_seed(1), 1, 9)
    before = {name: each.clone() for name, each in model.named_parameters()}
    expected = model(ids).logits
    rung = GraphedCascade(Fused(model, "joined"))
    assert is_right(Forward(model), rung)
    rung.forward(ids, rung.new_cache())
    torch.testing.assert_close(model(ids).logits, expected, atol=0, rtol=0)
    for name, each in model.named_parameters():
        torch.testing.assert_close(each, before[name], atol=0, rtol=0)
    if dtype == torch.float32:
        assert max(differences(rung, made(kind))) < TOLERANCE


@pytest.mark.parametrize(
    ("queries", "length"), [(1, 9), (7, 7), (200, 200), (130, 300), (128, 256)]
)
def test_causal_attention_is_that_of_torch(queries, length):
    torch.manual_seed(1)
    query = torch.randn(6, queries, 16)
    keys, values = torch.randn(2, length, 16), torch.randn(2, length, 16)
    mask = torch.ones(queries, length, dtype=torch.bool).tril(length - queries)
    expected = scaled_dot_product_attention(
        query, keys.repeat_interleave(3, 0), values.repeat_interleave(3, 0), mask, scale=0.3
    )
    mine = causal(query, keys, values, 0.3)
    torch.testing.assert_close(mine, expected.transpose(0, 1), atol=1e-5, rtol=1e-5)
