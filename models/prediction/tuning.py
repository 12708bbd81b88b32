"""Tune the sentence model to tell winners: an adapter of low rank and a head, trained on pairs.

The embeddings and the two lower layers stay as they are, so what they make of a line is computed
once.  Antisymmetric like everything else: the loss sees score 1 less score 2.  Which pairs come
last and what is dropped are luck, so weights are averaged over the steps of a run, and over runs.

Source: Hu et al. 2021 (adapters); Izmailov et al. 2018 and Wortsman et al. 2022 (averages).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from creative.prediction.encoder import (
    PROJECTIONS,
    Encoder,
    Layer,
    Projection,
    encoder,
    pooled,
    projection_weights,
)
from creative.prediction.grams import Counts, Floats
from creative.prediction.sentences import HEADS, LONGEST
from models.prediction.pairs import Pairs

FROZEN, LAYERS, RANK = 2, 6, 8
EPOCHS, TESTS, RATE, HEAD_RATE, DROPOUT = 3, 12, 1e-3, 0.01, 0.1
SEEDS = (7, 8, 9)  #: of runs that are averaged
KEPT = 0.99  #: of the average over steps, at each


class Tuned:
    """The model in training: weights by name, adapter and head."""

    def __init__(self, folder: Path, head: Floats, seed: int) -> None:
        self.weights = load_file(folder / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(LONGEST)
        self.tokenizer.no_padding()
        self.base = encoder(self.weights, heads=HEADS)
        self.adapter = _fresh_adapter(self.weights, seed)
        self.head = torch.tensor(head, dtype=torch.float32, requires_grad=True)
        self.is_training = True
        self.net = self._adapted()

    def parameters(self) -> list[dict[str, object]]:
        return [
            {"params": list(self.adapter.values()), "lr": RATE},
            {"params": [self.head], "lr": HEAD_RATE},
        ]

    def lower(self, lines: Sequence[str]) -> list[Tensor]:
        """Return what the frozen layers make of each line, [tokens, width] each."""
        made: list[Tensor] = []
        with torch.inference_mode():
            for encoding in self.tokenizer.encode_batch(list(lines)):
                states = self.base.embedded(torch.tensor([encoding.ids]))
                for layer in self.base.layers[:FROZEN]:
                    states = layer(states, None)
                made.append(states[0].clone())
        return made

    def vectors(self, lower: Sequence[Tensor]) -> Tensor:
        """Return vectors [lines, width] from what the frozen layers made."""
        states = torch.nn.utils.rnn.pad_sequence(list(lower), batch_first=True)
        sizes = torch.tensor([len(each) for each in lower])
        known = torch.arange(states.shape[1])[None] < sizes[:, None]
        for layer in self.net.layers[FROZEN:]:
            states = layer(states, known[:, None, None, :])
        return pooled(states, known)

    def scores(self, lower: Sequence[Tensor]) -> Tensor:
        """Return scores [lines]."""
        return functional.dropout(self.vectors(lower), DROPOUT, self.is_training) @ self.head

    def _adapted(self) -> Encoder:
        layers = []
        for at, layer in enumerate(self.base.layers):
            made: dict[str, Projection] = {
                name: self._with_adapter(at, name) for name in PROJECTIONS if at >= FROZEN
            }
            layers.append(
                layer
                if at < FROZEN
                else Layer(
                    **made,
                    after_attention=layer.after_attention,
                    after_block=layer.after_block,
                    heads=layer.heads,
                )
            )
        return Encoder(
            tokens=self.base.tokens, places=self.base.places, norm=self.base.norm, layers=layers
        )

    def _with_adapter(self, at: int, name: str) -> Projection:
        weight, bias = projection_weights(self.weights, at, name)
        down, up = self.adapter[f"{at}.{name}.down"], self.adapter[f"{at}.{name}.up"]

        def project(states: Tensor) -> Tensor:
            dropped = functional.dropout(states, DROPOUT, self.is_training)
            changed = functional.linear(functional.linear(dropped, down), up)
            return functional.linear(states, weight, bias) + changed

        return project


def _fresh_adapter(weights: Mapping[str, Tensor], seed: int) -> dict[str, Tensor]:
    random = torch.Generator().manual_seed(seed)
    adapter = {}
    for at in range(FROZEN, LAYERS):
        for name in PROJECTIONS:
            weight, _ = projection_weights(weights, at, name)
            outputs, inputs = weight.shape
            down = torch.randn(RANK, inputs, generator=random) / math.sqrt(inputs)
            adapter[f"{at}.{name}.down"] = down.requires_grad_()
            adapter[f"{at}.{name}.up"] = torch.zeros(outputs, RANK, requires_grad=True)
    return adapter


def tune(folder: Path, train: Pairs, valid: Pairs, head: Floats, out: Path) -> None:
    """Train adapter and head once for each seed, and write their average.

    Args:
        folder: Of the sentence model.
        train: What is learnt from.
        valid: What is only reported, after each epoch.
        head: Weights [width] to start from, of the frozen model.
        out: File for adapter and head, safetensors.
    """
    runs = [_run(Tuned(folder, head, seed), train, valid, seed) for seed in SEEDS]
    save_file(averaged(runs), out)


def averaged(runs: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Return the adapter whose changes of weights are the mean of those of some adapters, exactly.

    Changes are products, so that their mean is one of all ranks side by side.
    """
    names = [name.removesuffix(".down") for name in runs[0] if name.endswith(".down")]
    made = {"head": torch.stack([run["head"] for run in runs]).mean(0)}
    for name in names:
        made[f"{name}.down"] = torch.cat([run[f"{name}.down"] for run in runs])
        made[f"{name}.up"] = torch.cat([run[f"{name}.up"] for run in runs], dim=1) / len(runs)
    return made


