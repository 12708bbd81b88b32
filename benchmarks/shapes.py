"""Models of the sizes that claims are made about: real architectures, random weights, no end token.

Random weights cost what trained ones cost, and every line takes exactly the tokens asked for.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedConfig,
    PreTrainedModel,
    Qwen2Config,
    Qwen2ForCausalLM,
)

SEED = 7
PROMPT = 512  #: tokens of a prompt
NEW = 24  #: tokens of a line: one from the prompt's own logits, the others by a step each

Model = TypeVar("Model", bound=PreTrainedModel)

_NO_END: dict[str, Any] = {"bos_token_id": None, "eos_token_id": None, "pad_token_id": None}

STARTER = LlamaConfig(
    hidden_size=320,
    intermediate_size=864,
    num_hidden_layers=8,
    num_attention_heads=5,
    num_key_value_heads=5,
    head_dim=64,
    vocab_size=8192,
    max_position_embeddings=2048,
    tie_word_embeddings=True,
    **_NO_END,
)  #: 12.5 million parameters
HALF_BILLION = Qwen2Config(
    hidden_size=896,
    intermediate_size=4864,
    num_hidden_layers=24,
    num_attention_heads=14,
    num_key_value_heads=2,
    vocab_size=151_936,
    max_position_embeddings=2048,
    tie_word_embeddings=True,
    rope_parameters={"rope_type": "default", "rope_theta": 1e6},
    **_NO_END,
)  #: 494 million parameters
EIGHT_BILLION = LlamaConfig(
    hidden_size=4096,
    intermediate_size=14_336,
    num_hidden_layers=32,
    num_attention_heads=32,
    num_key_value_heads=8,
    vocab_size=128_256,
    max_position_embeddings=2048,
    tie_word_embeddings=False,
    rope_parameters={"rope_type": "default", "rope_theta": 5e5},
    **_NO_END,
)  #: 8.0 billion parameters


def starter(dtype: torch.dtype = torch.bfloat16) -> LlamaForCausalLM:
    """Return a model of the starter's size."""
    return _built(LlamaForCausalLM, STARTER, dtype)


def half_billion(dtype: torch.dtype = torch.bfloat16) -> Qwen2ForCausalLM:
    """Return a model shaped like Qwen2 with half a billion parameters."""
    return _built(Qwen2ForCausalLM, HALF_BILLION, dtype)


def eight_billion(device: str, dtype: torch.dtype = torch.bfloat16) -> LlamaForCausalLM:
    """Return a model shaped like Llama 3 with eight billion parameters, made on a device."""
    with torch.device(device):
        return _built(LlamaForCausalLM, EIGHT_BILLION, dtype)


def prompt(model: PreTrainedModel, tokens: int = PROMPT, seed: int = SEED) -> list[int]:
    """Return a prompt of random tokens."""
    generator = torch.Generator().manual_seed(seed)
    ids: list[int] = torch.randint(
        model.config.vocab_size, (tokens,), generator=generator, device="cpu"
    ).tolist()
    return ids


def _built(kind: Callable[..., Model], config: PreTrainedConfig, dtype: torch.dtype) -> Model:
    usual = torch.get_default_dtype()
    torch.manual_seed(SEED)
    torch.set_default_dtype(dtype)
    try:
        model = kind(config)
    finally:
        torch.set_default_dtype(usual)
    model.train(mode=False)
    return model
