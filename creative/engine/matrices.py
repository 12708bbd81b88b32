"""Linear layers of a model, several beside each other as one, called without modules.

On a graphics card layers of the same input are laid behind each other once, and the model's own
weights become views of that: one large product takes less than several small ones.

On a processor weights are kept a second time, in the order in which oneDNN multiplies: a step of
few rows is 1.2 to 1.6 times faster, as torch would rearrange them for each step, and what follows a
product is done while it is still in registers.  Both are private to torch, so a matrix that does
not come out as the plain one does is not packed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Protocol, cast

import torch
from torch.nn import Linear
from torch.nn.functional import gelu, linear, silu

_ROWS = 16  #: rows that oneDNN is told to expect; it takes any number
_CLOSE = 2.0**-5  #: largest difference of a packed matrix, as a share of its largest result

_OneDnn: Any = torch.ops.mkldnn


@dataclass(frozen=True, kw_only=True, slots=True)
class Activation:
    """What stands between two products; for torch, and by the names that oneDNN knows."""

    call: Callable[[torch.Tensor], torch.Tensor]
    name: str
    algorithm: str


ACTIVATIONS = {
    "silu": Activation(call=silu, name="swish", algorithm=""),
    "gelu_pytorch_tanh": Activation(
        call=partial(gelu, approximate="tanh"), name="gelu", algorithm="tanh"
    ),
}  #: by their names in transformers


Keeping = Literal["as they are", "joined", "packed"]  #: how weights are held


class Matrix(Protocol):
    """One or more linear layers of the same input, their results beside each other."""

    def of(self, rows: torch.Tensor) -> torch.Tensor:
        """Return products with rows, [rows, inputs]."""

    def activated(self, rows: torch.Tensor, activation: Activation) -> torch.Tensor:
        """Return activated products."""

    def plus(self, rows: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return products + other."""

    def times(self, rows: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return products * other."""


class Gate:
    """Two layers of the same input: the first one's products, activated, times the second's."""

    def __init__(
        self,
        layers: tuple[Linear, Linear],
        activation: Activation,
        keeping: Keeping,
        halves: Callable[[torch.Tensor, str], torch.Tensor] | None = None,
    ) -> None:
        """Take both layers.

        Args:
            layers: The one that is activated, and the other.
            activation: What stands between.
            keeping: How weights are held.
            halves: Does what is left when products lie beside each other, in one pass; takes the
                name of the activation.
        """
        self._activation = activation
        self._halves = halves or self._in_two
        self._is_one = keeping == "joined"
        parts = [layers] if self._is_one else [[layer] for layer in layers]
        self._matrices = [matrix(part, keeping) for part in parts]

    def of(self, rows: torch.Tensor) -> torch.Tensor:
        """Return what passes the gate, [rows, outputs of one layer]."""
        if self._is_one:
            return self._halves(self._matrices[0].of(rows), self._activation.name)
        gate, up = self._matrices
        return up.times(rows, gate.activated(rows, self._activation))

    def _in_two(self, products: torch.Tensor, _: str) -> torch.Tensor:
        gate, up = products.chunk(2, dim=-1)
        return self._activation.call(gate).mul_(up)


class Plain:
    """Weights as the model holds them, whatever it holds at the time."""

    def __init__(self, layers: Sequence[Linear]) -> None:
        self._layers = layers

    def of(self, rows: torch.Tensor) -> torch.Tensor:
        """Return products with rows, [rows, inputs]."""
        if len(self._layers) == 1:
            return linear(rows, self._layers[0].weight, self._layers[0].bias)
        return torch.cat([linear(rows, each.weight, each.bias) for each in self._layers], dim=-1)

    def activated(self, rows: torch.Tensor, activation: Activation) -> torch.Tensor:
        """Return activated products."""
        return activation.call(self.of(rows))

    def plus(self, rows: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return products + other."""
        return self.of(rows) + other

    def times(self, rows: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return products * other."""
        return self.of(rows) * other


class Joined:
    """Weights behind each other in one piece of memory, of which the model's own are views.

    Whatever else the model holds at the time is laid together anew.
    """

    def __init__(self, layers: Sequence[Linear]) -> None:
        if len({layer.bias is None for layer in layers}) > 1:
            raise ValueError("either all layers have a bias or none")
        self._layers = layers
        self._join()

    def _join(self) -> None:
        self._weight = _joined([each.weight for each in self._layers])
        has_bias = self._layers[0].bias is not None
        biases: list[torch.Tensor] = [each.bias for each in self._layers if has_bias]
        self._bias = _joined(biases) if biases else None
        self._lies_at = self._layers[0].weight.data_ptr()

    def of(self, rows: torch.Tensor) -> torch.Tensor:
        """Return products with rows, [rows, inputs]."""
        if self._layers[0].weight.data_ptr() != self._lies_at:
            self._join()
        return linear(rows, self._weight, self._bias)

    def activated(self, rows: torch.Tensor, activation: Activation) -> torch.Tensor:
        """Return activated products."""
        return activation.call(self.of(rows))

    def plus(self, rows: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return products + other, which is lost: a card adds while it multiplies."""
        if self._bias is not None:
            return self.of(rows).add_(other)
        if self._layers[0].weight.data_ptr() != self._lies_at:
            self._join()
        return other.addmm_(rows, self._weight.t())

    def times(self, rows: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return products * other."""
        return self.of(rows).mul_(other)


class Packed:
    """Weights in oneDNN's own order."""

    def __init__(self, layers: Sequence[Linear]) -> None:
        weights = [each.weight.detach() for each in layers]
        weight = torch.cat(weights) if len(weights) > 1 else weights[0]
        biases: list[torch.Tensor | None] = [each.bias for each in layers]
        given = [bias.detach() for bias in biases if bias is not None]
        if given and len(given) < len(layers):
            raise ValueError("either all layers have a bias or none")
        self._bias = torch.cat(given) if given else None
        self._weight = _OneDnn._reorder_linear_weight(weight, _ROWS)
        # named once: finding the right one of several costs a step more than a small product
        self._unary = _OneDnn._linear_pointwise.default
        self._binary = _OneDnn._linear_pointwise.binary

    def of(self, rows: torch.Tensor) -> torch.Tensor:
        """Return products with rows, [rows, inputs]."""
        return cast(torch.Tensor, self._unary(rows, self._weight, self._bias, "none", [], ""))

    def activated(self, rows: torch.Tensor, activation: Activation) -> torch.Tensor:
        """Return activated products."""
        name, algorithm = activation.name, activation.algorithm
        products = self._unary(rows, self._weight, self._bias, name, [], algorithm)
        return cast(torch.Tensor, products)

    def plus(self, rows: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return products + other."""
        return cast(torch.Tensor, self._binary(rows, other, self._weight, self._bias, "add"))

    def times(self, rows: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return products * other."""
        return cast(torch.Tensor, self._binary(rows, other, self._weight, self._bias, "mul"))


def matrix(layers: Sequence[Linear], keeping: Keeping) -> Matrix:
    """Return layers as one matrix, held as is wanted if that can be and comes out right."""
    plain = Plain(layers)
    try:
        if keeping == "joined":
            return Joined(layers)
        if keeping == "packed":
            packed = Packed(layers)
            if _is_close(packed, plain, layers[0]):
                return packed
    except (AttributeError, RuntimeError, TypeError, ValueError):
        pass  # what is private to torch may be missing, or called otherwise
    return plain


def _joined(parts: Sequence[torch.Tensor]) -> torch.Tensor:
    """Lay parts behind each other and let them be views of that; one part stays where it is."""
    if len(parts) == 1:
        return parts[0].detach()
    whole, start = torch.cat([part.detach() for part in parts]), 0
    for part in parts:
        part.data = whole[start : start + len(part)]
        start += len(part)
    return whole


def _is_close(packed: Packed, plain: Plain, layer: Linear) -> bool:
    generator = torch.Generator().manual_seed(1)
    rows = torch.randn(2, layer.in_features, generator=generator).to(layer.weight.dtype)
    expected = plain.of(rows)
    differences = [(packed.of(rows) - expected).abs().max()]
    for activation in ACTIVATIONS.values():
        right = activation.call(expected)
        differences.append((packed.activated(rows, activation) - right).abs().max())
    differences.append((packed.plus(rows, expected) - (expected + expected)).abs().max() / 2)
    largest = expected.abs().max()
    factor = expected.sign()
    differences.append((packed.times(rows, factor) - expected * factor).abs().max())
    return bool(max(differences) <= _CLOSE * largest)
