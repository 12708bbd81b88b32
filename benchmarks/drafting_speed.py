"""How quick N lines of one prompt are written, against rivals and against the machine's floor.

    python -m benchmarks.drafting_speed --quick --json

Rivals: plain `generate(num_return_sequences=N)`, `generate` from a prompt read once, llama.cpp with
a shared prompt, and the floor that `benchmarks/floor.py` measures.  All in one process and in
turns, with as many threads each.  `--quick` takes the starter's size only and two minutes; without
it the half-billion size comes too.  "Truncated" draws from the 64 likeliest tokens, "full" from the
whole vocabulary, whoever draws.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import torch
import transformers
from transformers import PreTrainedModel

from benchmarks import floor, ours, rivals, shapes
from benchmarks.gguf_file import write_gguf
from benchmarks.llamacpp import LlamaCpp, is_installed, logit_gap
from benchmarks.machine import machine
from benchmarks.timing import Party, in_turns, medians, say, spread

ROWS = (16, 64)
TOP_K = 64
SAMPLING = {"truncated": TOP_K, "full": 0}
MERGED = (512, 448, 384, 512)  #: tokens of the prompts of four users
MERGED_ROWS = 16
BARS = {
    "speedup_generate_n16": 8.0,
    "speedup_generate_n64": 20.0,
    "speedup_llamacpp_n16": 1.05,
    "speedup_llamacpp_n64": 1.5,
    "merge_gain": 1.4,
}  #: at least
CEILINGS = {
    "half_billion_floor_ratio_n16": 2.6,
    "half_billion_floor_ratio_n64": 2.0,
    "constraint_cost": 0.15,
    "violations": 0,
}  #: at most


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """A model of one size: twice for torch, so that no party changes another's, and as a file."""

    name: str
    theirs: PreTrainedModel
    ours: PreTrainedModel
    gguf: Path | None
    prompt: list[int]
    threads: int


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the starter's size only")
    parser.add_argument("--json", action="store_true", help="print JSON; it is the only form")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of every party")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if not is_installed():
        say("llama.cpp is left out; benchmarks/requirements.txt says how to install it.")
    sizes = {"starter": _size("starter", shapes.starter, options, rounds=3 if options.quick else 5)}
    if not options.quick:
        sizes["half_billion"] = _size("half_billion", shapes.half_billion, options, rounds=1)
    figures = _figures(sizes)
    report = {
        "benchmark": "drafting_speed",
        "quick": options.quick,
        "seed": shapes.SEED,
        "prompt_tokens": shapes.PROMPT,
        "new_tokens": shapes.NEW,
        "threads": options.threads,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        **machine(),
        **figures,
        "bars": _bars(figures),
        "sizes": sizes,
    }
    print(json.dumps(report))


def _size(
    name: str, build: Callable[[], PreTrainedModel], options: argparse.Namespace, rounds: int
) -> dict[str, Any]:
    """Measure everything about one size of model."""
    with _built(name, build, options.threads) as size:
        lowest = floor.measured(size.theirs, shapes.PROMPT)
        report: dict[str, Any] = {"floor": lowest.figures(), "llamacpp_logit_gap": _gap(size)}
        for kind, top_k in SAMPLING.items():
            runs = rounds if kind == "truncated" or not options.quick else 1
            report[kind] = {str(rows): _race(size, lowest, rows, top_k, runs) for rows in ROWS}
        report["merging"] = _merging(size, max(rounds, 3))
    return report


@contextmanager
def _built(name: str, build: Callable[[], PreTrainedModel], threads: int) -> Iterator[Size]:
    say(f"{name}: building")
    with tempfile.TemporaryDirectory() as folder:
        model = build()
        gguf = Path(folder) / "model.gguf" if is_installed() else None
        if gguf:
            write_gguf(model, gguf)
        yield Size(
            name=name,
            theirs=model,
            ours=build(),
            gguf=gguf,
            prompt=shapes.prompt(model),
            threads=threads,
        )


