"""What the model would trip over is said before anything is written, with a way out."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from creative.domain import Audience, kept_id
from creative.studio.briefs import Briefs
from pages.parts.example import EXAMPLE
from storage.database import open_store

LONG = tuple(f"Wake up to a fresh cup of coffee at {at} on every single day" for at in range(30))


@pytest.fixture
def keep(home):
    """Keep briefs in the library of the app without a browser."""
    store = open_store(f"sqlite:///{home / 'adlib.db'}", home)
    return Briefs(store).keep


def opened(app, brief):
    app.query_params["brief"] = str(brief.id)
    app.run()
    app.switch_page("pages/draft.py").run()
    assert not app.exception
    return app


def test_a_brief_without_obstacles_is_shown_none(keep, app):
    opened(app, keep(EXAMPLE))
    assert not app.warning


def test_a_language_that_the_model_does_not_write_is_told_on_draft(keep, app):
    opened(app, keep(replace(EXAMPLE, language="de")))
    assert "en only" in app.warning[0].value


def test_a_brief_in_other_letters_is_told_on_draft(keep, app):
    product = replace(
        EXAMPLE.product, name="朝のコーヒー", description="毎朝新鮮な豆が届く定期便", benefits=(),
        features=(), proof=(), offer="",
    )  # fmt: skip
    opened(app, keep(replace(EXAMPLE, product=product, audience=Audience())))
    assert "letters of its language" in app.warning[0].value


def test_a_brief_that_is_too_long_is_told_on_draft(keep, app):
    opened(app, keep(replace(EXAMPLE, product=replace(EXAMPLE.product, benefits=LONG))))
    assert "too long for Adlib starter" in app.warning[0].value


def test_the_form_itself_says_so_while_it_is_filled_in(keep, app):
    app.run()
    app.switch_page("pages/briefs.py").run()
    app.button(key="new_brief").click().run()
    app.text_area(key="form_product_benefits").set_value("\n".join(LONG)).run()
    assert any("too long for Adlib" in each.value for each in app.markdown)


@pytest.mark.browser
def test_a_run_that_can_never_work_offers_no_resume(visit, server):
    product = replace(EXAMPLE.product, benefits=LONG)
    brief = Briefs(server.store).keep(replace(EXAMPLE, product=product))
    ada = visit()
    ada.open(f"draft?brief={kept_id(brief)}", "Draft")
    ada.page.get_by_role("button", name="Write").first.click()
    expect(ada.page.get_by_text("written before it failed")).to_be_visible(timeout=120_000)
    expect(ada.page.get_by_role("button", name="Resume")).to_have_count(0)
    ada.page.locator(".st-key-shorten_brief").get_by_role("button").click()
    ada.arrive("Edit brief")
    ada.fill("Benefits, one per line", "Never run out of beans")
    ada.press("Save and draft")
    ada.arrive("Draft")
    expect(ada.page.get_by_role("button", name="Edit the brief")).to_have_count(0)
