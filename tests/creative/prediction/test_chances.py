"""From scores to chances."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from creative.prediction.chances import Calibration

KNOWN = Calibration(sharpness=0.9, slope=0.1, spread=0.25)
GAPS = st.floats(allow_nan=False, allow_infinity=False)


@given(GAPS)
def test_swapping_flips_exactly(gap):
    assert KNOWN.clear(gap) + KNOWN.clear(-gap) == 1
    assert KNOWN.ordinary(gap, 0.02) + KNOWN.ordinary(-gap, 0.02) == 1


def test_chances_are_as_in_the_formula():
    assert KNOWN.clear(0) == KNOWN.ordinary(0) == 0.5
    assert float(KNOWN.clear(1)) == pytest.approx(1 / (1 + np.exp(-0.9)))
    expected = norm.cdf(0.1 * 2 / np.sqrt(2 * 0.25**2 + 0.03))
    assert float(KNOWN.ordinary(2, 0.03)) == pytest.approx(expected)


def test_ordinary_lines_are_less_sure_than_clear_winners():
    assert KNOWN.ordinary(2) < KNOWN.clear(2)
    assert KNOWN.ordinary(2, noise=0.1) < KNOWN.ordinary(2)


def test_relative_rates_have_mean_one_and_the_slope():
    rates = KNOWN.relative_rates([0.0, 1.0, 3.0])
    assert rates.mean() == pytest.approx(1)
    assert rates[1] / rates[0] == pytest.approx(np.exp(0.1))
