"""Everything that decides what is learned, and the untrained model of it."""

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerBase

from models.training.mixture import PHASES, Diet, Phase
from models.training.muon import Muon


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a model is."""

    width: int
    layers: int
    heads: int
    inner: int  #: width between the two halves of a feed-forward layer


SIZES = {
    "4m": Size(width=192, layers=6, heads=3, inner=512),
    "7m": Size(width=256, layers=6, heads=4, inner=704),
    "12m": Size(width=320, layers=8, heads=5, inner=832),
}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides what is learned."""

    size: Size = SIZES["7m"]
    length: int = 384  #: tokens of a row
    rows: int = 8  #: rows of a step
    lines: int = 13  #: most lines of a brief
    rate: float = 3e-3
    hold: float = 0.6  #: share of the time before the rate falls
    warmup: int = 60  #: steps
    ema: float = 0.997
    dropout: float = 0.0  #: share of looks back that are left out
    blur: float = 0.05  #: share of a line's own words that are hidden while it is learned
    seed: int = 1


def diet(
    recipe: Recipe, prose: Path | None, phases: tuple[Phase, ...] = PHASES, seed: int = 0
) -> Diet:
    """Return what a run of a recipe reads."""
    return Diet(
        seed=seed,
        length=recipe.length,
        rows=recipe.rows,
        lines=recipe.lines,
        prose=prose,
        phases=phases,
    )


def new_model(recipe: Recipe, tokenizer: PreTrainedTokenizerBase) -> LlamaForCausalLM:
    """Return an untrained model for a tokenizer."""
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=recipe.size.width,
        num_hidden_layers=recipe.size.layers,
        num_attention_heads=recipe.size.heads,
        num_key_value_heads=recipe.size.heads,
        intermediate_size=recipe.size.inner,
        attention_dropout=recipe.dropout,
        tie_word_embeddings=True,
        max_position_embeddings=512,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = LlamaForCausalLM(config)
    model.set_attn_implementation("eager")  # with a mask, a third faster than torch's kernel
    for name, weight in model.named_parameters():
        if "embed" in name:
            torch.nn.init.normal_(weight, std=0.05)
        elif weight.ndim == 2:
            ends_a_layer = "o_proj" in name or "down_proj" in name
            torch.nn.init.normal_(
                weight, std=(0.15 if ends_a_layer else 0.5) / math.sqrt(weight.shape[1])
            )
    return model


def optimizers(model: LlamaForCausalLM, rate: float) -> list[torch.optim.Optimizer]:
    """Return Muon for the matrices and AdamW for the rest."""
    named = list(model.named_parameters())
    matrices = [w for name, w in named if w.ndim == 2 and "embed" not in name]
    rest = [w for name, w in named if w.ndim != 2 or "embed" in name]
    return [
        Muon(matrices, lr=rate, momentum=0.95, weight_decay=0.01),
        torch.optim.AdamW(rest, lr=rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
    ]
