"""The hand-written corpus: that it is what it says, and that it is told anew without harm."""

import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from creative.domain import Angle
from models.training.splits import TEST, VALIDATION, Split
from models.training.variation import plain, varied
from models.training.written import (
    SHORTENED,
    WRITTEN,
    Assignment,
    Unreadable,
    assignments,
    read,
    slips,
)

EVERY = tuple(each for split in Split for each in assignments(split))


def test_there_is_enough_of_everything() -> None:
    ads = [ad for each in EVERY for ad in each.ads]
    assert len(ads) >= 6000
    assert len({each.industry for each in EVERY}) >= 60
    assert {ad.place for ad in ads} == {"headline", "description", "primary", "subject", "push"}
    assert {ad.angle for ad in ads} == {angle.value for angle in Angle}
    assert len({each.values["brand"] for each in EVERY}) > 0.97 * len(EVERY)
    assert len({ad.text for ad in ads}) > 0.99 * len(ads)


def test_no_industry_is_in_two_splits() -> None:
    kept = {split: {each.industry for each in assignments(split)} for split in Split}
    assert kept[Split.VALIDATION] <= VALIDATION
    assert kept[Split.TEST] <= TEST
    assert len(kept[Split.VALIDATION]) >= 4
    assert len(kept[Split.TEST]) >= 4
    assert not kept[Split.TRAIN] & (VALIDATION | TEST)


@pytest.mark.parametrize(
    "file", sorted((*WRITTEN.glob("*.txt"), *SHORTENED.glob("*.txt"))), ids=lambda file: file.stem
)
def test_no_line_breaks_a_rule(file: Path) -> None:
    assert [slip for each in read(file) for slip in slips(each)] == []


def test_a_line_that_is_neither_field_nor_ad_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_text("brand: Oko\nheadlines 30 benefit: Tea\n", "utf-8")
    with pytest.raises(Unreadable, match=r"x\.txt:2"):
        read(file)


def test_slips_are_found(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_text(
        "brand: Oko\nproduct: green tea\naudience: cooks\nbenefits: tastes mild\n"
        "headline 30 benefit: Green tea that tastes mild and is poured for a long afternoon\n"
        "headline 30 offer: Green tea, 20% off\n"
        "headline 30 brand: Something for everybody\n"
        "headline 30 feature: An green tea\n",
        "utf-8",
    )
    found = "\n".join(slip for each in read(file) for slip in slips(each))
    for reason in ("over 30", "claims what", "number 20", "has no word", "grammar (An green"):
        assert reason in found


def pairs(assignment: Assignment, seed: int) -> list[tuple[str, str, str]]:
    shown = varied(Random(seed), assignment, 13)
    return [(shown.prompt, ask, text) for ask, text in shown.lines]


def test_a_line_told_anew_keeps_its_limit_and_its_facts() -> None:
    for seed, assignment in enumerate(EVERY[::7]):
        for prompt, ask, text in pairs(assignment, seed):
            limit = re.search(r"max: (\d+)", ask)
            assert limit
            assert len(text) <= int(limit[1])
            told = {*re.findall(r"\d+", prompt), *re.findall(r"\d+", str(assignment))}
            assert set(re.findall(r"\d+", text)) <= told


def test_a_new_brand_stands_in_the_brief_and_in_its_lines() -> None:
    assignment = next(each for each in EVERY if sum(_names(each)) > 2)
    old = assignment.values["brand"]
    brands = Counter()
    for seed in range(40):
        shown = varied(Random(seed), assignment, 13)
        name = shown.prompt.split("\n")[0].removeprefix("brand: ")
        texts = [text for _, text in shown.lines]
        brands[name] += 1
        assert name == old or not any(old in text for text in texts)
        assert sum(name.lower() in text.lower() for text in texts) >= 1
    assert len(brands) > 20


def _names(assignment: Assignment) -> list[bool]:
    return [assignment.values["brand"] in ad.text for ad in assignment.ads]


def test_a_seed_tells_it_the_same_way() -> None:
    assert varied(Random(5), EVERY[3], 9) == varied(Random(5), EVERY[3], 9)


def test_held_out_copy_is_read_as_it_was_written() -> None:
    shown = plain(EVERY[0])
    assert [text for _, text in shown.lines] == [ad.text for ad in EVERY[0].ads]
