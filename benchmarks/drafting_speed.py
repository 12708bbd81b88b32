"""How quick N lines of one prompt are written, against rivals and against the machine's floor.

    python -m benchmarks.drafting_speed --quick --json

Rivals: plain `generate(num_return_sequences=N)`, `generate` from a prompt read once, llama.cpp with
a shared prompt, and the floor that `benchmarks/floor.py` measures.  All in one process and in
turns, with as many threads each.  "Truncated" draws from the 64 likeliest tokens, "full" from the
whole vocabulary, whoever draws.  What constraints cost, whether they hold and how long a first line
takes comes from `constraint_cost`, `constrained_lines` and `first_line`.

`--quick` takes less than two minutes: the starter's size, fewer rounds, steps and lines, 16 rows
only of the full vocabulary, no prompt read once for `generate`, and no first line.  Without it the
half-billion size comes too.  Prints a table of what was promised, or one JSON object.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, cast

import torch
import transformers
from transformers import PreTrainedModel

from benchmarks import (
    constrained_lines,
    constraint_cost,
    first_line,
    floor,
    ours,
    rivals,
    shapes,
    threads,
)
from benchmarks.gguf_file import write_gguf
from benchmarks.llamacpp import LlamaCpp, is_installed, logit_gap
from benchmarks.machine import machine
from benchmarks.timing import Party, in_turns, medians, say, spread

ROWS = (16, 64)
TOP_K = 64
SAMPLING = {"truncated": TOP_K, "full": 0}
MERGED = (512, 448, 384, 512)  #: tokens of the prompts of four users
MERGED_ROWS = 16
ROUNDS, QUICK_ROUNDS = 5, 2
STEPS, QUICK_STEPS = 48, 8  #: with and without constraints
LINES, QUICK_LINES = 1000, 60  #: under every constraint
LEAST = {
    "speedup_generate_n16": 8.0,
    "speedup_generate_n64": 20.0,
    "speedup_llamacpp_n16": 1.05,
    "speedup_llamacpp_n64": 1.5,
    "merge_gain": 1.4,
}
MOST = {
    "half_billion_floor_ratio_n16": 2.6,
    "half_billion_floor_ratio_n64": 2.0,
    "constraint_cost": 0.15,
    "violations": 0,
    "dead_ends": 0,
    "first_line_ratio": 3.0,
}

Figures = dict[str, float | int | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """A model of one size: twice for torch, so that no party changes another's, and as a file."""

    name: str
    theirs: PreTrainedModel
    ours: PreTrainedModel
    gguf: Path | None
    prompt: list[int]
    threads: int
    is_quick: bool


