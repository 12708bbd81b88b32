"""Frames: pieces fit their slots, phrases are cut where they may be, nothing is promised."""

from dataclasses import replace

import pytest

from creative.channels import channel
from creative.checking import checked_line, has_errors
from creative.domain import Angle, Audience, Brand, Brief, Product
from creative.drafting.frames import frames, lines_of, slots_of
from creative.drafting.pieces import Pieces, heads, parts
from creative.ranking.fidelity import read
from creative.ranking.kinds import Kind

COFFEE = Brief(
    brand=Brand(name="Okolo Roast"),
    product=Product(
        name="filter coffee",
        benefits=("tastes like blueberries", "brew a better cup at home", "no bitterness"),
        features=("compostable bags with a window", "roasted to order"),
        proof=("loved by 2,000 customers",),
        offer="15% off, this week only",
        price="$14",
    ),
    audience=Audience(
        name="people who work from home", pains=("stale beans", "brewing in the dark")
    ),
    channel="google_rsa",
    keywords=("coffee delivery",),
)
FLOWERS = Brief(
    brand=Brand(name="Amélie Fontaine"),
    product=Product(
        name="wedding flowers", benefits=("Seasonal, locally grown and delivered on the day",)
    ),
    audience=Audience(name="couples in Kent"),
    channel="google_rsa",
)


@pytest.mark.parametrize(
    ("slot", "found"),
    [
        ("act", {"brew a better cup at home"}),
        ("does", {"tastes like blueberries"}),
        ("absence", {"no bitterness"}),
        ("thing", {"compostable bags with a window", "compostable bags"}),
        ("painthing", {"stale beans"}),
        ("paindoing", {"brewing in the dark"}),
        ("proofdone", {"loved by 2,000 customers"}),
        ("offer", {"15% off, this week only", "15% off"}),
        ("keyword", {"coffee delivery"}),
    ],
)
def test_pieces_fit_their_slots(slot, found):
    assert set(Pieces(COFFEE).of(slot)) == found


def test_what_is_offered_to_be_done_is_no_thing():
    product = replace(FLOWERS.product, name="Adopt a hedgehog")
    pieces = Pieces(replace(FLOWERS, product=product))
    assert pieces.of("product") == pieces.of("aproduct") == []
    assert "adopt a hedgehog" in pieces.of("goal")


def test_keywords_are_said_without_what_only_a_searcher_says():
    pieces = Pieces(
        replace(FLOWERS, keywords=("florist near me", "near me", "wedding flowers kent"))
    )
    assert pieces.of("keyword") == ["florist", "wedding flowers Kent"]


def test_what_is_given_is_not_wished_for():
    product = replace(FLOWERS.product, benefits=("all vases provided", "longer evenings"))
    assert Pieces(replace(FLOWERS, product=product)).of("wish") == ["longer evenings"]


def test_what_a_benefit_lists_may_stand_alone():
    pieces = Pieces(FLOWERS)
    assert set(pieces.of("attribute")) == {"seasonal", "locally grown"}
    assert "delivered on the day" in pieces.of("made")
    assert pieces.of("place") == ["Kent"]
    assert list(parts("fresh bread and cakes")) == ["fresh bread and cakes"]


def test_a_gerund_before_a_noun_describes_it():
    brief = Brief(
        brand=Brand(name="Helio"),
        product=Product(name="solar", features=("monitoring app",)),
        channel="google_rsa",
    )
    assert Pieces(brief).of("thing") == ["monitoring app"]
    assert Pieces(brief).of("act") == []


def test_a_phrase_is_cut_only_where_the_rest_may_go_unsaid():
    assert list(heads(Kind.MADE, "no win, no fee")) == ["no win, no fee"]
    assert list(heads(Kind.THING, "bags made from paper")) == ["bags made from paper"]
    assert list(heads(Kind.DO, "see volcanoes and swim")) == ["see volcanoes and swim"]
    assert "see old volcanoes" in heads(Kind.DO, "see old volcanoes and swim")


def test_no_slot_of_a_frame_is_unknown():
    pieces = Pieces(COFFEE)
    for section, own in frames().items():
        for frame in own:
            for slot, source in slots_of(frame, section).items():
                pieces.of(slot, source)


@pytest.mark.parametrize("brief", [COFFEE, FLOWERS])
def test_lines_of_frames_promise_nothing_of_their_own(brief):
    place = channel("google_rsa")
    field = place.field("headline")
    lines = {line.text for angle in Angle for line in lines_of(brief, angle.value)}
    assert len(lines) > 15
    for text in lines:
        line = checked_line(text, brief=brief, channel=place, field=field)
        if len(text) <= 30:
            assert not has_errors(line.findings), text
            assert read(text, brief).strangers <= 2, text


@pytest.mark.parametrize("text", [", free", "-", "; ", ", , and", "for", "with "])
def test_odd_texts_break_nothing(text):
    product = Product(name=text, benefits=(text,), proof=(text,), offer=text, price=text)
    brief = Brief(
        brand=Brand(name="Halden"),
        product=product,
        audience=Audience(name=text, pains=(text,)),
        channel="google_rsa",
        keywords=(text,),
    )
    assert all(line.text.strip() for angle in Angle for line in lines_of(brief, angle.value))


def test_no_line_says_a_word_of_weight_twice():
    for angle in Angle:
        for line in lines_of(COFFEE, angle.value):
            words = [word for word in line.text.lower().split() if len(word) > 5]
            assert len(words) == len(set(words)), line.text
