"""The report of what tests have taught, on the page, without a browser."""

from datetime import UTC, datetime, timedelta

import pytest

from creative.settings import read_settings
from creative.studio.briefs import brief_from_json
from storage.assemble import assemble
from tests.creative.studio.conftest import SAMPLE
from tests.creative.studio.experiment_samples import a_test, noon, report

LINES = ("Tired of stale coffee?", "Out of beans?", "Beans in a letterbox", "Roasted on Mondays")
HOSTILE = "<b>Owls</b> **and** :red[more]"


@pytest.fixture
def tested(app):
    """A library with tests of two months, for two segments."""
    studio = assemble(read_settings())
    brief = studio.briefs.keep(brief_from_json(SAMPLE.read_text("utf-8")))
    first = datetime.now(UTC).date().replace(day=1)
    for seed in range(6):
        begun = first - timedelta(days=40) if seed < 5 else first
        values = {"segment": HOSTILE if seed % 2 else "Birds", "started_at": noon(begun)}
        test = studio.experiments.start(a_test(studio, brief, LINES, **values).id)
        content = report(LINES, (0.02, 0.02, 0.04, 0.04), seed=seed, first=begun)
        studio.results.commit(test.id, content, "r.csv")
    studio.close()
    return app


def shown(app):
    return " ".join(each.value for each in (*app.markdown, *app.caption))


def test_the_report_of_all_time_of_a_month_and_of_a_segment(tested):
    tested.session_state["lessons"] = True
    tested.switch_page("pages/experiments.py").run()
    assert "6 tests, 6 with a winner" in shown(tested)
    assert "Testing cost about" in shown(tested)
    assert "passes over one that **asks a question**" in shown(tested)
    assert "right in 6 of your own tests" in shown(tested)
    tested.segmented_control(key="lessons_time").set_value("This month").run()
    assert "1 test, 1 with a winner" in shown(tested)
    tested.segmented_control(key="lessons_time").set_value("All time").run()
    tested.selectbox(key="lessons_segment").select(HOSTILE).run()
    assert "3 tests, 3 with a winner" in shown(tested)
    assert not tested.exception
