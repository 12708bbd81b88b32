"""Exports: approved lines only, complete ads only, every file recorded."""

import json
from dataclasses import replace

import pytest

from creative.domain import Brief, DraftState
from creative.errors import ExportRefused
from creative.export.google_ads_editor import read_editor_file
from creative.studio.exports import ExportOptions
from creative.studio.studio import Studio

HEADLINES = ["Fresh espresso beans", "Roasted in small batches", "No bitter aftertaste"]
DESCRIPTIONS = [
    "Small-batch espresso beans that arrive the day after roasting.",
    "Tastes like dark chocolate, with no bitter aftertaste. For home baristas.",
]
PLACE = ExportOptions(campaign="Autumn", ad_group="Espresso")


@pytest.fixture
def approved(studio: Studio, brief: Brief) -> Brief:
    for field, texts in (("headline", HEADLINES), ("description", DESCRIPTIONS)):
        for text in texts:
            draft = studio.review.write(brief.id, field, text)
            studio.review.decide([draft.id], DraftState.APPROVED)
    return brief


def test_google_ads_editor_gets_the_texts_as_approved(studio, approved):
    made = studio.exports.export(approved.id, "google_ads_editor", PLACE)
    (row,) = read_editor_file(made.content)
    assert sorted(row[f"Headline {n}"] for n in (1, 2, 3)) == sorted(HEADLINES)
    assert sorted(row[f"Description {n}"] for n in (1, 2)) == sorted(DESCRIPTIONS)
    assert row["Final URL"] == approved.product.url
    assert (row["Campaign"], row["Ad Group"], row["Status"]) == ("Autumn", "Espresso", "Paused")
    assert row["Path 1"]


def test_pins_and_paths_are_the_persons(studio, approved):
    pinned = studio.exports.approved(approved.id)["headline"][1]
    options = replace(PLACE, pins={pinned.id: 2}, paths=("beans", ""), encoding="utf16")
    made = studio.exports.export(approved.id, "google_ads_editor", options)
    (row,) = read_editor_file(made.content)
    (number,) = (n for n in range(1, 16) if row[f"Headline {n}"] == pinned.line.text)
    assert row[f"Headline {number} position"] == "2"
    assert (row["Path 1"], row["Path 2"]) == ("beans", "")


def test_an_incomplete_ad_is_refused_with_what_is_missing(studio, approved):
    lines = studio.exports.approved(approved.id)
    some = tuple(d.id for d in [*lines["headline"][:2], *lines["description"]])
    options = replace(PLACE, draft_ids=some)
    with pytest.raises(ExportRefused, match="2 of 3"):
        studio.exports.export(approved.id, "google_ads_editor", options)
    assert any("2 of 3" in f.message for f in studio.exports.problems(approved.id, options))
    assert studio.exports.history(approved.id) == []


def test_only_approved_lines_leave(studio, approved):
    studio.review.write(approved.id, "headline", "Never approved")
    made = studio.exports.export(approved.id, "json", ExportOptions())
    texts = [draft["text"] for draft in json.loads(made.content)["drafts"]]
    assert sorted(texts) == sorted([*HEADLINES, *DESCRIPTIONS])


def test_nothing_approved_is_said(studio, brief):
    with pytest.raises(ExportRefused, match="approve lines under Review"):
        studio.exports.export(brief.id, "csv", ExportOptions())


@pytest.mark.parametrize("format_id", ["pdf", "", "google_ads"])
def test_an_unknown_format_is_refused(studio, approved, format_id):
    with pytest.raises(ExportRefused):
        studio.exports.export(approved.id, format_id, ExportOptions())


def test_every_format_of_a_channel_can_be_made_and_is_recorded(studio, approved):
    formats = studio.exports.formats(approved.channel)
    for format in formats:
        assert studio.exports.export(approved.id, format.id, PLACE).content
    recorded = [record.format for record in studio.exports.history(approved.id)]
    assert recorded == [format.id for format in reversed(formats)]
