"""The placements that ship are complete, dated and sourced."""

from datetime import date

import pytest

from creative.channels import Channel, channel, channels, rules
from creative.channels.checking import CHECKS
from creative.channels.spec import SHAPES, VERIFIED
from creative.counting import UNITS
from creative.domain import Severity
from creative.errors import ChannelError
from creative.settings import ROOT

EVERY_FIELD = [(place, field) for place in channels() for field in place.fields]


def test_all_placements_and_rules_are_there():
    assert len(channels()) == 36
    assert len(EVERY_FIELD) == 108
    assert len(rules()) == 29


def test_ids_are_unique():
    ids = [place.id for place in channels()]
    assert len(set(ids)) == len(ids)
    for place in channels():
        fields = [field.id for field in place.fields]
        assert len(set(fields)) == len(fields)


@pytest.mark.parametrize("place", channels(), ids=lambda place: place.id)
def test_every_placement_says_where_its_facts_come_from(place: Channel):
    assert place.source
    assert place.verified in VERIFIED
    assert place.checked_on == date(2026, 11, 22)
    assert set(place.rules) <= set(rules())


@pytest.mark.parametrize(("place", "field"), EVERY_FIELD, ids=lambda x: x.id)
def test_every_field_makes_sense(place, field):
    assert field.counting in UNITS
    assert field.min_count <= field.max_count
    assert field.min_count >= 1 or not field.required
    assert (field.shape in SHAPES) == field.is_drafted
    assert field.limit is not None
    assert field.max_length is None or field.limit <= field.max_length
    assert not field.needs or place.field(field.needs)


def test_every_rule_has_code_and_a_source():
    assert set(CHECKS) == set(rules())
    assert all(rule.source and rule.about for rule in rules().values())


def test_rules_on_old_sources_may_be_overridden():
    assert rules()["excl_headline"].severity is Severity.ERROR
    assert rules()["excl_headline"].overridable
    assert rules()["kr_superlatives"].overridable
    assert not rules()["no_emoji"].overridable


# limits as developers.google.com/google-ads/api/docs/responsive-search-ads gives them
def test_responsive_search_ad():
    place = channel("google_rsa")
    headline, description = place.field("headline"), place.field("description")
    assert (headline.limit, headline.min_count, headline.max_count) == (30, 3, 15)
    assert (description.limit, description.min_count, description.max_count) == (90, 2, 4)
    assert place.pins["headline"] == ("HEADLINE_1", "HEADLINE_2", "HEADLINE_3")
    assert [field.id for field in place.drafted] == ["headline", "description"]
    assert [f.id for f in place.required_fields] == ["headline", "description", "final_url"]
    assert place.field("path2").needs == "path1"


def test_soft_limits_aim_at_what_is_recommended():
    meta = channel("meta_feed")
    assert meta.field("primary_text").limit == 125
    assert meta.field("headline").limit == 27  # no maximum is documented
    assert channel("linkedin_single_image").field("intro").limit == 600  # hard
    assert channel("push").field("body").target == 49


@pytest.mark.parametrize(
    ("place", "field", "kind"),
    [
        ("google_rsa", "final_url", "url"),
        ("google_rsa", "path1", "path"),
        ("google_pmax", "business_name", "brand_name"),
        ("google_display", "call_to_action", "call_to_action"),
        ("tiktok_infeed", "app_name", "app_name"),
        ("apple_app_store", "keywords", "keywords"),
        ("linkedin_single_image", "ad_name", "ad_name"),
        ("reddit", "destination_url", "url"),
    ],
)
def test_what_nobody_drafts(place, field, kind):
    assert channel(place).field(field).kind == kind


@pytest.mark.parametrize("id", ["google_ads", "googel_rsa", "", "GOOGLE_RSA"])
def test_an_unknown_channel_is_named(id):
    with pytest.raises(ChannelError, match="There is no channel"):
        channel(id)


def test_near_matches_are_named():
    with pytest.raises(ChannelError, match="did you mean google_rsa"):
        channel("gogle_rsa")
    with pytest.raises(ChannelError, match='no field "headlin"; did you mean headline'):
        channel("google_rsa").field("headlin")


def test_the_document_names_every_unit_and_every_unverified_fact():
    text = (ROOT / "docs/channels.md").read_text(encoding="utf-8")
    units, unsure = text.split("## Counting units")[1].split("## What is unverified")
    for unit in UNITS.values():
        assert f"| `{unit.id}` |" in units
    for place, field in EVERY_FIELD:
        words = (field.verified, field.max_length_verified, field.count_verified)
        if "unverified" in words:
            (row,) = [row for row in unsure.splitlines() if row.startswith(f"| `{place.id}` |")]
            assert f"`{field.id}`" in row or place.verified == "unverified"
