"""A small BERT encoder as a function of its weights: what turns token ids into sentence vectors.

Written out so that the projections of a layer can be plain, of eight bits, or carry an adapter that
is being trained, and so that a line costs few calls.  Knows no tokenizer and no files.  Dimensions:
width 384, 12 heads, 6 layers for all-MiniLM-L6-v2, but any BERT of this layout fits.

Sources: Devlin et al. 2019 (BERT), Reimers & Gurevych 2019 (mean of the tokens as sentence vector),
Hu et al. 2021 (low-rank adapters).
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

Projection = Callable[[Tensor], Tensor]
PROJECTIONS = ("mixed", "gathered", "wide", "narrow")  #: in every layer, as adapters name them
_NAMES = {
    "mixed": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "gathered": ("attention.output.dense",),
    "wide": ("intermediate.dense",),
    "narrow": ("output.dense",),
}
_EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class Norm:
    """Scale and shift [width] of a layer normalisation."""

    scale: Tensor
    shift: Tensor

    def __call__(self, states: Tensor) -> Tensor:
        return functional.layer_norm(states, self.scale.shape, self.scale, self.shift, _EPSILON)


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """One layer: attention and a feed-forward block, each added to what came in."""

    mixed: Projection  #: queries, keys and values in one, [..., width] to [..., 3 width]
    gathered: Projection
    wide: Projection
    narrow: Projection
    after_attention: Norm
    after_block: Norm
    heads: int

    def __call__(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """Return states [lines, tokens, width]; `mask` [lines, 1, 1, tokens] is True on tokens."""
        lines, tokens, width = states.shape
        split = self.mixed(states).view(lines, tokens, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        states = self.after_attention(
            states + self.gathered(seen.transpose(1, 2).reshape(lines, tokens, width))
        )
        return self.after_block(states + self.narrow(functional.gelu(self.wide(states))))


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoder:
    """Embeddings and layers."""

    tokens: Tensor
    places: Tensor  #: of positions, with the embedding of the only segment added
    norm: Norm
    layers: Sequence[Layer]

    def embedded(self, ids: Tensor) -> Tensor:
        """Return what the first layer reads, [lines, tokens, width]."""
        return self.norm(functional.embedding(ids, self.tokens) + self.places[: ids.shape[1]])

    def vectors(self, ids: Tensor, known: Tensor | None = None) -> Tensor:
        """Return sentence vectors [lines, width] of length 1.

        Args:
            ids: Token ids [lines, tokens].
            known: True where `ids` is a token and not padding; None if there is no padding.
        """
        states = self.embedded(ids)
        mask = None if known is None else known[:, None, None, :]
        for layer in self.layers:
            states = layer(states, mask)
        return pooled(states, known)


def pooled(states: Tensor, known: Tensor | None) -> Tensor:
    """Return the mean over tokens, of length 1, [lines, width]."""
    if known is None:
        return functional.normalize(states.mean(dim=1), dim=-1)
    return functional.normalize((states * known[..., None]).sum(dim=1), dim=-1)


def plain(weight: Tensor, bias: Tensor) -> Projection:
    """Return a projection in the precision of its weights."""
    return lambda states: functional.linear(states, weight, bias)


def of_eight_bits(weight: Tensor, bias: Tensor) -> Projection:
    """Return a projection whose weights have eight bits, one scale for each output."""
    scales = weight.abs().amax(dim=1).clamp_min(1e-8) / 127
    zeros = torch.zeros(len(scales), dtype=torch.long)
    with warnings.catch_warnings():
        # torch means to drop quantised tensors one day; requirements.txt pins a torch that has them
        warnings.simplefilter("ignore", UserWarning)
        rounded = torch.quantize_per_channel(weight, scales, zeros, 0, torch.qint8)
        packed = torch.ops.quantized.linear_prepack(rounded, bias)

    def project(states: Tensor) -> Tensor:
        result: Tensor = torch.ops.quantized.linear_dynamic(states, packed)
        return result

    return project


def encoder(
    weights: Mapping[str, Tensor],
    *,
    heads: int,
    adapter: Mapping[str, Tensor] | None = None,
    make: Callable[[Tensor, Tensor], Projection] = plain,
) -> Encoder:
    """Return the encoder of a checkpoint of BERT, an adapter merged into it.

    Args:
        weights: By the names of transformers' BertModel.
        heads: Of every layer.
        adapter: `<layer>.<projection>.down` [rank, inputs] and `.up` [outputs, rank]; scale is in
            `up`.
        make: What makes a projection of weight and bias.
    """
    count = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer"))
    return Encoder(
        tokens=weights["embeddings.word_embeddings.weight"],
        places=weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0],
        norm=_norm(weights, "embeddings.LayerNorm"),
        layers=[_layer(weights, at, heads, adapter or {}, make) for at in range(count)],
    )


def _layer(
    weights: Mapping[str, Tensor],
    at: int,
    heads: int,
    adapter: Mapping[str, Tensor],
    make: Callable[[Tensor, Tensor], Projection],
) -> Layer:
    made = {}
    for name in PROJECTIONS:
        weight, bias = projection_weights(weights, at, name)
        if f"{at}.{name}.up" in adapter:
            weight = weight + adapter[f"{at}.{name}.up"] @ adapter[f"{at}.{name}.down"]
        made[name] = make(weight, bias)
    return Layer(
        **made,
        after_attention=_norm(weights, f"encoder.layer.{at}.attention.output.LayerNorm"),
        after_block=_norm(weights, f"encoder.layer.{at}.output.LayerNorm"),
        heads=heads,
    )


def projection_weights(weights: Mapping[str, Tensor], at: int, name: str) -> tuple[Tensor, Tensor]:
    """Return weight [outputs, inputs] and bias [outputs] of a projection of layer `at`."""
    parts = [f"encoder.layer.{at}.{part}" for part in _NAMES[name]]
    return (
        torch.cat([weights[f"{part}.weight"] for part in parts]),
        torch.cat([weights[f"{part}.bias"] for part in parts]),
    )


def _norm(weights: Mapping[str, Tensor], name: str) -> Norm:
    return Norm(weights[f"{name}.weight"], weights[f"{name}.bias"])
