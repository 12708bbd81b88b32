"""How close the engine comes to what a graphics card can do, with a model of eight billion numbers.

    python -m benchmarks.gpu_engine --json

Sixty-four lines of 24 tokens from one prompt of 512, bfloat16, random weights.  Rivals: plain
`generate(num_return_sequences=64)` on a second copy of the model in the same run, and the bandwidth
floor: the seconds that reading every weight once takes at the rate of a large copy on the card.
Whether scores are right is asked of a sibling with two layers in single precision.  Needs CUDA and
about 40 GB on the card.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any, cast

import torch
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedModel

from benchmarks import checkpoints, rivals, shapes
from benchmarks.machine import machine
from benchmarks.reading import read_once
from benchmarks.timing import Party, in_turns, medians, say, spread
from creative.engine.beginnings import Rung
from creative.engine.forward import Forward
from creative.engine.hub import CausalModel
from creative.engine.ladder import TOLERANCE, climb, is_right
from creative.engine.sampling import Ask, Choice, Scores

ROWS = 64
TOP_K = 64
ROUNDS = 3
STEP_ROUNDS = 9  #: of our own steps alone, which are short
LEAST = {"floor_share": 0.6, "speedup_generate": 6.0}
_CHOICE = Choice(temperature=0.8, top_k=TOP_K)
_COPIED_BYTES = 2**32
_COPIES = 10
_GB = 1e9


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Lines to write from one prompt."""

    prompt: tuple[int, ...]
    rows: int = ROWS
    tokens: int = shapes.NEW


def main() -> None:
    """Measure and print one JSON line; without CUDA say so and end with status 2."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON; it is the only form")
    parser.parse_args()
    if not torch.cuda.is_available():
        say("This measurement needs a graphics card with CUDA, and torch finds none here.")
        sys.exit(2)
    correctness = _is_right("cuda")
    torch.cuda.empty_cache()
    figures = _measured("cuda")
    report = {
        "benchmark": "gpu_engine",
        "seed": shapes.SEED,
        "prompt_tokens": shapes.PROMPT,
        "new_tokens": shapes.NEW,
        "rows": ROWS,
        "gpu": torch.cuda.get_device_name(),
        "torch": torch.__version__,
        **machine(),
        "correctness": correctness,
        **figures,
        "bars": {
            name: {"at_least": bound, "is_met": figures[name] >= bound}
            for name, bound in LEAST.items()
        },
    }
    print(json.dumps(report))


def _is_right(device: str) -> dict[str, Any]:
    """Compare a two-layer sibling in single precision with plain forward passes."""
    settings = shapes.EIGHT_BILLION.to_dict() | {"num_hidden_layers": 2}
    with torch.device(device):
        model = checkpoints.random_model(LlamaForCausalLM, LlamaConfig(**settings))
    return _verdict(model)


def _verdict(model: PreTrainedModel) -> dict[str, Any]:
    """Return the rung that a model takes, and whether its scores equal plain ones."""
    forward = Forward(cast(CausalModel, model))
    rung = climb(forward)
    return {"method": rung.name, "within": TOLERANCE, "equals_plain": is_right(forward, rung)}


def _measured(device: str) -> dict[str, Any]:
    """Measure the engine alone, then in turns with plain generate."""
    model = shapes.eight_billion(device)
    job = Job(prompt=tuple(shapes.prompt(model)))
    rung = climb(Forward(cast(CausalModel, model)))
    say(f"8B shape: {rung.name}")
    write(rung, job)  # what is compiled or recorded is so from now on
    torch.cuda.reset_peak_memory_stats()
    steps = [step for _ in range(STEP_ROUNDS) for step in write(rung, job)]
    peak = torch.cuda.max_memory_allocated()
    floor_s = weight_bytes(model) / copy_rate(device)
    race = _race(rung, shapes.eight_billion(device), job)
    return {
        "method": rung.name,
        "step_ms": round(1e3 * median(steps), 2),
        "floor_ms": round(1e3 * floor_s, 2),
        "floor_share": round(floor_s / median(steps), 3),
        "tokens_per_s": round(ROWS / median(steps)),
        "weights_gb": round(weight_bytes(model) / _GB, 2),
        "peak_gb": round(peak / _GB, 2),
        **race,
    }


def _race(rung: Rung, theirs: PreTrainedModel, job: Job) -> dict[str, Any]:
    """Let both write the same lines in turns."""
    plain = partial(
        rivals.plain_generate, theirs, list(job.prompt), job.rows, job.tokens, top_k=TOP_K
    )
    parties: dict[str, Party] = {"ours": partial(write, rung, job), "generate": _waited(plain)}
    in_turns(parties, 1, "warming up")
    seconds = in_turns(parties, ROUNDS, "8B shape")
    middle = medians(seconds)
    return {
        "ms": {name: round(1e3 * taken, 1) for name, taken in middle.items()},
        "spread": spread(seconds),
        "speedup_generate": round(middle["generate"] / middle["ours"], 2),
    }


@torch.inference_mode()
def write(rung: Rung, job: Job) -> list[float]:
    """Read a prompt and write lines with the engine's own pieces; return seconds of each step."""
    beginning = read_once(rung, job.prompt)
    lines: list[list[int]] = [[] for _ in range(job.rows)]
    _take(lines, beginning.logits.expand(job.rows, -1))
    rows = rung.rows()
    rows.add([beginning] * job.rows)
    seconds = []
    for _ in range(job.tokens - 1):
        begun = time.perf_counter()
        logits = rows.step([line[-1] for line in lines])
        _take(lines, logits, rows.head)  # which waits for the card
        seconds.append(time.perf_counter() - begun)
    return seconds


def weight_bytes(model: PreTrainedModel) -> int:
    """Return the bytes that a step has to read: all weights but the embeddings it looks up."""
    looked_up = 0 if model.config.tie_word_embeddings else _embeddings(model).nbytes
    return sum(each.nbytes for each in model.parameters()) - looked_up


def copy_rate(device: str) -> float:
    """Return bytes/s of memory that a copy reads and writes."""
    source = torch.ones(_COPIED_BYTES, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    seconds = []
    for _ in range(1 + _COPIES):
        _settle()
        begun = time.perf_counter()
        target.copy_(source)
        _settle()
        seconds.append(time.perf_counter() - begun)
    return 2 * _COPIED_BYTES / median(seconds[1:])


def _embeddings(model: Any) -> torch.Tensor:
    weights: torch.Tensor = model.get_input_embeddings().weight
    return weights


def _take(lines: list[list[int]], logits: torch.Tensor, head: torch.Tensor | None = None) -> None:
    """Give each line the first of its likely tokens."""
    asks = [Ask(choice=_CHOICE, seed=seed, position=len(line)) for seed, line in enumerate(lines)]
    scores = Scores(logits, asks, head)
    for row, line in enumerate(lines):
        line.append(next(scores.likely(row)))


def _waited(party: Party) -> Party:
    """Return a party that ends when the card has done all that it asked for."""

    def run() -> None:
        party()
        _settle()

    return run


def _settle() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()


if __name__ == "__main__":
    main()
