"""What the model reads when: plain English, then made-up copy, then copy of hand-written briefs.

"plain" rows are plain lines of those briefs (plain.py), "written" rows what was written by hand for
them, as far as it quotes its brief: what recombines words freely is beyond so small a model.

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
from models.training.plain import plain_example
from models.training.prose import passages
from models.training.splits import Split
from models.training.variation import varied
from models.training.written import assignments, faithful

AHEAD = 24  #: batches that wait
_APART = 1_000_003  #: between the seeds of workers


@dataclass(frozen=True)
class Phase:
    """Which share of a run reads what; weights of "prose", "made", "plain" and "written" rows."""

    until: float  #: share of the run's time
    weights: Mapping[str, float]


PHASES = (
    Phase(0.30, {"prose": 0.75, "made": 0.25}),
    Phase(0.65, {"prose": 0.10, "made": 0.45, "plain": 0.30, "written": 0.15}),
    Phase(1.00, {"prose": 0.05, "made": 0.20, "plain": 0.55, "written": 0.20}),
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


class Reader:
    """Draws rows of every kind."""

    def __init__(self, diet: Diet, tokenizer: PreTrainedTokenizerBase) -> None:
        self._diet, self._rng = diet, Random(diet.seed)
        self._packer = Packer(tokenizer, diet.length)
        self._briefs = assignments(Split.TRAIN)
        self._written = [each for each in map(faithful, self._briefs) if each.ads]
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
        if kind == "written":
            chosen = self._rng.choice(self._written)
            return self._packer.row(varied(self._rng, chosen, self._diet.lines))
        return self._packer.row(example(self._rng, self._diet.lines))


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
