"""Words that a brand requires: one per slot, until a kept line has them."""

from dataclasses import replace

from creative.channels import channel
from creative.domain import Brand, Brief, Product
from creative.drafting.demands import GIVEN_UP_AT, demands_for
from creative.drafting.job import Job
from creative.engine.protocol import Constraint
from creative.settings import ROOT
from creative.templates import Templates

PLACE = channel("google_rsa")
BRIEF = Brief(
    brand=Brand(name="Halden", required_words=("slow roasted", "Halden", "Halden")),
    product=Product(name="espresso beans"),
    channel="google_rsa",
)
JOB = Job(
    brief=BRIEF,
    channel=PLACE,
    field=PLACE.field("headline"),
    count=4,
    seed=1,
    template=Templates(ROOT / "prompts").default("headline"),
)


def demands(
    *,
    slots: int = 4,
    attempt: int = 0,
    kept: tuple[str, ...] = (),
    job: Job = JOB,
    **bounds: object,
) -> tuple[str, ...]:
    return demands_for(job, Constraint(**bounds), kept=kept, slots=slots, attempt=attempt)


def test_the_first_slots_carry_one_word_each():
    assert demands() == ("slow roasted", "Halden", "", "")
    assert demands(slots=1) == ("slow roasted",)
    assert demands(slots=0) == ()


def test_a_word_that_a_kept_line_has_is_asked_for_no_more():
    assert demands(kept=("Beans, Slow Roasted",)) == ("Halden", "", "", "")
    assert demands(kept=("Slow roasted by Halden",)) == ("", "", "", "")


def test_a_word_that_no_line_can_hold_is_not_asked_for():
    assert demands(max_width=8) == ("Halden", "", "", "")
    assert demands(banned=("slow",)) == ("Halden", "", "", "")
    assert demands(forbidden=" ") == ("Halden", "", "", "")


def test_in_the_end_a_line_without_it_is_better_than_none():
    assert demands(attempt=GIVEN_UP_AT - 1)[0] == "slow roasted"
    assert demands(attempt=GIVEN_UP_AT) == ("", "", "", "")


def test_a_brand_that_requires_nothing_leaves_all_slots_free():
    free = replace(JOB, brief=replace(BRIEF, brand=Brand(name="Halden")))
    assert demands(job=free) == ("", "", "", "")
