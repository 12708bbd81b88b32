"""Plain lines: within their limits, true to their brief, in whole phrases, of every angle."""

from collections import Counter
from random import Random

import pytest

from creative.domain import Angle
from creative.ranking.fidelity import read
from models.training.plain import ANGLES, plain_example, plain_lines
from models.training.splits import Split
from models.training.written import Ad, Assignment, assignments, faithful, slips

VALUES = {
    "brand": "Okolo Roast",
    "product": "filter coffee",
    "audience": "people who work from home",
    "pains": "stale beans; brewing in the dark",
    "benefits": "tastes like blueberries; brew a better cup at home; no bitterness",
    "features": "compostable bags with a window; roasted to order",
    "proof": "loved by 2,000 customers",
    "offer": "15% off, this week only",
    "price": "$14",
}


@pytest.fixture(scope="module")
def shown() -> list[tuple[Assignment, list[Ad]]]:
    rng = Random(3)
    chosen = rng.sample(assignments(Split.TRAIN), 150)
    return [(each, list(plain_lines(rng, each, 12))) for each in chosen]


def test_a_program_finds_no_fault(shown: list[tuple[Assignment, list[Ad]]]) -> None:
    for assignment, ads in shown:
        told = Assignment(industry=assignment.industry, values=assignment.values, ads=ads)
        assert not [slip for slip in slips(told) if not slip.startswith(("no ", "repeats"))]


def test_nearly_every_line_keeps_phrases_whole(shown: list[tuple[Assignment, list[Ad]]]) -> None:
    lines = [read(ad.text, each.brief) for each, ads in shown for ad in ads if ad.limit <= 60]
    assert sum(line.tears == 0 and line.strangers <= 1 for line in lines) > 0.9 * len(lines)


def test_every_angle_and_place_is_there(shown: list[tuple[Assignment, list[Ad]]]) -> None:
    ads = [ad for _, own in shown for ad in own]
    assert {ad.angle for ad in ads} == set(ANGLES) == {angle.value for angle in Angle}
    assert {ad.place for ad in ads} == {"headline", "description", "primary", "subject", "push"}
    assert max(Counter(ad.angle for ad in ads).values()) < 0.2 * len(ads)


def test_a_seed_gives_the_same_rows() -> None:
    each = assignments(Split.TRAIN)[0]
    assert plain_example(Random(1), each, 8) == plain_example(Random(1), each, 8)


def test_only_quoting_lines_are_kept_of_what_was_written() -> None:
    ads = [
        Ad(place="headline", limit=30, angle="benefit", text="Brew a better cup at home"),
        Ad(place="headline", limit=30, angle="benefit", text="Mornings, minus the bitter bit"),
    ]
    kept = faithful(Assignment(industry="", values=VALUES, ads=ads))
    assert kept.ads == ads[:1]