def _run(model: Tuned, train: Pairs, valid: Pairs, seed: int) -> dict[str, Tensor]:
    """Return adapter and head after all epochs, averaged over the steps, the last ones most."""
    torch.manual_seed(seed)
    lower, unseen = model.lower(train.lines), model.lower(valid.lines)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.01)
    steps = EPOCHS * math.ceil(len(np.unique(train.test)) / TESTS)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps))
    named = {**model.adapter, "head": model.head}
    mean = {name: each.detach().clone() for name, each in named.items()}
    bar: tqdm[Any] = tqdm(total=steps, mininterval=10)
    for epoch in range(EPOCHS):
        model.is_training = True
        for batch in _batches(train, seed + epoch):
            loss = _loss(model, lower, batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(list(model.adapter.values()), 1.0)
            optimizer.step()
            schedule.step()
            bar.update()
            kept = min(KEPT, (1 + bar.n) / (10 + bar.n))
            for name, each in named.items():
                mean[name].lerp_(each.detach(), 1 - kept)
        model.is_training = False
        bar.write(f"seed {seed}, epoch {epoch + 1}: {_accuracy(model, unseen, valid):.4f}")
    bar.close()
    return mean


def _rate(step: int, steps: int) -> float:
    """Return the share of the full rate: a short warm-up, then half a cosine."""
    warm = max(1, steps // 20)
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def _batches(pairs: Pairs, seed: int) -> Iterator[Pairs]:
    """Yield the pairs of a dozen tests at a time, in an order that the seed decides."""
    tests = np.random.default_rng(seed).permutation(np.unique(pairs.test))
    rows: dict[int, list[int]] = {}
    for row, test in enumerate(pairs.test.tolist()):
        rows.setdefault(test, []).append(row)
    for start in range(0, len(tests), TESTS):
        chosen: Counts = np.concatenate([rows[int(t)] for t in tests[start : start + TESTS]])
        yield pairs.at(chosen)


def _loss(model: Tuned, lower: Sequence[Tensor], batch: Pairs) -> Tensor:
    lines, at = np.unique(np.concatenate([batch.first, batch.second]), return_inverse=True)
    scores = model.scores([lower[line] for line in lines])
    half = len(batch)
    gap = scores[torch.tensor(at[:half])] - scores[torch.tensor(at[half:])]
    return functional.binary_cross_entropy_with_logits(gap, torch.tensor(batch.is_won).float())


def _accuracy(model: Tuned, lower: Sequence[Tensor], pairs: Pairs) -> float:
    with torch.inference_mode():
        parts = [model.scores(lower[start : start + 32]) for start in range(0, len(lower), 32)]
    scores = torch.cat(parts).numpy()
    return float(np.mean((scores[pairs.first] > scores[pairs.second]) == pairs.is_won))
