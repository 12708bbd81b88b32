"""Briefs from outside: tidied, bounded, refused in words."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.domain import Audience, Brand, Brief, Product
from creative.errors import BriefError
from creative.settings import ROOT
from creative.studio.briefs import (
    MAX_ITEMS,
    MAX_TEXT,
    brief_from,
    brief_from_json,
    brief_to,
    checked_brief,
    faults,
    hints,
)

SAMPLES = sorted((ROOT / "docs" / "samples" / "briefs").glob("*.json"))
SMALL = {"brand": {"name": "B"}, "product": {"name": "p"}, "channel": "google_rsa"}


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_the_sample_briefs_are_read_whole(file: Path):
    data = json.loads(file.read_text("utf-8"))
    assert brief_to(brief_from(data)).items() >= {"channel": data["channel"]}.items()
    assert brief_to(brief_from(data))["product"]["benefits"] == tuple(data["product"]["benefits"])


def test_only_names_and_channel_are_required():
    assert brief_from(SMALL) == Brief(
        brand=Brand(name="B"), product=Product(name="p"), channel="google_rsa"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"chanel": "x"}, "unknown key: chanel"),
        ({"brand": {"name": "B", "logo": "x"}}, r"unknown key: brand\.logo"),
        ({"brand": {"name": "  "}}, r"Brand name is missing"),
        ({"brand": {}}, r"Brand name is missing"),
        ({"product": {"name": "\u0000\u202e"}}, r"Product name is missing"),
        ({"channel": "google_rsaa"}, "google_rsa"),
        (
            {"product": {"name": "p", "description": "x" * (MAX_TEXT + 1)}},
            "at most 2,000 characters",
        ),
        ({"product": {"name": "p", "benefits": ["b"] * (MAX_ITEMS + 1)}}, "at most 30 items"),
        ({"product": {"name": "p" * 201}}, "at most 200 characters"),
        ({"product": {"name": "p", "benefits": "one"}}, r"product\.benefits"),
        ({"product": {"name": 7}}, r"product\.name"),
        ({"keywords": [None]}, "keywords"),
    ],
)
def test_a_wrong_brief_names_what_is_wrong(change, message):
    with pytest.raises(BriefError, match=message):
        brief_from(SMALL | change)


def test_faults_are_told_by_the_names_of_a_form():
    product = Product(name="", description="x" * 2160, benefits=("ok", "b" * 245))
    keywords = ("k",) * 33
    brief = Brief(brand=Brand(name="B"), product=product, channel="google_rsa", keywords=keywords)
    assert {fault.key: fault.named("It") for fault in faults(brief)} == {
        ("product", "name"): "It is missing.",
        ("product", "description"): (
            "It is too long: 2,160 characters, and at most 2,000 are kept. Shorten it by 160."
        ),
        ("product", "benefits", 1): (
            "It 2 is too long: 245 characters, and at most 200 are kept. Shorten it by 45."
        ),
        ("keywords",): "It: 33 are too many. Take out 3.",
    }
    assert faults(checked_brief(brief_from(SMALL))) == ()


@pytest.mark.parametrize(
    "text", ["", "[1, 2]", '"brief"', "{", "nul", '{"brand": 1e999}', "[" * 100_000]
)
def test_what_is_no_json_object_is_refused_in_one_sentence(text):
    with pytest.raises(BriefError):
        brief_from_json(text)


@pytest.mark.parametrize(
    ("typed_in", "kept"),
    [
        ("  Halden  ", "Halden"),
        ("Hal\u0000den\u202e", "Halden"),
        ("Cafe\u0301", "Café"),
        ("one\ntwo", "one two"),
        ("咖啡 ☕ קפה", "咖啡 ☕ קפה"),
        ("👩\u200d🍳 Kitchen", "👩\u200d🍳 Kitchen"),
    ],
)
def test_text_is_tidied_and_every_script_is_kept(typed_in, kept):
    assert brief_from(SMALL | {"brand": {"name": typed_in}}).brand.name == kept


def test_empty_items_are_left_out():
    data = SMALL | {"product": {"name": "p", "benefits": ["one", "", "  "]}}
    assert brief_from(data).product.benefits == ("one",)


def test_checking_keeps_ids_so_that_kept_parts_are_reused():
    brief = Brief(
        id=1,
        brand=Brand(id=2, name=" B "),
        product=Product(id=3, brand_id=2, name="p"),
        audience=Audience(id=4, name="a"),
        channel="google_rsa",
    )
    checked = checked_brief(brief)
    assert checked == replace(brief, brand=replace(brief.brand, name="B"))


JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(data=JSON, key=st.sampled_from(["brand", "product", "audience", "keywords", "channel"]))
def test_any_json_is_a_brief_or_a_sentence(data, key):
    try:
        brief = brief_from(SMALL | {key: data})
    except BriefError as error:
        said = str(error)
    else:
        said = f"{brief.brand.name}."
    assert said.endswith(".")


def test_hints_say_what_would_help_and_nothing_when_all_is_there():
    bare = brief_from(SMALL)
    assert [hint.split()[0] for hint in hints(bare)] == ["Add", "Name", "Add"]
    full = brief_from_json(SAMPLES[0].read_text("utf-8"))
    assert hints(full) == []
    nowhere = replace(full, product=replace(full.product, url="halden dot com"))
    assert "no web address" in hints(nowhere)[0]
