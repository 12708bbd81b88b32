"""What tests have shown steers the drafter: taste among lines as good, examples never copied."""

from dataclasses import replace

import pytest

from creative.domain import Taste
from creative.drafting.drafter import Drafter
from creative.engine.profile import ModelProfile
from tests.creative.drafting.test_drafter import JOB, TEMPLATES, Typist

LINES = ("Halden espresso keeps taste", "Halden espresso? Keeps taste")


def first_of(lines, job, candidates=1):
    """Return the line that fills the only slot."""
    drafter = Drafter(Typist(lines), TEMPLATES, ModelProfile(candidates_per_line=candidates))
    return next(iter(drafter.draft(replace(job, count=1)))).text


@pytest.mark.parametrize(
    ("taste", "kept"),
    [
        (Taste(liked=("asks a question",)), LINES[1]),
        (Taste(disliked=("asks a question",)), LINES[0]),
    ],
)
def test_of_lines_as_good_the_liked_one_is_kept(taste, kept):
    assert first_of(LINES, replace(JOB, taste=taste), candidates=2) == kept


def test_a_line_with_a_run_of_an_example_is_refused():
    lines = ("Halden beans are never too hot", LINES[0])
    assert first_of(lines, JOB) == lines[0]
    examples = ("Some beans are never too hot for those who wait",)
    assert first_of(lines, replace(JOB, examples=examples)) == lines[1]
