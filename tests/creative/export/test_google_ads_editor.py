"""Files for Google Ads Editor: exact text, plain refusals, and the way back."""

import dataclasses
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.domain import Finding, Severity
from creative.errors import BriefError, ExportRefused
from creative.export.ads import Ad, AdLine, AdStatus, Slot
from creative.export.delimited import FORMS, UTF8_COMMA, UTF16_TAB
from creative.export.google_ads_editor import COLUMNS, editor_file, read_editor_file


def a_slot(field, texts, *, least=0, most=None):
    lines = tuple(line if isinstance(line, AdLine) else AdLine(text=line) for line in texts)
    name = {"path1": "Path 1", "path2": "Path 2"}.get(field, field.capitalize())
    return Slot(field=field, name=name, lines=lines, min_count=least, max_count=most)


def an_ad(
    headlines=("Fresh beans, roasted daily", "Coffee at your door", "Ships in 24 hours"),
    descriptions=("Small batches from four farms.", "Pause or skip whenever you like."),
    paths=(),
    **changes,
):
    slots = (
        a_slot("headline", headlines, least=3, most=15),
        a_slot("description", descriptions, least=2, most=4),
        *(a_slot(f"path{n}", [text] if text else [], most=1) for n, text in enumerate(paths, 1)),
    )
    ad = Ad(
        channel="google_rsa",
        name="Ad 1",
        slots=slots,
        campaign="Autumn",
        ad_group="Beans",
        final_url="https://example.com/beans",
    )
    return dataclasses.replace(ad, **changes)


def refusal(ad):
    with pytest.raises(ExportRefused) as refused:
        editor_file([ad])
    return str(refused.value)


def test_the_default_file_byte_for_byte():
    ad = an_ad(
        headlines=['"Best" beans, yes', "Coffee", AdLine(text="Ships today", pin=1)],
        descriptions=["One.", "Two."],
        paths=("coffee", "beans"),
    )
    header, row, end = editor_file([ad]).content.decode("utf-8-sig").split("\r\n")
    assert header == ",".join(COLUMNS)
    assert row == (
        'Autumn,Beans,Responsive search ad,"""Best"" beans, yes",Coffee,Ships today'
        + "," * 12
        + ",,,1"
        + "," * 12
        + ",One.,Two.,,,,,,,coffee,beans,https://example.com/beans,Paused"
    )
    assert end == ""


def test_the_columns_are_those_editor_documents():
    assert COLUMNS[:4] == ("Campaign", "Ad Group", "Ad type", "Headline 1")
    assert COLUMNS[17:19] == ("Headline 15", "Headline 1 position")
    assert COLUMNS[-4:] == ("Path 1", "Path 2", "Final URL", "Status")
    assert len(COLUMNS) == 3 + 2 * 15 + 2 * 4 + 4


def test_the_default_opens_in_spreadsheets_and_the_other_is_what_editor_writes():
    assert editor_file([an_ad()]).content.startswith(b"\xef\xbb\xbfCampaign,")
    utf16 = editor_file([an_ad()], UTF16_TAB).content
    assert utf16.startswith(b"\xff\xfeC\0")
    assert utf16[2:].decode("utf-16-le").startswith("Campaign\tAd Group\t")


LEGAL = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40
).filter(lambda text: text.strip() and text != "[]")
HARD_CASES = [
    *(
        'say "hi"',
        '"',
        "a,b;c",
        "+20% off",
        "-50%",
        "=1+1",
        "@home",
        "'quoted'",
        " both ends ",
        "#1",
    ),
    *("全角コーヒー", "咖啡 20% 折扣", "👩‍👩‍👧 ☕️", "é", "e\u0301", "＝1", "\u200fمرحبا"),
]
HARD = st.sampled_from(HARD_CASES)


