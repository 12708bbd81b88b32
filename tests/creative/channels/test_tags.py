"""Dynamic tags count as what they show; sources in platform docs named in docs/channels.md."""

import time

import pytest

from creative.channels import channel, check, expand, line_width
from creative.tags import expanded, lacks_default


@pytest.mark.parametrize(
    ("text", "platform", "expected"),
    [
        ("{KeyWord:Fresh Coffee} now", "google", "Fresh Coffee now"),
        ("{KEYWORD:Tea}{keyword:Milk}", "google", "TeaMilk"),
        ("{CUSTOMIZER.Price:$14} a bag", "google", "$14 a bag"),
        ("{CUSTOMIZER.Price} a bag", "google", " a bag"),
        ("In {LOCATION(City):your city}", "google", "In your city"),
        ("Ends {COUNTDOWN(2026/12/01 00:00:00,en-US,5)}", "google", "Ends 12 hours"),
        ('{=countdown("2021/02/17 00:00:00","en-us",3)}', "microsoft", "12 hours"),
        ("{param1:10} off {KeyWord}", "microsoft", "10 off "),
        ("{鲜花}速递", "baidu", "鲜花速递"),
        ("<키워드:커피> 할인", "naver", "커피 할인"),
        ("{KeyWord:Tea}", "meta", "{KeyWord:Tea}"),
        ("{KeyWord:Tea", "google", "{KeyWord:Tea"),
    ],
)
def test_tags_are_replaced_by_what_counts(text, platform, expected):
    assert expand(text, platform) == expected


def test_a_countdown_counts_eight():
    place = channel("microsoft_rsa")
    text = '{=countdown("2021/02/17 00:00:00")}'
    assert line_width(text, place, place.field("headline")) == 8


def test_spans_lead_back_to_the_original():
    text = "Buy {KeyWord:Click Here} today"
    shown = expanded(text, "google")
    place = channel("google_rsa")
    (finding,) = check(text, place, place.field("headline"))
    assert shown.text == "Buy Click Here today"
    assert finding.rule == "generic_cta"
    assert text[finding.span.start : finding.span.end] == "Click Here"


def test_only_google_assets_without_default_do_not_count():
    assert lacks_default("{CUSTOMIZER.Price} a bag", "google")
    assert lacks_default("In {LOCATION(City)}", "google")
    assert not lacks_default("{CUSTOMIZER.Price:$1}", "google")
    assert not lacks_default("{COUNTDOWN(2026/12/01 00:00:00)}", "google")
    assert not lacks_default("{KeyWord}", "microsoft")


@pytest.mark.parametrize("text", ["{KeyWrd:Tea}", "{KeyWord:Tea", "KeyWord:Tea}", "{}", "a { b"])
def test_braces_that_are_no_tag_are_named(text):
    place = channel("google_rsa")
    assert "broken_tag" in {f.rule for f in check(text, place, place.field("headline"))}


@pytest.mark.parametrize("tag", ["{", "{KeyWord:", "{CUSTOMIZER.", "{=countdown(", "<키워드:"])
@pytest.mark.parametrize("platform", ["google", "microsoft", "baidu", "naver"])
def test_unbalanced_tags_are_read_quickly(tag, platform):
    start = time.process_time()
    expand(tag * (100_000 // len(tag)), platform)
    assert time.process_time() - start < 1
