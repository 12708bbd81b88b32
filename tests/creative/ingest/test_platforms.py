"""A report in the layout of every platform, as it is downloaded."""

import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from creative.ingest.platforms import FIELDS, heading, layouts
from creative.ingest.report import read_report
from creative.ingest.results import Mapping, Origin

FILES = Path(__file__).parent / "files"


def read(name, mapping=None):
    return read_report(FILES / name, name, mapping)


def book(**sheets):
    """Return a workbook with a sheet per keyword, each a list of rows."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def test_a_google_search_terms_report_with_grouped_numbers_nulls_and_bounds():
    report = read("google_ads.csv")
    assert report.platform == "google_ads"
    first, second, third = report.rows
    assert (first.impressions, first.clicks, first.conversions, first.cost) == (1204, 87, 3.5, 91.2)
    assert (first.campaign, first.ad_group, first.name) == ("Total Care", "Road", "Road")
    assert first.segment == "running shoes · Broad match · running shoes"
    assert first.currency == "USD"
    assert first.origin == Origin(file="google_ads.csv", line=4)
    assert second.conversions is None, "-- is no number, and not zero"
    assert (third.name, third.cost) == ("Local", 2000.0)
    assert [(row.line, row.why) for row in report.skipped] == [
        (line, "It is a total of other rows.") for line in (7, 8, 9)
    ]
    assert all(row.is_expected for row in report.skipped)


def test_a_campaign_named_total_care_survives():
    report = read("google_ads_campaigns.csv")
    assert [row.name for row in report.rows] == ["Total Care", "Totally new"]
    assert [row.line for row in report.skipped] == [5, 6]
    assert report.rows[0].currency == "USD", "from the header"


def test_rows_that_sum_the_days_of_a_daily_report_are_left_out():
    report = read("google_ads_daily.csv")
    assert [row.date for row in report.rows] == [date(2026, 9, 1), date(2026, 9, 2)]
    assert [(row.line, row.is_expected) for row in report.skipped] == [(6, True), (7, True)]
    assert report.rows[0].text == "Fresh coffee\nRoasted today"
    assert report.rows[0].name == "712345678901"


def test_a_german_report_from_excel():
    report = read("google_ads_de.csv")
    assert report.platform == "google_ads"
    assert [(row.impressions, row.cost, row.date) for row in report.rows] == [
        (1204, 1204.5, date(2026, 9, 1)),
        (1000, 1000.0, date(2026, 9, 2)),
    ]
    assert [row.line for row in report.skipped] == [6]


@pytest.mark.parametrize(
    ("name", "campaign", "day"),
    [
        ("google_ads_fr.csv", "Été", 1),
        ("google_ads_es_western.csv", "Otoño", 1),
        ("google_ads_zh.csv", "秋季", 1),
    ],
)
def test_other_languages_and_encodings_of_google(name, campaign, day):
    report = read(name)
    (row,) = report.rows
    assert report.platform == "google_ads"
    assert (row.campaign, row.date) == (campaign, date(2026, 9, day))
    assert (row.impressions, row.clicks, row.cost, row.conversions) == (1204, 87, 91.2, 3.5)


def test_an_editor_export_keeps_the_ads_and_leaves_their_campaigns_out():
    report = read("google_ads_editor.csv")
    (row,) = report.rows
    assert report.platform == "google_ads_editor"
    assert row.text.split("\n") == ["Fresh coffee", "Roasted “today”", "Smells like morning."]
    assert (row.impressions, row.clicks, row.cost, row.ad_group) == (5000, 210, 120.5, "Espresso")
    assert [(skip.line, skip.is_expected) for skip in report.skipped] == [(2, True), (3, True)]


def test_a_real_meta_export():
    report = read("meta_real.csv")
    assert report.platform == "meta"
    assert len(report.rows) == 51
    assert report.skipped == ()
    assert report.notes == ()
    first, last = report.rows[0], report.rows[-1]
    assert (first.impressions, first.clicks, first.conversions) == (44150, 368, 124)
    assert first.cost == pytest.approx(1529.9933875526)
    assert (first.currency, first.result) == ("USD", "Meta Leads")
    assert first.segment.startswith("ggwc_emotional_set_1")
    assert first.date is None, "the row sums ten weeks"
    assert report.rows[2].campaign == "Giving Guide 2021 – Factual V2"
    assert (last.impressions, last.clicks, last.conversions) == (1, 0, 0), "Meta leaves zero blank"


def test_a_french_meta_export_with_the_total_of_the_account():
    report = read("meta_fr.csv")
    blue, red = report.rows
    assert (blue.name, blue.ad_group, blue.currency) == ("Sandales bleues", "Paris", "EUR")
    assert (blue.cost, blue.conversions, blue.date) == (12.25, 4, date(2026, 9, 1))
    assert (red.clicks, red.conversions) == (0, 0)
    (total,) = report.skipped
    assert (total.line, "total" in total.why) == (2, True)


def test_results_of_several_kinds_are_not_added_up():
    report = read("meta_mixed.csv")
    assert [row.conversions for row in report.rows] == [None, None]
    assert [row.result for row in report.rows] == [
        "actions:link_click",
        "actions:offsite_conversion.fb_pixel_purchase",
    ]
    assert "actions:link_click" in report.notes[0]
    assert [(row.line, row.why) for row in report.skipped] == [
        (4, "Impressions: there is no number.")
    ]
    assert [row.clicks for row in report.rows] == [12, 9], "link clicks, not all clicks"


def test_one_kind_of_result_can_be_chosen():
    wanted = "actions:offsite_conversion.fb_pixel_purchase"
    report = read("meta_mixed.csv", Mapping(result=wanted))
    assert [row.conversions for row in report.rows] == [None, 3]
    assert report.notes == ()
    again = read("meta_mixed.csv", Mapping(columns={"conversions": ("Purchases",)}))
    assert [row.conversions for row in again.rows] == [2, 3]


def test_meta_results_without_their_kind_are_not_used():
    text = "Ad name,Amount spent (USD),Impressions,Link clicks,Results\nA,1,10,2,1\n"
    report = read_report(text.encode(), "m.csv")
    assert report.platform == "meta"
    assert report.rows[0].conversions is None
    assert "Result type" in report.notes[0]


def test_the_formatted_sheet_of_a_meta_workbook_is_not_counted_twice():
    rows = [["Ad name", "Reporting starts", "Amount spent (USD)", "Impressions", "Link clicks"]]
    rows += [["Boots", "2026-09-01", 1.5, 100, 3]]
    report = read_report(book(Formatted_Report=rows, Raw_Data_Report=rows), "meta.xlsx")
    assert [row.origin for row in report.rows] == [
        Origin(file="meta.xlsx", sheet="Raw Data Report", line=2)
    ]
    assert report.notes == ("Sheet “Formatted Report” was left out.",)


def test_a_microsoft_report_between_preamble_and_copyright():
    report = read("microsoft.csv")
    assert report.platform == "microsoft"
    assert report.skipped == ()
    assert [row.date for row in report.rows] == [
        date(2026, 9, 1),
        date(2026, 9, 1),
        date(2026, 9, 13),
    ]
    assert [row.segment for row in report.rows] == ["Computer", "Smartphone", "Computer"]
    assert report.rows[0].text == "Fresh coffee\nSmells like morning."
    assert report.rows[0].origin.line == 12


def test_a_linkedin_report_with_lines_before_its_header():
    report = read("linkedin.csv")
    blue, red = report.rows
    assert report.platform == "linkedin"
    assert (blue.name, blue.ad_group, blue.campaign) == ("Blue ad", "Leaders", "Autumn")
    assert (blue.date, blue.impressions, blue.cost) == (date(2026, 9, 14), 1204, 120.5)
    assert red.text == "Line one line two\nBeans with brains"
    assert (red.date, red.origin.line) == (date(2026, 9, 3), 8)


def test_a_tiktok_report_never_uses_the_rate_per_impression():
    report = read("tiktok.csv")
    dance, talk = report.rows
    assert report.platform == "tiktok"
    assert (dance.name, dance.clicks, dance.conversions, dance.cost) == ("Dance", 40, 4, 12.5)
    assert (talk.currency, talk.date) == ("USD", date(2026, 9, 1))
    assert [row.line for row in report.skipped] == [4]
    assert "per impression" in report.notes[0]


def test_a_korean_tiktok_workbook():
    header = ["Ad name", "By Day", "노출수", "비용", "Clicks (destination)"]
    sheet = [header, ["Dance", date(2026, 9, 1), 2000, 12.5, 40]]
    (row,) = read_report(book(Sheet1=sheet), "t.xlsx").rows
    assert (row.impressions, row.cost, row.date) == (2000, 12.5, date(2026, 9, 1))


def test_any_table_with_names_that_are_in_use():
    report = read("generic.csv")
    assert report.platform == "generic"
    assert [(row.name, row.text, row.impressions) for row in report.rows] == [
        ("A", "Coffee that waits for you", 1200),
        ("B", "Wake up; it's brewing", 1180),
    ]
    assert [row.conversions for row in report.rows] == [3, 4]


def test_a_plain_table_is_of_no_platform():
    text = b"name,date,segment,impressions,clicks,conversions,cost,currency\nA,,all,9,1,0,1.5,EUR\n"
    report = read_report(text, "p.csv")
    (row,) = report.rows
    assert report.platform == "generic"
    assert (row.date, row.segment, row.conversions, row.currency) == (None, "all", 0, "EUR")


def test_every_layout_names_its_fields_and_headers_as_keys():
    for layout in layouts().values():
        assert set(layout.columns) <= set(FIELDS)
        for name in (n for names in layout.columns.values() for n in names):
            assert name == heading(name), f"{layout.id}: {name}"
        assert "impressions" in layout.columns


@pytest.mark.parametrize(
    ("platform", "text", "currency"),
    [
        (
            "google_ads",
            (
                "Ads\n1 September 2026\nDay,Ad group,Impr.,Clicks,Currency code,Conv. value\n"
                '2026-09-01,Road,"1,204",87,USD,"1,250.50"\n'
            ),
            "USD",
        ),
        (
            "google_ads",
            (
                "Tag\tAnzeigengruppe\tImpr.\tKlicks\tWährungscode\tConv.-Wert\n"
                "01.09.2026\tStraße\t1.204\t87\tEUR\t1.250,50\n"
            ),
            "EUR",
        ),
        (
            "meta",
            (
                "Day,Ad name,Impressions,Link clicks,Amount spent (GBP),Purchases,"
                "Purchases conversion value,Purchase ROAS (return on ad spend)\n"
                "2026-09-01,Road,1204,87,91.2,12,1250.5,13.7\n"
            ),
            "GBP",
        ),
        (
            "meta",
            (
                "Jour;Nom de la publicité;Impressions;Clics sur un lien;Montant dépensé (EUR);"
                "Valeur de conversion des achats\n2026-09-01;Road;1204;87;91,20;1250,50\n"
            ),
            "EUR",
        ),
        (
            "microsoft",
            (
                "Report Name: ads\nRows: 1\n\nGregorian date,Ad group,Impressions,Clicks,Revenue\n"
                '2026-09-01,Road,1204,87,"1,250.50"\n'
            ),
            "",
        ),
        (
            "linkedin",
            (
                "Start Date (in UTC),Creative Name,Impressions,Clicks,Total Spent,Currency,"
                "Total Conversion Value\n09/14/2026,Road,1204,87,91.2,USD,1250.5\n"
            ),
            "USD",
        ),
        (
            "tiktok",
            (
                "By Day,Ad name,Cost (USD),Impressions,Clicks (destination),"
                "Total purchase value (USD),ROAS\n2026-09-01,Road,91.2,1204,87,1250.5,13.7\n"
            ),
            "USD",
        ),
        (
            "generic",
            "Date,Variant,Views,Clicks,Revenue\n2026-09-01,Road,1204,87,€1250.50\n",
            "EUR",
        ),
    ],
)
def test_the_worth_of_conversions_comes_with_its_currency(platform, text, currency):
    report = read_report(text.encode(), "r.csv")
    (row,) = report.rows
    assert report.platform == platform
    assert (row.impressions, row.revenue, row.currency) == (1204, 1250.5, currency)


def test_revenue_and_cost_in_two_currencies_are_refused():
    text = "Date,Ad,Impressions,Cost (EUR),Revenue (USD)\n2026-09-01,A,10,1,2\n"
    (skip,) = read_report(text.encode(), "r.csv").skipped
    assert skip.why == "Its amounts are in EUR and in USD; keep one of them."


def test_meta_leaves_no_revenue_blank():
    text = "Day,Ad name,Impressions,Amount spent (USD),Purchases conversion value\n"
    (row,) = read_report(f"{text}2026-09-01,A,10,1,\n".encode(), "m.csv").rows
    assert row.revenue == 0


def test_names_in_common_use_fill_what_a_platform_calls_otherwise():
    text = (
        "Date,Ad,Impr.,Clicks,Conversions,Revenue,Currency\n"
        "2026-11-01,Fresh beans every week,1000,10,3,99.5,EUR\n"
    )
    report = read_report(text.encode(), "r.csv")
    (row,) = report.rows
    assert report.platform == "google_ads", "by its “Impr.”"
    assert (row.revenue, row.currency, row.text) == (99.5, "EUR", "Fresh beans every week")
    assert report.mapping.columns["revenue"] == ("Revenue",)
    text = "Day,Variant,Impr.,Clicks,Spend\n2026-11-01,A,1000,10,5\n"
    (row,) = read_report(text.encode(), "r.csv").rows
    assert (row.name, row.cost) == ("A", 5)


def test_names_of_the_platform_go_before_names_in_common_use():
    text = "Day,Ad group,Line,Impr.,Conv. value,Revenue\n2026-11-01,Road,Lane,1000,10,20\n"
    report = read_report(text.encode(), "r.csv")
    (row,) = report.rows
    assert (row.revenue, row.name) == (10, "Road")
    left_out = read_report(text.encode(), "r.csv", Mapping(columns={"revenue": ()}))
    assert left_out.rows[0].revenue is None
