"""Every unit counts as its platform says; the sources are those of the units themselves."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.counting import UNITS, clipped, emoji_in, sms, urls_in, width

TEXTS = st.text(alphabet=st.characters(exclude_categories=()))
FAMILY = "👨‍👩‍👧"


@pytest.mark.parametrize("unit", UNITS)
def test_nothing_has_no_length(unit):
    assert width("", unit) == 0


@pytest.mark.parametrize("unit", ["chars", "google_width", "ms_width", "utf16", "utf8_bytes"])
def test_plain_english_counts_one_each(unit):
    assert width("Fresh coffee, roasted today.", unit) == 28


# support.google.com/google-ads/answer/7653455: CJK characters count as two
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("焼きたてのコーヒー豆をお届け！", 30),  # 15 full-width: help 12437745
        ("Coffee コーヒー", 15),
        ("커피", 4),
        ("ＡＢＣ", 6),
        ("cafe\u0301", 4),  # NFC joins e and the accent
        ("x\u0323\u0304", 1),  # marks without a joined form take no room
        ("“quoted” × …", 12),  # ambiguous widths count 1
    ],
)
def test_google_counts_columns(text, expected):
    assert width(text, "google_width") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("🙂", 2), ("❤️", 2), ("☀", 2), ("🇨🇿", 2), ("1️⃣", 2), ("Tea 🫖", 6), ("茶", 2), ("©", 1)],
)
def test_microsoft_counts_emoji_two(text, expected):
    assert width(text, "ms_width") == expected


def test_yahoo_japan_counts_halfwidth_kana_two():
    # announcement 212123: full-width and half-width kana 2, half-width letters and symbols 1
    assert width("ｺｰﾋｰ", "yahoo_jp_width") == 8
    assert width("コーヒー", "yahoo_jp_width") == 8
    assert width("Coffee!", "yahoo_jp_width") == 7
    assert width("ｺｰﾋｰ", "google_width") == 4


def test_baidu_and_tiktok_count_asian_characters_two():
    assert width("新鲜咖啡 now", "baidu_width") == 12
    assert width("新鲜咖啡 now", "tiktok_width") == 12


# expected lengths as twitter-text-parser 3.0.0, a port of twitter-text, gives them
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see okolo.com now", 31),
        ("okolo.de", 23),
        ("okolo.coffee", 23),
        ("okolo.roast", 11),
        ("x.co", 23),
        ("a.co.uk", 23),
        ("www.okolo.cz/path", 23),
        ("https://okolo.com/a?b=c.", 24),
        ("HTTP://OKOLO.COM/A", 23),
        ("(okolo.com)", 25),
        ("http://okolo", 12),
        ("http://a.b", 10),
        ("hello.This is", 13),
        ("a@okolo.com", 11),
        ("#okolo.com", 10),
        ("$okolo.com", 10),
        ("日本語", 6),
        ("日本okolo.com", 27),
        ("okolo.com日本", 27),
        ("e\u0301", 1),
        ("™", 2),
        ("…", 2),
        ("“x”", 3),
        (f"{FAMILY} hi", 5),
        ("👍🏽", 2),
        ("🇨🇿", 2),
        ("1️⃣", 2),
        ("©️", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 2),
    ],
)
def test_posts_are_weighted_as_twitter_text_weighs_them(text, expected):
    assert width(text, "twitter_weighted") == expected


def test_machine_units():
    assert width("a🙂", "utf16") == 3
    assert width("aé€🙂", "utf8_bytes") == 1 + 2 + 3 + 4
    assert width("\ud800", "utf8_bytes") == 3


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts", "left"),
    [
        ("", "GSM-7", 0, 0, 160),
        ("a" * 160, "GSM-7", 160, 1, 0),
        ("a" * 161, "GSM-7", 161, 2, 153 * 2 - 161),
        ("a" * 306, "GSM-7", 306, 2, 0),
        ("€[]{}\\^~|", "GSM-7", 18, 1, 142),
        ("é" * 10, "GSM-7", 10, 1, 150),
        ("ç", "UCS-2", 1, 1, 69),  # only the capital Ç is in GSM 03.38
        ("字" * 70, "UCS-2", 70, 1, 0),
        ("字" * 71, "UCS-2", 71, 2, 67 * 2 - 71),
        ("🙂" * 35, "UCS-2", 70, 1, 0),
    ],
)
def test_text_messages(text, encoding, units, parts, left):
    found = sms(text)
    assert (found.encoding, found.units, found.parts, found.left) == (encoding, units, parts, left)
    assert width(text, "sms_segments") == parts


def test_no_character_is_cut_between_message_parts():
    # 152 letters leave one septet in the first part, and a euro sign takes two
    assert sms("a" * 152 + "€" + "a" * 151).left == 153 - 2 - 151
    assert sms("🙂" * 67).parts == 3  # 33 pairs fit 67 units


def test_emoji_are_found_whole():
    found = [emoji.text for emoji in emoji_in(f"a{FAMILY}b🇨🇿c1️⃣d❤️e☀f👍🏽")]
    assert found == [FAMILY, "🇨🇿", "1️⃣", "❤️", "☀", "👍🏽"]


@pytest.mark.parametrize("text", ["© 2026 ® ™", "5 * 3 # 1", "→ ½ №", "plain", "日本語"])
def test_plain_type_is_no_emoji(text):
    assert emoji_in(text) == []


def test_urls_have_places():
    assert urls_in("go to okolo.coffee/new, now") == [(6, 22, "okolo.coffee/new")]


def test_an_unknown_unit_is_a_mistake():
    with pytest.raises(ValueError, match="google_width"):
        width("a", "google")


@given(TEXTS, st.sampled_from(sorted(UNITS)))
def test_any_string_has_a_length(text, unit):
    assert width(text, unit) >= 0


@given(st.text(), st.text(), st.sampled_from(["chars", "utf16", "utf8_bytes"]))
def test_plain_units_add_up(one, other, unit):
    assert width(one + other, unit) == width(one, unit) + width(other, unit)


@given(st.text())
def test_columns_are_at_most_twice_the_characters(text):
    # two places per character, and NFC may take a few characters apart
    assert width(text, "google_width") <= 2 * len(text) * 3
    assert width(text, "google_width") <= width(text, "ms_width")
    assert width(text, "google_width") <= width(text, "yahoo_jp_width")


@given(st.text(alphabet="abc 字ー🙂"), st.integers(0, 40))
def test_what_is_clipped_fits_and_one_more_does_not(text, limit):
    end = clipped(text, limit, "google_width")
    assert width(text[:end], "google_width") <= limit
    assert end == len(text) or width(text[: end + 1], "google_width") > limit


@given(st.text(alphabet="ab€字🙂", max_size=400))
def test_message_parts_hold_what_they_say(text):
    found = sms(text)
    size = {"GSM-7": (160, 153), "UCS-2": (70, 67)}[found.encoding][found.parts > 1]
    assert found.units <= found.parts * size
    assert 0 <= found.left <= size


@pytest.mark.parametrize("text", ["a", "a.", "🙂", "{", "\ud800", "a.com/", "https://", "👩\u200d"])
@pytest.mark.parametrize("unit", UNITS)
def test_long_text_is_measured_quickly(text, unit):
    start = time.process_time()
    width(text * (100_000 // len(text)), unit)
    assert time.process_time() - start < 1
