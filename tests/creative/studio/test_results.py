"""Results of tests: previewed, counted once, corrected, undone, with their origin kept."""

import datetime as dt
from dataclasses import replace

import pytest

from creative.errors import ExperimentRefused
from creative.ingest.refusals import ReportRefused
from creative.ingest.report import Mapping
from creative.trials import Metric
from tests.creative.studio.experiment_samples import LINES, START, a_test, report


@pytest.fixture
def running(studio, brief):
    return studio.experiments.start(a_test(studio, brief).id)


def clicks(studio, experiment):
    return studio.experiments.standing(experiment.id).days.tally.clicks.sum(axis=0).tolist()


def rows(*lines: str) -> bytes:
    return "\n".join(["Day,Ad name,Impressions,Clicks", *lines]).encode()


def test_a_preview_keeps_nothing(studio, running):
    content = report(LINES, (0.02, 0.03, 0.02), days=3)
    found = studio.results.preview(running.id, content, "report.csv")
    assert len(found.matched.rows) == 9
    assert found.days == (START, START + dt.timedelta(1), START + dt.timedelta(2))
    assert (found.replaces, found.is_known, found.refused) == (0, False, ())
    assert studio.results.files(running.id) == []
    assert clicks(studio, running) == [0, 0, 0]


def test_the_same_file_twice_counts_once(studio, running):
    content = report(LINES, (0.02, 0.03, 0.02), days=3)
    assert studio.results.commit(running.id, content, "report.csv").rows == 9
    before = clicks(studio, running)
    assert studio.results.preview(running.id, content, "again.csv").is_known
    assert studio.results.commit(running.id, content, "again.csv") is None
    assert clicks(studio, running) == before
    assert len(studio.results.files(running.id)) == 1


def test_a_corrected_file_replaces_its_days_only(studio, running):
    first = rows(f"2026-10-01,{LINES[0]},1000,10", f"2026-10-02,{LINES[0]},1000,20")
    studio.results.commit(running.id, first, "report.csv")
    second = rows(f"2026-10-02,{LINES[0]},1000,25", f"2026-10-03,{LINES[0]},1000,30")
    assert studio.results.preview(running.id, second, "report.csv").replaces == 1
    kept = studio.results.commit(running.id, second, "report.csv")
    assert clicks(studio, running) == [10 + 25 + 30, 0, 0]
    studio.results.set_undone(kept.id, True)
    assert clicks(studio, running) == [10 + 20, 0, 0]
    studio.results.set_undone(kept.id, False)
    assert clicks(studio, running) == [10 + 25 + 30, 0, 0]


def test_rows_of_segments_are_summed(studio, running):
    content = (
        b"Day,Ad name,Device,Impressions,Clicks\n"
        + f"2026-10-01,{LINES[0]},Mobile,1000,10\n2026-10-01,{LINES[0]},Desktop,500,7".encode()
    )
    studio.results.commit(running.id, content, "report.csv")
    assert clicks(studio, running) == [17, 0, 0]


def test_every_result_knows_its_line(studio, running):
    content = rows(f"2026-10-01,{LINES[0]},1000,10", f"2026-10-01,{LINES[2]},1000,12")
    kept = studio.results.commit(running.id, content, "report.csv")
    found = studio.results.of_file(kept.id)
    assert [(each.line, each.arm_id) for each in found] == [
        (2, running.arms[0].id),
        (3, running.arms[2].id),
    ]


def test_an_ad_is_found_by_its_name_in_the_account(studio, running):
    content = rows(f"2026-10-01,t{running.id}-b,1000,10")
    studio.results.commit(running.id, content, "report.csv")
    assert clicks(studio, running) == [0, 10, 0]


def test_an_ad_named_after_another_test_is_left_to_a_person(studio, running):
    other = f"T{running.id + 1}-A"
    content = (
        f"Day,Ad name,Headline,Impressions,Clicks\n2026-10-01,{other},{LINES[0]},1000,10\n"
        f"2026-10-01,T{running.id}-A,{LINES[0]},900,9"
    ).encode()
    found = studio.results.preview(running.id, content, "report.csv").matched
    assert [row.impressions for _, row in found.rows] == [900]
    (ad,) = found.unmatched
    assert (ad.label, ad.is_of_another_test) == (other, True)
    shirt = content.replace(other.encode(), b"T20-shirt")
    assert studio.results.preview(running.id, shirt, "r.csv").matched.unmatched == ()
    studio.results.commit(running.id, content, "r.csv", chosen={other: running.arms[0].id})
    assert studio.results.preview(running.id, content, "report.csv").matched.unmatched == ()


