"""What a reader says of himself, asked of him."""

import pytest

from creative.drafting.items import hurts_as, pain_kind, read_item, to_reader
from creative.ranking.kinds import Kind


@pytest.mark.parametrize(
    ("pain", "asked"),
    [
        ("my dog ate something at 2am", "your dog ate something at 2am"),
        ("family say I'm not listening", "family say you're not listening"),
        ("we keep losing invoices", "you keep losing invoices"),
        ("I can't sleep", "you can't sleep"),
        ("worried someone will copy us", "worried someone will copy you"),
        ("UK providers won't talk to US residents", "UK providers won't talk to US residents"),
        ("living with type I diabetes", "living with type I diabetes"),
        ("I was told to wait", "I was told to wait"),
        ("my wife says I snore", "my wife says I snore"),
        ("contact-us pages that nobody reads", "contact-us pages that nobody reads"),
        ("resin kits arrive warped", "resin kits arrive warped"),
    ],
)
def test_a_pain_is_said_to_its_reader(pain, asked):
    assert to_reader(pain) == asked


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ("back on the road in 3 days", Kind.MADE),
        ("clear picture again", Kind.THING),
        ("clear your gutters", Kind.DO),
        ("clean up after the party", Kind.DO),
    ],
)
def test_what_looks_like_a_verb_may_be_none(item, kind):
    assert read_item(item)[0] is kind


def test_a_noun_of_two_words_may_act():
    assert read_item("set up takes 15 minutes")[0] is Kind.SAYS


@pytest.mark.parametrize(
    ("pain", "kind"),
    [
        ("queues in August", Kind.THING),
        ("cushions gone flat", Kind.THING),
        ("is the battery worn out", Kind.SAYS),
        ("spends every weekend mowing", Kind.DOES),
    ],
)
def test_a_noun_of_many_is_no_act(pain, kind):
    assert pain_kind(pain) is kind


@pytest.mark.parametrize(
    ("item", "form", "hurts"),
    [
        ("heavy batteries that die in a year", "batteries die in a year", True),
        ("cheap hives that warp after one winter", "hives warp after one winter", True),
        ("cheap hives that warp after one winter", "hives", False),
        ("mushy pasta", "pasta", False),
        ("my child has given up on maths", "child given up on maths", True),
        ("exhausted from doing it all alone", "doing it all alone", True),
        ("Sunday nights lost to spreadsheets", "nights lost to spreadsheets", True),
        ("my landlord sends letters I dread", "letters I dread", False),
    ],
)
def test_what_hurts_may_go_without_how_it_is_described(item, form, hurts):
    assert hurts_as(item, form) is hurts


def test_a_pain_that_was_suffered_keeps_its_beginning():
    assert not hurts_as("waited 4 months for a slot", "4 months")
    assert hurts_as("waited 4 months for a slot", "waited 4 months")
