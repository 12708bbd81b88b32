"""Choosing among lines in frames: what fits a slot, and in which order it is drawn."""

import math
from collections import Counter
from dataclasses import replace

import pytest

from creative.channels import channel
from creative.domain import Angle, Audience, Brand, Brief, Line, Product
from creative.drafting.choosing import Offer, Offers, choices_of, drawn
from creative.drafting.frames import Framed, wording_of
from creative.drafting.job import Job
from creative.drafting.odds import odds, weights
from creative.drafting.rounds import LEVELS, OFTEN, Level
from creative.ranking.candidates import Candidate
from creative.ranking.fidelity import read, told
from creative.settings import ROOT
from creative.templates import Templates

BRIEF = Brief(
    brand=Brand(name="Halden"),
    product=Product(
        name="espresso beans",
        benefits=("no bitterness",),
        features=("roasted to order", "compostable bags"),
        price="$14",
    ),
    audience=Audience(name="home baristas"),
    channel="google_rsa",
)
FIELD = channel("google_rsa").field("headline")
JOB = Job(
    brief=BRIEF,
    channel=channel("google_rsa"),
    field=FIELD,
    count=4,
    seed=1,
    template=Templates(ROOT / "prompts").default("headline"),
)
ANY = Level()


def offer(text: str, *, known: float = 1.0, logprob: float = -5.0, wording: str = "") -> Offer:
    line = Line(text=text, width=len(text), limit=30, field="headline", logprob=logprob)
    return Offer(
        candidate=Candidate(line=line, tokens=5),
        angles=(Angle.FEATURE,),
        wording=wording,
        odds=known,
        items=told(text, BRIEF),
        is_shortened=read(text, BRIEF).is_shortened,
    )


def test_a_line_is_offered_once_with_all_its_angles():
    choices = choices_of(JOB, list(Angle), 30)
    texts = [choice.line.text for choice in choices]
    assert len(texts) == len(set(texts))
    angles = {choice.line.text: choice.angles for choice in choices}
    assert {Angle.FEATURE, Angle.BENEFIT, Angle.CURIOSITY} & set(angles["Roasted to order"])
    assert len(angles["No bitterness"]) > 1


def test_long_fields_and_other_languages_have_no_frames():
    long = replace(JOB, field=JOB.channel.field("description"))
    german = replace(JOB, brief=replace(BRIEF, language="de"))
    assert choices_of(long, list(Angle), 90) == choices_of(german, list(Angle), 30) == []


def test_a_kept_line_takes_with_it_what_is_like_it():
    offers = Offers([offer("Roasted to order"), offer("Roasted to order!"), offer("No bitterness")])
    offers.keep("Roasted to order", read("Roasted to order", BRIEF).items)
    assert [each.text for each in offers.left] == ["No bitterness"]


def test_a_level_asks_for_odds_angle_word_and_news():
    offers = Offers([offer("Roasted to order"), offer("Compostable bags", known=0.2)])
    assert len(offers.fitting(ANY, Angle.OFFER, "")) == 2
    assert [o.text for o in offers.fitting(Level(least=0.5), Angle.OFFER, "")] == [
        "Roasted to order"
    ]
    assert not offers.fitting(Level(is_planned=True), Angle.OFFER, "")
    assert len(offers.fitting(Level(is_planned=True), Angle.FEATURE, "")) == 2
    assert [o.text for o in offers.fitting(ANY, Angle.OFFER, "bags")] == ["Compostable bags"]


def test_what_was_told_may_be_told_again_only_so_often():
    offers = Offers([offer("Halden: roasted to order")])
    assert offers.fitting(Level(again=0), Angle.FEATURE, "")
    offers.keep("Yes, roasted to order", read("Roasted to order", BRIEF).items)
    assert not offers.fitting(Level(again=0), Angle.FEATURE, "")
    assert offers.fitting(Level(again=1), Angle.FEATURE, "")


