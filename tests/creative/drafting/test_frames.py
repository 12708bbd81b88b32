"""Frames: pieces fit their slots, phrases are cut where they may be, nothing is promised."""

from dataclasses import replace

import pytest

from creative.channels import channel
from creative.checking import checked_line, has_errors
from creative.domain import Angle, Audience, Brand, Brief, Product
from creative.drafting.cutting import heads, parts
from creative.drafting.frames import frames, lines_of, slots_of
from creative.drafting.pieces import Pieces
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


def offering(**said) -> Pieces:
    """Return the pieces of a brief that says no more than this of its product."""
    product = Product(name=said.pop("name", "window film"), **said)
    return Pieces(Brief(brand=Brand(name="Helio"), product=product, channel="google_rsa"))


def test_what_a_product_does_without_is_unwanted():
    pieces = offering(
        benefits=("No hidden fees", "no guesswork", "fewer surprise bills", "stops nasty backups"),
        features=("no minimum order", "no airbrush", "no experience needed", "less of it"),
    )
    assert pieces.of("absent") == ["hidden fees", "guesswork"]
    assert set(pieces.of("unwanted")) == {
        *pieces.of("absent"),
        "surprise bills",
        "nasty backups",
    }


def test_what_is_less_for_some_is_not_unwanted_by_all():
    pieces = offering(benefits=("less stress for nervous dogs", "relaxed, no exams"))
    assert pieces.of("unwanted") == []
    others = ("less than an hour", "end of tenancy cleans", "stop motion classes", "no account")
    assert offering(benefits=others).of("unwanted") == []


def test_what_is_unwanted_is_unwanted_in_the_plural():
    pieces = offering(benefits=("no plastic bag", "no waiting in line", "no 2 year contract"))
    assert pieces.of("unwanted") == ["plastic bags", "waiting in line"]


@pytest.mark.parametrize(
    ("price", "slots"),
    [
        ("£42", {"price"}),
        ("$89 an episode", {"price", "rate"}),
        ("from £60 a session", {"frompri", "rate"}),
        ("consultations $45", {"rate"}),
        ("USD 20", {"price", "rate"}),
        ("3 for 2", {"rate"}),
        ("50% off", {"rate"}),
        ("ask us", set()),
    ],
)
def test_a_price_stands_where_it_reads_well(price, slots):
    pieces = offering(price=price)
    assert {slot for slot in ("price", "frompri", "rate") if pieces.of(slot)} == slots


def test_a_comparison_is_a_quality():
    assert offering(benefits=("cheaper than new blinds",)).of("wish") == []


def test_a_pain_is_a_noun():
    smell = Audience(name="landlords", pains=("smell in the garden",))
    assert Pieces(replace(FLOWERS, audience=smell)).of("pain") == ["smell in the garden"]


def test_what_a_reader_feels_may_be_asked_of_him():
    feels = Audience(
        name="drivers", pains=("hate flying", "hate having our photo taken", "earn too little")
    )
    found = Pieces(replace(FLOWERS, audience=feels)).of("pain")
    assert found == ["hate flying", "hate having your photo taken"]


@pytest.mark.parametrize(
    ("audience", "towns"),
    [
        ("couples in the Lakes and Kent", ["Kent"]),
        ("Brits with family in Australia", []),
        ("parents of children in Year 6", []),
    ],
)
def test_a_town_stands_before_what_is_sold_there(audience, towns):
    assert Pieces(replace(FLOWERS, audience=Audience(name=audience))).of("town") == towns


def test_a_pain_is_not_shortened_to_what_does_not_hurt():
    pain = "mushy gluten free pasta"
    short = ((pain, ("gluten free pasta", "mushy pasta")),)
    brief = replace(FLOWERS, audience=Audience(name="coeliacs", pains=(pain,)), short_forms=short)
    assert Pieces(brief).of("pain") == [pain, "mushy pasta"]


def test_a_short_pain_says_what_is_wrong():
    pain = "every job ad asks for a licence"
    short = ((pain, ("ad asks for a licence", "every job ad", "every ad asks for a licence")),)
    brief = replace(FLOWERS, audience=Audience(name="drivers", pains=(pain,)), short_forms=short)
    assert Pieces(brief).of("pain") == [pain, "every ad asks for a licence"]


def test_a_pain_that_is_told_apart_does_not_hurt_without_that():
    pain = "cheap hives that warp after one winter"
    short = ((pain, ("cheap hives", "cheap hives that warp")),)
    brief = replace(FLOWERS, audience=Audience(name="keepers", pains=(pain,)), short_forms=short)
    assert Pieces(brief).of("pain") == [pain, "cheap hives that warp"]


@pytest.mark.parametrize(
    ("price", "slot", "found"),
    [
        ("£28 a month, postage included", "price", "£28 a month"),
        ("from £1,400, pay over 12 months", "frompri", "from £1,400"),
        ("£65 fixed, no VAT", "rate", "£65 fixed"),
    ],
)
def test_a_rate_stands_without_what_it_includes(price, slot, found):
    assert found in offering(price=price).of(slot)


@pytest.mark.parametrize(
    "price",
    [
        "£245 per person, refresher",
        "£395 for one person, £595 a couple",
        "£9, plus VAT",
        "£10 a day, fuel not included",
        "£25 a head, no fewer than 10 people",
        "£20 a month, pay annually",
        "£3 a bottle, packs of 12 only",
    ],
)
def test_a_rate_does_not_stand_without_its_bounds(price):
    assert {*offering(price=price).of("price"), *offering(price=price).of("rate")} <= {price}


