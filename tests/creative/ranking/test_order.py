"""The order in which lines are looked at."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.channels import channel
from creative.checking import checked_line
from creative.domain import Finding, Severity
from creative.ranking.fit import fit
from creative.ranking.order import Prospect, best_first
from creative.studio.briefs import brief_from_json
from tests.creative.studio.conftest import SAMPLE

BRIEF = brief_from_json(SAMPLE.read_text("utf-8"))
PLACE = channel(BRIEF.channel)


def line(text):
    return checked_line(text, brief=BRIEF, channel=PLACE, field=PLACE.field("headline"))


def prospect(text, fit=0.5, rate=1.0, group=0):
    return Prospect(text=text, group=group, fit=fit, rate=rate)


DIFFERENT = ("Roasted on Mondays", "Beans in your letterbox", "15% off today")


def test_without_an_earned_weight_the_prediction_has_no_say():
    lines = [prospect(text, fit=0.9 - 0.1 * at, rate=2.0**at) for at, text in enumerate(DIFFERENT)]
    assert best_first(lines) == [0, 1, 2]
    assert best_first(lines, weight=1.0) == [2, 1, 0]
    dull = [replace(each, rate=1.0) for each in lines]
    assert best_first(lines) == best_first(dull)


def test_the_more_it_has_earned_the_more_it_says():
    lines = [prospect(DIFFERENT[0], fit=0.8), prospect(DIFFERENT[1], fit=0.7, rate=1.3)]
    assert best_first(lines, weight=0.2) == [0, 1]
    assert best_first(lines, weight=0.9) == [1, 0]


def test_what_was_said_above_comes_later():
    lines = [
        prospect("Fresh beans every week", fit=0.9),
        prospect("Every week fresh beans", fit=0.8),
        prospect("Roasted on Mondays", fit=0.3),
    ]
    assert best_first(lines) == [0, 2, 1]
    elsewhere = [*lines[:1], replace(lines[1], group=1), *lines[2:]]
    assert best_first(elsewhere) == [0, 1, 2]


def test_lines_in_use_say_nothing_new():
    lines = [prospect("Fresh beans every week", fit=0.9), prospect("Roasted on Mondays", fit=0.3)]
    assert best_first(lines, above={0: ["Fresh beans every week!"]}) == [1, 0]
    assert best_first(lines, above={1: ["Fresh beans every week!"]}) == [0, 1]


@given(
    st.lists(
        st.builds(
            Prospect,
            text=st.text(max_size=12),
            group=st.integers(0, 1),
            fit=st.floats(0, 1),
            rate=st.floats(0.1, 10),
        ),
        max_size=12,
    ),
    st.floats(0, 1),
)
def test_every_line_comes_once(lines, weight):
    assert sorted(best_first(lines, weight)) == list(range(len(lines)))


def test_a_line_that_keeps_whole_phrases_fits_better():
    whole, torn = line("Beans roasted to order"), line("Order roasted bitter home")
    assert fit(whole, BRIEF, quoting=True) > fit(torn, BRIEF, quoting=True)


def test_free_words_need_the_product():
    about, thin = line("Compostable espresso bags"), line("Wake up to something new")
    assert fit(about, BRIEF, quoting=False) > fit(thin, BRIEF, quoting=False) == 0.25


def test_rules_and_stars_count():
    fine = line("Compostable espresso bags")
    warned = Finding(rule="case", severity=Severity.WARNING, message="Odd.")
    broken = replace(warned, severity=Severity.ERROR)
    usual = fit(fine, BRIEF, quoting=False)
    assert fit(replace(fine, findings=(warned,)), BRIEF, quoting=False) == pytest.approx(
        0.6 * usual
    )
    assert fit(replace(fine, findings=(broken,)), BRIEF, quoting=False) == 0
    loved, hated = (fit(fine, BRIEF, quoting=False, stars=stars) for stars in (5, 1))
    assert hated == pytest.approx(usual / 2)
    assert loved == pytest.approx((usual + 1) / 2)
