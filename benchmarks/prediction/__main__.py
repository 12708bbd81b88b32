"""How good the shipped predictor is on any file of pairs, beside rivals of the same run.

    python -m benchmarks.prediction --pairs valid_pairs.csv --json

Rivals: the longer line wins; TF-IDF of characters and logistic regression, trained here on --train.
`--kind words` measures what those have who install no network.  `--whole` adds the learning curve,
the workspaces of simulated users, and all ordinary pairs of --arms; it takes some minutes.  Times
are of one thread, a line at a time, medians.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import torch

from benchmarks.machine import ROOT, machine
from benchmarks.prediction.curve import learning_curve
from benchmarks.prediction.users import simulated_users
from creative.prediction.predictor import Kind, Predictor
from models.prediction.bands import ordinary_pairs
from models.prediction.measures import (
    accuracy,
    character_reference,
    figures,
    gaps,
    longer_wins,
)
from models.prediction.pairs import Pairs, read_arms, read_pairs

DATA = ROOT.parent / "shared" / "data" / "upworthy"
TIMED = 200  #: lines whose times are measured


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--train", type=Path, default=DATA / "train_pairs.csv")
    parser.add_argument("--arms", type=Path, default=DATA / "arms.parquet")
    parser.add_argument("--kind", type=Kind, choices=list(Kind))
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--json", action="store_true", help="kept for the habit of all benchmarks")
    options = parser.parse_args()
    torch.set_num_threads(1)
    predictor, pairs = Predictor.load(kind=options.kind), read_pairs(options.pairs)
    train = read_pairs(options.train)
    measured = _measured(predictor, pairs, train)
    if options.whole:
        unseen = read_arms(options.arms, without=train.lines)
        measured["ordinary"] = ordinary_pairs(predictor, unseen)
        measured["curve"] = learning_curve(train, pairs)
        measured["users"] = simulated_users(unseen, train)
    print(json.dumps({**measured, **machine()}))


def _measured(predictor: Predictor, pairs: Pairs, train: Pairs) -> dict[str, object]:
    chances = predictor.calibration.clear(gaps(predictor.scores(pairs.lines), pairs))
    return {
        **figures(chances, pairs),
        "longer_wins": longer_wins(pairs),
        "char_reference": accuracy(character_reference(train, pairs), pairs),
        "ms_per_line": _ms_per_line(predictor, pairs.lines[:TIMED]),
        "pairs": len(pairs),
        "kind": predictor.kind.value,
    }


def _ms_per_line(predictor: Predictor, lines: tuple[str, ...]) -> float:
    predictor.scores(lines[:5])
    times = []
    for line in lines:
        began = time.perf_counter()
        predictor.scores([line])
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1_000


if __name__ == "__main__":
    main()
