"""From an import of results to what they add to "Why this line?"."""

import re

import pytest
from playwright.sync_api import expect

from creative.domain import DraftState, kept_id
from creative.studio.experiments import Experiments
from creative.studio.review import Review
from creative.trials import Arm, Experiment
from tests.creative.studio.experiment_samples import report

pytestmark = pytest.mark.browser

LINES = ("Coffee for slow mornings", "Beans that never run out", "Roasted the day you order")


@pytest.fixture
def test(server, brief):
    """A running test of three lines, the first one its control."""
    review, experiments = Review(server.store), Experiments(server.store)
    drafts = [review.write(kept_id(brief), "headline", text) for text in LINES]
    review.decide(map(kept_id, drafts), DraftState.APPROVED)
    arms = tuple(
        Arm(draft_id=draft.id, text=draft.line.text, is_control=at == 0)
        for at, draft in enumerate(drafts)
    )
    design = Experiment(brief_id=kept_id(brief), field="headline", name="November", arms=arms)
    return experiments.start(kept_id(experiments.keep(design)))


def test_imported_results_speak_in_why_this_line(visit, brief, test):
    ada = visit()
    ada.open(f"experiments?brief={brief.id}", "Tests")
    ada.page.get_by_text("Results", exact=True).click()
    content = report(LINES, (0.02, 0.02, 0.04))
    file = {"name": "report.csv", "mimeType": "text/csv", "buffer": content}
    ada.page.locator('input[type="file"]').set_input_files(file)
    ada.page.get_by_text("The lines ran against each other").click()
    ada.press("Count 42 rows")
    expect(ada.page.get_by_role("button", name="Undo").first).to_be_visible()

    ada.page.get_by_text("What tests have taught").click()
    expect(ada.page.get_by_text(re.compile("the general taste holds here"))).to_be_visible(
        timeout=60_000
    )
    expect(ada.page.get_by_text("Not tested on your kind of ad")).to_be_visible()

    ada.open(f"review?brief={brief.id}", "Review")
    ada.page.get_by_text("Approved", exact=True).click()
    ada.settle()
    ada.page.get_by_text("Why this line?").click()
    own = ada.page.locator("canvas td", has_text=re.compile(r"Your own tests \([0-9]+\)"))
    expect(own).to_have_count(1, timeout=60_000)
    expect(
        ada.page.get_by_text(re.compile("Learnt from .* and [0-9]+ tests? of yours"))
    ).to_be_visible()
    expect(ada.page.get_by_text("Expected:")).to_have_count(0)
