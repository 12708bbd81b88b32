"""Every promise in a line is found, and traced to the brief or to nothing."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.claims import claim_findings, claims_in
from creative.domain import Audience, Brand, Brief, Product, Severity

BRIEF = Brief(
    brand=Brand(name="Studio 54"),
    product=Product(
        name="iPhone 15 Pro",
        offer="20% off until May 31, free shipping over $50, code SPRING20",
        price="$14 a bag",
        features=(
            "Roasted within 24 hours",
            "30-day money-back guarantee",
            "1,000 beans in each bag",
            "Ready in ten minutes",
            "½ the caffeine",
        ),
        proof=("Voted best coffee in Brno 2025", "Rated 4.8/5 by 1200 customers"),
        description="100% Arabica. Gluten-free.",
    ),
    audience=Audience(name="busy people over 40"),
    channel="google_rsa",
    keywords=("coffee for 3 people",),
)
BARE = Brief(brand=Brand(name="Okolo"), product=Product(name="Coffee"), channel="google_rsa")


def claims(text, brief=BRIEF):
    """Return the claims of a line as (kind, text, support)."""
    return [(claim.kind.value, claim.text, claim.support) for claim in claims_in(text, brief)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # numbers: figures, words, fractions, thousands, units
        ("Ready in 10 minutes", ("number", "10 minutes", "product.features")),
        ("Ten-minute coffee", ("number", "Ten-minute", "product.features")),
        ("Fresh within 24 hours", ("number", "24 hours", "product.features")),
        ("Fresh for 24 months", ("number", "24 months", None)),
        ("1000 beans", ("number", "1000 beans", "product.features")),
        ("1 000 beans", ("number", "1 000 beans", "product.features")),
        ("A thousand beans", ("number", "thousand beans", "product.features")),
        ("30 days to decide", ("number", "30 days", "product.features")),
        ("Half the caffeine", ("number", "Half the", "product.features")),
        ("2x faster", ("number", "2x", None)),
        ("Twice as fast", ("number", "Twice as", None)),
        ("Loved by 1,200 customers", ("number", "1,200 customers", "product.proof")),
        ("Made for 3 people", ("number", "3 people", "keywords")),
        ("Coffee for people over 40", ("number", "40", "audience.name")),
        ("4.8/5 from customers", ("number", "4.8/5", "product.proof")),
        ("4.8 stars", ("number", "4.8 stars", "product.proof")),
        ("24/7 support", ("number", "24/7 support", None)),
        ("Ten million cups", ("number", "Ten million cups", None)),
        ("５ cups", ("number", "５ cups", None)),
        # prices
        ("Only $14.00", ("price", "$14.00", "product.price")),
        ("14 dollars a bag", ("price", "14 dollars", "product.price")),
        ("14 USD", ("price", "14 USD", "product.price")),
        ("From 20 dollars", ("price", "20 dollars", None)),
        ("£9.99", ("price", "£9.99", None)),
        ("£14", ("price", "£14", None)),
        ("15 EUR", ("price", "15 EUR", None)),
        ("9,99 €", ("price", "9,99 €", None)),
        ("3000円", ("price", "3000円", None)),
        # percentages
        ("100% Arabica", ("percentage", "100%", "product.description")),
        ("100 percent Arabica", ("percentage", "100 percent", "product.description")),
        ("30% lighter", ("percentage", "30%", None)),
        # superlatives
        ("The best coffee", ("superlative", "best", "product.proof")),
        ("Fastest delivery", ("superlative", "Fastest", None)),
        ("#1 in Brno", ("superlative", "#1", None)),
        ("No. 1 in Brno", ("superlative", "No. 1", None)),
        ("The most comfortable bag ever", ("superlative", "most comfortable", None)),
        ("最佳咖啡", ("superlative", "最佳", None)),
        # guarantees
        ("Money-back guarantee", ("guarantee", "Money-back guarantee", "product.features")),
        ("Guaranteed fresh", ("guarantee", "Guaranteed", None)),
        ("Risk-free", ("guarantee", "Risk-free", None)),
        ("Lifetime warranty", ("guarantee", "warranty", None)),
        # free
        ("Free shipping", ("free", "Free shipping", "product.offer")),
        ("Free delivery", ("free", "Free delivery", "product.offer")),
        ("Ships free", ("free", "free", "product.offer")),
        ("Free coffee", ("free", "Free coffee", None)),
        ("Try it free", ("free", "free", None)),
        ("免费咖啡", ("free", "免费", None)),
        # offers
        ("20% off", ("offer", "20% off", "product.offer")),
        ("Save 20 percent", ("offer", "Save 20 percent", "product.offer")),
        ("Save $5", ("offer", "Save $5", None)),
        ("Save $14", ("offer", "Save $14", None)),
        ("30% off", ("offer", "30% off", None)),
        ("Big sale", ("offer", "sale", "product.offer")),
        ("Our offer", ("offer", "Our offer", "product.offer")),
        ("Use code SPRING20", ("offer", "Use code SPRING20", "product.offer")),
        ("Use code WINTER", ("offer", "Use code WINTER", None)),
        ("Buy one get one free", ("offer", "Buy one get one free", None)),
        # deadlines
        ("Until May 31", ("deadline", "Until May 31", "product.offer")),
        ("Ends 31 May", ("deadline", "Ends 31 May", "product.offer")),
        ("Ends Sunday", ("deadline", "Ends Sunday", None)),
        ("Today only", ("deadline", "Today only", None)),
        ("Last chance", ("deadline", "Last chance", "product.offer")),
        ("Now or never", ("deadline", "Now or never", "product.offer")),
        ("Limited time", ("deadline", "Limited time", "product.offer")),
        ("Only 3 left", ("deadline", "Only 3 left", "product.offer")),
    ],
)
def test_a_claim_is_found_and_traced(text, expected):
    assert claims(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Sugar-free and gluten-free",
        "Free-range eggs, hands-free",
        "Feel free to ask",
        "Free your morning",
        "Freedom in a cup",
        "An honest forest request",
        "One of us, no one else",
        "From one menu bar",
        "The first cup of the 21st century",
        "B2B and MP3",
        "Most of us like it",
        "Try your best before noon"[:13],
        "Coffee with a friend",
        "Sales teams love it",
        "A great deal of care",
    ],
)
def test_what_only_looks_like_a_claim(text):
    assert claims(text) == []


def test_numbers_in_names_are_no_claims():
    assert claims("Studio 54 sells iPhone 15") == [
        ("number", "54", "brand.name"),
        ("number", "15", "product.name"),
    ]
    assert claims("54 seats, 15 hours") == [
        ("number", "54 seats", None),
        ("number", "15 hours", None),
    ]


def test_names_may_hold_other_claims():
    brief = Brief(brand=Brand(name="Best Buy"), product=Product(name="Free Soap"), channel="x")
    assert claims("Free Soap at Best Buy", brief) == [
        ("free", "Free Soap", "product.name"),
        ("superlative", "Best", "brand.name"),
    ]


def test_claims_come_in_order_with_their_places():
    text = "Save 20% until May 31 on 1,000 beans"
    found = claims_in(text, BRIEF)
    assert [text[claim.span.start : claim.span.end] for claim in found] == [
        claim.text for claim in found
    ]
    assert [claim.span for claim in found] == sorted(claim.span for claim in found)


def test_a_bare_price_in_the_brief_supports_any_currency():
    brief = Brief(brand=Brand(name="O"), product=Product(name="P", price="14"), channel="x")
    assert claims("$14.00", brief) == [("price", "$14.00", "product.price")]


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("10 minutes", Severity.ERROR),
        ("$14", Severity.ERROR),
        ("20%", Severity.ERROR),
        ("Guaranteed", Severity.ERROR),
        ("Free coffee", Severity.ERROR),
        ("20% off", Severity.ERROR),
        ("Today only", Severity.ERROR),
        ("The best", Severity.WARNING),
    ],
)
def test_claims_without_support_are_findings(text, severity):
    (finding,) = claim_findings(claims_in(text, BARE))
    assert finding.severity is severity
    assert finding.overridable == (severity is Severity.WARNING)
    assert "the brief does not give" in finding.message
    assert "product" in finding.fix


def test_supported_claims_are_no_findings():
    assert claim_findings(claims_in("Free shipping and 20% off until May 31", BRIEF)) == ()


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=80))
def test_any_text_has_claims_inside_it(text):
    for claim in claims_in(text, BRIEF):
        assert text[claim.span.start : claim.span.end] == claim.text


@given(st.sampled_from([*BRIEF.product.features, BRIEF.product.offer]))
def test_the_brief_supports_its_own_words(text):
    assert all(claim.support for claim in claims_in(text, BRIEF))


HOSTILE = [
    *("a", "1 ", "1,", "1", "1/", "$", "$1", "free ", "{", " ", "save up to ", "until ", "code A"),
    *("best ", "one ", "only 1 a ", "buy one, get ", "\ud800", "studio 54 ", "🙂", "now or "),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_is_read_quickly(piece):
    start = time.process_time()
    claims_in(piece * (100_000 // len(piece)), BRIEF)
    assert time.process_time() - start < 2  # a busy machine; alone it takes a fraction