def test_a_short_form_comes_again_once_facts_come_often():
    short = replace(offer("Halden: roasted to order"), is_shortened=True)
    offers = Offers([short])
    offers.keep("Yes, roasted to order", short.items)
    assert not offers.fitting(Level(again=OFTEN - 1), Angle.FEATURE, "")
    assert offers.fitting(Level(again=OFTEN), Angle.FEATURE, "")


def test_lines_that_say_nothing_wait_for_a_level_that_allows_it():
    offers = Offers([offer("Meet Halden")])
    assert not offers.fitting(Level(again=0), Angle.BRAND, "")
    assert offers.fitting(Level(again=1), Angle.BRAND, "")
    offers.keep("Halden for you", ())
    offers.keep("Your Halden day", ())
    assert not offers.fitting(Level(again=1), Angle.BRAND, "")


def test_a_short_name_that_says_nothing_else_waits_no_longer_than_others():
    meet = replace(offer("Meet Halden"), is_shortened=True)
    assert Offers([meet]).fitting(Level(again=1), Angle.BRAND, "")


def test_a_frame_with_words_of_its_own_is_used_only_so_often():
    frame = "yes, {thing}"
    first, second = (offer(f"Yes, {each}", wording=frame) for each in ("bags", "no bitterness"))
    offers = Offers([first, second])
    offers.keep(first.text, ())
    assert not offers.fitting(Level(again=0), Angle.FEATURE, "")
    assert offers.fitting(Level(again=1), Angle.FEATURE, "") == [second]
    assert (wording_of(frame), wording_of("{brand}: {thing}")) == (frame, "")


def test_stale_words_are_counted_in_pairs():
    offers = Offers([offer("Beans roasted to order")])
    offers.keep("Coffee roasted to order", ())
    assert offers.fitting(Level(stale=0.7), Angle.FEATURE, "")
    assert not offers.fitting(Level(stale=0.34), Angle.FEATURE, "")


def test_the_last_level_takes_whatever_is_left():
    assert (LEVELS[-1].least, LEVELS[-1].stale, LEVELS[-1].again) == (-math.inf, 1.0, math.inf)


def test_lines_are_drawn_as_often_as_they_are_likely():
    likely, unlikely = offer("Roasted to order", logprob=-1.0), offer("Bags", logprob=-2.0)
    first = Counter(drawn([unlikely, likely], 1.0, seed, 1)[0].text for seed in range(4_000))
    assert first["Roasted to order"] / 4_000 == pytest.approx(1 / (1 + math.exp(-1)), abs=0.03)


def test_without_temperature_the_likeliest_comes_first():
    offers = [offer("Bags", logprob=-3.0), offer("Roasted to order", logprob=-1.0)]
    assert [each.text for each in drawn(offers, 0.0, 7, 2)] == ["Roasted to order", "Bags"]


def test_odds_know_frames_faith_and_what_the_model_says():
    good = odds(Framed("No more bitterness", "no more {painthing}"), BRIEF, 2.0)
    worse = odds(Framed("No more bitterness", "{thing} from {brand}"), BRIEF, 2.0)
    unsure = odds(Framed("No more bitterness", "no more {painthing}"), BRIEF, -2.0)
    assert good > worse
    assert good > unsure
    assert odds(Framed("Zebra crossings bitterly", "{thing}"), BRIEF, 2.0) < odds(
        Framed("Compostable bags", "{thing}"), BRIEF, 2.0
    )


def test_a_frame_that_nobody_marked_is_doubted():
    frames = sorted(weights()["frames"].values())
    assert weights()["features"]["unknown_frame"] < frames[len(frames) // 2]


def test_what_names_the_brand_alone_waits_until_all_else_is_used():
    last = replace(offer("Get to know Halden"), is_last=True)
    *before, at_last = LEVELS
    offers = Offers([last])
    assert not any(offers.fitting(level, Angle.FEATURE, "") for level in before)
    assert offers.fitting(at_last, Angle.FEATURE, "") == [last]