def test_what_a_person_placed_is_remembered(studio, running):
    content = rows("2026-10-01,Autumn ad,1000,10", "2026-10-01,Another campaign,99,1")
    found = studio.results.preview(running.id, content, "report.csv")
    labels = [(each.label, each.impressions) for each in found.matched.unmatched]
    assert labels == [("Autumn ad", 1000), ("Another campaign", 99)]
    with pytest.raises(ExperimentRefused, match="No row"):
        studio.results.commit(running.id, content, "report.csv")
    chosen = {"Autumn ad": running.arms[2].id, "Another campaign": 0}
    studio.results.commit(running.id, content, "report.csv", chosen=chosen)
    assert clicks(studio, running) == [0, 0, 10]
    later = rows("2026-10-02,autumn AD,1000,11")
    assert studio.results.preview(running.id, later, "later.csv").matched.unmatched == ()


def test_a_name_that_fits_two_lines_is_left_to_a_person(studio, brief):
    experiment = studio.experiments.start(a_test(studio, brief, ("One line", "Two lines")).id)
    both = (
        b"Day,Ad name,Headline 1,Headline 2,Impressions,Clicks\n2026-10-01,x,One line,Two lines,9,1"
    )
    mapping = Mapping(columns={"text": ("Headline 1", "Headline 2")})
    found = studio.results.preview(experiment.id, both, "report.csv", mapping)
    assert found.matched.rows == ()
    assert set(found.matched.unmatched[0].candidates) == {arm.id for arm in experiment.arms}


def test_rows_that_cannot_count_are_told_with_line_and_reason(studio, running):
    content = rows(
        f"2026-10-01,{LINES[0]},1000,10",
        f"2026-10-01,{LINES[1]},10,1000",
        f"2026-10-01,{LINES[2]},many,3",
        f",{LINES[2]},1000,3",
    )
    found = studio.results.preview(running.id, content, "report.csv")
    assert {3, 4} == {each.line for each in found.refused}
    assert "1,000 clicks of 10 impressions" in " ".join(each.why for each in found.refused)
    assert len(found.matched.rows) == 1


def test_columns_that_were_named_are_remembered(studio, running):
    content = f"Tag;Anzeige;Gesehen;Geklickt\n2026-10-01;{LINES[0]};1000;10".encode()
    with pytest.raises(ReportRefused):
        studio.results.preview(running.id, content, "report.csv")
    mapping = Mapping(
        columns={
            "date": ("Tag",),
            "name": ("Anzeige",),
            "impressions": ("Gesehen",),
            "clicks": ("Geklickt",),
        }
    )
    studio.results.commit(running.id, content, "report.csv", mapping)
    later = f"Tag;Anzeige;Gesehen;Geklickt\n2026-10-02;{LINES[0]};1000;12".encode()
    assert len(studio.results.preview(running.id, later, "later.csv").matched.rows) == 1


def test_days_before_the_start_are_left_out_unless_asked_for(studio, running):
    content = report(LINES, (0.02, 0.03, 0.02), days=3, first=START - dt.timedelta(2))
    found = studio.results.preview(running.id, content, "report.csv")
    assert found.early == (START - dt.timedelta(2), START - dt.timedelta(1))
    assert (found.days, len(found.matched.rows), found.refused) == ((START,), 3, ())
    asked = studio.results.preview(running.id, content, "report.csv", with_early=True)
    assert (asked.early, len(asked.days), len(asked.matched.rows)) == (found.early, 3, 9)
    assert asked.report is found.report
    studio.results.commit(running.id, content, "report.csv")
    assert studio.experiments.standing(running.id).days.dates == (START,)


def test_the_day_of_the_start_counts_in_accounts_that_are_behind(studio, running):
    assert running.started_at.isoformat() == f"{START}T12:00:00+00:00"
    assert running.first_day == START
    at_night = replace(running, started_at=running.started_at - dt.timedelta(hours=8))
    assert at_night.first_day == START - dt.timedelta(1), "it is still that day in America"


def test_a_file_of_other_days_alone_is_refused(studio, running):
    content = rows(f"2026-09-01,{LINES[0]},1000,10")
    assert len(studio.results.preview(running.id, content, "report.csv").early) == 1
    with pytest.raises(ExperimentRefused, match="No row"):
        studio.results.commit(running.id, content, "report.csv")


def test_what_a_test_compares_and_the_file_lacks_is_told(studio, running):
    content = f"Ad name,Impressions,Tipps,Wann\n{LINES[0]},1000,10,2026-10-01\n".encode()
    found = studio.results.preview(running.id, content, "report.csv")
    assert found.lacking == ("date", "clicks")
    named = Mapping(columns={"clicks": ("Tipps",), "date": ("Wann",)})
    assert studio.results.preview(running.id, content, "report.csv", named).lacking == ()


def test_a_test_that_has_not_begun_takes_no_results(studio, brief):
    kept = a_test(studio, brief)
    with pytest.raises(ExperimentRefused, match="not started"):
        studio.results.preview(kept.id, report(LINES, (0.1, 0.1, 0.1)), "report.csv")


