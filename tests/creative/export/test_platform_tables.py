"""Ads of any channel as a wide table."""

import pytest

from creative.errors import ExportRefused
from creative.export.ads import Ad, AdLine, Slot
from creative.export.delimited import UTF16_TAB, read
from creative.export.platform_tables import platform_file


def an_ad(primary, headlines, name="Ad 1", channel="meta_feed", **more):
    return Ad(
        channel=channel,
        name=name,
        slots=(
            Slot(
                field="primary_text",
                name="Primary text",
                lines=tuple(AdLine(text=text) for text in primary),
                min_count=1,
                max_count=1,
                is_one_line=False,
            ),
            Slot(
                field="headline",
                name="Headline",
                lines=tuple(headlines),
                min_count=1,
                max_count=5,
            ),
        ),
        **more,
    )


def lines(*texts):
    return [AdLine(text=text) for text in texts]


def test_one_row_per_ad_and_one_column_per_line():
    ads = [
        an_ad(["First\nSecond"], lines("A", "B"), final_url="https://example.com"),
        an_ad(["=Short, sweet"], lines("C"), name="Ad 2"),
    ]
    file = platform_file(ads)
    assert read(file.content) == [
        ["Ad", "Primary text", "Headline 1", "Headline 2", "Final URL"],
        ["Ad 1", "First\nSecond", "A", "B", "https://example.com"],
        ["Ad 2", "=Short, sweet", "C", "", ""],
    ]
    assert file.filename == "adlib-ad-1-meta-feed.csv"
    assert file.warnings[0].startswith("Ad 2: Primary text 1 “=Short, sweet” looks like a formula")


def test_the_other_form_reads_back_the_same():
    ads = [an_ad(["全角 “quotes”"], lines("👍"))]
    assert read(platform_file(ads, UTF16_TAB).content) == read(platform_file(ads).content)


def test_an_incomplete_ad_is_refused():
    with pytest.raises(ExportRefused, match="Primary text: 0 of 1 needed, approve 1 more"):
        platform_file([an_ad([], lines("A"))])


def test_a_line_break_is_refused_where_a_field_is_one_line():
    with pytest.raises(ExportRefused, match="Headline 1 contains a line break"):
        platform_file([an_ad(["ok"], lines("A\nB"))])


def test_pins_are_left_out_with_a_word():
    file = platform_file([an_ad(["ok"], [AdLine(text="A", pin=1)])])
    assert file.warnings == ("Pins are left out: this table has no column for them.",)


def test_one_table_holds_one_channel():
    with pytest.raises(ValueError, match="one channel"):
        platform_file([an_ad(["a"], lines("A")), an_ad(["a"], lines("A"), channel="push")])
