"""Whether winners steer the writer: `python -m benchmarks.examples --model starter --json`.

Lines that ask a question are taken to have won all tests; then, for comparison, lines that ask
none.  A model that reads examples is shown such lines of other briefs, chosen as the studio chooses
them; the starter, which reads none, is told the trait.  Headlines of the sample briefs are drafted
with and without.  A line is memorised if it is nearly one of the winners that were shown, or has
five words in a row of one that its brief has not.
"""

import argparse
import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import fmean, stdev

from benchmarks.copy_quality.measures import Counts, counts_of
from benchmarks.machine import machine
from benchmarks.timing import say
from creative.channels import channel
from creative.domain import Brief, Line, Taste
from creative.drafting.drafter import Drafter
from creative.drafting.examples import Example, examples_for, is_copied
from creative.drafting.heeding import heeding
from creative.drafting.job import Job
from creative.ranking.fit import fit
from creative.ranking.traits import QUESTION
from creative.settings import ROOT, Settings, read_settings
from creative.studio.briefs import brief_from_json
from creative.studio.drafting import template_for
from creative.studio.models import Models
from creative.templates import Templates
from models.training.splits import Split
from models.training.written import assignments

FIELD, SEED = "headline", 7
LONGEST = 30  #: characters of a winner, as of the lines that are wanted
SAMPLES = ROOT / "docs/samples/briefs"

Helped = Callable[[Job], Job]


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """The lines of one brief, and the winners that were shown."""

    brief: Brief
    shown: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def memorised(self) -> list[str]:
        """The lines that were copied."""
        return [line.text for line in self.lines if is_copied(line.text, self.shown, self.brief)]


def main() -> None:
    """Draft with and without winners, and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="starter", help="as ADLIB_MODEL")
    parser.add_argument("--n", type=int, default=16, help="lines for each brief")
    parser.add_argument("--briefs", type=Path, nargs="+", default=[SAMPLES], help="folders")
    parser.add_argument("--json", action="store_true", help="kept for the habit of all benchmarks")
    options = parser.parse_args()
    settings = read_settings().model_copy(update={"engine": "thread", "model": options.model})
    found = _measured(settings, options.n, list(_briefs(options.briefs)))
    print(json.dumps({"benchmark": "examples", **found, **machine()}))


def _measured(settings: Settings, count: int, briefs: Sequence[Brief]) -> dict[str, object]:
    models = Models(settings)
    quoting, is_typed = models.choice.profile.grounded, models.choice.profile.is_typed
    asking, telling = (list(_winners(is_asking)) for is_asking in (True, False))
    arms: dict[str, Helped] = {
        "without": lambda job: job,
        "winners_ask": _told(is_asking=True) if is_typed else _shown(asking),
        "winners_tell": _told(is_asking=False) if is_typed else _shown(telling),
    }
    try:
        drafted = {
            name: list(_drafted(models, helped, count, briefs)) for name, helped in arms.items()
        }
    finally:
        models.close()
    return {
        "model": models.choice.name,
        "steered_by": "taste" if is_typed else "examples",
        "briefs": len(briefs),
        **{
            name: _report(own, count, quoting)
            | {
                "questions_more": _more(drafted["without"], own, _asks),
                "fit_more": _more(drafted["without"], own, partial(_fits, quoting=quoting)),
            }
            for name, own in drafted.items()
        },
    }


def _winners(is_asking: bool) -> Iterator[Example]:
    """Yield written headlines that ask, or do not, with the briefs that they were written for."""
    for assignment in assignments(Split.TRAIN):
        for ad in assignment.ads:
            is_short = ad.place == "headline" and len(ad.text) <= LONGEST
            if is_short and ad.text.endswith("?") is is_asking:
                yield Example(text=ad.text, brief=assignment.brief, worth=1.0)


def _shown(winners: Sequence[Example]) -> Helped:
    return lambda job: replace(job, examples=examples_for(job.brief, winners))


def _told(*, is_asking: bool) -> Helped:
    taste = Taste(liked=(QUESTION,)) if is_asking else Taste(disliked=(QUESTION,))

    def told(job: Job) -> Job:
        return replace(job, taste=taste, angles=heeding(job.brief, taste, job.seed))

    return told


def _briefs(folders: Sequence[Path]) -> Iterator[Brief]:
    for file in (file for folder in folders for file in sorted(folder.glob("*.json"))):
        brief = brief_from_json(file.read_text("utf-8"))
        if FIELD in {field.id for field in channel(brief.channel).drafted}:
            yield brief


def _drafted(
    models: Models, helped: Helped, count: int, briefs: Sequence[Brief]
) -> Iterator[Drafted]:
    templates = Templates(models.settings.prompts)
    choice, engine = models.in_use()
    drafter = Drafter(engine, templates, choice.profile)
    for brief in briefs:
        begun, place = time.perf_counter(), channel(brief.channel)
        job = Job(
            brief=brief,
            channel=place,
            field=place.field(FIELD),
            count=count,
            seed=SEED,
            template=template_for(templates, place, FIELD, None),
        )
        job = helped(job)
        lines = tuple(each for each in drafter.draft(job) if isinstance(each, Line))
        say(f"{brief.product.name}: {len(lines)} lines, {time.perf_counter() - begun:.0f} s")
        yield Drafted(brief=brief, shown=job.examples, lines=lines)


def _report(drafted: Sequence[Drafted], count: int, quoting: bool) -> dict[str, object]:
    counts = Counts()
    for each in drafted:
        limit = channel(each.brief.channel).field(FIELD).target or 0
        texts = [line.text for line in each.lines]
        counts += counts_of(each.brief, texts, wanted=count, limit=limit)
    every = [(each.brief, line) for each in drafted for line in each.lines]
    return {
        "questions": round(fmean(_asks(brief, line) for brief, line in every), 3),
        "fit": round(fmean(_fits(brief, line, quoting=quoting) for brief, line in every), 3),
        "memorised": sum(len(each.memorised) for each in drafted),
        **counts.report(),
    }


def _asks(_: Brief, line: Line) -> float:
    return float("?" in line.text)


def _fits(brief: Brief, line: Line, *, quoting: bool) -> float:
    return fit(line, brief, quoting=quoting)


def _more(
    before: Sequence[Drafted], after: Sequence[Drafted], figure: Callable[[Brief, Line], float]
) -> str:
    """Return by how much a figure is larger, with 95 % confidence, brief by brief."""
    gaps = [
        fmean(figure(now.brief, line) for line in now.lines)
        - fmean(figure(then.brief, line) for line in then.lines)
        for then, now in zip(before, after, strict=True)
        if then.lines and now.lines
    ]
    reach = 1.96 * stdev(gaps) / math.sqrt(len(gaps))
    return f"{fmean(gaps):+.3f} ± {reach:.3f}"


if __name__ == "__main__":
    main()
