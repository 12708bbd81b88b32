"""Exercises in shortening and judging: true to what was written, and wrong where they say so."""

from random import Random

import pytest
from transformers import AutoTokenizer

from creative.drafting.asking import NO, YES
from creative.settings import ROOT
from models.training.mixture import FINISH, PHASES, Reader
from models.training.plain import judged_lines
from models.training.recipe import Recipe, diet
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
from models.training.written import SHORTENED, Assignment, Unreadable, assignments

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
    lines = {spoilt_line(Random(seed), TEA.brief, good) for seed in range(20)}
    assert None not in lines
    assert not lines & set(good)
    assert spoilt_line(Random(1), TEA.brief, []) is None


def test_lines_are_judged_as_they_were_made() -> None:
    shown = judged_lines(Random(3), SHORT[3], 26)
    brief = SHORT[3].brief
    said = dict(shown.lines)
    assert set(said.values()) == {YES, NO}
    assert list(said.values()).count(YES) >= len(said) // 3
    assert f"brand: {brief.brand.name}" in shown.prompt or shown.prompt.startswith("brand: ")


def test_marks_of_readers_are_read() -> None:
    assert len(marks()) > 5000
    assert {each.mark for each in marks()} == set(MARKS)
    assert {each.field for each in marks()} <= {
        *("product", "audience", "pains", "benefits", "features", "proof", "offer")
    }


def test_marks_make_exercises() -> None:
    judged = marked_example(Random(1), 40)
    assert {answer for _, answer in judged.lines} == {YES, NO}
    bad = {each.form for each in marks() if each.mark == "b"}
    good = {each.form for each in marks() if each.mark == "g"}
    praised = [form for seed in range(20) for _, form in praised_example(Random(seed), 13).lines]
    assert sum(form in good for form in praised) > 10 * sum(form in bad - good for form in praised)


def test_a_file_of_marks_with_a_slip_is_refused(tmp_path) -> None:
    file = tmp_path / "marks.tsv"
    file.write_text("pains\tslow drains\tdrains\tg\npains\tslow drains\tslow\tq\n", "utf-8")
    with pytest.raises(Unreadable, match=r"marks\.tsv:2"):
        marks(file)


def test_every_kind_of_rows_is_known() -> None:
    tokenizer = AutoTokenizer.from_pretrained(ROOT / "models/starter")
    reader = Reader(diet(Recipe(), None), tokenizer)
    kinds = {kind for phase in (*PHASES, *FINISH) for kind in phase.weights} - {"prose"}
    for kind in kinds:
        reader._row(kind)
    with pytest.raises(ValueError, match="poems"):
        reader._row("poems")
