"""Whole ads: how many lines, which go together, and what the brief fills in."""

import pytest

from creative.channels import channel, channels, check, check_ad, fill
from creative.domain import Brand, Brief, Product, Severity
from creative.errors import ChannelError

BRIEF = Brief(
    brand=Brand(name="Okolo Roast", required_words=("fair trade",)),
    product=Product(
        name="House Blend Coffee",
        url="https://okoloroast.com/house",
        features=("Roasted daily", "Single origin", "Fair Trade", "A very long feature of beans"),
    ),
    channel="google_rsa",
    keywords=("coffee beans", "fresh coffee"),
    call_to_action="shop now",
)
GOOD = {
    "headline": ["Fresh coffee", "Roasted today", "Fair trade beans", "Brno's roaster", "Try it"],
    "description": ["Single origin beans.", "Roasted each morning!"],
    "final_url": ["https://okoloroast.com"],
}


def found(lines, place="google_rsa", brief=BRIEF):
    """Return the findings of an ad by rule id."""
    return {finding.rule: finding for finding in check_ad(lines, channel(place), brief)}


def test_a_complete_ad_passes():
    assert found(GOOD) == {}


def test_missing_lines_are_counted():
    finding = found({**GOOD, "headline": ["Fresh coffee", "Fair trade"]})["min_count"]
    assert finding.message == "2 of 3 × Headline that the ad needs."
    assert finding.severity is Severity.ERROR


def test_a_required_field_may_not_be_missing():
    missing = found({key: GOOD[key] for key in ("headline", "description")})["min_count"]
    assert "Final URL" in missing.message
    assert missing.severity is Severity.ERROR


def test_a_headline_that_may_show_nothing_does_not_count():
    lines = {**GOOD, "headline": ["Fair trade", "Fresh coffee", "{CUSTOMIZER.Price}"]}
    assert "2 of 3" in found(lines)["min_count"].message


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"headline": [f"Fair trade {n}" for n in range(16)]}, "max_count"),
        ({"headline": ["Fair trade", "Coffee", "coffee "]}, "duplicate_asset"),
        ({"headline": ["Fair trade", "Coffee", "Tea"]}, "recommended_count"),
        ({"headline": ["Tea", "Coffee", "Milk"]}, "required_word"),
        ({"path2": ["beans"]}, "path2_needs_path1"),
        ({"description": ["Try it!", "Taste it!"]}, "excl_max_one"),
    ],
)
def test_what_an_ad_may_not_be(change, rule):
    assert rule in found({**GOOD, **change})


def test_sitelink_descriptions_go_in_pairs():
    lines = {"sitelink_text": ["Beans"], "sitelink_description1": ["Fair trade"]}
    assert "both_or_neither_descriptions" in found(lines, "google_assets")
    lines["sitelink_description2"] = ["Fresh"]
    assert "both_or_neither_descriptions" not in found(lines, "google_assets")


def test_performance_max_wants_one_short_line_but_does_not_insist():
    lines = {"headline": ["Fair trade coffee beans"] * 3, "description": ["x" * 61] * 3}
    finding = found(lines, "google_pmax")["one_short"]
    assert finding.severity is Severity.WARNING


def test_domain_and_paths_share_a_limit_at_microsoft():
    lines = {
        "final_url": ["https://" + "x" * 50 + ".com/page"],
        "path1": ["coffee"],
        "path2": ["beans-and-more"],
    }
    assert "combined_length" in found(lines, "microsoft_rsa")
    lines["path2"] = ["beans"]
    assert "combined_length" not in found(lines, "microsoft_rsa")


def test_an_unknown_field_is_refused():
    with pytest.raises(ChannelError, match="did you mean headline"):
        check_ad({"headlines": []}, channel("google_rsa"), BRIEF)


def test_the_brief_fills_what_nobody_drafts():
    assert fill(BRIEF, channel("google_rsa")) == {
        "path1": ["House-Blend"],
        "path2": ["coffee-beans"],
        "final_url": ["https://okoloroast.com/house"],
    }
    assert fill(BRIEF, channel("google_display")) == {
        "business_name": ["Okolo Roast"],
        "call_to_action": ["Shop Now"],
    }
    assert fill(BRIEF, channel("tiktok_infeed")) == {
        "brand_name": ["Okolo Roast"],
        "app_name": ["House Blend Coffee"],
    }
    assert fill(BRIEF, channel("baidu_search")) == {"display_url": ["okoloroast.com"]}
    assert fill(BRIEF, channel("apple_app_store"))["keywords"] == ["coffee beans,fresh coffee"]
    assert fill(BRIEF, channel("google_assets")) == {
        "snippet_value": ["Roasted daily", "Single origin", "Fair Trade"]
    }


def test_a_call_to_action_that_the_platform_does_not_offer_is_left_out():
    brief = Brief(
        brand=Brand(name="O"), product=Product(name="P"), channel="x", call_to_action="Sip it"
    )
    assert "call_to_action" not in fill(brief, channel("google_display"))
    assert fill(brief, channel("youtube_video"))["cta"] == ["Sip it"]


@pytest.mark.parametrize("place", channels(), ids=lambda place: place.id)
def test_what_is_filled_in_keeps_the_rules_of_its_field(place):
    for id, lines in fill(BRIEF, place).items():
        for line in lines:
            findings = check(line, place, place.field(id), BRIEF)
            assert [f for f in findings if f.severity is Severity.ERROR] == []


def test_a_poor_brief_fills_little():
    bare = Brief(brand=Brand(name="A"), product=Product(name="字"), channel="google_rsa")
    assert fill(bare, channel("google_rsa")) == {"path1": ["字"]}
