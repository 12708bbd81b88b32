"""Text comes back code point for code point; times come back as the same instant."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creative.domain import Audience, Brand, ExportRecord, Rating
from creative.errors import StorageError
from creative.ports import DraftFilter
from storage.columns import NaiveTime
from tests.storage.samples import a_brief, a_line

SCRIPTS = (
    "قهوة طازجة — اليوم",
    "קפה \u200fטרי\u200e 50%",
    "新鮮な珈琲を毎日",
    "👩🏽‍🚀🏳️‍🌈 café",
    "line\nbreak\ttab \\ 'quote' \"double\" ; DROP TABLE draft;--",
    "\ufeff\u2028\uffff\U0010ffff",
)
keepable = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40)


@pytest.mark.parametrize("text", SCRIPTS)
def test_every_script_comes_back(store, brief, text):
    with store.transaction() as records:
        id = records.drafts.add(brief.id, None, a_line(text)).id
        brand = records.brands.keep(Brand(name=text, banned_words=(text, "")))
    with store.transaction() as records:
        assert records.drafts.get(id).line.text == text
        assert records.brands.get(brand.id) == brand
        assert [one.id for one in records.drafts.find(DraftFilter(text=text))] == [id]


def test_any_text_comes_back(store):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(name=keepable, pains=st.lists(keepable, max_size=4).map(tuple))
    def comes_back(name, pains):
        with store.transaction() as records:
            kept = records.audiences.keep(Audience(name=name, pains=pains))
        with store.transaction() as records:
            assert records.audiences.get(kept.id) == Audience(id=kept.id, name=name, pains=pains)

    comes_back()


def test_a_huge_text_comes_back(store, brief):
    text = "é" * 5_000_000
    with store.transaction() as records:
        id = records.drafts.add(brief.id, None, a_line(text)).id
    with store.transaction() as records:
        assert records.drafts.get(id).line.text == text


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "half \udc00 pair"])
def test_text_that_no_database_holds_is_refused_in_plain_words(store, brief, text):
    with pytest.raises(StorageError, match="cannot be stored"), store.transaction() as records:
        records.drafts.add(brief.id, None, a_line(text))
    with pytest.raises(StorageError, match="cannot be stored"), store.transaction() as records:
        records.drafts.find(DraftFilter(field=text))
    with store.transaction() as records:
        assert records.drafts.count(DraftFilter()) == 0


def test_naive_times_are_refused(store, brief):
    naive = datetime(2026, 1, 2)  # noqa: DTZ001 - the mistake under test
    record = ExportRecord(
        brief_id=brief.id, format="csv", filename="a.csv", draft_ids=(), created_at=naive
    )
    with pytest.raises(NaiveTime, match="no time zone"), store.transaction() as records:
        records.exports.add(record)


def test_an_instant_comes_back_in_utc(store):
    tokyo = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=timezone(timedelta(hours=9)))
    with store.transaction() as records:
        kept = records.briefs.keep(a_brief(created_at=tokyo))
        draft = records.drafts.add(kept.id, None, a_line())
        rating = Rating(draft_id=draft.id, rater="Ada", stars=3, created_at=tokyo)
        records.ratings.add(rating)
    with store.transaction() as records:
        read = records.briefs.get(kept.id).created_at
        assert (read, read.tzinfo) == (tokyo, UTC)
        assert records.ratings.of_draft(draft.id) == [rating]


def test_lists_are_stored_as_plain_json(store, file):
    with store.transaction() as records:
        id = records.brands.keep(Brand(name="Kaffa", banned_words=("billig", "安い"))).id
    with store.engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT banned_words FROM brand WHERE id = ?", (id,))
        assert json.loads(stored.scalar_one()) == ["billig", "安い"]
