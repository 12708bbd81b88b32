"""Weigh frames by what readers said of their lines: `python -m models.training.weighing`.

`data/framed` has 456 briefs and 15,835 lines in frames for them, each of thirty characters at most,
marked good, thin or bad by one or two blind readers: lines drawn at random for briefs that were
written for this, and lines that were chosen for them and for those of earlier sheets (s1 to s12
and s14).
Written are the weights of `creative/drafting/odds.py`; printed is how well they tell lines apart on
briefs that were left out in turn.  The starter is asked how sure it is, so train it before.
"""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from creative.channels import channel
from creative.domain import Brief
from creative.drafting import odds
from creative.drafting.asking import answers, line_prompt
from creative.drafting.frames import Framed, slots_of
from creative.drafting.frames import frames as frames_in_use
from creative.drafting.job import Job, Stop
from creative.drafting.shortening import shortened
from creative.drafting.signs import OF_ALL, signs
from creative.engine.protocol import Engine
from creative.prediction.grams import Floats
from creative.settings import read_settings
from creative.studio.briefs import brief_from_json
from creative.studio.models import Models
from creative.templates import Templates

DATA = Path(__file__).parent / "data" / "framed"
WEIGHTS = Path(odds.__file__).with_name(odds.FILE)
FIELD, SEED, FOLDS = "headline", 7, 10
WORTH = {"g": 1.0, "t": 0.35, "b": 0.0}
STRENGTH = 1.0  #: of C, larger trusts the marks more
FEWEST = 10  #: lines that a sign needs to have a weight


@dataclass(frozen=True, slots=True)
class Marked:
    """A line in a frame, for a brief with its short forms, and its mean worth to readers."""

    name: str
    brief: Brief
    line: Framed
    worth: float


@dataclass(frozen=True, slots=True)
class Design:
    """What is known of lines, [lines, columns]: features, then signs, then frames, by name."""

    numbers: Floats
    signs: Sequence[str]
    frames: Sequence[str]


def read_marks(engine: Engine) -> list[Marked]:
    """Return the marked lines; their briefs are shortened as for drafting."""
    briefs = {name: shortened(engine, _job(brief), Stop()) for name, brief in read_briefs()}
    with (DATA / "marks.tsv").open(encoding="utf-8", newline="") as file:
        return [
            Marked(name, briefs[name], Framed(text, frame), fmean(WORTH[mark] for mark in marks))
            for name, frame, text, marks in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def read_briefs() -> list[tuple[str, Brief]]:
    """Return the briefs of the marked lines by name."""
    told = [json.loads(line) for line in (DATA / "briefs.jsonl").read_text("utf-8").splitlines()]
    return [(each.pop("name"), brief_from_json(json.dumps(each))) for each in told]


def _job(brief: Brief) -> Job:
    place = channel(brief.channel)
    return Job(
        brief=brief,
        channel=place,
        field=place.field(FIELD),
        count=1,
        seed=SEED,
        template=Templates(read_settings().prompts).default(FIELD),
    )


def main() -> None:
    """Read, measure, fit and write."""
    models = Models(read_settings().model_copy(update={"engine": "thread"}))
    try:
        engine = models.in_use()[1]
        marked = read_marks(engine)
        sure = _sure(engine, marked)
    finally:
        models.close()
    design = _design(marked, sure)
    worth = np.array([each.worth for each in marked])
    _measure(marked, design.numbers, worth)
    fitted = _fitted(design.numbers, worth)
    weights = _weights(marked[0], design, *fitted, usually_sure=fmean(sure))
    WEIGHTS.write_text(json.dumps(weights, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _weights(
    example: Marked, design: Design, base: float, effects: Floats, *, usually_sure: float
) -> dict[str, dict[str, float]]:
    """Return base and effects by name, as `odds.weights` reads them; frames that are gone left out.

    A frame that nobody has marked is doubted: it is taken for one of the worst quarter.
    """
    names = list(odds.features(example.line.text, example.brief, 0.0))
    own, by_sign, by_frame = np.split(effects, [len(names), len(names) + len(design.signs)])
    in_use = {frame for own in frames_in_use().values() for frame in own}
    slots = {slot for frame in in_use for slot in slots_of(frame, "")}
    by_name = dict(zip(design.signs, by_sign, strict=True))
    frames = dict(zip(design.frames, by_frame, strict=True))
    weights = {
        "features": {
            "base": base,
            "usually_sure": usually_sure,
            "unknown_frame": np.quantile(by_frame, 0.25),
            **dict(zip(names, own, strict=True)),
        },
        "signs": {
            sign: effect
            for sign, effect in by_name.items()
            if sign.startswith(OF_ALL) or sign.partition(" ")[0] in slots
        },
        "frames": {frame: effect for frame, effect in frames.items() if frame in in_use},
    }
    return {
        part: {name: round(float(value), 2) for name, value in each.items()}
        for part, each in weights.items()
    }


def _sure(engine: Engine, marked: Sequence[Marked]) -> list[float]:
    """Return the log-odds that the starter gives each line."""
    prompts = [line_prompt(each.line.text, each.brief) for each in marked]
    return answers(engine, _job(marked[0].brief), Stop(), prompts)


def _design(marked: Sequence[Marked], sure: Sequence[float]) -> Design:
    """Return what is known of lines; signs of few lines are left out."""
    own = [
        list(odds.features(each.line.text, each.brief, known).values())
        for each, known in zip(marked, sure, strict=True)
    ]
    found = [signs(each.line, each.brief) for each in marked]
    often = Counter(sign for each in found for sign in each)
    named = sorted(sign for sign, count in often.items() if count >= FEWEST)
    frames = sorted({each.line.frame for each in marked})
    has = [[sign in each for sign in named] for each in found]
    is_in = [[each.line.frame == frame for frame in frames] for each in marked]
    return Design(np.hstack([np.array(own), np.array(has), np.array(is_in)]), named, frames)


def _fitted(design: Floats, worth: Floats) -> tuple[float, Floats]:
    """Return the base and the effects; a line of worth 0.5 is half a good and half a bad one."""
    both = np.vstack([design, design])
    is_good = np.repeat([1, 0], len(worth))
    weight = np.concatenate([worth, 1 - worth])
    kept = weight > 0
    model = LogisticRegression(C=STRENGTH, max_iter=3_000)
    model.fit(both[kept], is_good[kept], sample_weight=weight[kept])
    return float(model.intercept_[0]), np.asarray(model.coef_[0], float)


def _measure(marked: Sequence[Marked], design: Floats, worth: Floats) -> None:
    """Print how often the better of two lines of a brief has the larger odds, briefs left out."""
    briefs = np.array([each.name for each in marked])
    known = np.zeros(len(worth))
    for learn, tell in GroupKFold(FOLDS).split(design, groups=briefs):
        base, effects = _fitted(design[learn], worth[learn])
        known[tell] = base + design[tell] @ effects
    right = []
    for name in dict.fromkeys(briefs):
        here = briefs == name
        good, bad = known[here & (worth >= 0.75)], known[here & (worth <= 0.25)]
        right += list((good[:, None] > bad).ravel())
    print(f"good line of a good and a bad one: {np.mean(right):.3f} of {len(right):,} pairs")
    for least in (1.5, 1.0, 0.5, 0.0, -0.5):
        above = known >= least
        print(f"odds from {least}: {above.sum()} lines, worth {worth[above].mean():.2f}")


if __name__ == "__main__":
    main()