def sales(*lines: str, header: str = "Revenue (EUR)") -> bytes:
    return "\n".join([f"Day,Ad name,Impressions,Clicks,{header}", *lines]).encode()


@pytest.fixture
def selling(studio, brief):
    return studio.experiments.start(a_test(studio, brief, metric=Metric.REVENUE).id)


def test_revenue_counts_where_it_is_the_metric(studio, selling):
    content = sales(f"2026-10-01,{LINES[0]},1000,10,99.5", f"2026-10-01,{LINES[1]},1000,12,--")
    found = studio.results.preview(selling.id, content, "report.csv")
    assert [row.revenue for _, row in found.matched.rows] == [99.5]
    assert [skip.why for skip in found.refused] == ["It has no revenue, which this test compares."]
    studio.results.commit(selling.id, content, "report.csv")
    days = studio.experiments.standing(selling.id).days
    assert (days.currency, days.tally.clicks.sum() * days.unit) == ("EUR", pytest.approx(99.5))
    assert studio.results.totals(selling.id)[selling.arms[0].id].revenue == 99.5


def test_revenue_in_two_currencies_is_refused_in_words(studio, selling):
    studio.results.commit(selling.id, sales(f"2026-10-01,{LINES[0]},1000,10,99.5"), "report.csv")
    dollars = sales(f"2026-10-02,{LINES[0]},1000,10,99.5", header="Revenue (USD)")
    with pytest.raises(ExperimentRefused, match="in USD, but the results of this test are in EUR"):
        studio.results.commit(selling.id, dollars, "report.csv")
    mixed = (
        f"Day,Ad name,Impressions,Revenue,Currency\n2026-10-02,{LINES[0]},10,1,EUR\n"
        f"2026-10-02,{LINES[1]},10,1,USD\n"
    )
    with pytest.raises(ExperimentRefused, match="EUR and USD"):
        studio.results.preview(selling.id, mixed.encode(), "report.csv")
    silent = sales(f"2026-10-02,{LINES[0]},1000,10,99.5", header="Revenue")
    assert "taken as EUR" in studio.results.preview(selling.id, silent, "r.csv").notes[0]


def test_a_file_in_another_currency_than_what_counts_is_not_counted_again(studio, selling):
    euros = sales(f"2026-10-01,{LINES[0]},1000,10,99.5")
    dollars = sales(f"2026-10-02,{LINES[0]},1000,10,99.5", header="Revenue (USD)")
    first = studio.results.commit(selling.id, euros, "euros.csv")
    studio.results.set_undone(first.id, True)
    second = studio.results.commit(selling.id, dollars, "dollars.csv")
    with pytest.raises(ExperimentRefused, match="in EUR, but the results of this test are in USD"):
        studio.results.set_undone(first.id, False)
    assert studio.experiments.standing(selling.id).days.currency == "USD"
    newest, oldest = studio.results.files(selling.id)
    assert newest.undone_at is None
    assert oldest.undone_at is not None
    studio.results.set_undone(second.id, True)
    studio.results.set_undone(first.id, False)
    assert studio.experiments.standing(selling.id).days.currency == "EUR"
    assert studio.results.set_undone(first.id, False).undone_at is None


def test_cost_in_another_currency_matters_to_no_test_of_clicks(studio, running):
    for currency in ("EUR", "USD"):
        content = sales(f"2026-10-01,{LINES[0]},1000,10,5", header=f"Cost ({currency})")
        kept = studio.results.commit(running.id, content, f"{currency}.csv")
        studio.results.set_undone(kept.id, True)
        assert studio.results.set_undone(kept.id, False).undone_at is None


def test_a_file_is_read_once_until_something_changes(studio, running):
    content = rows(f"2026-10-01,{LINES[0]},1000,10", "2026-10-01,Another,500,5")
    once = studio.results.preview(running.id, content, "report.csv")
    assert studio.results.preview(running.id, bytes(content), "report.csv") is once
    arm = running.arms[1].id
    placed = studio.results.preview(running.id, content, "report.csv", chosen={"Another": arm})
    assert placed.report is once.report
    assert len(placed.matched.rows) == 2
    assert studio.results.preview(running.id, content, "report.csv") is once
    mapped = Mapping(columns={"clicks": ("Impressions",)})
    other = studio.results.preview(running.id, content, "report.csv", mapped)
    assert other.report is not once.report
    studio.results.commit(running.id, content, "report.csv")
    assert studio.results.preview(running.id, content, "report.csv").is_known
    (file,) = studio.results.files(running.id)
    studio.results.set_undone(file.id, True)
    assert not studio.results.preview(running.id, content, "report.csv").is_known
