import numpy as np
import pytest

from creative.tables.effects import effects
from creative.tables.reading import read_table
from creative.tables.report import report_of


@pytest.fixture(scope="module", params=["linear", "boosted"])
def found(request, fitted, impressions):
    model = fitted[request.param].model
    frame = model.frame(read_table(impressions, "impressions.csv"))
    explained = model.explain(frame)
    return frame, explained, {each.column: each.groups for each in effects(explained, frame)}


def test_effects_go_the_way_of_the_truth(found):
    _, _, told = found
    device = {group.label: group.added for group in told["device"]}
    assert device["phone"] > 0 > device["desktop"]
    ages = [group.added for group in told["age"] if group.label != "missing"]
    assert ages == sorted(ages, reverse=True)  # the older, the fewer clicks


def test_groups_hold_every_row_once_and_add_up_to_the_contributions(found):
    frame, explained, told = found
    for column, groups in told.items():
        assert sum(group.rows for group in groups) == frame.rows
        total = sum(group.rows * group.added for group in groups)
        at = explained.columns.index(column)
        assert total == pytest.approx(float(np.sum(explained.added[:, at])))


def test_texts_and_dates_are_left_out(found):
    assert not {"headline", "shown_at"} & set(found[2])


def test_a_report_comes_back_from_its_data(fitted):
    report = fitted["boosted"].report
    assert report.effects
    assert report_of(report.data()) == report
