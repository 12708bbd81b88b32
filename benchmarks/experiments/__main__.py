"""How often the statistics of tests are right: on real tests, and on made-up ones without a winner.

    python -m benchmarks.experiments --arms arms.parquet --quick --json

The file has a row for each arm: clickability_test_id, test_week, headline, impressions, clicks.
Rivals on the same counts: a z test looked at every day, pooled counts under a bandit, an equal
split, the raw uplift of the luckiest arm.  With `--pairs`, that the prediction was trained on, what
it adds is measured, too (clickability_test_id, headline_1, headline_2, higher_CTR, created).
`--quick` makes fewer runs of made-up tests, and tries rules for shares on fewer real ones; `--only
replays,curse` measures those parts alone.
"""

import argparse
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from benchmarks.experiments.archive import read, tests_of
from benchmarks.experiments.bounds import bounds
from benchmarks.experiments.coverage import coverage
from benchmarks.experiments.curse import winners_curse
from benchmarks.experiments.falls import falls
from benchmarks.experiments.forecasts import forecasts
from benchmarks.experiments.planned import planned
from benchmarks.experiments.priors import priors
from benchmarks.experiments.replays import replays
from benchmarks.experiments.takings import takings
from benchmarks.experiments.winners import alarms, false_winners, power
from benchmarks.machine import machine

Part = Callable[[np.random.Generator], Mapping[str, object]]


def main() -> None:
    """Measure everything and print one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--arms", type=Path, required=True, help="Parquet or CSV file")
    parser.add_argument(
        "--pairs", type=Path, help="CSV file of pairs that a prediction is fitted to"
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="", help="names of parts, by comma")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print JSON; it is the only form")
    options = parser.parse_args()
    begun = time.perf_counter()
    parts = _parts(options.arms, options.pairs, *((120, 3, 16) if options.quick else (500, 6, 1)))
    figures: dict[str, object] = {}
    for name in options.only.split(",") if options.only else parts:
        # A generator for each part: none changes its figures because another one did.
        figures |= parts[name](np.random.default_rng([options.seed, len(name)]))
    head = {"benchmark": "experiments", "quick": options.quick, "seed": options.seed, **machine()}
    print(json.dumps({**head, "seconds": round(time.perf_counter() - begun), **figures}))


def _parts(path: Path, pairs: Path | None, runs: int, plays: int, step: int) -> dict[str, Part]:
    """Return what can be measured by name.

    Args:
        runs: Of made-up tests.
        plays: Of each real test with a prior.
        step: Every which real test is played under each rule for shares.
    """
    arms = read(path)
    sound = tests_of(arms[~arms["broken"]])
    return {
        "alarms": lambda _: alarms(arms),
        "coverage": lambda _: coverage(),
        "winners": lambda rng: false_winners(rng, runs),
        "power": lambda rng: power(rng, runs),
        "planned": lambda rng: planned(rng, 4 * runs),
        "forecasts": lambda rng: forecasts(rng, 2 * runs),
        "revenue": lambda rng: takings(rng, 2 * runs),
        "fatigue": lambda rng: falls(rng, runs // 2),
        "replays": lambda rng: replays(rng, sound * 2),
        "priors": lambda rng: priors(rng, sound, pairs, plays),
        "bounds": lambda rng: bounds(rng, sound[::step], runs // 2),
        "curse": lambda rng: winners_curse(rng, sound),
    }


if __name__ == "__main__":
    main()
