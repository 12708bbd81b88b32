"""Every filter, order and page of drafts agrees with the plain reading of it in Python."""

import random
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creative.domain import DraftState, Finding, Rating, Severity
from creative.ports import DraftFilter
from storage.database import open_store
from tests.storage.samples import a_brief, a_line, a_run

TEXTS = (
    "Fresh beans",
    "STRASSE",
    "straße",
    "100% Arabica_Bean",
    "Ökologisch",
    "珈琲 Kaffee",
    "ﬁne",
)
FINDING = Finding(rule="caps", severity=Severity.WARNING, message="No capitals.")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """One library for all these tests: they only read."""
    home = tmp_path_factory.mktemp("finding")
    store = open_store(f"sqlite:///{home / 'adlib.db'}", home)
    yield store
    store.close()


@pytest.fixture(scope="module")
def drafts(store):
    """Drafts of two briefs, every column mixed with a fixed seed."""
    chance = random.Random(20261122)
    with store.transaction() as records:
        briefs = [records.briefs.keep(a_brief()).id for _ in range(2)]
        runs = [records.runs.add(a_run(brief)) for brief in (*briefs, *briefs)]
        ids = [_one(records, chance, runs) for _ in range(120)]
    with store.transaction() as records:
        return [records.drafts.get(id) for id in ids]


def _one(records, chance, runs):
    run = chance.choice(runs)
    line = a_line(
        chance.choice(TEXTS),
        field=chance.choice(("headline", "description")),
        width=chance.randint(5, 9),
        angle=chance.choice(("benefit", "offer", "")),
        logprob=chance.choice((None, -1.5, -2.5, -3.5)),
        findings=chance.choice(((), (FINDING,))),
    )
    id = records.drafts.add(run.brief_id, chance.choice((None, run.id)), line).id
    records.drafts.set_state([id], chance.choice(list(DraftState)))
    for rater in chance.sample(("Ada", "Bo", "Cy"), chance.randint(0, 3)):
        records.ratings.add(Rating(draft_id=id, rater=rater, stars=chance.randint(1, 5)))
    return id


filters = st.builds(
    DraftFilter,
    brief_id=st.sampled_from((None, None, 1, 2, 3)),
    run_id=st.sampled_from((None, None, None, 1, 2, 9)),
    field=st.sampled_from((None, "headline", "description", "path")),
    states=st.lists(st.sampled_from(DraftState), max_size=3).map(tuple),
    angle=st.sampled_from((None, None, "benefit", "")),
    min_stars=st.sampled_from((None, None, 1, 2.5, 4.0, 5)),
    has_findings=st.sampled_from((None, True, False)),
    text=st.sampled_from(("", "", "BEAN", "strasse", "STRAßE", "%", "_", "ö", "珈", "FI", "xyz")),
    order=st.sampled_from(("newest", "oldest", "stars", "likely", "shortest")),
    limit=st.integers(0, 150),
    offset=st.integers(0, 130),
)


def _matches(draft, wish):
    line = draft.line
    needle, hay = (unicodedata.normalize("NFC", t.casefold()) for t in (wish.text, line.text))
    return (
        wish.brief_id in (None, draft.brief_id)
        and wish.run_id in (None, draft.run_id)
        and wish.field in (None, line.field)
        and wish.angle in (None, line.angle)
        and (not wish.states or draft.state in wish.states)
        and (wish.min_stars is None or (draft.stars is not None and draft.stars >= wish.min_stars))
        and wish.has_findings in (None, bool(line.findings))
        and needle in hay
    )


def _key(order):
    low = float("-inf")
    return {
        "newest": lambda draft: -draft.id,
        "oldest": lambda draft: draft.id,
        "stars": lambda draft: (-(low if draft.stars is None else draft.stars), -draft.id),
        "likely": lambda draft: (
            -(low if draft.line.logprob is None else draft.line.logprob),
            -draft.id,
        ),
        "shortest": lambda draft: (draft.line.width, draft.id),
    }[order]


def test_filters_orders_and_pages_agree_with_a_plain_list(store, drafts):
    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(wish=filters)
    def agrees(wish):
        expected = sorted((one for one in drafts if _matches(one, wish)), key=_key(wish.order))
        with store.transaction() as records:
            assert records.drafts.count(wish) == len(expected)
            page = expected[wish.offset : wish.offset + wish.limit]
            assert records.drafts.find(wish) == page

    agrees()


def test_pages_put_together_are_the_whole_list(store, drafts):
    pages = []
    with store.transaction() as records:
        for offset in range(0, 130, 30):
            pages += records.drafts.find(DraftFilter(order="stars", limit=30, offset=offset))
    assert sorted(one.id for one in pages) == [one.id for one in drafts]


def test_a_pasted_page_finds_nothing_and_breaks_nothing(store, drafts):
    with store.transaction() as records:
        assert records.drafts.find(DraftFilter(text="x%_" * 40_000)) == []