def test_a_short_name_is_of_the_same_thing():
    short = (("private violin lessons", ("private violin", "violin lessons")),)
    product = replace(FLOWERS.product, name="private violin lessons")
    names = Pieces(replace(FLOWERS, product=product, short_forms=short)).of("product")
    assert names == ["private violin lessons", "violin lessons"]
    part = "pelvic floor physiotherapy"
    product = replace(FLOWERS.product, name=part)
    forms = ((part, ("floor physiotherapy",)),)
    assert Pieces(replace(FLOWERS, product=product, short_forms=forms)).of("product") == [part]


def test_a_gerund_describes_a_feature():
    pieces = offering(features=("locking wheel nut removal", "learning at your pace"))
    assert "locking wheel nut removal" in pieces.of("thing")
    assert pieces.of("act") == ["learn at your pace"]


def test_no_line_has_two_articles():
    brief = replace(FLOWERS, product=replace(FLOWERS.product, name="The Tin Whale"))
    texts = [line.text for line in lines_of(brief, "spare")]
    assert "Try our Tin Whale" in texts
    assert not any("our the" in text.lower() for text in texts)


def test_articles_of_the_brief_stay():
    product = replace(FLOWERS.product, benefits=("pass your A levels",))
    texts = [line.text for line in lines_of(replace(FLOWERS, product=product), "benefit")]
    assert "Pass your A levels" in texts
    assert not any("your levels" in text for text in texts)


def test_places_may_be_named_one_by_one():
    people = Audience(name="piano owners in Bath and Bristol")
    pieces = Pieces(replace(FLOWERS, audience=people))
    assert pieces.of("place") == ["Bath and Bristol", "Bath", "Bristol"]
    assert pieces.of("audience") == ["piano owners in Bath and Bristol", "piano owners"]
    shire = Audience(name="people in Tyne and Wear")
    assert Pieces(replace(FLOWERS, audience=shire)).of("place") == ["Tyne and Wear"]
    around = Audience(name="people in York and nearby villages")
    assert Pieces(replace(FLOWERS, audience=around)).of("place") == ["York"]


def test_a_long_act_that_nobody_shortened_is_cut():
    item = "Hear world class players in a candlelit barn"
    product = replace(FLOWERS.product, benefits=(item,))
    brief = replace(FLOWERS, product=product, short_forms=((item, ()),))
    assert "hear world class players" in Pieces(brief).of("act")


def test_what_is_offered_to_be_done_is_no_thing():
    product = replace(FLOWERS.product, name="Adopt a hedgehog")
    pieces = Pieces(replace(FLOWERS, product=product))
    assert pieces.of("product") == pieces.of("aproduct") == []
    assert "adopt a hedgehog" in pieces.of("goal")


def test_keywords_are_said_without_what_only_a_searcher_says():
    pieces = Pieces(
        replace(
            FLOWERS,
            keywords=(
                "florist near me",
                "near me",
                "wedding flowers kent",
                "wedding flowers norwich",
                "bouquet delivery cost",
                "is next day delivery safe",
            ),
        )
    )
    assert pieces.of("keyword") == ["wedding flowers in Kent"]


def test_what_is_given_or_done_is_not_wished_for():
    said = ("all vases provided", "longer evenings", "kids learn outdoors")
    product = replace(FLOWERS.product, benefits=said)
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
    assert len(list(heads(Kind.THING, "crew that made it in Leeds"))) == 1
    assert len(list(heads(Kind.THING, "what condition it’s in now"))) == 1
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


def test_no_line_says_a_thing_twice_that_has_no_word_of_weight():
    product = Product(name="sunscreen", benefits=("SPF 50",), features=("SPF 50",))
    brief = Brief(brand=Brand(name="Fenn"), product=product, channel="google_rsa")
    texts = [line.text for angle in ("benefit", "feature") for line in lines_of(brief, angle)]
    assert texts
    assert not any(text.count("50") > 1 for text in texts)


def test_no_line_says_a_word_of_weight_twice():
    for angle in Angle:
        for line in lines_of(COFFEE, angle.value):
            words = [word for word in line.text.lower().split() if len(word) > 5]
            assert len(words) == len(set(words)), line.text


def test_no_line_ties_twice_with_the_same_word():
    product = replace(FLOWERS.product, name="Pizza van for parties")
    texts = [line.text for line in lines_of(replace(FLOWERS, product=product), "spare")]
    assert texts
    assert not any(text.count(" for ") > 1 for text in texts)


def test_keywords_that_end_in_a_place_say_so():
    people = Audience(name="landlords in Manchester")
    brief = replace(FLOWERS, audience=people, keywords=("landlord solicitor manchester",))
    assert Pieces(brief).of("keyword") == ["landlord solicitor in Manchester"]


def test_a_product_that_does_not_act_says_so():
    pieces = offering(benefits=("doesn't itch",))
    assert "doesn't itch" in pieces.of("itdoes")
    assert pieces.of("gains") == []


def test_acts_take_no_article():
    pieces = offering(benefits=("no lugging the bike", "no hidden fees"))
    assert pieces.of("absent") == ["hidden fees"]
    assert "lugging the bike" in pieces.of("unwanted")
