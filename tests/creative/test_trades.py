"""What is known of those who buy a product, by its name."""

import pytest

from creative.channels import channel
from creative.counting import width
from creative.domain import Audience, Brand, Brief, Product
from creative.trades import Trade, _bank, trade_of


def sold_as(name: str, *keywords: str) -> Trade:
    """Return what is known of those who buy what has such a name."""
    return trade_of(
        Brief(
            brand=Brand(name="Nest"),
            product=Product(name=name),
            audience=Audience(),
            channel="google_rsa",
            keywords=keywords,
        )
    )


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Domestic boiler servicing", "boiler service"),
        ("BOILER SERVICE in Leeds", "boiler service"),
        ("Invoicing software for plumbers", "invoicing software"),
        ("Houseplants delivered", "houseplant"),
        ("Metal detectors and kit", "metal detector"),
        ("Travel vaccinations", "travel vaccination"),
    ],
)
def test_a_product_is_found_by_the_end_of_its_name(name: str, same: str) -> None:
    assert sold_as(name) == sold_as(same) != Trade()


@pytest.mark.parametrize(
    "name", ["", "?", "for two", "Starlight Night Walk", "Boiler service history book", "日本語"]
)
def test_what_the_bank_does_not_know_has_no_trade(name: str) -> None:
    assert sold_as(name) == Trade()


def test_what_people_search_for_helps_where_it_is_of_the_same_thing() -> None:
    assert sold_as("Deluxe detectors", "metal detector shop uk") == sold_as("metal detector")
    assert sold_as("Sports kit shipping", "ship golf clubs") == Trade()


def test_every_line_of_the_bank_is_fit_for_the_shortest_field() -> None:
    headline = channel("google_rsa").field("headline")
    assert headline.limit
    for name, trade in _bank().items():
        for line in (*trade.asks, *trade.deeds):
            assert line == line.strip(), (name, line)
            assert not set(line) & set("?!.\t[]—"), (name, line)
            assert width(f"{line}?", headline.counting) <= headline.limit, (name, line)
