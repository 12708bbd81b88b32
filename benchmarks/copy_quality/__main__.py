"""How good the lines for a folder of briefs are.

    python -m benchmarks.copy_quality docs/copy-quality/briefs --n 16 --json
    python -m benchmarks.copy_quality docs/copy-quality/briefs --n 16 --sheet docs/copy-quality
    python -m benchmarks.copy_quality docs/copy-quality/briefs --score docs/copy-quality

The first drafts and counts; `--arms all` also with ranking and grounding switched off in turn, and
from the raw model.  The second writes a blind rating sheet as well.  Copy `sheet.csv` for two
readers, to `reader-1.csv` and `reader-2.csv`, and mark every line good, thin (true, but it could
stand for any product) or bad.  The third scores the filled sheets.
"""

import argparse
import json
import time
from collections import Counter
from pathlib import Path

from benchmarks.copy_quality.arms import ARMS, Assignment, Writers
from benchmarks.copy_quality.measures import Counts, counts_of
from benchmarks.copy_quality.sheets import Written, ratings, read_sheet, score, write_sheet
from benchmarks.machine import machine
from creative.channels import channel
from creative.domain import Brief
from creative.settings import read_settings
from creative.studio.briefs import brief_from_json
from creative.studio.models import Models
from creative.templates import Templates


def main() -> None:
    """Draft and count, or score filled sheets; print one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="briefs as JSON files")
    parser.add_argument("--n", type=int, default=16, help="lines for each brief")
    parser.add_argument("--field", default="headline")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--model", help="id from the list, folder or hub id")
    parser.add_argument("--arms", default="full", help="names parted by commas, or all")
    parser.add_argument("--sheet", type=Path, help="folder for a blind rating sheet")
    parser.add_argument(
        "--others", type=int, default=4, help="lines a brief of arms but full in it"
    )
    parser.add_argument("--score", type=Path, help="folder with the filled sheets")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    briefs = {
        file.stem: brief_from_json(file.read_text("utf-8"))
        for file in sorted(options.folder.glob("*.json"))
    }
    if not briefs:
        parser.error(f"no briefs (*.json) in {options.folder}")
    report = _scored(options.score, briefs) if options.score else _drafted(options, briefs)
    print(json.dumps(report) if options.json else _table(report))


def _drafted(options: argparse.Namespace, briefs: dict[str, Brief]) -> dict[str, object]:
    arms = list(ARMS) if options.arms == "all" else options.arms.split(",")
    settings = read_settings().model_copy(update={"engine": "thread"})
    if options.model:
        settings = settings.model_copy(update={"model": options.model})
    models = Models(settings)
    written: list[Written] = []
    figures: dict[str, object] = {}
    try:
        writers = Writers(models, Templates(settings.prompts))
        for arm in arms:
            lines, figures[arm] = _arm(arm, writers, briefs, options)
            written += lines
    finally:
        models.close()
    if options.sheet:
        write_sheet(options.sheet, _judged(written, options.others), briefs, options.seed)
    head = {"benchmark": "copy_quality", **machine(), "model": models.choice.id}
    return {**head, "seed": options.seed, "briefs": len(briefs), "arms": figures}


def _arm(
    arm: str, writers: Writers, briefs: dict[str, Brief], options: argparse.Namespace
) -> tuple[list[Written], dict[str, object]]:
    counts, written, begun = Counts(), [], time.perf_counter()
    for name, brief in briefs.items():
        asked = Assignment(brief=brief, field=options.field, count=options.n, seed=options.seed)
        texts = list(ARMS[arm](writers, asked))
        limit = channel(brief.channel).field(options.field).target or 0
        counts += counts_of(brief, texts, wanted=options.n, limit=limit)
        written += [Written(arm=arm, brief=name, text=text) for text in texts]
    seconds = (time.perf_counter() - begun) / len(briefs)
    return written, {**counts.report(), "seconds_per_brief": round(seconds, 2)}


def _judged(written: list[Written], others: int) -> list[Written]:
    """Return every line of the arm "full", and of each other arm the first few for each brief."""
    seen: Counter[tuple[str, str]] = Counter()
    kept = []
    for line in written:
        seen[line.arm, line.brief] += 1
        if line.arm == "full" or seen[line.arm, line.brief] <= others:
            kept.append(line)
    return kept


def _scored(folder: Path, briefs: dict[str, Brief]) -> dict[str, object]:
    """Score two filled sheets, and keep their judgements as ratings beside them."""
    sheets = [folder / "reader-1.csv", folder / "reader-2.csv"]
    readers = [read_sheet(sheet, folder / "key.json") for sheet in sheets]
    kept = [line for judged in readers for line in ratings(judged, briefs)]
    (folder / "ratings.jsonl").write_text("\n".join(kept) + "\n", "utf-8")
    return {"benchmark": "copy_quality", "score": score(*readers)}


def _table(report: dict[str, object]) -> str:
    return json.dumps(report, indent=1)


if __name__ == "__main__":
    main()
