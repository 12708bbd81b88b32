"""What of a line tells how readers mark it."""

from dataclasses import replace

import pytest

from creative.domain import Audience, Brand, Brief, Product
from creative.drafting.frames import Framed, pieces_in
from creative.drafting.odds import weights
from creative.drafting.signs import signs

BAKES = Brief(
    brand=Brand(name="Halden"),
    product=Product(
        name="cheese box",
        benefits=("arrives within 2 days of leaving the dairy",),
        features=("milk from our own 85 Saanen goats", "no minimum order"),
        price="$54 per box",
    ),
    audience=Audience(name="home cooks", pains=("bland supermarket cheddar",)),
    channel="google_rsa",
)


@pytest.mark.parametrize(
    ("line", "found", "missing"),
    [
        (
            Framed("Arrives within 2 days", "{does}"),
            {
                "does of benefit",
                "does begins a third person",
                "does ends a plural",
                "loses its end",
                "ends before a preposition",
            },
            "loses its beginning",
        ),
        (
            Framed("Milk from our own 85 Saanen", "{thing}"),
            {"thing of feature", "loses 1", "loses its end", "ends before a plural"},
            "loses a number",
        ),
        (
            Framed("With us: no minimum order", "with us: {absence}"),
            {"absence begins a denial", "loses 0", "adds 0", "item is without"},
            "loses its end",
        ),
        (
            Framed("Only $54 per box", "only {sum}"),
            {"sum of price", "sum begins a number", "loses 0"},
            "sum of benefit",
        ),
        (
            Framed("Tired of cheddar?", "tired of {painthing}?"),
            {"painthing of pain", "loses 2", "loses its beginning", "begins after another word"},
            "loses its end",
        ),
    ],
)
def test_a_line_shows_what_its_pieces_are_and_lose(line, found, missing):
    own = signs(line, BAKES)
    assert found <= own
    assert missing not in own


def test_a_pain_is_known_as_its_reader_is_asked_it():
    brief = replace(BAKES, audience=Audience(name="hosts", pains=("my loaf never rises",)))
    found = signs(Framed("Your loaf never rises?", "{pain}?"), brief)
    assert {"pain of pain", "loses 0", "adds 0"} <= found


def test_an_act_that_is_the_product_is_whole():
    brief = replace(BAKES, product=Product(name="adopt an oven"))
    assert {"act of product", "loses 0"} <= signs(Framed("Adopt an oven", "{act}"), brief)


def test_names_tell_no_item():
    line = Framed("Meet Halden", "meet {brand}")
    assert pieces_in(line) == {"brand": "Halden"}
    assert signs(line, BAKES) == set()


def test_a_line_that_is_none_of_its_frame_shows_nothing():
    assert pieces_in(Framed("Something else", "tired of {painthing}?")) == {}
    assert signs(Framed("Something else", "tired of {painthing}?"), BAKES) == set()


def test_what_tears_a_compound_is_less_likely_to_run():
    """By what its signs weigh, whatever else is known."""
    torn, whole = (
        sum(weights()["signs"].get(sign, 0.0) for sign in signs(Framed(text, "{thing}"), BAKES))
        for text in ("Milk from our own 85 Saanen", "Milk from our own 85 Saanen goats")
    )
    assert torn < whole
