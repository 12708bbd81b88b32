"""Texts say the same in fewer characters, or stay as they are."""

import pytest

from creative.tightening import tightened


@pytest.mark.parametrize(
    ("text", "tight"),
    [
        ("over 400 English and Italian cloths", "400+ English & Italian cloths"),
        ("tenant hasn't paid since January", "tenant hasn't paid since Jan"),
        ("12 month plans: first month free", "12 month plans: 1st month free"),
        ("slow drains and gurgling toilets", "slow drains & gurgling toilets"),
        ("saves you three hours every pay run", "saves 3 hours every pay run"),
        ("we do not share what you tell us", "we don't share what you tell us"),
        ("rated 4.8 out of 5 on Trustpilot", "rated 4.8/5 on Trustpilot"),
        ("nine out of ten owners come back", "9 out of 10 owners come back"),
        ("more than 50 per cent off all boots", "more than 50% off all boots"),
        ("No more than 8 dogs on any group walk", "No more than 8 dogs on any group walk"),
        ("not really a gym, not simply a class", "not really a gym, not simply a class"),
        ("A level maths and physics tutoring", "A level maths & physics tutoring"),
        ("free gift with purchase of two candles", "free gift with purchase of 2 candles"),
        ("18+ venue with a bar and a late licence", "18+ venue with a bar & a late licence"),
        ("open from Monday to Friday and Sundays", "open Mon–Fri & Sundays"),
        ("complimentary engraving until 30 June", "free engraving until 30 June"),
        ("book before 31 January for 10% off", "book before 31 Jan for 10% off"),
        ("20% off everything until Black Friday", "20% off everything until Black Friday"),
        ("over 22,000 certificates translated", "22,000 certificates translated"),
        ("3 days for the price of 2 in November", "3 days for 2 in November"),
        ("a first draft within 15 working days", "first draft in 15 working days"),
        ("gets you back in within 40 minutes", "gets you back in within 40 mins"),
        ("free shipping on your first box of six", "free shipping on first box of 6"),
        ("a present that actually gets eaten up", "a present that gets eaten up"),
        ("it doesn't really hurt your dog at all", "it doesn't really hurt your dog at all"),
        ("cancel by post within 30 working days", "cancel by post within 30 working days"),
        ("all our rooms are within 50m of a lift", "all our rooms are within 50m of a lift"),
        ("family ticket for the price of two adults", "family ticket for the price of 2 adults"),
        ("hot soup and bread", "hot soup and bread"),
        ("ready in twenty-three minutes flat!", "ready in twenty-three mins flat!"),
    ],
)
def test_a_text_is_no_shorter_than_it_has_to_be(text, tight):
    assert tightened(text, 30) == tight


def test_what_cannot_be_said_shorter_is_as_short_as_it_gets():
    assert (
        tightened("A garden and a pond for everyone here", 10)
        == "garden & a pond for everyone here"
    )


@pytest.mark.parametrize("text", ["", " ", "&&&", "over", "one", "of a"])
def test_odd_texts_stay_as_they_are(text):
    assert tightened(text, 0) == text
