"""Every page, with nothing, with something, and when the library cannot be opened."""

import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest

from creative.domain import DraftState, Run, RunState, kept_id
from creative.studio.briefs import Briefs
from creative.studio.review import Review
from pages.parts.example import EXAMPLE
from storage.database import open_store

PAGES = ("home", "briefs", "draft", "review", "vote", "export", "experiments", "tables", "settings")


@pytest.fixture
def filled(home):
    """A library with a brief, lines in every state, stars and an edit."""
    store = open_store(f"sqlite:///{home / 'adlib.db'}", home)
    brief = Briefs(store).keep(EXAMPLE)
    review = Review(store)
    ids = []
    for at in range(30):
        draft = review.write(kept_id(brief), "headline", f"Fresh coffee, take {at}")
        ids.append(kept_id(draft))
    review.edit(review.get(ids[1]), "Fresh coffee at your door", "Ben")
    review.decide(ids[:4], DraftState.APPROVED)
    review.decide(ids[4:6], DraftState.REJECTED)
    review.rate(ids[0], "Ada", 5)
    return brief


def shown(app, page: str):
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert not app.error
    return app


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_library_says_what_to_do(app, page):
    shown(app, page)
    assert app.title[0].value
    assert app.button or app.get("page_link")


@pytest.mark.parametrize("page", PAGES)
def test_a_filled_library_is_shown(filled, app, page):
    shown(app, page)


def test_home_leads_to_the_next_step(filled, app):
    app.run()
    assert app.button(key="next_step_button").label == "Review lines"


def test_the_example_brief_is_one_click_away(app):
    app.run()
    app.button(key="use_example").click().run()
    assert app.title[0].value == "Draft"
    assert app.button(key="write").label == "Write 9 lines"


def test_a_refused_brief_keeps_what_was_typed(app):
    shown(app, "briefs")
    app.button(key="new_brief").click().run()
    app.text_area(key="form_product_benefits").set_value("Never run out").run()
    app.button(key="save").click().run()
    assert "name is missing" in app.error[0].value
    assert app.text_area(key="form_product_benefits").value == "Never run out"
    app.text_input(key="form_brand_name").set_value("Larkfield").run()
    app.text_input(key="form_product_name").set_value("Morning Box").run()
    app.button(key="save").click().run()
    assert [text.value for text in app.text] == ["Larkfield · Morning Box"]


def test_a_removed_brief_can_be_put_back(filled, app):
    shown(app, "briefs")
    app.get_by_key(f"menu_{filled.id}").set_value("Remove").run()
    assert not app.text
    app.button(key="put_back").click().run()
    assert [text.value for text in app.text] == ["Larkfield · Morning Box"]


def test_a_channel_shows_its_limits(app):
    shown(app, "briefs")
    app.button(key="new_brief").click().run()
    app.selectbox(key="form_channel").set_value("google_display").run()
    words = " ".join(markdown.value for markdown in app.markdown)
    assert "Short headline" in words
    assert "up to 30" in words
    assert "Shop Now" in app.selectbox(key="form_call_to_action").options


def test_filters_reach_the_library(filled, app):
    shown(app, "review")
    app.get_by_key("review_mode").set_value("List").run()
    app.get_by_key("filter_states").set_value(["approved"]).run()
    assert len(app.text) == 4
    app.text_input(key="filter_text").set_value("at your door").run()
    assert [text.value for text in app.text] == ["Fresh coffee at your door"]


def test_a_long_list_comes_in_pages(filled, app):
    shown(app, "review")
    app.get_by_key("review_mode").set_value("List").run()
    assert len(app.text) == 24
    app.get_by_key("filter_states").set_value([]).run()
    assert len(app.text) == 25


def test_many_are_decided_at_once_and_undone(filled, app):
    shown(app, "review")
    app.get_by_key("review_mode").set_value("List").run()
    app.button(key="pick_all").click().run()
    app.button(key="bulk_rejected").click().run()
    assert not app.text
    app.button(key="undo_decision").click().run()
    assert len(app.text) == 24


def test_an_incomplete_ad_is_not_made(filled, app):
    shown(app, "export")
    assert app.button(key="make_file").disabled
    words = " ".join(markdown.value for markdown in app.markdown)
    assert "Description" in words


def test_a_file_for_people_needs_no_whole_ad(filled, app):
    shown(app, "export")
    app.get_by_key("export_format").set_value("csv").run()
    app.button(key="make_file").click().run()
    assert not app.error
    assert app.get("download_button")


