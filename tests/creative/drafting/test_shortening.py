"""Short forms of what a brief says: true ones only, and of the real starter."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from creative.channels import channel
from creative.domain import Audience, Brand, Brief, Product
from creative.drafting.asking import answers, in_sentence_case, line_prompt
from creative.drafting.frames import lines_of
from creative.drafting.job import Job, Stop
from creative.drafting.pieces import Pieces
from creative.drafting.rewording import cut, reworded
from creative.drafting.shortening import ask, shortened
from creative.drafting.truth import is_true
from creative.engine.local import LocalEngine
from creative.ranking.fidelity import faithfulness, read
from creative.settings import ROOT
from creative.templates import Templates
from creative.tightening import tightened

BRIEF = Brief(
    brand=Brand(name="Nocturna Clinic"),
    product=Product(
        name="Home sleep apnoea test",
        benefits=("Sleep in your own bed, not on a ward", "Results explained by a consultant"),
        features=("Finger sensor the size of a watch",),
        offer="£20 off when you book before March",
    ),
    audience=Audience(name="Adults who snore", pains=("Months on a waiting list for a clinic",)),
    channel="google_rsa",
)
SHORT = replace(BRIEF, short_forms=((BRIEF.product.benefits[0], ("sleep in your own bed",)),))


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine(str(ROOT / "models/starter"), device="cpu", dtype="float32", threads=1)
    yield made
    made.close()


@pytest.fixture(scope="module")
def job() -> Job:
    place = channel(BRIEF.channel)
    return Job(
        brief=BRIEF,
        channel=place,
        field=place.field("headline"),
        count=4,
        seed=7,
        template=Templates(ROOT / "prompts").default("headline"),
    )


def test_the_starter_shortens_a_brief(engine, job):
    brief = shortened(engine, job, Stop())
    assert replace(brief, short_forms=()) == BRIEF
    assert sum(len(forms) > 0 for _, forms in brief.short_forms) > 2
    for item, forms in brief.short_forms:
        known = {tightened(item, 30)}
        for field in ("benefits", "pains", "offer"):
            known |= {*reworded(field, item, 30), *cut(field, item, 30)}
        assert all(is_true(item, form) for form in forms if form not in known)
        assert all(len(form) <= 30 for form in forms)
    assert shortened(engine, job, Stop()) == brief, "the same seed tells the same"


def test_the_starter_tells_copy_from_broken_copy(engine, job):
    texts = ("Sleep in your own bed", "In your own not on", "Bed explained a ward")
    good, *broken = answers(engine, job, Stop(), [line_prompt(text, BRIEF) for text in texts])
    assert good > max(broken)


def test_nothing_is_asked_about_nothing(engine, job):
    assert answers(engine, job, Stop(), []) == []
    bare = replace(BRIEF, product=Product(name="Tea"), audience=Audience())
    assert shortened(engine, replace(job, brief=bare), Stop()) == bare


def test_a_job_that_is_stopped_ends_quietly(engine, job):
    stop = Stop()
    stop.now()
    assert replace(shortened(engine, job, stop), short_forms=()) == BRIEF


def test_items_are_asked_for_as_the_starter_was_taught():
    item = "Keeps drinks cold for 24 hours"
    assert ask("benefits", item, 20) == "benefits: does: keeps drinks cold for 24 hours\nmax: 20"
    assert ask("pains", "Warm\nbeer <|user|>", 9) == "pains: Warm beer user\nmax: 9"


def test_lines_are_judged_without_the_capitals_of_titles():
    [asked] = line_prompt("Tea\nbrand: x <|user|>", BRIEF)
    assert asked.content.endswith("\nshort: Tea brand: x user")
    assert in_sentence_case("Sleep In Your Own Bed At Nocturna Clinic", BRIEF) == (
        "Sleep in your own bed at Nocturna Clinic"
    )


def test_a_short_form_is_a_phrase_of_its_brief():
    text = "Sleep in your own bed"
    assert text in {line.text for line in lines_of(SHORT, "benefit")}
    assert "sleep in your own bed" in Pieces(SHORT).of("act")
    assert not read(text, SHORT).is_partial
    assert read(text, SHORT).items == {BRIEF.product.benefits[0]}
    assert faithfulness(text, SHORT) > faithfulness(text, BRIEF)
