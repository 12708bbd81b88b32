"""Adapters from the settings page: tried, compared blind on Vote, made the default, taken back."""

import shutil
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from creative.domain import kept_id
from creative.settings import Settings
from creative.studio.briefs import Briefs
from creative.studio.comparing import Comparisons
from creative.studio.contest import FEWEST_PAIRS
from creative.studio.models import Models
from creative.studio.review import Review
from creative.templates import Templates
from pages.parts.example import EXAMPLE
from tests.creative.studio.adapter_samples import make_adapter

#: peft calls what the newest transformers is about to rename
pytestmark = [
    pytest.mark.browser,
    *(
        pytest.mark.filterwarnings(f"ignore::{kind}")
        for kind in ("FutureWarning", "DeprecationWarning", "UserWarning")
    ),
]
NAME = "first & <b>best **x**"
DRAFTED_MS = 300_000


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_adapter(tmp_path_factory.mktemp("made") / "adapter")


@pytest.fixture
def adapter(server, made):
    """An adapter in the library of the running app, for one test."""
    folder = server.home / "adapters" / NAME
    shutil.copytree(made, folder)
    yield folder
    shutil.rmtree(folder)
    (server.home / "comparisons.json").unlink(missing_ok=True)


@pytest.fixture
def pairs(server, adapter):
    """Pairs of its lines and the starter's, as if both had drafted them: it takes a minute."""
    brief = Briefs(server.store).keep(EXAMPLE)
    settings = Settings(home=server.home, database_url="", engine="thread")
    models = Models(settings)
    comparisons = Comparisons(server.store, Templates(settings.prompts), models)
    place = replace(comparisons._places(1)[0], brief=brief, pairs=FEWEST_PAIRS, count=FEWEST_PAIRS)
    line = Review(server.store).write(kept_id(brief), place.field.id, "Fresh coffee").line
    ours, theirs = (
        [replace(line, text=f"{who} coffee {at}") for at in range(FEWEST_PAIRS)]
        for who in ("Our", "Their")
    )
    assert not comparisons._keep(str(adapter), "starter", [place], 1, [ours], [theirs])
    models.close()


@pytest.fixture
def visitor(visit):
    opened = visit(viewport={"width": 1280, "height": 1000})
    opened.open("settings", "Models & settings")
    return opened


def test_an_adapter_is_tried_and_says_so(visitor, adapter):
    page = visitor.page
    visitor.open("settings", "Models & settings")
    expect(page.get_by_text("Not compared yet.")).to_be_visible()
    expect(page.get_by_text("Of 44 pairs kept aside")).to_be_visible()
    visitor.press("Try it")
    expect(page.get_by_text("On trial", exact=True)).to_be_visible()
    expect(page.get_by_text("(on trial)").first).to_be_visible()
    assert not page.get_by_role("button", name="Make it the default").count()
    visitor.press("Back to Adlib starter")
    expect(page.get_by_role("button", name="Try it")).to_be_visible()


def test_an_adapter_is_typed_in_vain_before_it_has_earned_its_place(visitor, adapter):
    visitor.fill("Another model: a folder, or an id on the hub", str(adapter))
    visitor.press("Use it")
    expect(visitor.page.get_by_text("cannot be the default yet")).to_be_visible()


def test_from_blind_votes_to_the_default_and_back(visitor, adapter, pairs):
    page = visitor.page
    visitor.open("vote", "Vote")
    expect(page.get_by_text("Two writers are compared blind")).to_be_visible()
    visitor.press("Vote on them")
    expect(page.get_by_text("Say who you are")).to_be_visible()
    box = page.get_by_role("combobox", name="You are")
    box.fill("Ada")
    box.press("Enter")
    page.get_by_role("heading", name="Vote", level=1).click()
    for left in range(FEWEST_PAIRS, 0, -1):
        expect(page.get_by_text(f"{left} pair{'s' if left > 1 else ''} to go.")).to_be_visible()
        visitor.settle()  # or the lines may still be those before
        first = page.locator('[class*="st-key-ballot_first"] h2')
        visitor.press("First is better" if "Our" in first.inner_text() else "Second is better")
    expect(page.get_by_text("You have judged every pair.")).to_be_visible()
    page.get_by_role("link", name="See the result").click()
    visitor.arrive("Models & settings")
    expect(page.get_by_text("Surely better than Adlib starter.")).to_be_visible()
    expect(page.get_by_text("Its lines won 100% of 30 pairs")).to_be_visible()
    visitor.press("Make it the default")
    expect(page.get_by_text("tuned as first").first).to_be_visible()
    visitor.press("Back to Adlib starter")
    expect(page.get_by_role("button", name="Make it the default")).to_be_visible()


@pytest.mark.slow
def test_both_writers_draft_for_a_comparison(visitor, server, adapter):
    Briefs(server.store).keep(EXAMPLE)
    page = visitor.page
    visitor.open("settings", "Models & settings")
    visitor.fill("Pairs", "5")
    visitor.press("Compare with Adlib starter")
    expect(page.get_by_text("Drafting for the comparison")).to_be_visible()
    judged = page.get_by_text("The result shows when all are").or_(
        page.get_by_text("Too few pairs")
    )
    judged.first.wait_for(timeout=DRAFTED_MS)
