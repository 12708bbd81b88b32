"""Exercises in shortening: an item of a brief, and what it comes down to in a headline.

    python -m models.training.shortening --seed 1 --count 5

prints some.  A headline has thirty characters and most of what users say has more, so a model that
quotes has to know what may go unsaid.  It also learns to tell short forms written by hand from the
same items cut anyhow, and so to judge its own.  Prompts are as in creative/drafting/shortening.py.
"""

import csv
from dataclasses import dataclass, fields, replace
from functools import cache, partial
from pathlib import Path
from random import Random

from creative.drafting.asking import NO, YES, question
from creative.drafting.shortening import ask, opening, stated
from models.training.corpus import Example, draws
from models.training.inventions import brand
from models.training.splits import Split
from models.training.spoiling import spoilt_form
from models.training.variation import new_words, retold
from models.training.words import DATA
from models.training.written import (
    LONGEST_FORM,
    SHORTENED,
    Assignment,
    Unreadable,
    assignments,
    items_of,
)

MARKED = Path(str(DATA)) / "marked.tsv"
MARKS = {"g": 1.0, "t": 0.4, "b": 0.0}  #: good, thin, bad: how often the answer is yes
GOOD = "g"
MARKED_WORDS = 2  #: exchanged at most in what was marked
NEW_WORDS = 12  #: exchanged at most, for few thousand briefs are soon known by heart
SPARE = 6  #: characters that an order may have more than its answer


def shortening_example(rng: Random, assignment: Assignment, lines: int) -> Example:
    """Return a brand whose items, told anew, are asked for in so many short forms."""
    told = retold(rng, assignment, lines, NEW_WORDS)
    places = items_of(told.values)
    asked = [
        (f"\n{ask(places[item], item, _limit(rng, form))}", form)
        for item, forms in told.shortened()
        for form in forms
    ]
    chosen = rng.sample(asked, min(lines, len(asked)))
    return Example(opening(told.values["brand"]), tuple(chosen))


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reader said of a form that an earlier model had told: MARKS says how it counts."""

    field: str
    item: str
    form: str
    mark: str


@cache
def marks(path: Path = MARKED) -> tuple[Mark, ...]:
    """Return the marks of a file of tab-separated lines.

    Raises:
        Unreadable: If a line is no mark.
    """
    rows = csv.reader(path.read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    found = []
    for number, row in enumerate(rows, 1):
        if len(row) != len(fields(Mark)) or row[-1] not in MARKS:
            raise Unreadable(
                f"{path.name}:{number}: field, item, form and one of {' '.join(MARKS)}"
            )
        found.append(Mark(*row))
    return tuple(found)


def marked_example(rng: Random, lines: int) -> Example:
    """Return an invented brand, with so many forms that readers marked, to judge."""
    asked = []
    for each in map(partial(_told_anew, rng), rng.choices(marks(), k=lines)):
        is_good = rng.random() < MARKS[each.mark]
        said = f"\n{stated(each.field, each.item)}\n{question(each.form)}"
        asked.append((said, YES if is_good else NO))
    return Example(opening(brand(rng)), tuple(asked))


def praised_example(rng: Random, lines: int) -> Example:
    """Return an invented brand, with items to shorten to forms that readers called good."""
    good = [each for each in rng.choices(marks(), k=3 * lines) if each.mark == GOOD][:lines]
    told = [_told_anew(rng, each) for each in good]
    asked = [(f"\n{ask(t.field, t.item, _limit(rng, t.form))}", t.form) for t in told]
    return Example(opening(brand(rng)), tuple(asked))


def _told_anew(rng: Random, given: Mark) -> Mark:
    change = new_words(rng, {"item": given.item}, given.form, MARKED_WORDS)
    return replace(given, item=change(given.item), form=change(given.form))


def judging_example(rng: Random, assignment: Assignment, lines: int) -> Example:
    """Return a brand of whose items so many short forms are judged, half of them cut anyhow."""
    told = retold(rng, assignment, lines, NEW_WORDS)
    places = items_of(told.values)
    judged = []
    for item, forms in told.shortened():
        form = rng.choice(forms)
        judged.append((item, form, YES))
        if spoilt := spoilt_form(rng, item, forms):
            judged.append((item, spoilt, NO))
    chosen = rng.sample(judged, min(lines, len(judged)))
    asked = (
        (f"\n{stated(places[item], item)}\n{question(form)}", says) for item, form, says in chosen
    )
    return Example(opening(told.values["brand"]), tuple(asked))


def _limit(rng: Random, form: str) -> int:
    return max(len(form), min(LONGEST_FORM, len(form) + rng.randint(0, SPARE)))


def main() -> None:
    """Print exercises to read."""
    for rng in draws(__doc__):
        chosen = rng.choice(assignments(Split.TRAIN, SHORTENED))
        for exercise in (shortening_example, judging_example):
            shown = exercise(rng, chosen, 13)
            print(shown.prompt)
            for asked, answer in shown.lines:
                print(f"   {asked.strip()!r} -> {answer}")
            print()


if __name__ == "__main__":
    main()