@given(
    headlines=st.lists(LEGAL | HARD, min_size=3, max_size=15, unique=True),
    descriptions=st.lists(LEGAL | HARD, min_size=2, max_size=4, unique=True),
    form=st.sampled_from(FORMS),
)
def test_any_legal_text_comes_back_equal(headlines, descriptions, form):
    ad = an_ad(headlines=headlines, descriptions=descriptions)
    (row,) = read_editor_file(editor_file([ad], form).content)
    assert [row[f"Headline {n}"] for n in range(1, len(headlines) + 1)] == headlines
    assert [row[f"Description {n}"] for n in range(1, len(descriptions) + 1)] == descriptions
    assert row["Final URL"] == "https://example.com/beans"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_several_ads_keep_their_order_pins_and_status(form):
    first = an_ad(headlines=[AdLine(text="One", pin=2), "Two", "Three"], name="A")
    second = an_ad(status=AdStatus.ENABLED, name="B")
    rows = read_editor_file(editor_file([first, second], form).content)
    assert [row["Status"] for row in rows] == ["Paused", "Enabled"]
    assert [rows[0][f"Headline {n} position"] for n in (1, 2, 3)] == ["2", "", ""]


@pytest.mark.parametrize(
    ("ad", "sentence"),
    [
        (an_ad(headlines=["a", "b"]), "Headline: 2 of 3 needed, approve 1 more."),
        (
            an_ad(headlines=[f"h{n}" for n in range(17)]),
            "Headline: 17 chosen and at most 15 fit, deselect 2.",
        ),
        (an_ad(headlines=["a", "a", "b"]), "Headline “a” is there twice: deselect one."),
        (
            an_ad(headlines=["a", "b\nc", "d"]),
            "Headline 2 contains a line break or a control character: edit it.",
        ),
        (
            an_ad(headlines=["a", "b\tc", "d"]),
            "Headline 2 contains a line break or a control character: edit it.",
        ),
        (an_ad(headlines=["a", " ", "d"]), "Headline 2 is empty: write it or deselect it."),
        (
            an_ad(headlines=["a", "[]", "d"]),
            "Headline 2 is [], which tells Editor to erase: edit it.",
        ),
        (
            an_ad(headlines=["a", "b", AdLine(text="c", pin=4)]),
            "Headline 3 cannot be pinned to position 4.",
        ),
        (
            an_ad(paths=(AdLine(text="beans", pin=1),)),
            "Path 1 1 cannot be pinned to position 1.",
        ),
        (an_ad(paths=("", "beans")), "Path 2 needs Path 1: fill that first."),
        (
            an_ad(final_url=""),
            "Give the address of the landing page: Google needs one for every ad.",
        ),
        (
            an_ad(final_url="example.com"),
            "“example.com” is not a web address: it must begin with https:// or http://.",
        ),
        (
            an_ad(final_url="https://" + "a" * 2050),
            "The landing page's address is 2058 characters long; at most 2048 fit.",
        ),
        (
            an_ad(campaign=" "),
            "Name the campaign and the ad group: Google Ads Editor files the ad there.",
        ),
    ],
)
def test_a_refusal_says_what_to_do(ad, sentence):
    assert refusal(ad) == sentence


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://", "http://[", "https://exa mple.com", "ftp://a.b/"]
)
def test_only_web_addresses_are_landing_pages(url):
    assert "is not a web address" in refusal(an_ad(final_url=url))


def test_a_refusal_names_everything_at_once_and_the_ad():
    poor = an_ad(headlines=["a"], descriptions=["b"], name="Ad 2")
    with pytest.raises(ExportRefused) as refused:
        editor_file([an_ad(), poor])
    assert str(refused.value) == (
        "Ad 2: Headline: 1 of 3 needed, approve 2 more. "
        "Ad 2: Description: 1 of 2 needed, approve 1 more."
    )


def test_no_ad_is_refused():
    with pytest.raises(ExportRefused, match="at least one ad"):
        editor_file([])


def a_finding(severity, *, overridable=False):
    return Finding(
        rule="caps_shout", severity=severity, message="All capitals.", overridable=overridable
    )


