"""Programs for a graphics card against plain passes of whole models.

Without a card Triton can interpret them, which shows that they are right, not that they compile:

    pip install triton && TRITON_INTERPRET=1 pytest tests/creative/engine/test_kernels.py
"""

import os
from importlib.util import find_spec

import pytest
import torch
from transformers import (
    GemmaConfig,
    GemmaForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from creative.engine import kernels
from creative.engine.forward import Forward
from creative.engine.fused import Fused
from creative.engine.graphs import GraphedCascade
from creative.engine.ladder import TOLERANCE, is_right
from creative.engine.reading import Reader

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
_CAN_RUN = DEVICE == "cuda" or os.environ.get("TRITON_INTERPRET") == "1"
pytestmark = [
    pytest.mark.skipif(
        not (_CAN_RUN and find_spec("triton")), reason="needs Triton, and a card or an interpreter"
    ),
    # numpy tells of what is infinite or no number, as it may be
    pytest.mark.filterwarnings("ignore:(overflow|invalid value) encountered:RuntimeWarning"),
]

VOCAB = 120
SHAPE = {
    "vocab_size": VOCAB,
    "hidden_size": 72,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 6,
    "num_key_value_heads": 2,  # three queries to a key, which leaves lanes of a program empty
    "head_dim": 24,  # no power of two
    "max_position_embeddings": 512,
    "initializer_range": 0.3,
}
MAKE = {
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**SHAPE)),
    "llama, biases": lambda: LlamaForCausalLM(
        LlamaConfig(**SHAPE, attention_bias=True, mlp_bias=True)
    ),
    "llama, one head each": lambda: LlamaForCausalLM(
        LlamaConfig(**(SHAPE | {"num_key_value_heads": 6}))
    ),
    "qwen2": lambda: Qwen2ForCausalLM(Qwen2Config(**SHAPE, tie_word_embeddings=True)),
    "qwen3": lambda: Qwen3ForCausalLM(Qwen3Config(**SHAPE)),
    "gemma": lambda: GemmaForCausalLM(GemmaConfig(**SHAPE)),
}


def made(kind):
    """Return a model whose biases and norms are not what they begin as, which would hide them."""
    torch.manual_seed(3)
    model = MAKE[kind]().eval()
    for name, each in model.named_parameters():
        if name.endswith("bias") or "norm" in name:
            each.data += 0.3 * torch.randn_like(each)
    return model.to(DEVICE)


def tokens(generator, count):
    return tuple(torch.randint(VOCAB, (count,), generator=generator).tolist())


def read(rung, prompt):
    pieces = Reader(rung, 0).read([prompt], lambda: 512)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value[prompt]


def test_each_program_does_what_torch_does():
    assert kernels.is_usable(torch.device(DEVICE), (torch.float32,))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_mass_of_a_row_is_that_of_torch(dtype):
    """Also where one number holds nearly all of it, and where most numbers are hidden."""
    rows = torch.randn(4, 20_000, generator=torch.Generator().manual_seed(2)).to(DEVICE, dtype) * 4
    rows[1, 19_999], rows[2, 5:], rows[3] = 90.0, -torch.inf, -88.0
    expected = rows.double().logsumexp(-1).float()
    torch.testing.assert_close(kernels.log_mass(rows), expected, atol=1e-4, rtol=1e-6)
    rows[0, 7], rows[1, 7], rows[2] = torch.nan, torch.inf, -torch.inf
    assert not kernels.log_mass(rows[:3]).isfinite().any()


@pytest.mark.parametrize("kind", MAKE)
@torch.inference_mode()
def test_steps_score_like_plain_passes(kind):
    """Three prompts, one longer than a program looks at together; rows join, leave and go back."""
    plain, generator = made(kind), torch.Generator().manual_seed(1)
    rung = GraphedCascade(Fused(made(kind), "joined", kernels))
    prompts = [tokens(generator, count) for count in (90, 130, 7)]
    begun = [read(rung, prompt) for prompt in prompts]
    rows, lines, worst = rung.rows(), [], 0.0
    for step in range(6):
        if step in (0, 2):
            places = (0, 1, 1) if step == 0 else (2, 2, 0, 0, 0, 0, 0)
            rows.add([begun[at] for at in places])
            lines += [list(prompts[at]) for at in places]
        if step == 4:
            rows.keep([9, 1, 4, 0])
            lines = [lines[at] for at in (9, 1, 4, 0)]
            assert rows.forget(1, 2)
            del lines[1][-2:]
        news = tokens(generator, len(lines))
        for line, new, mine in zip(lines, news, rows.step(news), strict=True):
            line.append(new)
            expected = plain(torch.tensor([line], device=DEVICE)).logits[0, -1]
            worst = max(worst, float((mine - expected).abs().max() / expected.std()))
    assert worst < TOLERANCE


@pytest.mark.parametrize("kind", ["llama", "gemma"])
def test_a_trial_in_single_precision_passes(kind):
    """It swaps weights for a while, which are views of joined ones."""
    model = made(kind).to(torch.float32)
    rung = GraphedCascade(Fused(model, "joined", kernels))
    assert is_right(Forward(model), rung)