def main() -> None:
    """Measure, and print a table or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less than two minutes")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    threads.add_option(parser)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if not is_installed():
        say("llama.cpp is left out; benchmarks/requirements.txt says how to install it.")
    report = _report(options)
    print(json.dumps(report) if options.json else _table(report))


def _report(options: argparse.Namespace) -> dict[str, Any]:
    """Measure everything that is asked for."""
    is_quick = options.quick
    begun = time.perf_counter()
    sizes = {"starter": _size("starter", shapes.starter, options)}
    if not is_quick:
        sizes["half_billion"] = _size("half_billion", shapes.half_billion, options)
    parts = {
        "constraints": constraint_cost.measured(
            QUICK_STEPS if is_quick else STEPS, is_quick=is_quick
        ),
        "lines": constrained_lines.measured(QUICK_LINES if is_quick else LINES),
    }
    if not is_quick:
        parts["first_line"] = first_line.measured(ROUNDS, options.threads)
    figures = _figures(sizes) | _figures_of_parts(parts)
    return {
        "benchmark": "drafting_speed",
        "quick": is_quick,
        "seed": shapes.SEED,
        "prompt_tokens": shapes.PROMPT,
        "new_tokens": shapes.NEW,
        "threads": options.threads,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        **machine(),
        "seconds": round(time.perf_counter() - begun),
        **figures,
        "bars": _bars(figures),
        "sizes": sizes,
        **parts,
    }


def _size(
    name: str, build: Callable[[], PreTrainedModel], options: argparse.Namespace
) -> dict[str, Any]:
    """Measure everything about one size of model."""
    is_quick = options.quick
    rounds = QUICK_ROUNDS if is_quick else ROUNDS if name == "starter" else 1
    with _built(name, build, options) as size:
        lowest = floor.measured(size.theirs, shapes.PROMPT)
        report: dict[str, Any] = {"floor": lowest.figures(), "llamacpp_logit_gap": _gap(size)}
        for kind, top_k in SAMPLING.items():
            is_short = is_quick and kind == "full"
            some, runs = (ROWS[:1], 1) if is_short else (ROWS, rounds)
            report[kind] = {str(rows): _race(size, lowest, rows, top_k, runs) for rows in some}
        report["merging"] = _merging(size, max(rounds, 3))
    return report


@contextmanager
def _built(
    name: str, build: Callable[[], PreTrainedModel], options: argparse.Namespace
) -> Iterator[Size]:
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
            threads=options.threads,
            is_quick=options.quick,
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
    parties: dict[str, Party] = {
        "ours": lambda: ours.write(size.ours, *job, top_k=top_k),
        "generate": lambda: rivals.plain_generate(size.theirs, *job, top_k=top_k),
    }
    if not size.is_quick:
        parties["prefill_once"] = lambda: rivals.prefill_once(size.theirs, *job, top_k=top_k)
    return parties | {
        name: partial(llama.write, *job, top_k=top_k) for name, llama in llamas.items()
    }


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


def _figures(sizes: dict[str, Any]) -> Figures:
    """Return the figures of speed that claims are made about."""
    figures: Figures = {}
    for (name, size), (kind, _) in product(sizes.items(), SAMPLING.items()):
        prefix = ("" if name == "starter" else f"{name}_") + ("full_" if kind == "full" else "")
        for rows, race in size[kind].items():
            speedup = race["speedup"]
            llamas = [ratio for party, ratio in speedup.items() if party.startswith("llamacpp")]
            figures[f"{prefix}speedup_generate_n{rows}"] = speedup["generate"]
            figures[f"{prefix}speedup_llamacpp_n{rows}"] = min(llamas, default=None)
            figures[f"{prefix}floor_ratio_n{rows}"] = race["floor_ratio"]
        if kind == "truncated":
            figures[f"{prefix}merge_gain"] = size["merging"]["gain"]
    return figures


def _figures_of_parts(parts: dict[str, Any]) -> Figures:
    lines = parts["lines"]
    return {
        "constraint_cost": parts["constraints"]["constraint_cost"],
        "constraint_cost_untold": parts["constraints"].get("constraint_cost_untold"),
        "violations": lines["violations"],
        "dead_ends": lines["dead_ends"],
        "first_line_ratio": parts.get("first_line", {}).get("first_line_ratio"),
    }


def _bars(figures: Figures) -> dict[str, dict[str, Any]]:
    """Return what was promised beside what came out; nothing is met that was not measured."""
    bars: dict[str, dict[str, Any]] = {}
    for word, bounds in (("at_least", LEAST), ("at_most", MOST)):
        for name, bound in bounds.items():
            value = figures.get(name)
            is_within = value is not None and (
                value >= bound if bounds is LEAST else value <= bound
            )
            bars[name] = {word: bound, "is_met": None if value is None else is_within}
    return bars


def _table(report: dict[str, Any]) -> str:
    """Return a table of what was promised, for people."""
    told = ("processor", "cores", "threads", "seed", "commit", "measured_at", "seconds")
    lines = [", ".join(f"{name} {report[name]}" for name in told), ""]
    lines += ["| figure | promised | measured | |", "|---|---|---|---|"]
    words = {True: "met", False: "missed", None: "not measured"}
    for name, bar in report["bars"].items():
        bound = f"≥ {bar['at_least']}" if "at_least" in bar else f"≤ {bar['at_most']}"
        value = report.get(name)
        measured = "–" if value is None else value
        lines.append(f"| {name} | {bound} | {measured} | {words[bar['is_met']]} |")
    others = [name for name in report if "full_" in name and report[name] is not None]
    lines += ["", "| full vocabulary | measured |", "|---|---|"]
    lines += [f"| {name.replace('full_', '')} | {report[name]} |" for name in others]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
