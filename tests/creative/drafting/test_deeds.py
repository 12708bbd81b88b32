"""What a buyer does, told from what a trade calls it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.drafting.deeds import deeds


@pytest.mark.parametrize(
    ("product", "deed"),
    [
        ("emergency boiler repair", "get your boiler repaired"),
        ("gutter cleaning", "get your gutters cleaned"),
        ("wasp nest removal", "get a wasp nest removed"),
        ("chimney sweeping and stove servicing", "get your chimney swept"),
        ("garden waste collection", "get garden waste collected"),
        ("horsebox bar hire", "hire a horsebox bar"),
        ("office coffee machine rental", "rent an office coffee machine"),
        ("intensive driving courses", "learn to drive"),
        ("Italian evening classes", "learn Italian"),
        ("online GCSE maths tuition", "learn GCSE maths"),
    ],
)
def test_a_noun_of_a_trade_is_something_to_do(product, deed):
    assert deeds([product]) == [deed]


@pytest.mark.parametrize(
    "product",
    [
        "",
        "repair",
        "dog food",
        "mobile repair",
        "end of tenancy cleaning",
        "hand wash rug cleaning",
        "on-site welding repair",
        "podcast editing service",
        "free furniture collection",
        "Free furniture collection",
        "home cleaning",
        "bereavement courses",
        "forklift licence course",
        "baby swimming lessons",
        "8 week pottery course",
        "Paint the town course",
        "the bike repairs",
    ],
)
def test_what_nobody_would_say_is_not_told(product):
    assert deeds([product]) == []


@given(
    st.lists(st.sampled_from(["mobile", "beginner", "deep", "weekend"]), max_size=3),
    st.sampled_from(["boiler", "wasp nest", "piano", "driving", "horsebox bar", ""]),
    st.sampled_from(["repair", "removal", "lessons", "hire", "cakes", ""]),
)
def test_how_and_for_whom_it_is_done_goes_unsaid(how, thing, head):
    for deed in deeds([" ".join([*how, thing, head]).strip()]):
        assert not set(how) & set(deed.split())
        assert thing
