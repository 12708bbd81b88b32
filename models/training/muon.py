"""Muon: momentum whose steps on a matrix are made orthogonal.

torch.optim.Muon orthogonalises in bfloat16, which is very slow on a CPU that lacks it; here that is
done only where the CPU has it, and then took a fifth of the time of single precision.  Otherwise
this is the same rule, with steps of AdamW's size (`match_rms_adamw`).  Matrices of one shape are
treated together.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

COEFFICIENTS = 3.4445, -4.775, 2.0315
ROUNDS = 5


def precision_on(device: torch.device) -> torch.dtype:
    """Return bfloat16 where it is quick, single precision elsewhere."""
    is_quick = device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()
    return torch.bfloat16 if is_quick else torch.float32


def orthogonal(matrices: Tensor) -> Tensor:
    """Return matrices [n, rows, columns] with about the same axes and singular values near 1."""
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if tall else matrices
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    a, b, c = COEFFICIENTS
    for _ in range(ROUNDS):
        square = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """Muon for matrices only."""

    def __init__(
        self,
        weights: Iterable[Tensor],
        *,
        lr: float,
        momentum: float = 0.95,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(weights, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Make one step."""
        for group in self.param_groups:
            shapes: dict[tuple[int, ...], list[Tensor]] = {}
            for weight in group["params"]:
                shapes.setdefault(tuple(weight.shape), []).append(weight)
            for weights in shapes.values():
                self._step_together(weights, group)

    def _step_together(self, weights: list[Tensor], group: dict[str, Any]) -> None:
        ahead = []
        for weight in weights:
            assert weight.grad is not None
            mean = self.state[weight].setdefault("momentum", torch.zeros_like(weight))
            mean.lerp_(weight.grad, 1 - group["momentum"])
            ahead.append(weight.grad.lerp(mean, group["momentum"]))
        size = 0.2 * math.sqrt(max(weights[0].shape))
        changes = orthogonal(torch.stack(ahead).to(precision_on(ahead[0].device))).float()
        for weight, change in zip(weights, changes, strict=True):
            weight.mul_(1 - group["lr"] * group["weight_decay"])
            weight.add_(change, alpha=-group["lr"] * size)
