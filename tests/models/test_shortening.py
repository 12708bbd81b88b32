"""Exercises in shortening and judging: true to what was written, and wrong where they say so."""

from random import Random

import pytest

from creative.drafting.asking import NO, YES
from models.training.plain import judged_lines
from models.training.shortening import (
    MARKS,
    judging_example,
    marked_example,
    marks,
    praised_example,
    shortening_example,
)
from models.training.splits import Split
from models.training.spoiling import spoilt_form, spoilt_line
from models.training.written import SHORTENED, Assignment, assignments, items_of

SHORT = assignments(Split.TRAIN, SHORTENED)
TEA = Assignment(
    industry="tea",
    values={
        "brand": "Oko",
        "product": "loose leaf tea in tins",
        "benefits": "keeps its scent for a year, even opened",
        "audience": "people who brew by the pot",
    },
    forms={"keeps its scent for a year, even opened": ("keeps its scent for a year",)},
)


def test_there_is_enough_of_everything() -> None:
    forms = [form for each in SHORT for own in each.forms.values() for form in own]
    assert len(SHORT) > 2000
    assert len(forms) > 35_000
    assert len(set(forms)) > 0.97 * len(forms)
    assert len({each.values["brand"] for each in SHORT}) > 0.97 * len(SHORT)
    assert len(assignments(Split.VALIDATION, SHORTENED)) >= 20


def test_every_item_that_is_shortened_is_in_its_brief() -> None:
    for each in SHORT:
        assert set(each.forms) <= set(items_of(each.values))


def test_short_forms_are_asked_for_in_the_room_they_need() -> None:
    for seed in range(50):
        shown = shortening_example(Random(seed), SHORT[seed], 13)
        for asked, answer in shown.lines:
            assert len(answer) <= int(asked.rpartition(" ")[2])


def test_items_and_forms_are_told_anew_together() -> None:
    told = {shortening_example(Random(seed), TEA, 1).lines[0] for seed in range(30)}
    assert len(told) > 3
    for asked, answer in told:
        assert set(answer.split()) <= set(asked.replace(",", "").split())


def test_half_of_what_is_judged_is_spoilt() -> None:
    says = [
        answer
        for seed in range(60)
        for _, answer in judging_example(Random(seed), SHORT[seed], 26).lines
    ]
    assert set(says) == {YES, NO}
    assert 0.4 < says.count(YES) / len(says) < 0.6


def test_what_is_spoilt_was_not_written_so() -> None:
    (item, forms), *_ = TEA.forms.items()
    spoilt = {spoilt_form(Random(seed), item, forms) for seed in range(60)} - {None}
    assert len(spoilt) > 10
    assert not spoilt & set(forms)
    good = ["Keeps its scent for a year", "Loose leaf tea for people who brew"]
    assert spoilt_line(Random(1), TEA.brief, good) not in good


def test_lines_are_judged_as_they_were_made() -> None:
    shown = judged_lines(Random(3), SHORT[3], 26)
    said = dict(shown.lines)
    assert set(said.values()) == {YES, NO}


def test_marks_of_readers_are_read() -> None:
    assert len(marks()) > 5000
    assert {each.mark for each in marks()} == set(MARKS)
    assert {each.field for each in marks()} <= {
        *("product", "audience", "pains", "benefits", "features", "proof", "offer")
    }


@pytest.mark.parametrize("exercise", [marked_example, praised_example])
def test_marks_make_exercises(exercise) -> None:
    shown = exercise(Random(1), 13)
    assert shown.prompt.startswith("brand: ")
    assert 0 < len(shown.lines) <= 13
