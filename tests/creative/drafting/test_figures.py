"""The figures of a brief: what the ledger of claims supports may be written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.claims import claims_in
from creative.domain import Audience, Brand, Brief, Product
from creative.drafting.figures import brief_figures
from creative.engine.figures import Figures


def a_brief(**facts: str) -> Brief:
    return Brief(
        brand=Brand(name="Studio 54", voice="we are 25", required_words=("since 1998",)),
        product=Product(name="K2 boots", **facts),
        audience=Audience(name="over 30s", pains=("2 left feet",)),
        channel="google_rsa",
        keywords=("size 47 boots",),
        call_to_action="Call in 5 minutes",
    )


def test_every_part_of_a_brief_that_may_be_said_gives_figures():
    assert brief_figures(a_brief()) == {"54", "2", "1998", "1,998", "30", "47", "5"}


@pytest.mark.parametrize(
    ("facts", "allowed", "refused"),
    [
        ({"price": "$14"}, ["$14", "$14.00", "$ 14", "14 $"], ["14", "€14", "14%"]),
        ({"price": "14.50 EUR"}, ["€14.50", "14.50 €"], ["$14.50"]),
        ({"price": "14"}, ["14"], ["$14"]),
        ({"offer": "15 percent off"}, ["15%", "15 %"], ["$15"]),
        ({"description": "1000 reviews"}, ["1,000", "1000"], ["100"]),
        ({"offer": "ten minutes"}, ["10 minutes"], ["11 minutes"]),
        ({"description": "4.8/5 stars, 24/7"}, ["4.8/5", "24/7"], ["3/5", "7/7"]),
        ({"offer": "48％ off"}, ["48%", "４８％"], ["84%"]),
    ],
)
def test_usual_spellings_of_one_amount(facts, allowed, refused):
    figures = Figures(brief_figures(a_brief(**facts)))
    assert all(map(figures.allow, allowed))
    assert not any(map(figures.allow, refused))


@given(st.sampled_from(["$", "€", "", "£"]), st.decimals(1, 99_999, places=2), st.booleans())
def test_an_amount_that_the_ledger_supports_may_be_written(sign, value, is_whole):
    written = f"{sign}{value:.0f}" if is_whole else f"{sign}{value}"
    brief = a_brief(offer=f"Now {written} each")
    cents = (f"{sign}{value:.2f}", f"{sign}{value:,.2f}") if sign else ()
    for spelt in (written, f"{sign}{value:,.0f}", *cents):
        claims = claims_in(f"Boots, {spelt} each", brief)
        is_supported = all(claim.support for claim in claims)
        assert Figures(brief_figures(brief)).allow(spelt) or not is_supported
