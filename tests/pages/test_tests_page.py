"""Tests and Home, without a browser: what is said before, during and after a test."""

import datetime as dt

import pytest

from creative.domain import kept_id
from creative.settings import read_settings
from creative.studio.briefs import brief_from_json
from creative.studio.demo import DAYS
from creative.trials import ExperimentState, Rule
from pages.parts.experiment_form import DESIGNING
from pages.parts.experiment_words import arm_label
from pages.parts.wording import plain
from storage.assemble import assemble
from tests.creative.studio.conftest import SAMPLE
from tests.creative.studio.experiment_samples import (
    LINES,
    START,
    a_counted_test,
    a_test,
    approved,
    noon,
    report,
)

HOSTILE = "<b>Best</b> **of** :red[all]"


@pytest.fixture
def studio(app):
    """The library of the app."""
    built = assemble(read_settings())
    yield built
    built.close()


@pytest.fixture
def brief(studio):
    return studio.briefs.keep(brief_from_json(SAMPLE.read_text("utf-8")))


def shown(app, page):
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert not app.error
    return " ".join(each.value for each in (*app.subheader, *app.markdown, *app.caption))


def test_home_asks_for_a_decision_when_a_test_has_a_winner(app, studio, brief):
    other = studio.experiments.start(a_test(studio, brief).id)
    assert "Bring the latest report" in shown(app, "home")
    test = a_counted_test(studio, brief, LINES, LINES[1], name=HOSTILE)
    newest = studio.experiments.start(a_test(studio, brief).id)
    told = shown(app, "home")
    assert "Decide 1 test" in told
    assert plain(HOSTILE) in told
    app.button(key="next_step_button").click().run()
    assert app.selectbox(key="test_choice").value == test.id not in (other.id, newest.id)
    studio.experiments.decide(test.id, None, "Ann", "")
    assert "Decide" not in shown(app, "home")


def test_home_does_not_ask_for_reports_of_a_demonstration(app, studio, brief):
    approved(studio, brief, LINES)
    studio.demo.begin(kept_id(brief))
    assert "Bring the latest report" not in shown(app, "home")


def test_an_empty_verdict_says_once_what_to_do(app, studio, brief):
    studio.experiments.start(a_test(studio, brief).id)
    told = shown(app, "experiments")
    assert told.count("Import a report") == 1
    assert "**Decide**" not in told, "nothing is known yet to decide by"
    app.button(key="to_results").click().run()
    assert "No report was imported yet" in " ".join(each.value for each in app.markdown)


def test_a_decision_leads_to_the_export_of_its_brief(app, studio, brief):
    test = a_counted_test(studio, brief, LINES, LINES[1])
    studio.experiments.decide(test.id, None, "Ann", "")
    shown(app, "experiments")
    app.button(key="to_export").click().run()
    assert not app.exception
    assert app.title[0].value == "Export"
    assert app.selectbox(key="brief_choice").value == brief.id


def test_a_form_without_lines_leads_to_review(app, studio, brief):
    app.session_state[DESIGNING] = True
    assert "No line of this field is approved yet" in shown(app, "experiments")
    app.button(key="to_review").click().run()
    assert not app.exception
    assert app.title[0].value == "Review"


def test_a_demonstration_is_not_told_how_to_run_ads(app, studio, brief):
    approved(studio, brief, LINES)
    demo = studio.demo.begin(kept_id(brief))
    assert "Import a report" not in shown(app, "experiments")
    assert not [each for each in app.button if each.key == "to_results"]
    while studio.demo.play(demo.id) < DAYS:
        pass
    studio.experiments.decide(demo.id, None, "Ann", "")
    shown(app, "experiments")
    assert not [each for each in app.button if each.key in ("play_demo", "to_export")]
    studio.experiments.move(demo.id, ExperimentState.STOPPED)
    app.session_state["test_view"] = "Design"
    told = shown(app, "experiments")
    assert "platform" not in told
    assert "ended" in told
    assert not [each for each in app.button if each.label == "Resume"]


def test_a_day_that_had_not_ended_in_america_says_why_it_counts(app, studio, brief):
    at_night = noon(START) - dt.timedelta(hours=6)
    test = studio.experiments.start(a_test(studio, brief, started_at=at_night).id)
    app.session_state["test_view"] = "Results"
    shown(app, "experiments")

    def told(first: dt.date) -> str:
        content = report(LINES, (0.02, 0.03, 0.02), days=3, first=first)
        app.file_uploader(key=f"report_{test.id}_0").set_value(("report.csv", content, "text/csv"))
        app.run()
        assert not app.exception
        return " ".join(each.value for each in (*app.markdown, *app.caption))

    why = "it was still 30 Sep, so that day counts too."
    assert why in told(START - dt.timedelta(1))
    assert f"{why} 1 day of this file came before (29 Sep 2026)" in told(START - dt.timedelta(2))
    assert why not in told(START)


def test_the_control_is_named_where_no_column_cuts_it_off(app, studio, brief):
    test = a_counted_test(studio, brief, LINES, LINES[1])
    assert arm_label(test, test.control) == f"A (control) · {LINES[0]}"
    shown(app, "experiments")
    table = app.dataframe[0].value
    assert table["Surely"].iloc[list(table["Line"]).index(f"A · {LINES[0]}")] == "control"


def test_the_form_numbers_names_and_warns_of_lines_under_test(app, studio, brief):
    first = a_test(studio, brief, name=f"{brief.product.name}, headline")
    app.session_state[DESIGNING] = True
    shown(app, "experiments")
    assert [each.value for each in app.warning] == []
    studio.experiments.start(first.id)
    shown(app, "experiments")
    assert app.text_input(key="test_name_headline").value == f"{brief.product.name}, headline 2"
    assert "another test already" in app.warning[0].value
    assert f"T{first.id}\\-" in app.warning[0].value
    studio.experiments.move(first.id, ExperimentState.STOPPED)
    shown(app, "experiments")
    assert [each.value for each in app.warning] == []


def test_lines_under_test_are_not_chosen_for_the_next_one_at_first(app, studio, brief):
    studio.experiments.start(a_test(studio, brief).id)
    (free,) = approved(studio, brief, ["Roasted while you sleep"])
    app.session_state[DESIGNING] = True
    shown(app, "experiments")
    control = app.selectbox(key="test_control")
    control.select(next(o for o in control.options if o == LINES[0])).run()
    (lines,) = app.multiselect
    assert lines.value == [free.id]


def test_what_the_traffic_brings_has_a_unit(app, studio, brief):
    a_test(studio, brief)
    app.session_state[DESIGNING] = True
    assert "clicks per line" in shown(app, "experiments")


def test_not_yet_is_explained_only_where_a_range_seems_sure(app, studio, brief):
    planned = a_test(studio, brief, rule=Rule.PLANNED, days=28)
    studio.experiments.start(planned.id)
    kept = studio.results.commit(planned.id, report(LINES, (0.02, 0.02, 0.02), days=6), "even.csv")
    assert "“Not yet”" not in shown(app, "experiments")
    studio.results.set_undone(kept.id, True)
    studio.results.commit(planned.id, report(LINES, (0.02, 0.06, 0.02), days=6), "better.csv")
    told = shown(app, "experiments")
    assert "No winner yet" in told
    assert "hold for all lines together, on all of the planned looks" in told.replace("\\", "")


def test_imported_files_are_called_by_their_platform(app, studio, brief):
    a_counted_test(studio, brief, LINES, LINES[1])
    app.session_state["test_view"] = "Results"
    assert "Table · 42 rows" in shown(app, "experiments")
