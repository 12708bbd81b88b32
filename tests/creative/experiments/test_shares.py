"""Shares of the next day: they follow what lines have earned, within bounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.experiments.shares import BOUNDS, next_shares, shares_of
from creative.experiments.shrinkage import beliefs
from creative.experiments.tally import tally


def test_shares_follow_the_best_and_leave_the_control_its_floor():
    shares = next_shares(beliefs(tally([[5000] * 3], [[30, 80, 50]])), control=0)
    assert shares.sum() == pytest.approx(1)
    assert shares[0] == pytest.approx(0.10)
    assert shares[1] > 0.8
    even = next_shares(beliefs(tally([[10] * 4], [[0] * 4])), control=2)
    assert even == pytest.approx([0.25] * 4)


def test_no_first_day_takes_a_line_out_of_a_test():
    # By squares alone the first would get 99.97 % and leave nobody a chance to show that it is not.
    found = shares_of(np.array([0.97, 0.01, 0.01, 0.01]), 0)
    assert found == pytest.approx([0.97, *[0.01] * 3])
    # The control's tenth, and at least 1.5 % of a fifth for each line that does not lead.
    found = shares_of(np.array([0.01, 0.97, 0.01, 0.005, 0.005]), 0)
    assert found == pytest.approx([0.1, 0.891, 0.003, 0.003, 0.003])
    assert shares_of(np.array([0.0, 1.0]), 0) == pytest.approx([0.1, 0.9])
    assert shares_of(np.array([1.0]), 0) == pytest.approx([1.0])


@given(
    chances=st.lists(st.floats(0, 1), min_size=2, max_size=15).filter(lambda all_: sum(all_) > 0),
    data=st.data(),
)
def test_shares_keep_their_bounds_and_the_order_of_chances(chances, data):
    control = data.draw(st.integers(0, len(chances) - 1))
    chances = np.array(chances) / sum(chances)
    shares = shares_of(chances, control)
    assert shares.sum() == pytest.approx(1)
    assert shares[control] > BOUNDS.control - 1e-9
    assert shares.min() > BOUNDS.line / len(chances) - 1e-9
    assert shares.max() < BOUNDS.most + 1e-9
    others = np.arange(len(chances)) != control
    assert (np.diff(shares[others][np.argsort(chances[others])]) > -1e-9).all()
