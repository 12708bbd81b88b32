"""Fresh matter: what lines quote is not told again, until there is nothing else."""

from creative.domain import Audience, Brand, Brief, Product
from creative.drafting.unsaid import unsaid

BRIEF = Brief(
    brand=Brand(name="Halden"),
    product=Product(
        name="espresso beans",
        benefits=("tastes like chocolate", "kind to your grinder"),
        features=("compostable bags",),
        proof=("rated 4.8",),
        offer="15% off",
        price="$14",
    ),
    audience=Audience(name="home baristas", pains=("stale beans",)),
    channel="google_rsa",
)


def test_what_a_line_quotes_is_left_out():
    left = unsaid(BRIEF, ["Halden: kind to your grinder", "15% off", "No more stale beans"])
    assert left.product.benefits == ("tastes like chocolate",)
    assert (left.product.offer, left.product.price) == ("", "$14")
    assert left.audience.pains == ()
    assert left.product.features == BRIEF.product.features
    assert left.brand == BRIEF.brand


def test_all_is_told_again_when_nothing_is_left():
    lines = ["Tastes like chocolate", "Kind to your grinder", "Compostable bags"]
    assert unsaid(BRIEF, lines) == BRIEF


def test_no_lines_leave_a_brief_as_it_is():
    assert unsaid(BRIEF, []) == BRIEF
