"""The least time a machine could take for N lines of a prompt: what its cores were measured to do.

The prompt costs its multiplications at the best rate; each step the slower of reading every weight
and the shared prompt once, and multiplying at the rate of that many rows.  Attention, norms,
sampling and Python are free here, so no engine reaches this floor.  Rates are FLOP/s and bytes/s.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import torch
from torch.nn import Linear
from torch.nn.functional import linear
from transformers import PreTrainedModel

ROWS = (16, 64, 512)  #: rows whose rate is measured; the last is that of prompts
_ROUNDS = 5
_ONEDNN: Any = torch.ops.mkldnn


@dataclass(frozen=True, kw_only=True, slots=True)
class Floor:
    """What a machine can do for one model.

    Attributes:
        multiply_rates: FLOP/s by rows, over the model's own matrices in their order.
        read_rate: Bytes/s over as much memory as the model's weights fill.
        weight_bytes: All weights that a step reads.
        token_flops: Multiplications and additions of one row in all matrices.
        prompt_flops: Those of a whole prompt, attention included, the head for its last token.
        prompt_bytes: Keys and values of a prompt.
    """

    multiply_rates: dict[int, float]
    read_rate: float
    weight_bytes: int
    token_flops: int
    prompt_flops: int
    prompt_bytes: int

    def bound_s(self, rows: int, new_tokens: int) -> float:
        """Return the least seconds for some rows of `new_tokens` each."""
        return self.prompt_s() + (new_tokens - 1) * self.step_s(rows)

    def prompt_s(self) -> float:
        """Return the least seconds for reading the prompt."""
        return self.prompt_flops / self.multiply_rates[ROWS[-1]]

    def step_s(self, rows: int) -> float:
        """Return the least seconds for one token of each row."""
        reading = (self.weight_bytes + self.prompt_bytes) / self.read_rate
        return max(reading, rows * self.token_flops / self.multiply_rates[rows])

    def figures(self) -> dict[str, Any]:
        """Return what was measured, for a report."""
        rates = {str(rows): round(rate / 1e9) for rows, rate in self.multiply_rates.items()}
        return {
            "gflops_by_rows": rates,
            "read_gb_s": round(self.read_rate / 1e9, 1),
            "prompt_ms": round(1e3 * self.prompt_s(), 1),
            "step_ms": {str(n): round(1e3 * self.step_s(n), 2) for n in ROWS[:-1]},
        }


def measured(model: PreTrainedModel, prompt: int) -> Floor:
    """Measure this machine with a model's matrices; torch's threads as they are set."""
    matrices = _matrices(model)
    weight_bytes = sum(each.nbytes for each in matrices)
    parameters = sum(each.numel() for each in matrices)
    head = matrices[-1].numel()
    return Floor(
        multiply_rates={rows: _multiply_rate(matrices, rows) for rows in ROWS},
        read_rate=_read_rate(weight_bytes),
        weight_bytes=weight_bytes,
        token_flops=2 * parameters,
        prompt_flops=2 * (prompt * (parameters - head) + head) + _attention_flops(model, prompt),
        prompt_bytes=_cache_bytes(model, prompt),
    )


def _matrices(model: PreTrainedModel) -> list[torch.Tensor]:
    """Return every matrix that a token is multiplied with, the head last."""
    return [module.weight for module in model.modules() if isinstance(module, Linear)]


def _attention_flops(model: PreTrainedModel, prompt: int) -> int:
    """Return the FLOPs of causal attention over a prompt: half of all pairs, keys and values."""
    config = model.config
    width = config.num_attention_heads * _head_width(config)
    return int(2 * prompt * prompt * width * config.num_hidden_layers)


def _cache_bytes(model: PreTrainedModel, prompt: int) -> int:
    config = model.config
    width = config.num_key_value_heads * _head_width(config)
    return int(2 * prompt * width * config.num_hidden_layers * model.dtype.itemsize)


def _head_width(config: Any) -> int:
    return int(getattr(config, "head_dim", 0) or config.hidden_size // config.num_attention_heads)


@torch.inference_mode()
def _multiply_rate(matrices: list[torch.Tensor], rows: int) -> float:
    """Return the FLOP/s of multiplying some rows with each matrix in turn.

    Matrices as they are stored, or in oneDNN's own order where torch has it: what is faster.
    """
    inputs = {
        each.shape[1]: torch.randn(rows, each.shape[1], dtype=each.dtype) for each in matrices
    }

    def as_stored() -> None:
        for each in matrices:
            linear(inputs[each.shape[1]], each)

    fastest = _seconds(as_stored)
    if torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        packed = [_ONEDNN._reorder_linear_weight(each, rows) for each in matrices]
        widths = [each.shape[1] for each in matrices]

        def as_packed() -> None:
            for each, width in zip(packed, widths, strict=True):
                _ONEDNN._linear_pointwise(inputs[width], each, None, "none", [], "")

        fastest = min(fastest, _seconds(as_packed))
    return 2 * rows * sum(each.numel() for each in matrices) / fastest


def _read_rate(size: int) -> float:
    """Return the bytes/s of summing as many bytes as the weights fill."""
    memory = torch.ones(size // 4)
    return memory.nbytes / _seconds(lambda: memory.sum())


def _seconds(work: Callable[[], object]) -> float:
    """Return the median seconds of some work, in rounds of at least 50 ms."""
    work()
    begun = time.perf_counter()
    work()
    repeats = 1 + int(0.05 / max(time.perf_counter() - begun, 1e-6))
    return median(_round_s(work, repeats) for _ in range(_ROUNDS))


def _round_s(work: Callable[[], object], repeats: int) -> float:
    begun = time.perf_counter()
    for _ in range(repeats):
        work()
    return (time.perf_counter() - begun) / repeats
