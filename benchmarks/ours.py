"""Our engine as a party of a benchmark: the one place that knows how it is called.

The real pieces of the engine, without constraints and without prompts remembered: each row takes
the first of its likely tokens.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import cast
from weakref import WeakKeyDictionary

import torch
from transformers import PreTrainedModel

from creative.engine.beginnings import Beginning, Prompt, Rung
from creative.engine.forward import Forward
from creative.engine.hub import CausalModel
from creative.engine.ladder import climb
from creative.engine.reading import Reader
from creative.engine.sampling import Ask, Choice, Scores

_climbed: WeakKeyDictionary[PreTrainedModel, tuple[Rung, Reader]] = WeakKeyDictionary()


def write(
    model: PreTrainedModel, prompt_ids: list[int], n: int, t: int, *, top_k: int
) -> list[list[int]]:
    """Write `n` lines of `t` tokens each; return their tokens."""
    return _written(model, [prompt_ids], n, t, Choice(temperature=0.8, top_k=top_k))


def write_merged(
    model: PreTrainedModel, prompts: Sequence[list[int]], n: int, t: int
) -> list[list[int]]:
    """Write `n` lines for each of several users' prompts in one batch."""
    return _written(model, prompts, n, t, Choice(temperature=0.8))


@torch.inference_mode()
def _written(
    model: PreTrainedModel, prompts: Sequence[list[int]], n: int, t: int, choice: Choice
) -> list[list[int]]:
    rung, reader = _ready(model)
    begun = [_read(reader, tuple(each)) for each in prompts]
    beginnings = list(chain.from_iterable(repeat(each, n) for each in begun))
    lines: list[list[int]] = [[] for _ in beginnings]
    _take(lines, torch.stack([each.logits for each in beginnings]), choice)
    rows = rung.rows()
    rows.add(beginnings)
    for _ in range(t - 1):
        _take(lines, rows.step([line[-1] for line in lines]), choice)
    return lines


def _ready(model: PreTrainedModel) -> tuple[Rung, Reader]:
    """Return how a model decodes and what reads its prompts, found out once."""
    if model not in _climbed:
        forward = Forward(cast(CausalModel, model))
        rung = climb(forward)
        _climbed[model] = rung, Reader(rung, max_bytes=0)
    return _climbed[model]


def _read(reader: Reader, prompt: Prompt) -> Beginning:
    pieces = reader.read([prompt], lambda: len(prompt))
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return cast(dict[Prompt, Beginning], end.value)[prompt]


def _take(lines: Iterable[list[int]], logits: torch.Tensor, choice: Choice) -> None:
    """Give each line the first of its likely tokens."""
    lines = list(lines)
    asks = [Ask(choice=choice, seed=seed, position=len(line)) for seed, line in enumerate(lines)]
    scores = Scores(logits, asks)
    for row, line in enumerate(lines):
        line.append(next(scores.likely(row)))
