"""What keeping every rule adds to a step of a model with 152 thousand tokens.

    python -m benchmarks.constraint_cost --json

Rival: the same rows of the same model without a constraint.  Both batches take steps in turns.  A
step is one forward pass, the scores reduced to what rows need, and a token taken for every row;
`constraint_cost` is the time that choosing tokens takes longer, as a share of a whole step without
a constraint.  Rows that end or go back are replaced by new ones, so that each batch stays as large.
So the cost is of a step, not of a line: tokens that rows went back on would be written once more,
and `forgotten_per_token` says how many those are.  What is taken is looked at when a line is whole,
and is not in here.

Random weights alone would find nothing that is allowed likely.  So words that lines may use, an end
and punctuation carry most of the probability here, as in a model that was told what to write.  How
likely they are decides the cost, so a model that was not told of the required word is measured too.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from statistics import mean, median
from typing import Any, cast

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

from benchmarks import checkpoints, shapes, texts, threads
from benchmarks.machine import machine
from benchmarks.reading import read_once
from benchmarks.timing import say
from creative.engine.beginnings import Beginning, Rung
from creative.engine.constraints import Acceptor
from creative.engine.decoding import OpenRow
from creative.engine.forward import Forward
from creative.engine.halves import Halves
from creative.engine.hub import CausalModel, Tokenizer
from creative.engine.ladder import climb
from creative.engine.lines import Lines
from creative.engine.protocol import Constraint, Request
from creative.engine.sampling import Choice, Scores
from creative.engine.spelling import Speller

ROWS = (16, 64)
REQUIRED = ("coffee",)
_SPREAD = 1.0  #: standard deviation of what the text before adds to a logit
_STEPS_OF_A_LINE = 8  #: after so many steps every row of the first batch has been replaced


@dataclass(kw_only=True, slots=True)
class Spent:
    """Where the seconds of the steps of a batch went, and how often rows had to try."""

    steps: list[float] = field(default_factory=list)
    choosing: list[float] = field(default_factory=list)
    taking_s: float = 0.0
    taken: int = 0
    tried: int = 0
    forgotten: int = 0
    endings: Counter[str] = field(default_factory=Counter)


class CountedScores(Scores):
    """Scores that count the tokens which rows try; both batches are counted alike."""

    tried = 0

    def likely(self, row: int) -> Iterator[int]:
        """Yield the tokens of a row's distribution in the order to try."""
        for token in super().likely(row):
            self.tried += 1
            yield token


class Batch:
    """Rows of one request that are written on and on."""

    def __init__(
        self, rung: Rung, beginning: Beginning, rows: Iterator[OpenRow], size: int
    ) -> None:
        self._batch = rung.rows()
        self._beginning = beginning
        self._new = rows
        self._rows: list[OpenRow] = []
        self._size = size
        self.spent = Spent()
        self._fill()

    def step(self) -> None:
        """Take a step with all rows, and replace those that are done."""
        begun = time.perf_counter()
        logits = self._batch.step([row.last_token for row in self._rows])
        read = time.perf_counter()
        self._choose(self._rows, logits)
        chosen = time.perf_counter()
        self.spent.steps.append(chosen - begun)
        self.spent.choosing.append(chosen - read)
        self._replace()

    def _choose(self, rows: Sequence[OpenRow], logits: torch.Tensor) -> None:
        scores = CountedScores(logits, [row.ask for row in rows])
        begun = time.perf_counter()
        for at, row in enumerate(rows):
            row.take(scores, at)
        self.spent.taking_s += time.perf_counter() - begun
        self.spent.taken += len(rows)
        self.spent.tried += scores.tried

    def _replace(self) -> None:
        """Let rows go that have ended, or that want the model to forget something."""
        for row in self._rows:
            self.spent.forgotten += row.forgets
            if row.ending is not None or row.forgets:
                self.spent.endings[row.ending.value if row.ending else "went_back"] += 1
        kept = [at for at, row in enumerate(self._rows) if row.ending is None and not row.forgets]
        if len(kept) < len(self._rows):
            self._batch.keep(kept)
            self._rows = [self._rows[at] for at in kept]
            self._fill()

    def _fill(self) -> None:
        while missing := self._size - len(self._rows):
            rows = [next(self._new) for _ in range(missing)]
            self._choose(rows, self._beginning.logits.expand(missing, -1))
            opened = [row for row in rows if row.ending is None and not row.forgets]
            if opened:
                self._batch.add([self._beginning] * len(opened))
                self._rows += opened


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=48, help="of each batch")
    threads.add_option(parser)
    parser.add_argument("--json", action="store_true", help="print JSON; it is the only form")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    report = {
        "benchmark": "constraint_cost",
        "seed": shapes.SEED,
        "threads": options.threads,
        **machine(),
        **measured(options.steps),
    }
    print(json.dumps(report))


