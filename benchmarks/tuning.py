"""Whether tuning moves the starter to a stated taste: `python -m benchmarks.tuning --json`.

Lines of all briefs of `data/framed` are drafted; of two lines of a brief, the one that asks a
question is preferred, whatever was asked for (500 pairs).  `creative.tuning` makes an adapter of
them; then lines of other briefs are drafted with it and, as the rival, by the same model untuned.
Copy is counted as in `benchmarks.copy_quality`.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from random import Random

from benchmarks.copy_quality.arms import ARMS, Assignment, Writers
from benchmarks.copy_quality.measures import Counts, counts_of
from benchmarks.machine import machine
from benchmarks.timing import say
from creative.channels import channel
from creative.domain import Angle, Brief
from creative.drafting.prompting import messages_for
from creative.engine.catalog import resolve
from creative.export.preferences import Preference
from creative.settings import ROOT, Settings, read_settings
from creative.studio.briefs import brief_from_json
from creative.studio.drafting import template_for
from creative.studio.models import Models
from creative.templates import Templates
from creative.tuning.recipe import Recipe
from creative.tuning.tuner import tune
from models.training import weighing

FIELD, SEED = "headline", 7
OTHERS = ROOT / "docs/samples/briefs"


def main() -> None:
    """Tune, draft, and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--n", type=int, default=16, help="lines for each brief")
    parser.add_argument("--out", type=Path, help="where the adapter stays; else it is thrown away")
    parser.add_argument("--json", action="store_true", help="kept for the habit of all benchmarks")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = options.out or Path(folder) / "adapter"
        print(json.dumps(_measured(options.pairs, options.n, out)))


def _measured(wanted: int, count: int, out: Path) -> dict[str, object]:
    settings = read_settings().model_copy(update={"engine": "thread"})
    learnt = dict(enumerate(brief for _, brief in weighing.read_briefs()))
    drafted = _drafted(settings, learnt, count)
    pairs = list(pairs_of(settings, drafted))
    Random(SEED).shuffle(pairs)
    pairs = pairs[:wanted]
    say(f"{len(pairs)} pairs")
    begun = time.perf_counter()
    base = resolve(settings.model, settings.models).source
    tuned = tune(base, pairs, [], out, Recipe())
    seconds = time.perf_counter() - begun
    before, after = (
        _counted(_drafted(each, _briefs(OTHERS), count), count)
        for each in (settings, settings.model_copy(update={"model": str(out)}))
    )
    return {
        "benchmark": "tuning",
        "pairs": tuned.pairs,
        "told_apart_before": round(tuned.before, 3),
        "told_apart_after": round(tuned.after, 3),
        "questions_before": before.pop("questions"),
        "questions_after": after.pop("questions"),
        "seconds": round(seconds),
        "before": before,
        "after": after,
        **machine(),
    }


def _briefs(folder: Path) -> dict[int, Brief]:
    files = sorted(folder.glob("*.json"))
    return {at: brief_from_json(file.read_text("utf-8")) for at, file in enumerate(files)}


def _drafted(
    settings: Settings, briefs: dict[int, Brief], count: int
) -> list[tuple[int, Brief, list[str]]]:
    models = Models(settings)
    try:
        writers = Writers(models, Templates(settings.prompts))
        return [
            (at, brief, list(ARMS["full"](writers, _asked(brief, count))))
            for at, brief in briefs.items()
            if FIELD in {field.id for field in channel(brief.channel).drafted}
        ]
    finally:
        models.close()


def _asked(brief: Brief, count: int) -> Assignment:
    return Assignment(brief=brief, field=FIELD, count=count, seed=SEED)


def pairs_of(
    settings: Settings, drafted: Sequence[tuple[int, Brief, list[str]]]
) -> Iterator[Preference]:
    """Yield a pair for every question and every other line of a brief, for some angle."""
    templates, chance = Templates(settings.prompts), Random(SEED)
    for at, brief, lines in drafted:
        place = channel(brief.channel)
        questions = [line for line in lines if line.endswith("?")]
        others = [line for line in lines if not line.endswith("?")]
        for better, worse in product(questions, others):
            prompt = messages_for(
                templates,
                template_for(templates, place, FIELD, None),
                brief,
                limit=place.field(FIELD).target or 30,
                angle=chance.choice(list(Angle)),
                is_typed=True,
            )
            yield Preference(
                prompt=prompt, chosen=better, rejected=worse, source="simulated", brief=at
            )


def _counted(drafted: Sequence[tuple[int, Brief, list[str]]], count: int) -> dict[str, object]:
    counts, lines = Counts(), [line for _, _, texts in drafted for line in texts]
    for _, brief, texts in drafted:
        limit = channel(brief.channel).field(FIELD).target or 0
        counts += counts_of(brief, texts, wanted=count, limit=limit)
    asking = sum(line.endswith("?") for line in lines)
    return {**counts.report(), "questions": round(asking / max(1, len(lines)), 3)}


if __name__ == "__main__":
    main()
