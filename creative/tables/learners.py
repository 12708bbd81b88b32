"""What is learnt from encoded rows: a linear model, boosted trees, a small network.

Every learner returns margins, which are log-odds; the first two also say how much each feature adds
to them.  Holds what a stored model needs and nothing of how it was trained.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from lightgbm import Booster

from creative.tables.refusals import TableRefused
from creative.tables.table import Floats

FAR = 8.0  #: scaled features are drawn in to this, or a network would follow them anywhere


class Learner(Protocol):
    """What all learners can do."""

    view: str  #: of the encoder: "dense" or "trees"

    def margins(self, rows: Floats) -> Floats:
        """Return log-odds [rows] of encoded rows [rows, features]."""

    def contributions(self, rows: Floats) -> tuple[Floats, float]:
        """Return what each feature adds [rows, features] and what all rows have."""

    def arrays(self) -> dict[str, Floats]:
        """Return the numbers to store, by name."""


@dataclass(frozen=True, kw_only=True)
class Linear:
    """Logistic regression.

    Attributes:
        weights: Of features [features].
        centre: Mean of the training rows [features], which contributions are counted from.
    """

    weights: Floats
    centre: Floats
    bias: float
    view = "dense"

    def margins(self, rows: Floats) -> Floats:
        return np.asarray(rows @ self.weights + self.bias)

    def contributions(self, rows: Floats) -> tuple[Floats, float]:
        """Return weight times distance from the mean: exact Shapley values of independent columns.

        Source: Štrumbelj & Kononenko 2014; Lundberg & Lee 2017, corollary 1.
        """
        return (rows - self.centre) * self.weights, float(self.centre @ self.weights + self.bias)

    def arrays(self) -> dict[str, Floats]:
        return {"weights": self.weights, "centre": self.centre, "bias": np.array([self.bias])}


@dataclass(frozen=True, kw_only=True)
class Boosted:
    """Gradient boosting by LightGBM, kept as the text that it writes itself."""

    text: str
    view = "trees"

    @cached_property
    def booster(self) -> Booster:
        return Booster(model_str=self.text)

    def margins(self, rows: Floats) -> Floats:
        return np.asarray(self.booster.predict(rows, raw_score=True), dtype=np.float64)

    def contributions(self, rows: Floats) -> tuple[Floats, float]:
        """Return exact SHAP values of the trees (Lundberg et al. 2020), by LightGBM."""
        found = np.asarray(self.booster.predict(rows, pred_contrib=True), dtype=np.float64)
        return found[:, :-1], float(found[0, -1]) if len(found) else 0.0

    def arrays(self) -> dict[str, Floats]:
        return {}


@dataclass(frozen=True, kw_only=True)
class Network:
    """Layers of weights [in, out] and biases [out] with rectifiers between them."""

    layers: tuple[tuple[Floats, Floats], ...]
    view = "dense"

    def margins(self, rows: Floats) -> Floats:
        rows = np.clip(rows, -FAR, FAR)
        for at, (weights, bias) in enumerate(self.layers):
            rows = rows @ weights + bias
            if at < len(self.layers) - 1:
                rows = np.maximum(rows, 0.0)
        return np.asarray(rows[:, 0])

    def contributions(self, rows: Floats) -> tuple[Floats, float]:
        raise TableRefused(
            "The network does not say what each column adds; fit boosted trees or the linear model"
            " instead."
        )

    def arrays(self) -> dict[str, Floats]:
        named: dict[str, Floats] = {}
        for at, (weights, bias) in enumerate(self.layers):
            named |= {f"layer{at}.weights": weights, f"layer{at}.bias": bias}
        return named


def chance(margins: Floats) -> Floats:
    """Return chances of log-odds."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * margins)))


def learner_from(family: str, arrays: Mapping[str, Floats], trees: str) -> Learner:
    """Return a learner from what was stored.

    Raises:
        KeyError: If an array is missing.
        ValueError: If the family is unknown.
    """
    if family == "linear":
        return Linear(
            weights=arrays["weights"], centre=arrays["centre"], bias=float(arrays["bias"][0])
        )
    if family == "boosted":
        return Boosted(text=trees)
    if family == "network":
        count = len(arrays) // 2
        return Network(
            layers=tuple(
                (arrays[f"layer{at}.weights"], arrays[f"layer{at}.bias"]) for at in range(count)
            )
        )
    raise ValueError(f"no family {family}")