def measured(steps: int, *, is_quick: bool = False) -> dict[str, Any]:
    """Build the model, write with and without constraints; return costs.

    A model that was told of the word it has to write finds it likely; one that was not, or did not
    listen, finds it as likely as any other.  `constraint_cost` is the first one's.
    """
    say("constraint cost: building")
    tokenizer = _tokenizer()
    model = _model()
    told = _measured(model, tokenizer, REQUIRED, steps)
    report = {"constraint_cost": told["cost"], "told": told}
    if not is_quick:
        untold = _measured(model, tokenizer, (), steps)
        report |= {"constraint_cost_untold": untold["cost"], "untold": untold}
    return report


@torch.inference_mode()
def _measured(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    likely: Sequence[str],
    steps: int,
) -> dict[str, Any]:
    """Measure with a model that finds some of the required words likely."""
    bias = checkpoints.likely_words(tokenizer, texts.latin(), likely)
    checkpoints.steer(model, bias, _SPREAD)
    rung = climb(Forward(cast(CausalModel, model)))
    beginning = read_once(rung, tuple(shapes.prompt(model)))
    speller = Speller(cast(Tokenizer, tokenizer), frozenset({int(tokenizer.eos_token_id)}))
    by_rows = {rows: _compared(rung, beginning, speller, rows, steps) for rows in ROWS}
    return {
        "method": rung.name,
        "cost": max(each["cost"] for each in by_rows.values()),
        "by_rows": {str(rows): each for rows, each in by_rows.items()},
    }


def _compared(
    rung: Rung, beginning: Beginning, speller: Speller, size: int, steps: int
) -> dict[str, Any]:
    """Step through a constrained and an unconstrained batch in turns."""
    kinds = {"on": (_constraint(), REQUIRED), "off": (Constraint(), ())}
    batches = {
        name: Batch(rung, beginning, _rows(beginning, speller, *kind), size)
        for name, kind in kinds.items()
    }
    for number in range(_STEPS_OF_A_LINE + steps):
        if number == _STEPS_OF_A_LINE:  # the first lines fill what is remembered of a request
            for batch in batches.values():
                batch.spent = Spent()
        for batch in batches.values():
            batch.step()
    report = _costs(batches["on"].spent, batches["off"].spent)
    say(f"constraint cost, {size} rows: {report}")
    return report


def _costs(on: Spent, off: Spent) -> dict[str, Any]:
    step, extra = median(off.steps), mean(on.choosing) - mean(off.choosing)
    return {
        "cost": round(extra / step, 4),
        "step_ms": round(1e3 * step, 2),
        "step_ms_constrained": round(1e3 * median(on.steps), 2),
        "choosing_ms": round(1e3 * mean(off.choosing), 2),
        "choosing_ms_constrained": round(1e3 * mean(on.choosing), 2),
        "choosing_ms_constrained_worst": round(1e3 * max(on.choosing), 2),
        "us_per_tried_token": round(1e6 * on.taking_s / max(1, on.tried), 1),
        "us_per_tried_token_unconstrained": round(1e6 * off.taking_s / max(1, off.tried), 1),
        "tried_per_token": round(on.tried / max(1, on.taken), 2),
        "forgotten_per_token": round(on.forgotten / max(1, on.taken), 4),
        "endings": dict(off.endings),
        "endings_constrained": dict(on.endings),
    }


def _rows(
    beginning: Beginning, speller: Speller, constraint: Constraint, required: tuple[str, ...]
) -> Iterator[OpenRow]:
    """Yield rows of one request, each with a seed of its own."""
    usual = Request(id="any", rows=())
    acceptor, halves = Acceptor(constraint, required), Halves(constraint.vocabulary)
    choice = Choice(
        temperature=usual.temperature, top_k=usual.top_k, top_p=usual.top_p, min_p=usual.min_p
    )
    for number in count():
        yield OpenRow(
            number,
            shapes.SEED + number,
            beginning=beginning,
            acceptor=acceptor,
            halves=halves,
            speller=speller,
            choice=choice,
            room=usual.max_new_tokens,
            forced_at=usual.redraws if usual.may_force else None,
            taken=partial(Lines, constraint.taken, constraint.likeness),
        )


def _constraint() -> Constraint:
    words = frozenset({*texts.latin(), *texts.NUMBERS, "Fenn", "Fig", "24-hour", "McDonald's"})
    return Constraint(
        max_width=30,
        counting="google_width",
        tags="google",
        vocabulary=words,
        forbidden="!",
        allows_emoji=False,
        banned=("best", "free", "no risk", "act now", "your own"),
        figures=frozenset(texts.FIGURES),
    )


def _tokenizer() -> PreTrainedTokenizerFast:
    """Return a tokenizer of 151,936 tokens, of which the first thousands are those of real text."""
    trained = checkpoints.byte_level(texts.latin_texts(), 4000)
    return checkpoints.wrapped(checkpoints.padded(trained, shapes.HALF_BILLION.vocab_size))


def _model() -> PreTrainedModel:
    """Return a model of half a billion parameters with an output matrix of its own."""
    settings = shapes.HALF_BILLION.to_dict() | {"tie_word_embeddings": False}
    return checkpoints.random_model(Qwen2ForCausalLM, Qwen2Config(**settings), torch.bfloat16)


if __name__ == "__main__":
    main()