def test_an_address_of_a_removed_brief_is_explained(filled, app):
    app.query_params["brief"] = "99"
    shown(app, "draft")
    assert "removed" in app.warning[0].value
    assert "Larkfield" in app.selectbox(key="brief_choice").options[0]


def test_a_backup_is_made_and_restored(filled, app, home):
    shown(app, "settings")
    app.button(key="back_up").click().run()
    (backup,) = (home / "backups").glob("adlib-*.db")
    with open_store(f"sqlite:///{home / 'adlib.db'}", home).transaction() as records:
        records.briefs.remove(kept_id(filled))
    assert app.button(key="restore_now").disabled
    app.text_input(key="restore_path").set_value(str(backup)).run()
    app.checkbox(key="restore_sure").check().run()
    app.button(key="restore_now").click().run()
    assert app.success
    assert not app.error
    shown(app, "briefs")
    assert [text.value for text in app.text] == ["Larkfield · Morning Box"]


def test_a_model_that_is_none_is_refused_in_words(app):
    shown(app, "settings")
    app.text_input(key="model_typed").set_value("no such model").run()
    app.button(key="use_typed").click().run()
    assert "There is no model no such model" in app.error[0].value
    assert "Adlib starter" in " ".join(markdown.value for markdown in app.markdown)


def test_a_newer_library_is_refused_in_words(filled, app, home):
    with sqlite3.connect(home / "adlib.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    app.run()
    assert not app.exception
    assert "newer" in app.error[0].value
    assert app.title[0].value == "Adlib cannot open its library"


def test_a_damaged_library_is_refused_in_words(app, home):
    home.mkdir(parents=True, exist_ok=True)
    (home / "adlib.db").write_bytes(b"no database" * 1000)
    app.run()
    assert not app.exception
    assert "damaged" in app.error[0].value
    (home / "adlib.db").unlink()


def test_a_wrong_setting_is_named(app, monkeypatch):
    monkeypatch.setenv("ADLIB_ENGINE", "steam")
    app.run()
    assert not app.exception
    assert "ADLIB_ENGINE" in app.error[0].value.replace("\\", "")


def test_changed_prompts_are_named(app, monkeypatch, tmp_path):
    monkeypatch.setenv("ADLIB_PROMPTS", str(tmp_path))
    app.run()
    assert not app.exception
    assert "catalog" in app.error[0].value


def test_the_first_paint_loads_no_model(request):
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        "assert AppTest.from_file('app.py', default_timeout=60).run().title; "
        "print([m for m in ('torch', 'transformers') if m in sys.modules])"
    )
    root = request.config.rootpath
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_queue_that_is_cut_says_so(home, app):
    store = open_store(f"sqlite:///{home / 'adlib.db'}", home)
    brief = Briefs(store).keep(EXAMPLE)
    review = Review(store)
    first = review.write(kept_id(brief), "headline", "Fresh coffee")
    with store.transaction() as records:
        for at in range(504):
            line = replace(first.line, text=f"Fresh coffee, take {at}")
            records.drafts.add(kept_id(brief), None, line)
    shown(app, "review")
    said = " ".join(caption.value for caption in app.caption)
    assert "1 of 500 ·" in said
    assert "505 lines match" in said


def test_a_queue_that_is_whole_says_nothing_of_it(filled, app):
    shown(app, "review")
    assert not any("lines match" in caption.value for caption in app.caption)


def test_draft_counts_what_is_approved_and_takes_a_decision_back(home, app):
    store = open_store(f"sqlite:///{home / 'adlib.db'}", home)
    brief = Briefs(store).keep(EXAMPLE)
    line = Review(store).write(kept_id(brief), "headline", "Fresh coffee").line
    with store.transaction() as records:
        run = records.runs.add(
            Run(brief_id=kept_id(brief), wanted={"headline": 1}, templates={}, model="m", seed=1)
        )
        records.runs.set_state(kept_id(run), RunState.DONE, "")
        draft = records.drafts.add(kept_id(brief), run.id, replace(line, text="Morning, sorted"))
    shown(app, "draft")
    rest = "Description 0 of 2, approve 2 more"
    assert approved_words(app) == f"Headline 0 of 3, approve 3 more · {rest}"
    app.get_by_key(f"decision_{draft.id}").set_value("approved").run()
    assert approved_words(app) == f"Headline 1 of 3, approve 2 more · {rest}"
    app.button(key="undo_decision").click().run()
    assert approved_words(app) == f"Headline 0 of 3, approve 3 more · {rest}"


def approved_words(app) -> str:
    (said,) = (each.value for each in app.caption if each.value.startswith("Approved: "))
    return said.removeprefix("Approved: ")
