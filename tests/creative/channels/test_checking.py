"""What a line may not be on each platform; sources are those of creative/channels/rules.toml."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creative.channels import channel, channels, check, rules
from creative.channels.checking import MAX_HITS
from creative.domain import Brand, Brief, Product, Severity

BRIEF = Brief(
    brand=Brand(name="Okolo Roast", banned_words=("cheap", "no-brainer", "便宜")),
    product=Product(
        name="House Blend",
        description="Coffee by OKOLO LAB for the HPLC crowd.",
        proof=("Voted best coffee in Brno, 2025",),
    ),
    channel="google_rsa",
)


def found(text, place="google_rsa", field="headline", brief=BRIEF, others=()):
    """Return the findings of a line by rule id."""
    spot = channel(place)
    findings = check(text, spot, spot.field(field), brief, others)
    return {finding.rule: finding for finding in findings}


def named(finding, text):
    """Return the text that a finding points at."""
    return text[finding.span.start : finding.span.end]


@pytest.mark.parametrize(
    "text",
    [
        "Fresh coffee, roasted today",
        "Okolo Roast at your door",
        "Okolo Roast’s new blend",
        "Roasted in the USA",
        "Use code SPRING today",
        "Save with SPRING20",
        "5* hotel coffee",
        "From bean to cup…",
        "Wait for it... coffee",
        "Open 24/7 since 2016-2017",
        "Try 1 000 000 beans",
        "The best coffee in Brno",
        "焼きたてのコーヒー豆",
        "Kávé frissen pörkölve",
        "قهوة طازجة كل يوم",
        "Best before 2027",
        "© Okolo Roast 2026",
        "HPLC tested",
        "Learn C++ and PHP",
        "An iPhone, a McDonald's cup",
        "Coffee at okolo.coffee",
    ],
)
def test_good_headlines_pass(text):
    assert found(text) == {}


# length ------------------------------------------------------------------------------------


def test_a_line_over_a_hard_limit_is_an_error_that_marks_the_rest():
    text = "Fresh coffee beans roasted today"
    finding = found(text)["max_length"]
    assert finding.severity is Severity.ERROR
    assert not finding.overridable
    assert "32" in finding.message
    assert "30" in finding.message
    assert named(finding, text) == "ay"
    assert "Cut 2" in finding.fix


def test_wide_characters_fill_a_limit_twice_as_fast():
    assert "max_length" not in found("コ" * 15)
    assert "max_length" in found("コ" * 16)


def test_soft_unknown_and_unverified_limits_only_warn():
    meta = found("x" * 130, "meta_feed", "primary_text")["recommended_length"]
    naver = found("커" * 16, "naver_powerlink", "title")["max_length"]
    sms = found("x" * 161, "sms", "body")["max_length"]
    assert {meta.severity, naver.severity, sms.severity} == {Severity.WARNING}
    assert "message parts" in sms.message


def test_demand_gen_headlines_warn_between_the_two_published_limits():
    assert found("x" * 35, "google_demand_gen")["recommended_length"].overridable
    assert found("x" * 41, "google_demand_gen")["max_length"].severity is Severity.ERROR


@pytest.mark.parametrize(
    ("text", "place", "field", "rule"),
    [
        ("花束", "baidu_search", "headline", "min_length"),
        ("O", "tiktok_infeed", "brand_name", "min_length"),
        ("x" * 24, "yandex_text", "title", "word_length"),
        ("a\nb\nc\nd\ne", "wechat_moments", "copy", "line_count"),
        ("☀🙂☀🙂☀", "linkedin_single_image", "intro", "emoji_count"),
        ("花束<b>", "taobao_item", "title", "forbidden_character"),
        ("{KeyWord:" + "x" * 1000 + "}", "microsoft_rsa", "headline", "raw_length"),
        ("Short copy", "openai_chat_ads", "copy", "recommended_length"),
        ("Buy it", "google_display", "call_to_action", "option"),
        ("焼きたてのコーヒー豆ですよ“…”", "google_rsa", "headline", "ambiguous_width"),
        ("", "google_rsa", "headline", "empty"),
        ("  \u3000", "google_rsa", "headline", "empty"),
    ],
)
def test_other_limits(text, place, field, rule):
    assert rule in found(text, place, field)


# characters --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Fresh\x07coffee", "control_character"),
        ("Fresh\tcoffee", "control_character"),
        ("Fresh\ud800coffee", "control_character"),
        ("Fresh\ue000coffee", "control_character"),
        ("Fresh \u202ecoffee", "reading_direction"),
        ("Fresh\u200bcoffee", "hidden_character"),
        ("Fresh\ncoffee", "no_newline"),
        ("Fresh\u2028coffee", "no_newline"),
        ("Fresh 🙂 coffee", "no_emoji"),
        ("ｺｰﾋｰ豆", "no_halfwidth_kana"),
        ("Ca$h for coffee", "gimmicky_symbols"),
        ("Fl@wers for you", "gimmicky_symbols"),
        ("F1owers for you", "gimmicky_symbols"),
        ("★ Fresh coffee", "gimmicky_symbols"),
        ("Fresh → coffee", "gimmicky_symbols"),
        ("𝐅𝐫𝐞𝐬𝐡 coffee", "gimmicky_symbols"),
        ("Fresh coffee*", "gimmicky_symbols"),
    ],
)
def test_characters(text, rule):
    assert rule in found(text)


def test_fancy_letters_and_kana_come_with_their_plain_form():
    assert "コーヒー" in found("ｺｰﾋｰ豆")["no_halfwidth_kana"].fix
    assert "Fresh" in found("𝐅𝐫𝐞𝐬𝐡 coffee")["gimmicky_symbols"].fix


def test_long_texts_may_have_line_breaks():
    assert found("One.\n\nTwo.", "meta_feed", "primary_text") == {}


# wording -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rule", "offending"),
    [
        ("Fresh FLOWERS today", "caps_shout", "FLOWERS"),
        ("FREE coffee", "caps_shout", "FREE"),
        ("DON'T sip alone", "caps_shout", "DON'T"),
        ("Fresh FlOwErS today", "caps_shout", "FlOwErS"),
        ("Buy F.L.O.W.E.R.S.", "caps_shout", "F.L.O.W.E.R.S."),
        ("Fresh coffee!!", "punct_repeat", "!!"),
        ("Fresh coffee?!", "punct_repeat", "?!"),
        ("Fresh coffee....", "punct_repeat", "...."),
        ("新鮮コーヒー！！", "punct_repeat", "！！"),
        ("Fresh coffee!", "excl_headline", "!"),
        ("Sale,buy coffee", "spacing", ","),
        ("Fresh  coffee", "spacing", "  "),
        ("Fresh coffee ", "spacing", " "),
        ("Buy f l o w e r s", "spacing", "f l o w e r s"),
        ("Fresh coffee , now", "spacing", " ,"),
        ("Call 1-800-555-1234", "no_phone", "1-800-555-1234"),
        ("Call (555) 555-1234", "no_phone", "(555) 555-1234"),
        ("Call +420 777 123 456", "no_phone", "+420 777 123 456"),
        ("Call 555-1234 now", "no_phone", "555-1234"),
        ("Call 1-800-FLOWERS", "no_phone", "1-800-FLOWERS"),
        ("Click here for coffee", "generic_cta", "Click here"),
        ("点击这里购买", "generic_cta", "点击这里"),
        ("Sale, sale, sale", "repetition", "Sale, sale, sale"),
        ("Flowers-flowers-flowers", "repetition", "Flowers-flowers-flowers"),
        ("Don’t miss out on it", "pressure", "Don’t miss out"),
        ("The cheapest beans", "superlative_evidence", "cheapest"),
        ("Brno's #1 roaster", "superlative_evidence", "#1"),
        ("A cheap thrill", "banned_word", "cheap"),
        ("It's a no-brainer", "banned_word", "no-brainer"),
        ("很便宜的咖啡", "banned_word", "便宜"),
        ("okolo roast at home", "brand_name", "okolo roast"),
        ("Okolo roast at home", "brand_name", "Okolo roast"),
        ("OKOLO ROAST at home", "brand_name", "OKOLO ROAST"),
        ("OkoloRoast at home", "brand_name", "OkoloRoast"),
        ("Okolo-Roast at home", "brand_name", "Okolo-Roast"),
    ],
)
def test_wording(text, rule, offending):
    finding = found(text)[rule]
    assert named(finding, text).casefold() == offending.casefold().replace("’", "’")
    assert finding.message
    assert finding.fix


def test_banned_words_are_whole_words():
    assert "banned_word" not in found("Cheapest beans in town")


def test_the_brand_name_may_be_a_plain_word():
    bloom = Brief(
        brand=Brand(name="Bloom"),
        product=Product(name="Roses", description="They bloom all year."),
        channel="google_rsa",
    )
    assert found("Roses that bloom in May", brief=bloom) == {}
    assert "brand_name" in found("Roses from BLOOM", brief=bloom)
    doubtful = found(
        "okolo beans",
        brief=Brief(brand=Brand(name="Okolo"), product=Product(name="Beans"), channel="google_rsa"),
    )
    assert doubtful["brand_name_doubtful"].severity is Severity.WARNING
    on = Brief(brand=Brand(name="On"), product=Product(name="Shoes"), channel="google_rsa")
    assert found("Shoes on your feet", brief=on) == {}


@pytest.mark.parametrize("text", ["see okoloroast.com", "@okoloroast now", "#okoloroast now"])
def test_addresses_and_handles_are_spelt_their_own_way(text):
    assert "brand_name" not in found(text)


def test_french_sets_a_space_before_some_marks():
    french = Brief(
        brand=Brand(name="Okolo"), product=Product(name="Café"), channel="google_rsa", language="fr"
    )
    assert "spacing" not in found("Prêt pour un café ?", brief=french)
    assert "spacing" in found("Ready for coffee ?")


def test_proof_settles_a_superlative():
    assert "superlative_evidence" in found("The best coffee", brief=None)
    assert "superlative_evidence" not in found("The best coffee")


def test_a_line_that_is_there_already():
    finding = found("Fresh coffee", others=("Tea", "fresh  Coffee"))["duplicate_asset"]
    assert finding.severity is Severity.ERROR
    assert finding.source == rules()["duplicate_asset"].source


@pytest.mark.parametrize(
    ("text", "place", "field", "rule"),
    [
        ("Meet other Jewish singles", "meta_feed", "headline", "meta_personal_attributes"),
        ("Are you depressed?", "meta_feed", "headline", "meta_personal_attributes"),
        ("People like you who just turned 62", "meta_feed", "headline", "meta_personal_attributes"),
        ("Get rid of belly fat", "meta_feed", "headline", "meta_negative_self"),
        ("全国最佳咖啡豆，每日新鲜烘焙", "baidu_search", "headline", "cn_absolute_terms"),
        ("日本一のコーヒー", "yahoo_jp_rsa", "headline", "jp_no1_terms"),
        ("국내최고 커피", "naver_powerlink", "title", "kr_superlatives"),
        ("업계1위 커피", "naver_powerlink", "title", "kr_superlatives"),
        ("Coffee #fresh", "tiktok_infeed", "ad_text", "no_hash_braces"),
        ("Coffee by @okolo", "tiktok_infeed", "ad_text", "no_links_mentions_hashtags"),
        ("See okolo.com", "tiktok_infeed", "ad_text", "no_links_mentions_hashtags"),
        ("LinkedIn's favourite", "linkedin_text", "headline", "no_linkedin_affiliation"),
        ("Okolo Roast Sale", "google_pmax", "business_name", "business_name_clean"),
        ("a/b", "microsoft_rsa", "path1", "path_chars_ms"),
    ],
)
def test_rules_of_single_platforms(text, place, field, rule):
    assert rule in found(text, place, field)


@pytest.mark.parametrize(
    ("text", "place", "field", "rule"),
    [
        ("Coffee for your morning", "meta_feed", "headline", "meta_personal_attributes"),
        ("第一步，磨咖啡豆，最后冲泡", "baidu_search", "headline", "cn_absolute_terms"),
        ("夏のトップス", "yahoo_jp_rsa", "headline", "jp_no1_terms"),
        ("대회 11위 커피", "naver_powerlink", "title", "kr_superlatives"),
        ("https://okolo.com/A,b", "google_rsa", "final_url", "spacing"),
    ],
)
def test_what_the_rules_of_single_platforms_let_pass(text, place, field, rule):
    assert rule not in found(text, place, field)


# any text ----------------------------------------------------------------------------------


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=80), st.data())
@settings(max_examples=150)
def test_any_text_gets_findings_with_spans_inside_it(text, data):
    spot = data.draw(st.sampled_from(channels()))
    place = data.draw(st.sampled_from(spot.fields))
    for finding in check(text, spot, place, BRIEF, ("x",)):
        assert finding.message
        if finding.span is not None:
            assert 0 <= finding.span.start <= finding.span.end <= len(text)


@pytest.mark.parametrize(
    "piece", ["a", "{", "a b ", "! ", "\u202e", "🙂", "aB", "0", "best ", "a@", "\ud800", "x{a}"]
)
@pytest.mark.parametrize(
    ("place", "field"),
    [("google_rsa", "headline"), ("microsoft_rsa", "description"), ("meta_feed", "primary_text")],
)
def test_hostile_text_is_checked_quickly(piece, place, field):
    spot = channel(place)
    start = time.process_time()
    findings = check(piece * (100_000 // len(piece)), spot, spot.field(field), BRIEF)
    assert time.process_time() - start < 2  # a busy machine; alone it takes a fraction
    assert findings
    assert len(findings) < MAX_HITS * 20
