"""How long the verdict of a huge test takes: `python -m benchmarks.verdict_page --json`.

A library with one experiment of 500 lines and 365 days is made, its results imported, and its
verdict asked for as the page does.  Rival: the same figures with statsmodels, line by line
(`confint_proportions_2indep` by the score method, no days, no shrinkage, no peeking).
"""

import argparse
import datetime as dt
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from statsmodels.stats.proportion import confint_proportions_2indep

from benchmarks.machine import machine
from creative.domain import Audience, Brand, Brief, Product, kept_id
from creative.settings import Settings
from creative.studio.experiments import Experiments
from creative.trials import Arm, Experiment, ExperimentState, Result, ResultFile
from storage.database import Database, open_store

ARMS, DAYS, RUNS, SEED = 500, 365, 20, 7
FIRST = dt.date(2026, 1, 1)


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arms", type=int, default=ARMS)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--json", action="store_true", help="kept for the habit of all benchmarks")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(_measured(Path(folder), options.arms, options.days)))


def _measured(home: Path, arms: int, days: int) -> dict[str, object]:
    settings = Settings(home=home)
    store = open_store(settings.database, settings.home)
    try:
        experiments = Experiments(store)
        experiment = _filled(store, arms, days)
        seconds = _timed(lambda: Experiments(store).standing(kept_id(experiment)), RUNS)
        again = _timed(lambda: experiments.standing(kept_id(experiment)), RUNS)[1:]
        counts = experiments.standing(kept_id(experiment)).days.tally
    finally:
        store.close()
    shown, won = counts.impressions.sum(axis=0), counts.clicks.sum(axis=0)
    rival = _timed(
        lambda: [
            confint_proportions_2indep(
                won[at], shown[at], won[0], shown[0], compare="ratio", method="score"
            )
            for at in range(1, arms)
        ],
        3,
    )
    return {
        "benchmark": "verdict_page",
        "arms": arms,
        "days": days,
        "median_s": round(float(np.median(seconds)), 3),
        "p95_s": round(float(np.quantile(seconds, 0.95)), 3),
        "again_p95_s": round(float(np.quantile(again, 0.95)), 3),
        "rival_statsmodels_median_s": round(float(np.median(rival)), 3),
        **machine(),
    }


def _timed(act: Callable[[], object], runs: int) -> list[float]:
    taken = []
    for _ in range(runs):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return taken


def _filled(store: Database, arms: int, days: int) -> Experiment:
    rng = np.random.default_rng(SEED)
    rates = rng.gamma(20, 0.02 / 20, arms)
    brief = Brief(
        brand=Brand(name="B"), product=Product(name="P"), audience=Audience(), channel="google_rsa"
    )
    with store.transaction() as records:
        kept = records.briefs.keep(brief)
        lines = tuple(
            Arm(draft_id=None, text=f"Line {at}", is_control=at == 0) for at in range(arms)
        )
        experiment = records.experiments.keep(
            Experiment(
                brief_id=kept_id(kept),
                field="headline",
                name="Huge",
                arms=lines,
                state=ExperimentState.RUNNING,
            )
        )
        ids = [kept_id(arm) for arm in experiment.arms]
        file = ResultFile(
            experiment_id=kept_id(experiment), filename="f", digest="d", platform="generic"
        )
        records.results.add(
            file,
            [
                Result(
                    arm_id=ids[at],
                    day=FIRST + dt.timedelta(day),
                    impressions=(shown := int(rng.poisson(1000))),
                    clicks=int(rng.binomial(shown, rates[at])),
                )
                for day in range(days)
                for at in range(arms)
            ],
        )
    return experiment


if __name__ == "__main__":
    main()
