"""Prices stand without what makes them no larger, and with all that does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.drafting.prices import rates, said_alone, sums


@pytest.mark.parametrize(
    ("price", "alone"),
    [
        ("£28 a month, postage included", "£28 a month"),
        ("£1 a week, cancel whenever you like", "£1 a week"),
        ("$139/month, chemicals included", "$139/month"),
        ("£185 for two days inc. lunch", "£185 for two days"),
        ("€79 a year incl. delivery to Ireland & UK", "€79 a year"),
        ("$825, or three payments of $275", "$825"),
        ("£1,350 or 9 x £150", "£1,350"),
        ("£30 a year, £10 if you're on a low income", "£30 a year"),
        ("£745 all in, no hidden extras", "£745 all in"),
        ("Service call $59, waived with repair", "Service call $59"),
        ("from £1,400, pay over 12 months", "from £1,400"),
    ],
)
def test_a_price_stands_without_what_it_includes(price, alone):
    assert said_alone(price) == [price, alone]


@pytest.mark.parametrize(
    "price",
    [
        "",
        "£39",
        "£195 + VAT",
        "€68 per panel, ex VAT",
        "$325 up to 1,000 gallons",
        "$110/hr, two hour minimum",
        "£14.50 a lesson, ten week term",
        "£395 fee, only on completion",
        "from €1,190 all in except flights",
        "from £420 plus fabric",
        "£20 a month, not including lunch",
        "$39 a month plus $5 per employee",
        "£99/month for up to 20 staff",
        "first session free, then £7",
        "£20 incl. nothing but the room",
        "£50 including up to 3 guests",
        "£50, including up to 3 guests",
        "£50, incl. lunch only",
        "£20 a month, incl. all except lunch",
        "£22 adults, under 5s free",
        "£5 or £10 a head",
        "£30 a year, £60 for families",
    ],
)
def test_a_price_keeps_what_bounds_it(price):
    assert said_alone(price) == [price]


def test_a_sum_without_the_rest_may_follow_only():
    assert "£185 for two days" in sums("£185 for two days inc. lunch")


def test_a_rate_without_the_rest_stands_alone():
    assert "£1 a week" in rates("£1 a week, cancel whenever you like")


@given(
    st.sampled_from(["£5", "from $1,200", "£3.50 a month", "Call out £60"]),
    st.sampled_from([" ", ", ", ", or ", ", incl. ", ", no ", ", waived "]),
    st.text(alphabet="abc 123£$,.+", max_size=30),
)
def test_what_is_left_of_a_price_opens_it(price, joined, rest):
    said = said_alone(f"{price}{joined}{rest}")
    assert all(f"{price}{joined}{rest}".startswith(each) and len(each) >= 2 for each in said)