def test_an_error_keeps_a_line_out():
    line = AdLine(text="FRESH BEANS", findings=(a_finding(Severity.ERROR),))
    assert refusal(an_ad(headlines=[line, "b", "c"])) == (
        "Headline 1 “FRESH BEANS” cannot run: All capitals."
    )


@pytest.mark.parametrize(
    "finding", [a_finding(Severity.WARNING), a_finding(Severity.ERROR, overridable=True)]
)
def test_what_may_be_overridden_is_a_warning(finding):
    line = AdLine(text="FRESH BEANS", findings=(finding,))
    file = editor_file([an_ad(headlines=[line, "b", "c"])])
    assert file.warnings == ("Headline 1 “FRESH BEANS”: All capitals.",)


def test_a_text_like_a_formula_is_kept_and_warned_about():
    file = editor_file([an_ad(headlines=["+20% off beans", "b", "c"])])
    (warning,) = file.warnings
    assert warning.startswith("Headline 1 “+20% off beans” looks like a formula")
    assert read_editor_file(file.content)[0]["Headline 1"] == "+20% off beans"


def test_pins_that_starve_a_position_are_warned_about():
    lines = [AdLine(text=text, pin=1) for text in ("a", "b", "c")]
    (warning,) = editor_file([an_ad(headlines=lines)]).warnings
    assert warning.startswith("Headline: with these pins only 1 of 3 positions can show")
    assert not editor_file([an_ad(headlines=[lines[0], "b", "c"])]).warnings


def test_an_ad_without_findings_has_no_warnings():
    assert editor_file([an_ad()]).warnings == ()


def test_the_name_of_the_file_is_plain():
    assert editor_file([an_ad()]).filename == "adlib-autumn-google-ads-editor.csv"


def test_more_lines_than_columns_is_a_programming_error():
    ad = dataclasses.replace(an_ad(), slots=(a_slot("headline", map(str, range(16))),))
    with pytest.raises(ValueError, match="16 lines of headline for 15 columns"):
        editor_file([ad])


def test_what_editor_itself_exports_is_read():
    text = (
        "campaign\tad group\tHEADLINE_1\tHeadline 1 position\tAd strength\r\n"
        'Autumn\tBeans\t"5"" pans"\t -\tGood\r\n\r\n'
    )
    assert read_editor_file(b"\xff\xfe" + text.encode("utf-16-le")) == [
        {
            "Campaign": "Autumn",
            "Ad Group": "Beans",
            "Headline 1": '5" pans',
            "Headline 1 position": "",
            "Ad strength": "Good",
        }
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"Campaign;Ad Group\nAutumn;Beans\n",
        b"\xfe\xff" + "Campaign,Ad Group\nAutumn,Beans".encode("utf-16-be"),
        "Campaign\tAd Group\nAutumn\tBeans".encode("utf-16-le"),
        b"Campaign,Ad Group,Status\nAutumn,Beans\n",
    ],
    ids=["semicolons", "big-endian", "no-mark", "short-row"],
)
def test_other_forms_are_found_out(content):
    (row,) = read_editor_file(content)
    assert (row["Campaign"], row["Ad Group"]) == ("Autumn", "Beans")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf\xff\xff", "not text in UTF-8"),
        (b"Campaign,campaign\na,b\n", "two columns of the same name"),
        (b"Campaign,Status\na,b\n1,2,3\n", "Row 3 has more cells"),
        (b'Campaign,Ad Group\n"open,1\n', "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(content, sentence):
    with pytest.raises(BriefError, match=sentence):
        read_editor_file(content)


@given(st.binary(max_size=200))
def test_rubbish_never_crashes_the_reader(content):
    try:
        rows = read_editor_file(content)
    except BriefError:
        return
    assert all(isinstance(text, str) for row in rows for text in row.values())


def test_the_hard_cases_are_not_normalised_on_the_way():
    decomposed = unicodedata.normalize("NFD", "Café")
    (row,) = read_editor_file(editor_file([an_ad([decomposed, "b", "c"])], UTF8_COMMA).content)
    assert row["Headline 1"] == decomposed
