"""Voting: blind, by keyboard, and until it is decided."""

import re

import pytest
from playwright.sync_api import expect

from creative.domain import DraftState, kept_id
from creative.studio.briefs import Briefs
from creative.studio.review import Review
from creative.studio.voting import Voting
from creative.trials import Choice
from pages.parts.example import EXAMPLE
from pages.parts.keys import RATER
from storage.database import open_store
from tests.pages.test_hostile_text import HOSTILE, as_shown

LINES = ("Fresh coffee at your door", "Never run out of beans", "Good mornings, delivered")


@pytest.fixture
def store(home):
    return open_store(f"sqlite:///{home / 'adlib.db'}", home)


@pytest.fixture
def lines(store):
    """Three headlines of one brief, in a library without a server."""
    brief = Briefs(store).keep(EXAMPLE)
    return [Review(store).write(kept_id(brief), "headline", text) for text in LINES]


def vote_page(app, name=""):
    if name:
        app.session_state[RATER] = name
    app.run()
    app.switch_page("pages/vote.py").run()
    assert not app.exception
    assert not app.error
    return app


def words(app):
    return " ".join(part.value for part in (*app.markdown, *app.caption))


def shown(app):
    return {header.value.replace("\\", "") for header in app.header}


def settle(store, lines, best, voters=("Ben", "Cleo", "Dan")):
    """Have people vote for one line until it is decided."""
    voting = Voting(store)
    for voter in voters * 20:
        if voting.standing(lines[0].brief_id, "headline").is_decided:
            return
        if pair := voting.next_pair(lines[0].brief_id, "headline", voter):
            choice = {pair.first.id: Choice.FIRST, pair.second.id: Choice.SECOND}
            voting.vote(pair.first, pair.second, choice.get(best.id, Choice.BOTH), voter)
    pytest.fail("Sixty votes decided nothing.")


def test_too_few_lines_lead_to_drafting(app, store):
    brief = Briefs(store).keep(EXAMPLE)
    vote_page(app, "Ada")
    assert "there is none" in words(app)
    assert app.get("page_link")
    Review(store).write(kept_id(brief), "headline", LINES[0])
    app.run()
    assert "there is one headline" in words(app)


def test_a_name_comes_before_the_first_vote(app, lines):
    vote_page(app)
    assert "Say who you are" in words(app)
    assert not app.header
    app.session_state[RATER] = "Ada"  # AppTest types no new option
    app.run()
    assert len(app.header) == 2


def test_a_vote_counts_and_is_taken_back(app, lines):
    vote_page(app, "Ada")
    assert "No votes yet" in words(app)
    assert app.button(key="ballot_U").disabled
    before = shown(app)
    app.button(key="ballot_Left").click().run()
    assert "1 vote, all yours" in words(app)
    assert shown(app) != before
    app.button(key="ballot_U").click().run()
    assert "No votes yet" in words(app)
    assert shown(app) == before


def test_only_own_votes_are_taken_back(app, lines):
    vote_page(app, "Ada")
    app.button(key="ballot_B").click().run()
    app.session_state[RATER] = "Ben"  # AppTest types no new option
    app.run()
    assert app.button(key="ballot_U").disabled


def test_nothing_but_words_is_shown(app, store, lines):
    Review(store).rate(lines[0].id, "Ben", 5)
    Review(store).decide([lines[0].id], DraftState.APPROVED)
    vote_page(app, "Ada")
    assert "★" not in words(app)
    assert "Approved" not in words(app)


def test_the_ranking_is_hidden_until_one_has_voted_or_asks(app, lines):
    vote_page(app, "Ada")
    app.button(key="ballot_N").click().run()
    assert not app.dataframe
    app.button(key="vote_ask").click().run()
    assert set(app.dataframe[0].value["Line"]) == set(LINES)


def test_five_votes_show_the_ranking(app, lines):
    vote_page(app, "Ada")
    for _ in range(4):
        app.button(key="ballot_B").click().run()
    assert not app.dataframe
    app.button(key="ballot_B").click().run()
    assert app.dataframe
    assert "come again" in words(app)  # three lines make three pairs


def test_a_decision_stops_the_vote_and_is_approved_with_a_way_back(app, store, lines):
    settle(store, lines, lines[1])
    vote_page(app, "Ben")
    assert re.search(r"Decided: Never run out of beans\*\* is the strongest, \d+% sure", words(app))
    assert not app.header
    app.button(key="approve_first").click().run()
    review = Review(store)
    assert review.get(lines[1].id).state is DraftState.APPROVED
    assert app.button(key="approve_first").disabled
    app.button(key="undo_decision").click().run()
    assert review.get(lines[1].id).state is DraftState.NEW


