"""How long a run still takes, told from the lines it has kept."""

from datetime import UTC, datetime, timedelta

import pytest

from creative.studio.progress import seconds_left

START = datetime(2026, 5, 1, 12, tzinfo=UTC)


def at(*seconds: float) -> list[datetime]:
    return [START + timedelta(seconds=each) for each in seconds]


def test_a_burst_of_lines_is_no_pace():
    bursts = at(*[0] * 8, *[4] * 8, *[8] * 9)
    left = seconds_left(bursts, 175, START + timedelta(seconds=10))
    assert left == pytest.approx(175 * 10 / 24)


def test_steady_lines_take_as_long_as_those_before():
    left = seconds_left(at(*range(11)), 5, START + timedelta(seconds=10))
    assert left == pytest.approx(5)


def test_waiting_for_a_line_makes_it_longer():
    lines = at(0, 1, 2, 3)
    assert seconds_left(lines, 3, START + timedelta(seconds=30)) == pytest.approx(30)


@pytest.mark.parametrize(
    ("moments", "passed_s"), [((), 5), ((0, 0.1, 0.2), 60), ((0, 0, 0, 0, 0, 0, 0, 0), 1)]
)
def test_nothing_is_said_too_early(moments, passed_s):
    assert seconds_left(at(*moments), 100, START + timedelta(seconds=passed_s)) is None
