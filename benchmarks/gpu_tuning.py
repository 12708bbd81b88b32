"""Whether a model of eight billion numbers can be tuned on one card.

    python -m benchmarks.gpu_tuning --json

The weights are random, so that nothing has to be fetched: what is shown is that an adapter learns
which lines are preferred, the time and the memory it takes, not how such a model writes.  Preferred
are lines that ask a question, of those that two readers marked (docs/copy-quality).  Needs CUDA, 60
GB on the card and 20 GB of disk.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import torch
from transformers import AutoTokenizer

from benchmarks import shapes
from benchmarks.machine import machine
from benchmarks.timing import say
from benchmarks.tuning import SEED, pairs_of
from creative.domain import Brief
from creative.engine.catalog import resolve
from creative.settings import ROOT, read_settings
from creative.studio.briefs import brief_from_json
from creative.tuning.recipe import Recipe
from creative.tuning.tuner import tune

MARKED = ROOT / "docs/copy-quality/ratings.jsonl"


def main() -> None:
    """Tune and print one JSON line; without CUDA say so and end with status 2."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--json", action="store_true", help="kept for the habit of all benchmarks")
    options = parser.parse_args()
    if not torch.cuda.is_available():
        say("This measurement needs a graphics card with CUDA, and torch finds none here.")
        sys.exit(2)
    pairs = list(pairs_of(read_settings(), list(_marked())))
    Random(SEED).shuffle(pairs)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base"
        _save(base)
        torch.cuda.reset_peak_memory_stats()
        begun = time.perf_counter()
        # so large a model takes a tenth of the starter's rate
        tuned = tune(str(base), pairs[: options.pairs], [], Path(folder) / "out", Recipe(rate=4e-5))
        seconds = time.perf_counter() - begun
    report = {
        "benchmark": "gpu_tuning",
        "gpu": torch.cuda.get_device_name(),
        "torch": torch.__version__,
        "pairs": tuned.pairs,
        "told_apart_before": round(tuned.before, 3),
        "told_apart_after": round(tuned.after, 3),
        "seconds": round(seconds),
        "peak_gb": round(torch.cuda.max_memory_allocated() / 1e9, 1),
        **machine(),
    }
    print(json.dumps(report))


def _marked() -> Iterator[tuple[int, Brief, list[str]]]:
    """Yield each brief that was marked, with its lines."""
    lines: dict[str, list[str]] = {}
    for each in map(json.loads, MARKED.read_text("utf-8").splitlines()):
        lines.setdefault(json.dumps(each["brief"]), []).append(each["text"])
    for at, (brief, texts) in enumerate(lines.items()):
        yield at, brief_from_json(brief), list(dict.fromkeys(texts))


def _starter() -> str:
    settings = read_settings()
    return resolve("starter", settings.models).source


def _save(folder: Path) -> None:
    """Save a model with the starter's tokenizer, whose pieces are the first of its vocabulary."""
    shapes.eight_billion("cuda").save_pretrained(folder)
    AutoTokenizer.from_pretrained(_starter()).save_pretrained(folder)
    torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
