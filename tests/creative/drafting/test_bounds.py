"""What the engine is told about a line: pure data from channel and brief."""

from dataclasses import replace

import pytest

from creative.channels import Channel, channel, channels, check, rules
from creative.checking import checked_line, has_errors
from creative.counting import width
from creative.domain import Brand, Brief, Product, Severity
from creative.drafting.bounds import constraint_for, unlawful_words
from creative.drafting.job import Job
from creative.engine.constraints import Acceptor, Line, Verdict
from creative.engine.protocol import Constraint
from creative.settings import ROOT
from creative.templates import Templates

TEMPLATE = Templates(ROOT / "prompts").default("headline")
BRIEF = Brief(
    brand=Brand(name="Halden", banned_words=("cheap",)),
    product=Product(name="espresso beans", price="$14", proof=("最佳 beans of 2025",)),
    channel="google_rsa",
)


def a_job(place: Channel, field: str = "headline") -> Job:
    return Job(
        brief=BRIEF, channel=place, field=place.field(field), count=1, seed=1, template=TEMPLATE
    )


def constraint(id: str, field: str = "headline", most: int = 30) -> Constraint:
    job = a_job(channel(id), field)
    return constraint_for(job, most=most, vocabulary=None, kept=["Halden beans"])


def accepts(constraint: Constraint, text: str) -> bool:
    line = Line(Acceptor(constraint))
    verdict = line.judge(text)
    if verdict is Verdict.GOES_ON:
        line.write(text, verdict)
    return verdict is Verdict.GOES_ON and line.may_end()


def test_a_search_headline():
    found = constraint("google_rsa")
    assert (found.max_width, found.counting, found.tags) == (30, "google_width", "google")
    assert (found.banned, found.taken, found.likeness) == (("cheap",), ("Halden beans",), 85)
    assert found.figures == {"$14", "$14.00", "2025", "2,025"}
    assert set("!！★｡") <= set(found.forbidden)
    assert not found.allows_emoji


def test_a_description_may_call_out():
    assert "!" not in constraint("google_rsa", "description", 90).forbidden


def test_a_feed_takes_emoji_and_no_tags():
    found = constraint("meta_feed", "headline")
    assert (found.allows_emoji, found.tags, found.forbidden) == (True, "", "")


def test_tiktok_takes_no_hash_and_no_braces():
    (place,) = [p for p in channels() if "no_hash_braces" in p.rules]
    found = constraint(place.id, place.drafted[0].id)
    assert set("#{}") <= set(found.forbidden)


def test_a_text_message_is_measured_in_parts():
    found = constraint("sms", "body", most=1)
    assert accepts(found, "a" * 160)
    assert not accepts(found, "a" * 161)
    assert not accepts(found, "ê" + "a" * 70)


def test_signs_for_effect_are_refused_but_where_they_are_emoji():
    rules = ("gimmicky_symbols",)
    place = replace(channel("google_rsa"), rules=rules)
    found = constraint_for(a_job(place), most=30, vocabulary=None, kept=())
    assert accepts(found, "Tea ✔")
    assert not accepts(found, "Tea • daily")
    assert not accepts(constraint("google_rsa"), "Tea ✔")


def test_words_are_banned_where_a_rule_refuses_them_whatever_stands_around():
    place = next(p for p in channels() if "cn_absolute_terms" in p.rules)
    job, rule = a_job(place, place.drafted[0].id), rules()["cn_absolute_terms"]
    assert not list(unlawful_words(job, [rule]))  # it only warns
    words = set(unlawful_words(job, [replace(rule, severity=Severity.ERROR)]))
    assert {"国家级", "万能"} <= words
    assert not words & {"最佳", "第一", "唯一"}  # proved, or fine in a longer word


LINES = (
    "Espresso beans!",
    "Espresso ★ beans",
    "Espresso beans 😀",
    "Only cheap beans",
    "Beans from $15",
    "Beans from $14",
    "{KeyWord:Espresso Beans}",
    "{KeyWord:Espresso Beans and more of them} #1",
    "Espresso beans for all of you at home",
    "ｺｰﾋｰ beans",
    "コーヒー豆をご自宅まで毎朝お届けします、新鮮",
    "Buy {Word:Tea}",
)


@pytest.mark.parametrize("place", channels(), ids=lambda place: place.id)
def test_what_the_engine_writes_breaks_no_rule_of_length_character_or_word(place):
    told = {"max_length", "broken_tag", "no_emoji", "excl_headline", "no_hash_braces"}
    told |= {
        "no_halfwidth_kana",
        "banned_word",
        "claim_number",
        "claim_price",
        "forbidden_character",
    }
    for field in place.drafted:
        most = field.target or 150
        found = constraint_for(a_job(place, field.id), most=most, vocabulary=None, kept=())
        for text in LINES:
            line = checked_line(text, brief=BRIEF, channel=place, field=field)
            broken = {f.rule for f in line.findings if f.severity is Severity.ERROR}
            if accepts(found, text):
                assert not broken & told, (field.id, text)
                assert line.width <= most
            elif width(text, field.counting) <= most and "{" not in text:
                assert has_errors(line.findings) or check(text, place, field, BRIEF), text