def test_a_decision_is_not_told_to_one_who_still_wants_to_vote(app, store, lines):
    settle(store, lines, lines[1])
    vote_page(app, "Eve")
    assert LINES[1] not in words(app)
    app.button(key="vote_go_on_button").click().run()
    assert len(app.header) == 2
    app.session_state[RATER] = "Fay"  # AppTest types no new option
    app.run()
    app.button(key="vote_ask").click().run()
    assert LINES[1] in set(app.dataframe[0].value["Line"])


def test_several_places_are_approved_together(app, store, lines):
    vote_page(app, "Ada")
    app.number_input(key="vote_places").set_value(2).run()
    assert "the first 2 are still open between 3" in words(app)
    app.button(key="ballot_B").click().run()
    app.button(key="vote_ask").click().run()
    app.button(key="approve_first").click().run()
    states = [Review(store).get(line.id).state for line in lines]
    assert states.count(DraftState.APPROVED) == 2


def test_a_line_reworded_meanwhile_is_not_voted_on(app, store, lines):
    vote_page(app, "Ada")
    for line in lines:
        Review(store).edit(line, f"{line.line.text} now", "Ben")
    app.button(key="ballot_Left").click().run()
    assert "Compare the words as they are now" in app.error[0].value
    assert Voting(store).standing(lines[0].brief_id, "headline").votes == 0
    assert all(text.endswith("now") for text in shown(app))


@pytest.mark.browser
def test_by_keyboard_until_it_is_decided(visit, server, brief):
    review, voting = Review(server.store), Voting(server.store)
    best, *others = [review.write(kept_id(brief), "headline", text) for text in LINES]
    ada = visit()
    ada.open(f"vote?brief={brief.id}", "Vote")
    _say(ada, "Ada")
    cards = ada.page.get_by_role("heading", level=2)
    expect(cards).to_have_count(2)
    for turn, key in enumerate(("b", "n", "ArrowLeft"), 1):
        ada.key(key)
        expect(ada.page.get_by_text(f"{turn} vote")).to_be_visible()
    ada.key("u")
    expect(ada.page.get_by_text("2 votes, all yours")).to_be_visible()
    with server.store.transaction() as records:
        kept = records.votes.between([line.id for line in (best, *others)])
    assert [vote.choice for vote in kept] == [Choice.BOTH, Choice.NEITHER]
    for turn in range(3, 60):
        if voting.standing(kept_id(brief), "headline").is_decided:
            break
        left, right = cards.all_inner_texts()
        ada.key("ArrowLeft" if left == LINES[0] else "ArrowRight" if right == LINES[0] else "b")
        expect(ada.page.get_by_text(f"{turn} votes")).to_be_visible()
    expect(ada.page.get_by_text("is the strongest")).to_contain_text(LINES[0])
    ada.press("Approve the first line")
    expect(ada.page.get_by_text("Approved: 1 line")).to_be_visible()
    assert review.get(kept_id(best)).state is DraftState.APPROVED


@pytest.mark.browser
def test_hostile_lines_stay_text(visit, server, brief):
    for text in HOSTILE:
        Review(server.store).write(kept_id(brief), "description", text)
    eve = visit(viewport={"width": 390, "height": 844})
    requests = []
    eve.page.on("request", lambda request: requests.append(request.url))
    eve.page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    eve.open(f"vote?brief={brief.id}", "Vote")
    _say(eve, "<b>Eve</b> :red[x]")
    known = {as_shown(text) for text in HOSTILE}
    cards = eve.page.get_by_role("heading", level=2)
    for turn in range(1, 6):
        expect(cards).to_have_count(2)
        assert set(cards.all_inner_texts()) <= known
        eve.press("Both good")
        expect(eve.page.get_by_text(f"{turn} vote")).to_be_visible()
    eve.page.get_by_text("Ranking so far").click()
    picture = eve.page.get_by_test_id("stVegaLiteChart")
    expect(picture).to_be_visible()
    eve.settle()
    assert eve.page.get_by_test_id("stMain").locator("img, script, a[href*=example]").count() == 0
    assert eve.page.title() != "hacked"
    wide = eve.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    local = (server.url, server.url.replace("http", "ws"), "data:", "blob:")
    assert [url for url in requests if not url.startswith(local)] == []


def _say(person, name):
    """Tell Vote who is voting."""
    box = person.page.get_by_role("combobox", name="You are")
    box.fill(name)
    box.press("Enter")
    person.settle()
    box.press("Tab")  # as the page says
