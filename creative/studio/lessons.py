"""What the tests of a library have taught: of angles and traits, and what testing cost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from creative.domain import Brief, kept_id
from creative.experiments.lessons import Lesson, Observed, lessons, observed
from creative.experiments.verdict import Outcome
from creative.ports import Records, Store
from creative.studio.experiments import Experiments
from creative.trials import Arm, Experiment, ExperimentState

_COUNTED = (ExperimentState.RUNNING, ExperimentState.STOPPED, ExperimentState.DECIDED)
_SHORT = 20  #: characters up to which a line is short


@dataclass(frozen=True, kw_only=True, slots=True)
class Taught:
    """What tests have taught so far.

    Attributes:
        tests: With results, simulated ones aside.
        won: Those with a winner better than its control.
        impressions: Of all of them.
        missed: Clicks or conversions that testing cost.
        lessons: The surest first.
    """

    tests: int
    won: int
    impressions: int
    missed: float
    lessons: tuple[Lesson, ...]


class Lessons:
    """What is learnt from many tests."""

    def __init__(self, store: Store, experiments: Experiments) -> None:
        self._store = store
        self._experiments = experiments

    def taught(self) -> Taught:
        """Look through all tests with results, of all briefs."""
        lines: list[Observed] = []
        tests = won = impressions = 0
        missed = 0.0
        for test in self._experiments.all():
            if test.is_simulated or test.state not in _COUNTED:
                continue
            standing = self._experiments.standing(kept_id(test))
            tally, verdict = standing.days.tally, standing.verdict
            if not tally.clicks.sum() or verdict.split.is_broken:
                continue
            tests += 1
            won += verdict.outcome is Outcome.WINNER
            impressions += int(tally.impressions.sum())
            missed += verdict.missed
            lines += observed(kept_id(test), tally, self._traits(test))
        return Taught(
            tests=tests,
            won=won,
            impressions=impressions,
            missed=missed,
            lessons=tuple(lessons(lines)),
        )

    def _traits(self, test: Experiment) -> Sequence[set[str]]:
        with self._store.transaction() as records:
            brief = records.briefs.get(test.brief_id)
            return [traits_of(arm.text, brief) | _angle(records, arm) for arm in test.arms]


def traits_of(text: str, brief: Brief) -> set[str]:
    """Return what a line is like, in words."""
    folded = text.casefold()
    said = {
        "asks a question": "?" in text,
        "has a number": bool(re.search(r"\d", text)),
        "names the brand": brief.brand.name.casefold() in folded,
        "names the product": brief.product.name.casefold() in folded,
        "speaks to the reader": bool(re.search(r"\byour?\b", folded)),
        f"is short (up to {_SHORT} characters)": len(text) <= _SHORT,
    }
    return {trait for trait, has_it in said.items() if has_it}


def _angle(records: Records, arm: Arm) -> set[str]:
    """Return the angle that a line was written from; lines of people have none."""
    angle = records.drafts.get(arm.draft_id).line.angle if arm.draft_id is not None else ""
    return {f"angle: {angle}"} if angle else set()