def _race(size: Size, lowest: floor.Floor, rows: int, top_k: int, rounds: int) -> dict[str, Any]:
    """Let every party write some rows in turns; return milliseconds and ratios."""
    with _llamas(size, rows) as llamas:
        in_turns(_parties(size, llamas, rows, 2, top_k), 1, f"{size.name} warming up")
        label = f"{size.name}, {rows} rows, {f'top {top_k}' if top_k else 'full vocabulary'}:"
        seconds = in_turns(_parties(size, llamas, rows, shapes.NEW, top_k), rounds, label)
    middle = medians(seconds)
    bound = lowest.bound_s(rows, shapes.NEW)
    return {
        "ms": {name: round(1e3 * taken, 1) for name, taken in middle.items()},
        "spread": spread(seconds),
        "speedup": {
            name: round(taken / middle["ours"], 2)
            for name, taken in middle.items()
            if name != "ours"
        },
        "floor_ms": round(1e3 * bound, 1),
        "floor_ratio": round(middle["ours"] / bound, 2),
    }


@contextmanager
def _llamas(size: Size, rows: int) -> Iterator[dict[str, LlamaCpp]]:
    """Give llama.cpp with both kinds of attention, as which is faster depends on the machine."""
    room = shapes.PROMPT + rows * shapes.NEW
    kinds = {"llamacpp": False, "llamacpp_flash": True} if size.gguf else {}
    llamas = {
        name: LlamaCpp(cast(Path, size.gguf), rows, room, size.threads, has_flash=has_flash)
        for name, has_flash in kinds.items()
    }
    yield llamas
    for llama in llamas.values():
        llama.close()


def _parties(
    size: Size, llamas: dict[str, LlamaCpp], rows: int, new: int, top_k: int
) -> dict[str, Party]:
    job = (size.prompt, rows, new)
    return {
        "ours": lambda: ours.write(size.ours, *job, top_k=top_k),
        "generate": lambda: rivals.plain_generate(size.theirs, *job, top_k=top_k),
        "prefill_once": lambda: rivals.prefill_once(size.theirs, *job, top_k=top_k),
    } | {name: partial(llama.write, *job, top_k=top_k) for name, llama in llamas.items()}


def _merging(size: Size, rounds: int) -> dict[str, Any]:
    """Compare four users' requests written together with one after the other."""
    prompts = [
        shapes.prompt(size.ours, tokens, seed) for seed, tokens in enumerate(MERGED, shapes.SEED)
    ]

    def one_by_one() -> None:
        for each in prompts:
            ours.write(size.ours, each, MERGED_ROWS, shapes.NEW, top_k=TOP_K)

    def together() -> None:
        ours.write_merged(size.ours, prompts, MERGED_ROWS, shapes.NEW)

    parties: dict[str, Party] = {"together": together, "one_by_one": one_by_one}
    seconds = in_turns(parties, rounds, f"{size.name}, four users:")
    middle = medians(seconds)
    return {
        "ms": {name: round(1e3 * taken, 1) for name, taken in middle.items()},
        "spread": spread(seconds),
        "gain": round(middle["one_by_one"] / middle["together"], 2),
    }


@torch.inference_mode()
def _gap(size: Size) -> float | None:
    """Return how far llama.cpp's logits are from ours: that it runs the same model."""
    if not size.gguf:
        return None
    output = size.theirs(torch.tensor([size.prompt]), logits_to_keep=1)
    expected = output.logits[0, -1].float().numpy()
    return round(logit_gap(size.gguf, size.prompt, expected, size.threads), 3)


def _figures(sizes: dict[str, Any]) -> dict[str, float | int | None]:
    """Return the figures that claims are made about."""
    figures: dict[str, float | int | None] = {}
    for name, size in sizes.items():
        prefix = "" if name == "starter" else f"{name}_"
        for rows, race in size["truncated"].items():
            speedup = race["speedup"]
            figures[f"{prefix}speedup_generate_n{rows}"] = speedup["generate"]
            llamas = [ratio for party, ratio in speedup.items() if party.startswith("llamacpp")]
            figures[f"{prefix}speedup_llamacpp_n{rows}"] = min(llamas, default=None)
            figures[f"{prefix}floor_ratio_n{rows}"] = race["floor_ratio"]
        figures[f"{prefix}merge_gain"] = size["merging"]["gain"]
    return figures


def _bars(figures: dict[str, float | int | None]) -> dict[str, dict[str, Any]]:
    """Return what was promised beside what came out, for figures that were measured."""
    bars: dict[str, dict[str, Any]] = {}
    for name, value in figures.items():
        if value is None:
            continue
        if name in BARS:
            bars[name] = {"at_least": BARS[name], "is_met": value >= BARS[name]}
        if name in CEILINGS:
            bars[name] = {"at_most": CEILINGS[name], "is_met": value <= CEILINGS[name]}
    return bars


if __name__ == "__main__":
    main()
