"""What the model reads when: plain English, then made-up copy, then copy of hand-written briefs.

"plain" rows are plain lines of those briefs (plain.py) and "lines" rows judge such lines; "short"
and "judged" rows tell and judge short forms of their items, "praised" and "read" rows those forms
that readers have marked (shortening.py); "written" rows are what was written by hand for briefs, as
far as it quotes them: what recombines words freely is beyond so small a model.

A worker process of low priority makes the batches; the trainer tells it how far the run is.
"""

import multiprocessing
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from multiprocessing import parent_process
from multiprocessing.queues import Queue
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from queue import Full
from random import Random

import numpy as np
import torch
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from models.training.corpus import example
from models.training.packing import Packer, Rows
from models.training.plain import judged_lines, plain_example
from models.training.prose import passages
from models.training.shortening import (
    judging_example,
    marked_example,
    praised_example,
    shortening_example,
)
from models.training.splits import Split
from models.training.variation import varied
from models.training.written import SHORTENED, WRITTEN, assignments, faithful

AHEAD = 24  #: batches that wait
_APART = 1_000_003  #: between the seeds of workers


@dataclass(frozen=True)
class Phase:
    """Which share of a run reads what; and with which weights of kinds of rows."""

    until: float  #: share of the run's time
    weights: Mapping[str, float]


PHASES = (
    Phase(0.55, {"prose": 75, "made": 25}),
    Phase(
        0.75,
        {
            "prose": 15,
            "made": 20,
            "plain": 20,
            "short": 15,
            "judged": 10,
            "lines": 10,
            "written": 10,
        },
    ),
    Phase(
        1.00,
        {
            "prose": 5,
            "made": 10,
            "plain": 25,
            "short": 20,
            "judged": 10,
            "lines": 15,
            "written": 15,
        },
    ),
)

#: What a finished model reads, to shorten and to judge as readers do: one phase for the whole run.
FINISH = (
    Phase(
        1.00,
        {
            "prose": 4,
            "made": 6,
            "plain": 12,
            "short": 28,
            "praised": 8,
            "judged": 12,
            "read": 24,
            "lines": 5,
            "written": 1,
        },
    ),
)


@dataclass(frozen=True, kw_only=True)
class Diet:
    """Everything that decides which rows a run reads.

    `prose` is a file as of prose.py; without one its share goes to the other kinds.
    """

    seed: int
    length: int  #: tokens of a row
    rows: int  #: rows of a batch
    lines: int  #: most lines of a brief
    prose: Path | None = None
    phases: tuple[Phase, ...] = PHASES


_EXERCISES = {"praised": praised_example, "read": marked_example}


class Reader:
    """Draws rows of every kind."""

    def __init__(self, diet: Diet, tokenizer: PreTrainedTokenizerBase) -> None:
        self._diet, self._rng = diet, Random(diet.seed)
        self._packer = Packer(tokenizer, diet.length)
        written, self._shortened = (assignments(Split.TRAIN, f) for f in (WRITTEN, SHORTENED))
        self._briefs = written + self._shortened
        self._written = [each for each in map(faithful, written) if each.ads]
        self._prose = passages(diet.prose, self._rng) if diet.prose else None

    def batch(self, share: float) -> Rows:
        """Return rows [rows, 4, length] for the phase in which this share of the run is."""
        weights = dict(next(phase for phase in self._diet.phases if share <= phase.until).weights)
        if self._prose is None:
            weights.pop("prose", None)
        kinds = self._rng.choices(list(weights), list(weights.values()), k=self._diet.rows)
        return np.stack([self._row(kind) for kind in kinds])

    def _row(self, kind: str) -> Rows:
        while True:
            if (row := self._drawn(kind)) is not None:
                return row

    def _drawn(self, kind: str) -> Rows | None:
        if kind == "prose" and self._prose is not None:
            return self._packer.window(next(self._prose))
        if kind == "plain":
            chosen = self._rng.choice(self._briefs)
            return self._packer.row(plain_example(self._rng, chosen, self._diet.lines))
        if found := _EXERCISES.get(kind):
            return self._packer.row(found(self._rng, 2 * self._diet.lines))
        if kind in {"short", "judged"}:
            exercise = shortening_example if kind == "short" else judging_example
            chosen = self._rng.choice(self._shortened)
            return self._packer.row(exercise(self._rng, chosen, 2 * self._diet.lines))
        if kind == "lines":
            chosen = self._rng.choice(self._briefs)
            return self._packer.row(judged_lines(self._rng, chosen, 2 * self._diet.lines))
        if kind == "written":
            chosen = self._rng.choice(self._written)
            return self._packer.row(varied(self._rng, chosen, self._diet.lines))
        if kind == "made":
            return self._packer.row(example(self._rng, self._diet.lines))
        raise ValueError(f"Nothing is known to read of the kind {kind!r}.")


class Batches:
    """Batches that other processes make, told how far the run is."""

    def __init__(self, diet: Diet, tokenizer: Path, workers: int = 1) -> None:
        context = multiprocessing.get_context("spawn")
        self._share = context.Value("d", 0.0)
        self._queue: Queue[Rows] = context.Queue(AHEAD)
        for worker in range(workers):
            own = replace(diet, seed=diet.seed + _APART * worker)
            arguments = (self._queue, self._share, own, str(tokenizer))
            context.Process(target=_feed, args=arguments, daemon=True).start()

    def at(self, share: float) -> Rows:
        """Return the next batch, and have later ones made for this share of the run."""
        self._share.value = min(1.0, share)
        return self._queue.get()


def _feed(queue: "Queue[Rows]", share: "Synchronized[float]", diet: Diet, tokenizer: str) -> None:
    """Put batches into a queue while the parent lives; the body of the worker."""
    os.nice(10)
    torch.set_num_threads(1)
    reader = Reader(diet, AutoTokenizer.from_pretrained(tokenizer))
    parent = parent_process()
    while parent is None or parent.is_alive():
        _put(queue, reader.batch(share.value))


def _put(queue: "Queue[Rows]", batch: Rows) -> None:
    parent = parent_process()
    while parent is None or parent.is_alive():
        try:
            queue.put(batch, timeout=5)
        except Full:
            continue
        return
