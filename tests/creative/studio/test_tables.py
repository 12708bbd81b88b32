"""Tables as the page uses them: opened, looked at, learnt from in a process, kept, scored."""

import csv
import io
import time
import zipfile

import pytest

from creative.errors import StudioError
from creative.export.formulas import is_formula_like
from creative.studio.tables import Tables, Upload
from creative.tables.model import load_model
from creative.tables.plan import Plan
from creative.tables.refusals import TableRefused

WAIT_S = 120
PLAN = Plan(target="clicked", positive="yes", time="shown_at", families=("boosted",), trials=0)


@pytest.fixture
def tables(tmp_path):
    built = Tables(tmp_path)
    yield built
    built.close()


def learnt(tables, name="Autumn clicks", plan=PLAN):
    tables.start(tables.sample(), plan, name)
    tables.wait(WAIT_S)
    return tables.fit()


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A library with one model, fitted once for all tests that only read it."""
    built = Tables(tmp_path_factory.mktemp("home"))
    return built, learnt(built).model_id


def test_a_table_is_described_before_anything_is_fitted(tables):
    opened = tables.open(tables.sample())
    assert opened.rows == 2_400
    assert (opened.guess.target, opened.guess.time) == ("clicked", "shown_at")
    look = tables.examine(tables.sample(), PLAN)
    assert {leak.column for leak in look.leaks} == {"visitor_id", "seconds_on_page"}
    assert "seconds_on_page" not in look.used
    assert tables.examine(tables.sample(), PLAN) is look
    assert not tables.models.all()


def test_learning_ends_with_a_model_that_tells_the_truth_of_the_sample(kept):
    tables, id = kept
    assert tables.fit().progress.message == ""
    (model,) = tables.models.all()
    assert (model.name, model.file) == ("Autumn clicks", "example-impressions.csv")
    reading = tables.read(id)
    assert (reading.target, reading.positive, reading.is_explained) == ("clicked", "yes", True)
    assert reading.report.test.auc > reading.report.best_column.auc
    assert {name for name, _ in reading.report.weights[:4]} <= {
        "days_since_visit", "device", "source", "headline", "visits_before",
    }  # fmt: skip


def test_a_table_is_scored_with_reasons_that_add_up(kept):
    import math

    tables, id = kept
    scored = tables.score(id, tables.sample_to_score())
    rows = list(csv.DictReader(io.StringIO(scored.file.content.decode("utf-8-sig"))))
    assert len(rows) == scored.rows == 300
    assert scored.best[0].chance == pytest.approx(
        max(float(row["chance of clicked"]) for row in rows), abs=1e-6
    )
    for row in scored.best:
        log_odds = row.base + sum(added for _, added in row.added)
        assert 1 / (1 + math.exp(-log_odds)) == pytest.approx(row.chance)
    assert scored.drift[0].index >= scored.drift[-1].index


def test_nothing_of_a_scored_file_runs_in_a_spreadsheet(kept):
    tables, id = kept
    content = tables.sample_to_score().content.replace(b"phone", b"=cmd|x").replace(b"v0", b"@v0")
    scored = tables.score(id, Upload(content=content, name="=evil.csv"))
    cells = [
        cell
        for row in csv.reader(io.StringIO(scored.file.content.decode("utf-8-sig")))
        for cell in row
    ]
    assert not [cell for cell in cells if is_formula_like(cell)]


def test_a_downloaded_model_works_elsewhere(kept, tmp_path):
    tables, id = kept
    with zipfile.ZipFile(io.BytesIO(tables.models.archive(id).content)) as archive:
        archive.extractall(tmp_path)
    assert load_model(tmp_path / id).card.target == "clicked"


def test_a_table_without_the_columns_is_refused_in_words(kept):
    tables, id = kept
    with pytest.raises(TableRefused, match="device"):
        tables.score(id, Upload(content=b"a,b\n1,2\n", name="other.csv"))


@pytest.mark.parametrize("id", ["..", "../tables", "none", "", ".removed"])
def test_an_id_is_no_path(kept, id):
    with pytest.raises(TableRefused, match="not in this library"):
        kept[0].read(id)


def test_a_removed_model_can_be_put_back(tables):
    id = learnt(tables).model_id
    tables.models.remove(id)
    assert not tables.models.all()
    tables.models.put_back(id)
    assert [each.id for each in tables.models.all()] == [id]
    with pytest.raises(StudioError, match="gone"):
        tables.models.put_back("../tables")


def test_models_of_one_name_stand_beside_each_other(tables):
    first, second = learnt(tables).model_id, learnt(tables).model_id
    assert first != second
    assert {each.name for each in tables.models.all()} == {"Autumn clicks"}


def test_a_stopped_fit_leaves_nothing(tables, tmp_path):
    tables.start(tables.sample(), Plan(target="clicked", seconds=600, trials=1_000), "Long")
    with pytest.raises(TableRefused, match="“Long” is being learnt"):
        tables.start(tables.sample(), PLAN, "Another")
    deadline = time.monotonic() + WAIT_S
    while not tables.fit().progress.share and time.monotonic() < deadline:
        time.sleep(0.1)
    assert tables.fit().progress.family == "linear"
    tables.stop()
    tables.wait(WAIT_S)
    progress = tables.fit().progress
    assert (progress.is_active, progress.is_stopped, progress.message) == (False, True, "")
    assert not tables.models.all()
    assert learnt(tables).progress.message == ""  # and the next one may begin


def test_a_fit_whose_process_dies_says_so(tables):
    tables.start(tables.sample(), Plan(target="clicked", seconds=600, trials=1_000), "Long")
    tables._fit[1]._process.kill()  # as a system does whose memory is full
    tables.wait(WAIT_S)
    progress = tables.fit().progress
    assert (progress.is_active, progress.is_stopped) == (False, False)
    assert "memory was full" in progress.message
    assert not tables.models.all()


def test_a_table_that_cannot_be_learnt_from_says_why(tables):
    few = b"x,clicked\n" + b"1,yes\n2,no\n" * 5
    tables.start(Upload(content=few, name="few.csv"), Plan(target="clicked"), "Few")
    tables.wait(WAIT_S)
    assert "too few to learn from" in tables.fit().progress.message
    assert not tables.models.all()
