import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.tables.drift import SCORE, drifts, references, stability_index
from creative.tables.kinds import form_of, read_column
from creative.tables.table import Frame

SHARES = st.lists(st.integers(1, 50), min_size=4, max_size=4).map(lambda n: np.array(n) / sum(n))


def frame(**columns):
    cells = {name: list(values) for name, values in columns.items()}
    made = {name: read_column(form_of(name, each), each) for name, each in cells.items()}
    return Frame(columns=made, rows=len(next(iter(cells.values()))))


def people(seed, rows=2_000, age=40, phones=0.5, empty=0.0):
    chance = np.random.default_rng(seed)
    ages = [
        None if chance.random() < empty else float(each) for each in chance.normal(age, 9, rows)
    ]
    devices = chance.choice(["phone", "desk"], rows, p=[phones, 1 - phones]).tolist()
    return frame(age=ages, device=devices), chance.random(rows)


def test_the_same_people_do_not_drift():
    then, scores = people(1)
    known = references(then, ["age", "device"], scores)
    now, now_scores = people(2)
    assert [each.message for each in drifts(known, now, now_scores)] == ["", "", ""]


@pytest.mark.parametrize(
    ("changed", "column", "said"),
    [
        ({"age": 50}, "age", "has moved much"),
        ({"phones": 0.8}, "device", "“desk”: 5"),
        ({"empty": 0.3}, "age", "missing cells: 0% then, 3"),
    ],
)
def test_what_moved_is_said_in_words(changed, column, said):
    then, scores = people(1)
    known = references(then, ["age", "device"], scores)
    now, now_scores = people(2, **changed)
    first, *others = drifts(known, now, now_scores)
    assert first.name == column
    assert said in first.message
    assert [each.message for each in others] == ["", ""]


def test_scores_that_moved_are_said():
    then, scores = people(1)
    known = references(then, ["age"], scores)
    first = drifts(known, then, scores / 3)[0]
    assert first.name == SCORE
    assert first.message.startswith("What the model foretells has moved much")


def test_few_rows_differ_by_chance_alone():
    then, scores = people(1, rows=300)
    known = references(then, ["age", "device"], scores)
    warned = 0
    for seed in range(40):
        now, now_scores = people(seed + 10, rows=30)
        warned += sum(bool(each.message) for each in drifts(known, now, now_scores))
    assert warned <= 6  # of 120; one in a hundred is expected


@given(SHARES, SHARES)
def test_the_index_is_zero_for_the_same_and_symmetric(then, now):
    assert stability_index(then, then) == 0
    assert stability_index(then, now) >= 0
    assert stability_index(then, now) == pytest.approx(stability_index(now, then))


def test_categories_never_seen_are_others():
    known = references(frame(device=["phone", "desk"] * 50), ["device"], np.arange(100.0))
    found = {d.name: d for d in drifts(known, frame(device=["tv", "car"] * 50), np.arange(100.0))}
    assert "all other values: 0% then, 100% now" in found["device"].message
