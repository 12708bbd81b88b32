"""A pass of the usual decoder block written out: Llama, Qwen2, Qwen3, Mistral and Gemma.

It computes what transformers' modules compute, in a third of the calls, for any number of rows and
tokens: steps, endings of prompts, and whole prompts.  What a model is made of is checked first; a
model with anything unusual is left to its own modules.  On a graphics card `kernels` do what stands
between products, if they work there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch.nn import Embedding, Linear
from torch.nn.functional import layer_norm, rms_norm
from transformers import (
    GemmaForCausalLM,
    LlamaForCausalLM,
    MistralForCausalLM,
    Qwen2ForCausalLM,
    Qwen3ForCausalLM,
)
from transformers.cache_utils import Cache
from transformers.models.gemma.modeling_gemma import GemmaRMSNorm

from creative.engine.attention import Placed, Shared, cascade, causal
from creative.engine.forward import Forward, windows_of
from creative.engine.hub import CausalModel
from creative.engine.matrices import ACTIVATIONS, Gate, Keeping, Matrix, matrix

_KINDS = (
    GemmaForCausalLM,
    LlamaForCausalLM,
    MistralForCausalLM,
    Qwen2ForCausalLM,
    Qwen3ForCausalLM,
)
_FEW = 128  #: rows for which calls cost more than what they compute
_LARGEST_BYTES = 2**31  #: weights up to this size are packed; packed ones come on top of them


class _Norm:
    """Division by the root mean square, and a factor for each feature."""

    def __init__(self, module: Any, programs: Any = None) -> None:
        self._programs = programs
        weight: torch.Tensor = module.weight.detach()
        if isinstance(module, GemmaRMSNorm):  # it has trained the difference to one
            weight, self._eps = 1.0 + weight.float(), module.eps
        else:
            self._eps = module.variance_epsilon
        self._weight, self._twice = weight, torch.cat([weight, weight])
        self._features = len(weight)

    def __call__(self, rows: torch.Tensor) -> torch.Tensor:
        """Return rows in their own number format, computed in that of the factors."""
        if self._programs:
            return cast(torch.Tensor, self._programs.normed(rows, self._weight, self._eps))
        given = rows.to(self._weight.dtype)
        if rows.device.type == "cpu" and len(rows) <= _FEW:
            normed = self._with_negatives(given)
        else:
            normed = rms_norm(given, self._weight.shape, self._weight, self._eps)
        return normed.to(rows.dtype)

    def _with_negatives(self, rows: torch.Tensor) -> torch.Tensor:
        """Take the layer norm of rows beside their negatives, whose mean is nought.

        That is the same, and one call for torch where `rms_norm` is eight on a processor.
        """
        both = torch.cat([rows, -rows], dim=-1)
        normed = layer_norm(both, self._twice.shape, self._twice, None, self._eps)
        return normed[:, : self._features].contiguous()


class _HeadNorms:
    """The norms of Qwen3: each head of queries and keys by itself, in single precision."""

    def __init__(self, attention: Any, heads: int, key_heads: int) -> None:
        norms = [attention.q_norm] * heads + [attention.k_norm] * key_heads
        self.weights = torch.stack([each.weight.detach().float() for each in norms])
        self.eps: float = attention.q_norm.variance_epsilon

    def __call__(self, states: torch.Tensor) -> torch.Tensor:
        return (
            rms_norm(states, states.shape[-1:], None, self.eps).mul(self.weights).to(states.dtype)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Layer:
    """One decoder block."""

    before: _Norm
    states: Matrix  #: queries, keys and values beside each other
    head_norms: _HeadNorms | None
    out: Matrix
    between: _Norm
    gate: Gate
    down: Matrix


@dataclass(frozen=True, kw_only=True, slots=True)
class _Call:
    """What all layers are told.

    Attributes:
        cache: Where states of the tokens go.
        cos: Cosines for `_turned`, [rows, tokens, heads, width]; those of queries hold the scale of
            scores too.  In single precision for programs.
        sin: As `cos`.
        bias: Of columns; None for a prompt.
        shared: What rows share; None for a prompt.
    """

    cache: Cache
    cos: torch.Tensor
    sin: torch.Tensor
    bias: torch.Tensor | None
    shared: Sequence[Shared] | None


class Fused(Forward):
    """Reads tokens with a model of a known kind; prompts as well as rows that share them."""

    def __init__(
        self, model: CausalModel, keeping: Keeping | None = None, programs: Any = None
    ) -> None:
        """Take a model that `fused` has looked at.

        Args:
            model: Of a known kind.
            keeping: How weights are held; None for what suits the device.
            programs: `creative.engine.kernels` where that works.
        """
        super().__init__(model)
        inner: Any = cast(Any, model).model
        attention, config = inner.layers[0].self_attn, model.config
        self._embedding = inner.embed_tokens
        self._rotary = inner.rotary_emb
        self._heads: int = config.num_attention_heads
        self._key_heads: int = config.num_key_value_heads
        self._width: int = attention.head_dim
        # in single precision, which tells rotary embeddings theirs
        scales = [attention.scaling] * self._heads + [1.0] * self._key_heads
        self._scales = torch.tensor(scales, device=self.device)[:, None]
        self.programs = programs
        self._built_for = self.dtype
        self._built = _built(model, keeping or _keeping(model), programs)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()  # of the parts that were joined

    @property
    def device(self) -> torch.device:
        return cast(torch.device, self._embedding.weight.device)

    @property
    def dtype(self) -> torch.dtype:
        return cast(torch.dtype, self._embedding.weight.dtype)

    def __call__(self, ids: torch.Tensor, cache: Cache, **inputs: Any) -> torch.Tensor:
        """Read tokens, int64 [rows, tokens], into a cache; return the last scores [rows, vocab].

        Without `shared` it is one row, and a cache of transformers.
        """
        layers, norm, head = self._built
        if self.dtype != self._built_for:  # for a trial, weights hold other numbers for a while
            layers, norm, head = _built(self.model, "as they are", self.programs)
        rows, tokens = ids.shape
        call = self._call(cache, tokens, **inputs)
        hidden = self._embedding(ids).view(rows * tokens, -1)
        for number, layer in enumerate(layers):
            states = layer.states.of(layer.before(hidden)).view(rows, tokens, -1, self._width)
            # of the last layer nothing is wanted but its memory and the last token
            kept = tokens if number < len(layers) - 1 else 1
            seen = self._seen(number, layer, states, call, kept).reshape(rows * kept, -1)
            hidden = hidden.view(rows, tokens, -1)[:, -kept:].reshape(rows * kept, -1)
            hidden = layer.out.plus(seen, hidden)
            hidden = layer.down.plus(layer.gate.of(layer.between(hidden)), hidden)
        return head.of(norm(hidden))

    def _call(
        self,
        cache: Cache,
        tokens: int,
        *,
        position_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        shared: Sequence[Shared] | None = None,
    ) -> _Call:
        if position_ids is None:
            past = cache.get_seq_length()
            position_ids = torch.arange(past, past + tokens, device=self.device)[None]
        cos, sin = self._rotary(self._scales, position_ids)
        sin[..., : self._width // 2].neg_()
        cos, sin = cos[:, :, None] * self._scales, sin[:, :, None] * self._scales
        is_for_programs = self.programs and _is_step(shared)
        dtype = torch.float32 if is_for_programs else self.dtype
        return _Call(
            cache=cache,
            cos=cos.to(dtype, memory_format=torch.contiguous_format),
            sin=sin.to(dtype, memory_format=torch.contiguous_format),
            bias=attention_mask,
            shared=shared,
        )

    def _seen(
        self, number: int, layer: _Layer, states: torch.Tensor, call: _Call, kept: int
    ) -> torch.Tensor:
        """Remember states [rows, tokens, heads, width], and attend from the last `kept` tokens.

        Returns:
            [rows, kept, heads, width].
        """
        if self.programs and _is_step(call.shared):
            return self._seen_in_a_step(number, layer, states[:, 0], call)
        turning = self._heads + self._key_heads
        turned = states[:, :, :turning]
        if layer.head_norms is not None:
            turned = layer.head_norms(turned)
        turned = _turned(turned, call.cos, call.sin).transpose(1, 2)
        query, keys = turned[:, : self._heads, -kept:], turned[:, self._heads :]
        values = states[:, :, turning:].transpose(1, 2)
        keys, values = call.cache.update(keys, values, number)
        if call.shared is None:
            return causal(query[0], keys[0], values[0], 1.0)
        assert call.bias is not None
        of_layer = [each.layers[number] for each in call.shared]
        return cascade(query, (keys, values), call.bias[:, :, -kept:], 1.0, call.shared, of_layer)

    def _seen_in_a_step(
        self, number: int, layer: _Layer, states: torch.Tensor, call: _Call
    ) -> torch.Tensor:
        """Do what `_seen` does, for a step of fixed shapes; states are [rows, heads, width]."""
        assert call.shared is not None
        columns, norms = cast(Placed, call.cache), layer.head_norms
        query = self.programs.turned(
            states, (call.cos, call.sin), norms and (norms.weights, norms.eps), columns, number
        )
        seen = self.programs.attended(query, columns, call.bias, call.shared[0], number)
        return cast(torch.Tensor, seen)


def fused(forward: Forward) -> Fused | None:
    """Return a faster way to read tokens with a model, None when it is not of a known kind."""
    if isinstance(forward, Fused):
        return forward
    if not _is_known(forward.model):
        return None
    return Fused(forward.model, programs=_programs(forward.device))


def _programs(device: torch.device) -> Any:
    """Return programs for a graphics card, None where there are none."""
    if device.type != "cuda":
        return None
    from creative.engine import kernels  # where there is no card, its compiler is not imported

    return kernels if kernels.is_usable(device) else None


def _is_step(shared: Sequence[Shared] | None) -> bool:
    """Tell whether rows read one token each, into columns of which a tensor tells the place."""
    return shared is not None and shared[0].spans is not None


def _turned(states: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotate states by their position; `sin` is negative for the first half."""
    swapped = states.roll(states.shape[-1] // 2, dims=-1)
    return torch.addcmul(states * cos, swapped, sin)


def _built(model: Any, keeping: Keeping, programs: Any) -> tuple[list[_Layer], _Norm, Matrix]:
    """Return all layers, the last norm and the head."""
    layers = [_layer(each, model.config, keeping, programs) for each in model.model.layers]
    return layers, _Norm(model.model.norm, programs), matrix([model.lm_head], keeping)


def _layer(module: Any, config: Any, keeping: Keeping, programs: Any) -> _Layer:
    attention, mlp = module.self_attn, module.mlp
    norms = None
    if hasattr(attention, "q_norm"):
        counts = config.num_attention_heads, config.num_key_value_heads
        norms = _HeadNorms(attention, *counts)
    return _Layer(
        before=_Norm(module.input_layernorm, programs),
        states=matrix([attention.q_proj, attention.k_proj, attention.v_proj], keeping),
        head_norms=norms,
        out=matrix([attention.o_proj], keeping),
        between=_Norm(module.post_attention_layernorm, programs),
        gate=Gate(
            (mlp.gate_proj, mlp.up_proj),
            ACTIVATIONS[config.hidden_act],
            keeping,
            programs and programs.gated,
        ),
        down=matrix([mlp.down_proj], keeping),
    )


def _is_known(model: Any) -> bool:
    """Tell whether a model is of a known kind, and nobody has changed it."""
    if type(model) not in _KINDS or model.config.hidden_act not in ACTIVATIONS:
        return False
    windows = windows_of(model)
    if windows is None or any(windows.values()):
        return False
    parameters = list(model.parameters())
    formats = {(type(each.data), each.dtype, each.device) for each in parameters}
    is_even = len(formats) == 1 and parameters[0].is_floating_point()
    return (
        is_even
        and type(parameters[0].data) is torch.Tensor
        and not any(map(_is_changed, model.modules()))
    )


def _is_changed(module: Any) -> bool:
    """Tell whether a module does something besides what its class does, or is of another class."""
    has_hooks = module._forward_hooks or module._forward_pre_hooks or "forward" in vars(module)
    if has_hooks or not list(module.parameters(recurse=False)):
        return bool(has_hooks)
    is_usual = type(module) is Linear or isinstance(module, Embedding)
    return not is_usual and not type(module).__name__.endswith("RMSNorm")


def _keeping(model: Any) -> Keeping:
    """Tell how weights are best held: packed on a processor, where memory allows a second copy."""
    weights = list(model.parameters())
    if weights[0].device.type == "cuda":
        return "joined"
    size = sum(each.numel() * each.element_size() for each in weights)
    is_packable = size <= _LARGEST_BYTES and weights[0].device.type == "cpu"
    return "packed" if is_packable else "as they are"
