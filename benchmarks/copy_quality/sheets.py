"""Blind rating sheets: lines of all arms, shuffled, without their source, for readers to mark.

A sheet is a CSV file with an empty column for the mark.  Its key, a JSON file that readers do not
see, says which arm wrote a line.  Judgements leave as the studio's own ratings: rater and stars.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sklearn.metrics import cohen_kappa_score

from creative.domain import Brief
from creative.drafting.prompting import brief_lines
from creative.errors import StudioError
from creative.export.formulas import neutralised
from creative.studio.briefs import brief_to

STARS = {"good": 5, "thin": 3, "bad": 1}  #: what a mark is worth in the studio
COLUMNS = ("number", "brief", "line", "mark", "why")


class SheetUnreadable(StudioError):
    """A filled sheet does not fit its key; says where."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """One line with where it came from."""

    arm: str
    brief: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A line, who wrote it, and how a reader marked it."""

    written: Written
    reader: str
    mark: str
    why: str


def write_sheet(
    folder: Path, written: Sequence[Written], briefs: Mapping[str, Brief], seed: int
) -> None:
    """Write `sheet.csv` and `briefs.txt` for readers, and `key.json` for the scorer.

    A line that several arms wrote for a brief is asked about once.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shuffled = Random(seed).sample(list(written), len(written))
    arms: dict[tuple[str, str], list[str]] = {}
    for line in sorted(shuffled, key=lambda line: line.brief):
        arms.setdefault((line.brief, line.text), []).append(line.arm)
    with (folder / "sheet.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for number, (brief, text) in enumerate(arms, 1):
            out.writerow([number, brief, neutralised(text), "", ""])
    key = [{"brief": brief, "text": text, "arms": by} for (brief, text), by in arms.items()]
    (folder / "key.json").write_text(json.dumps(key, indent=1, ensure_ascii=False), "utf-8")
    told = (f"# {name}\n{_told(brief)}\n" for name, brief in briefs.items())
    (folder / "briefs.txt").write_text("\n".join(told), "utf-8")


def _told(brief: Brief) -> str:
    return "\n".join(f"{key}: {value}" for key, value in brief_lines(brief, is_typed=False))


def read_sheet(path: Path, key: Path) -> list[Judged]:
    """Return the judgements of a filled sheet, one for every arm that wrote the line.

    Raises:
        SheetUnreadable: If a line has no mark or another one than good, thin or bad.
    """
    lines = json.loads(key.read_text("utf-8"))
    found: list[Judged] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            mark = (row["mark"] or "").strip().lower()
            if mark not in STARS:
                raise SheetUnreadable(f"{path.name}, number {row['number']}: mark is {mark!r}")
            line = lines[int(row["number"]) - 1]
            for arm in line["arms"]:
                written = Written(arm=arm, brief=line["brief"], text=line["text"])
                found.append(
                    Judged(written=written, reader=path.stem, mark=mark, why=row["why"] or "")
                )
    return found


def score(first: Sequence[Judged], second: Sequence[Judged]) -> dict[str, object]:
    """Return the shares of marks by arm and reader, and how far the readers agree.

    "accepted" is good or thin.  `kappa` is Cohen's, over the three marks, each line once.
    """
    arms = sorted({judged.written.arm for judged in first})
    by_line = [
        {(judged.written.brief, judged.written.text): judged.mark for judged in reader}
        for reader in (first, second)
    ]
    pairs = [(mark, by_line[1][line]) for line, mark in by_line[0].items()]
    return {
        "arms": {arm: [_shares(reader, arm) for reader in (first, second)] for arm in arms},
        "lines": len(pairs),
        "same_mark": round(sum(one == other for one, other in pairs) / len(pairs), 3),
        "kappa": round(float(cohen_kappa_score(*zip(*pairs, strict=True))), 3),
    }


def _shares(judged: Sequence[Judged], arm: str) -> dict[str, float]:
    marks = Counter(each.mark for each in judged if each.written.arm == arm)
    count = marks.total()
    shares = {mark: round(marks[mark] / count, 3) for mark in STARS}
    return {"accepted": round((marks["good"] + marks["thin"]) / count, 3), **shares}


def ratings(judged: Sequence[Judged], briefs: Mapping[str, Brief]) -> Iterator[str]:
    """Yield judgements as JSON lines of what the studio keeps: brief, text, rater, stars."""
    seen: set[tuple[str, str]] = set()
    for each in judged:
        line = (each.written.brief, each.written.text)
        if line not in seen:
            seen.add(line)
            yield json.dumps(
                {
                    "brief": brief_to(briefs[each.written.brief]),
                    "text": each.written.text,
                    "rater": each.reader,
                    "stars": STARS[each.mark],
                },
                ensure_ascii=False,
            )
