"""Short forms say what their items say, and no more."""

import pytest

from creative.drafting.truth import is_true


@pytest.mark.parametrize(
    ("item", "form"),
    [
        ("Sleep in your own bed, not on a ward", "sleep in your own bed"),
        ("Results explained by a sleep consultant", "explained by a consultant"),
        ("no licence or experience needed", "no experience needed"),
        ("$150 cash back when you switch", "$150 when you switch"),
        ("up to 30% off your first box", "up to 30% off first box"),
        ("Two updates a year from the yard", "Two updates a year"),
        ("includes free delivery to your door", "free delivery to your door"),
        ("1,900 roofs fitted across Yorkshire", "1,900 roofs fitted"),
        ("over 5,000 learners in 31 countries", "over 5,000 learners"),
        ("Free trial when you sign-up, no card needed", "Free trial when you sign-up"),
        ("4 cheeses and a chutney each month", "4 cheeses and a chutney"),
        ("we don't tear up your lawn, ever", "we don't tear up your lawn"),
        ("Bring an old friend & get a hot lunch", "bring an old friend and get a lunch"),
        ("open 6 a.m. to midnight, holidays included", "open 6 a.m. to midnight"),
        ("Rated 4.95 by 730 patients on Healthgrades", "rated 4.95 by 730 patients"),
    ],
)
def test_forms_that_say_no_more_than_their_item_are_true(item, form):
    assert is_true(item, form)


@pytest.mark.parametrize(
    ("item", "form"),
    [
        ("Winner, Ontario Wedding Awards 2023", "Ontario Wedding Awards 2023"),
        ("Outdoors every day, rain or shine", "outdoors every day or rain"),
        ("no appointment needed at all", "no appointment"),
        ("10% off school shoes on Mondays", "10% off school shoes"),
        ("crew of four can put it up in 9 days", "crew of four can put it"),
        ("Numb before the needle, so you hardly feel it", "numb before needle"),
        ("24 hour line through July to November", "24 hour line to November"),
        ("Eight weekends, Aug 22 to Oct 11", "eight weekends, Aug 22 to Oct"),
        ("One price agreed before we start", "one price agreed, we start"),
        ("peat free compost in every pot", "free compost in every pot"),
        ("dead trees come down without a dent", "no dead trees without a dent"),
        ("know what your dog is eating at last", "know what your dog"),
        ("send your old phone to our shop", "send your old phone"),
        ("give your gran a week by the sea", "give your gran"),
        ("Fault codes read while you wait", "fault codes while you wait"),
        ("Complete in as little as 7 working days", "complete in 7 working days"),
        ("ready in about 12 working days", "ready in about 12 days"),
        ("stump ground free with any felling", "stump ground free with it"),
        ("help a veteran live independently", "a veteran live independently"),
        ("come hungry, leave with new friends", "hungry, leave with new friends"),
        ("pass your theory, get five lessons free", "get five lessons free"),
        ("No upper age limit on single trips", "no upper age limit"),
        ("never thought of themselves as arty", "never thought of themselves"),
        ("quotes that take days to come back", "quotes that come back"),
        ("No medical needed in 7 out of 10 cases", "No medical needed"),
        ("no single supplement in May & September", "no single supplement"),
        ("Live Q&A Tuesday and Sunday nights", "Live Q&A Tuesday"),
        ("700+ barns in Iowa, Ohio and Texas", "700+ barns in Texas"),
        ("one price that includes the crown", "one price for the crown"),
        ("learn without quitting your job", "no quitting your job"),
        ("we run it, you take the pictures", "you take the pictures"),
        ("1 in 4 wells tested exceeded a health limit", "1 in 4 wells, no health limit"),
        ("Milk from our own 85 Saanen goats", "milk from our own 85 Saanen"),
        ("qualify for work in two weeks", "qualify"),
        ("no licence or experience needed", "licence needed"),
        ("no licence or experience needed", "experience needed"),
        ("without sugar, gluten or dairy", "gluten or dairy"),
        ("no contract and no licence needed", "no contract, licence needed"),
        ("a long item that is here", "((((((((("),
        ("$150 cash back when you switch", "$150 cash back"),
        ("up to 30% off every box", "30% off every box"),
        ("up to 30% off your first box", "up to 30% off"),
        ("Free delivery on orders over $50", "free delivery"),
        ("Results explained by a sleep consultant", "results explained by a"),
        ("Results explained by a sleep consultant", "results by a doctor"),
        ("Ships in 24 hours", "ships in 12 hours"),
        ("Ships in 24 hours", "Ships in 24 hours"),
        ("Save up to 10 hours of admin a month", "Save up to 10 hours"),
        ("saves you an hour a week", "saves an hour"),
        ("one month of catch-up bookkeeping free", "catch-up bookkeeping free"),
        ("taste wines you can't buy in shops", "taste wines you can't buy"),
        ("cant get an appointment for weeks", "cant get an appointment"),
        ("can't bear to throw out gran's chair", "can't bear to throw out gran's"),
        ("comfortable enough to never take off", "comfortable enough"),
        ("gives tired chairs a second life", "tired chairs a second life"),
        ("feeds a family of four for a week", "a family of four for a week"),
        ("Save up to £30, free returns", "Save £30, free returns"),
        ("swappable 9, 15 and 25 dB filters", "swappable 9"),
        ("used by 3,200 pubs, cafes and restaurants", "used by 3,200 pubs"),
        ("home to 142 donkeys and mules", "home to 142 donkeys"),
        ("over 600 warehouses inspected last year", "over 600 warehouses"),
        ("book by 31 January and save 10%", "31 January, save 10%"),
        ("trade in any old scanner for $2,000 credit", "trade in any old scanner"),
    ],
)
def test_forms_that_promise_more_or_break_off_are_not(item, form):
    assert not is_true(item, form)


@pytest.mark.parametrize(
    ("item", "form"), [("!!!!!!!!!!!", "abcdefgh"), ("'' a b c d e", "'' a b c"), ("", "")]
)
def test_odd_texts_are_not_true(item, form):
    assert not is_true(item, form)
