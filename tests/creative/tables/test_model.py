"""Contributions add up, and a stored model is the same model; no file of it is code."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creative.tables.model import ARRAYS, CARD, TREES, load_model, save_model
from creative.tables.reading import read_table
from creative.tables.refusals import TableRefused

FAMILIES = ("linear", "boosted", "network")
HEADER = ("shown_at", "device", "headline", "price", "age")
WORDS = st.sampled_from(["free", "delivery", "coffee", "save", "zebra", "ﬂ", "=1+1"])
ROW = st.tuples(
    st.sampled_from(["2026-09-03 07:15", "2031-01-01", "", "soon"]),
    st.sampled_from(["phone", "desktop", "toaster", "", "=cmd()"]),
    st.lists(WORDS, max_size=6).map(" ".join),
    st.sampled_from(["12.5", "-1e14", "1e400", "inf", "nan", "", "x", "0"]),
    st.one_of(st.integers(-(10**14), 10**14).map(str), st.just("")),
).filter(any)  # readers pass blank lines over
unhurried = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@pytest.mark.parametrize("family", ["linear", "boosted"])
@unhurried
@given(rows=st.lists(ROW, min_size=1, max_size=8))
def test_contributions_add_up_to_the_log_odds(fitted, csv_of, family, rows):
    model = fitted[family].model
    frame = model.frame(read_table(csv_of(HEADER, rows), "t.csv"))
    explained = model.explain(frame)
    sums = explained.base + explained.added.sum(axis=1)
    log_odds = model.log_odds(frame)
    assert sums == pytest.approx(log_odds, abs=1e-9)
    assert model.chances(frame) == pytest.approx(1 / (1 + np.exp(-log_odds)))
    for at in range(frame.rows):
        told = explained.of_row(at)
        assert {name for name, _ in told} == set(HEADER)
        assert explained.base + sum(added for _, added in told) == pytest.approx(log_odds[at])


@pytest.mark.parametrize("family", FAMILIES)
@unhurried
@given(rows=st.lists(ROW, min_size=1, max_size=8))
def test_a_stored_model_foretells_the_same(fitted, csv_of, tmp_path_factory, family, rows):
    model = fitted[family].model
    folder = tmp_path_factory.mktemp("model")
    save_model(model, folder)
    raw = read_table(csv_of(HEADER, rows), "t.csv")
    again = load_model(folder)
    assert again.chances(again.frame(raw)).tolist() == model.chances(model.frame(raw)).tolist()
    assert again.card.references == model.card.references
    assert again.card.threshold == model.card.threshold


def test_every_chance_is_one_of_a_finite_model(fitted, csv_of):
    rows = [("2026-09-01", "x", "y", "1e14", "-1e14"), ("", "", "", "", "")]
    for each in fitted.values():
        frame = each.model.frame(read_table(csv_of(HEADER, rows), "t.csv"))
        chances = each.model.chances(frame)
        assert ((chances >= 0) & (chances <= 1)).all()


def test_a_network_says_that_it_explains_nothing(fitted, csv_of):
    model = fitted["network"].model
    raw = read_table(csv_of(HEADER, [("2026-09-01", "phone", "a", "1", "20")]), "t.csv")
    with pytest.raises(TableRefused, match="boosted trees or the linear"):
        model.explain(model.frame(raw))


def test_the_files_hold_no_code(fitted, tmp_path):
    save_model(fitted["boosted"].model, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([ARRAYS, CARD, TREES])
    assert json.loads((tmp_path / CARD).read_text("utf-8"))["family"] == "boosted"
    assert (tmp_path / TREES).read_text().startswith("tree")


def changed(folder, **values):
    card = json.loads((folder / CARD).read_text("utf-8"))
    (folder / CARD).write_text(json.dumps(card | values), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda f: (f / ARRAYS).unlink(), "cannot be read"),
        (lambda f: (f / ARRAYS).write_bytes(b"junk"), "damaged"),
        (lambda f: (f / TREES).write_text("tree\nleaf_value=1e9\n"), "damaged"),
        (lambda f: (f / CARD).write_text("{}"), "another version"),
        (lambda f: (f / CARD).write_text("[1]"), "no model"),
        (lambda f: (f / CARD).write_text("[" * 100_000), "holds no model|damaged"),
        (lambda f: (f / CARD).write_bytes(b"\xff\xfe"), "damaged"),
        (lambda f: changed(f, version=99), "another version"),
        (lambda f: changed(f, family="pickle"), "damaged"),
        (lambda f: changed(f, family="linear"), "damaged"),
        (lambda f: changed(f, digests={"../../etc/passwd": "x"}), "damaged"),
        (lambda f: changed(f, encoder={"parts": []}), "damaged"),
    ],
)
def test_a_damaged_model_is_refused_plainly(fitted, tmp_path, spoil, why):
    save_model(fitted["boosted"].model, tmp_path)
    spoil(tmp_path)
    with pytest.raises(TableRefused, match=why):
        load_model(tmp_path)


def test_a_table_without_a_needed_column_is_refused(fitted, csv_of):
    raw = read_table(csv_of(HEADER[1:], [("phone", "a", "1", "20")]), "t.csv")
    with pytest.raises(TableRefused, match="no column “shown_at”"):
        fitted["linear"].model.frame(raw)
