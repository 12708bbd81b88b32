"""A model of transformers as a GGUF file for llama.cpp: bfloat16 matrices, no words.

Knows the tensors of Llama and Qwen2.  The rival reads and writes token ids only, so the file names
a vocabulary's size and nothing else.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from transformers import PreTrainedModel

Array = npt.NDArray[Any]

_NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def write_gguf(model: PreTrainedModel, path: Path) -> None:
    """Write the weights of a Llama or Qwen2 model.

    Raises:
        ImportError: If the package `gguf` is not installed.
    """
    import gguf

    writer = gguf.GGUFWriter(path, arch=model.config.model_type)
    _describe(writer, model.config)
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight" and model.config.tie_word_embeddings:
            continue
        states = _turned(name, tensor, model.config)
        if states.ndim == 1:
            writer.add_tensor(_renamed(name), states.float().numpy())
        else:
            writer.add_tensor(
                _renamed(name), _bytes(states), raw_dtype=gguf.GGMLQuantizationType.BF16
            )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: Any, config: Any) -> None:
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_rope_dimension_count(config.hidden_size // config.num_attention_heads)
    writer.add_vocab_size(config.vocab_size)
    writer.add_tokenizer_model("none")


def _renamed(name: str) -> str:
    """Return a tensor's name in GGUF.

    >>> _renamed("model.layers.3.self_attn.q_proj.weight")
    'blk.3.attn_q.weight'
    """
    stem, _, kind = name.rpartition(".")
    if not stem.startswith("model.layers."):
        return f"{_NAMES[stem]}.{kind}"
    _, _, number, part = stem.split(".", 3)
    return f"blk.{number}.{_NAMES[part]}.{kind}"


def _turned(name: str, tensor: torch.Tensor, config: Any) -> torch.Tensor:
    """Return queries and keys of Llama with the two halves of each head interleaved.

    transformers rotates the first half of a head against the second, llama.cpp rotates neighbours
    for this architecture, and neither can be told otherwise.
    """
    if config.model_type != "llama":
        return tensor
    if "q_proj" in name:
        return _interleaved(tensor, config.num_attention_heads)
    if "k_proj" in name:
        return _interleaved(tensor, config.num_key_value_heads)
    return tensor


def _interleaved(weight: torch.Tensor, heads: int) -> torch.Tensor:
    halves = weight.view(heads, 2, weight.shape[0] // heads // 2, -1)
    return halves.transpose(1, 2).reshape(weight.shape)


def _bytes(tensor: torch.Tensor) -> Array:
    """Return a matrix in bfloat16 as bytes, uint8 [rows, 2 * columns]."""
    words = tensor.to(torch.bfloat16).contiguous().view(torch.int16)
    return words.numpy().view(np.uint8)
