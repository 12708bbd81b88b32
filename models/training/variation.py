"""A hand-written assignment told anew: other brand, other words, other order, same copy.

A few thousand lines are soon known by heart.  What a line owes to its brief, the brand and the
words that both hold, is exchanged in both at once, so that only quoting the brief pays.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random

from creative.drafting.prompting import brief_lines
from creative.inflection import article, capitalized
from models.training.corpus import Example
from models.training.english import plural, title_case
from models.training.inventions import brand, noun, pseudo_word
from models.training.lines import LIMITS
from models.training.words import adjectives, section
from models.training.written import Ad, Assignment

NEW_BRAND = 0.8  #: share of assignments that get another brand
NEW_WORDS = 0.7  #: share of assignments in which words are exchanged
MOST_NEW_WORDS = 4
TONELESS = 0.3  #: share of assignments whose tone is not told
TITLE_CASE = 0.08
LARGE = 0.25  #: share of assignments whose items begin with a capital
_LISTS = ("pains", "benefits", "features", "proof")
_MAY_LACK = ("price", "keywords", "proof", "offer", "pains", "features")
_WORD = re.compile(r"[a-z]{3,}")
_ARTICLE = re.compile(r"\b([Aa])n? (?=[\w’'-])")

Change = Callable[[str], str]


def varied(rng: Random, assignment: Assignment, lines: int) -> Example:
    """Return an assignment, told anew, as an example with up to so many of its lines."""
    told = retold(rng, assignment, lines)
    asked = (_asked(rng, ad, told.values["brand"]) for ad in told.ads)
    return Example(prompt_of(told), tuple(each for each in asked if each))


def retold(
    rng: Random, assignment: Assignment, lines: int, words: int = MOST_NEW_WORDS
) -> Assignment:
    """Return an assignment with other names, up to so many other words, and so many lines."""
    values, ads, forms = dict(assignment.values), list(assignment.ads), assignment.forms
    rng.shuffle(ads)
    quoting = " ".join([ad.text for ad in ads] + [" ".join(short) for short in forms.values()])
    for change in (_new_brand(rng, values), new_words(rng, values, quoting, words)):
        values = {key: change(value) for key, value in values.items()}
        ads = [replace(ad, text=change(ad.text)) for ad in ads]
        forms = {change(item): tuple(map(change, short)) for item, short in forms.items()}
    ads = ads[:lines]
    _leave_out(rng, values, ads)
    for key in _LISTS:
        if key in values:
            values[key] = "; ".join(_shuffled(rng, values[key].split("; ")))
    if rng.random() < LARGE:
        values |= {key: _large(values[key]) for key in _LISTS if key in values}
    return Assignment(industry=assignment.industry, values=values, ads=ads, forms=forms)


def prompt_of(assignment: Assignment) -> str:
    """Return what a model reads of the brief, without what a single line is asked for."""
    pairs = brief_lines(assignment.brief, is_typed=True)
    return "\n".join(f"{key}: {value}" for key, value in pairs)


def ask_of(ad: Ad) -> str:
    """Return what a model reads of one line that is wanted."""
    return f"\nchannel: {ad.place}\nmax: {ad.limit}\nangle: {ad.angle}"


def plain(assignment: Assignment) -> Example:
    """Return an assignment as it was written, with all its lines."""
    return Example(prompt_of(assignment), tuple((ask_of(ad), ad.text) for ad in assignment.ads))


def _asked(rng: Random, ad: Ad, brand: str) -> tuple[str, str] | None:
    """Return a line with how it may have been asked for; None if no usual limit has room."""
    limits = [ad.limit] * 12 + LIMITS[ad.place]
    fitting = [limit for limit in limits if len(ad.text) <= limit <= 2 * len(ad.text)]
    if not fitting:
        return None
    is_title = ad.place == "headline" and rng.random() < TITLE_CASE
    text = title_case(ad.text, set(brand.split())) if is_title else ad.text
    return ask_of(replace(ad, limit=rng.choice(fitting))), text


def _shuffled(rng: Random, items: list[str]) -> list[str]:
    return rng.sample(items, len(items))


def _large(items: str) -> str:
    return "; ".join(capitalized(item) for item in items.split("; "))


def _leave_out(rng: Random, values: dict[str, str], ads: list[Ad]) -> None:
    """Take away fields that no line needs, for some users say little."""
    if rng.random() < TONELESS:
        values.pop("tone", None)
    said = {word for ad in ads for word in _WORD.findall(ad.text.lower())}
    digits = {number for ad in ads for number in re.findall(r"\d+", ad.text)}
    for key in _MAY_LACK:
        value = values.get(key, "")
        needed = said & set(_WORD.findall(value.lower())) or digits & set(re.findall(r"\d+", value))
        if value and not needed and rng.random() < 0.5:
            del values[key]


def _new_brand(rng: Random, values: dict[str, str]) -> Change:
    if rng.random() > NEW_BRAND:
        return str
    old, new = values["brand"], brand(rng)
    while new.startswith("The "):  # not to stand after "a" or "your"
        new = brand(rng)
    return lambda text: _with_articles(text.replace(old, new), {new.split()[0].lower()})


def new_words(rng: Random, values: dict[str, str], quoting: str, most: int) -> Change:
    """Return the exchange of some nouns and adjectives that brief and its copy share."""
    if rng.random() > NEW_WORDS:
        return str
    brief = " ".join(value for key, value in values.items() if key != "brand").lower()
    shared = sorted(set(_WORD.findall(brief)) & set(_WORD.findall(quoting.lower())))
    known = [word for word in shared if _maker(word)]
    swaps: dict[str, str] = {}
    for old in rng.sample(known, min(len(known), rng.randint(1, most))):
        make = _maker(old)
        assert make is not None
        swaps[old] = make(rng)
    if not swaps:
        return str
    place = re.compile(rf"\b({'|'.join(swaps)})\b", re.IGNORECASE)

    def change(text: str) -> str:
        swapped = place.sub(lambda found: _like(found[0], swaps[found[0].lower()]), text)
        return swapped if swapped == text else _with_articles(swapped, set(swaps.values()))

    return change


def _like(old: str, new: str) -> str:
    return capitalized(new) if old[:1].isupper() else new


def _with_articles(text: str, new: set[str]) -> str:
    """Put "a" or "an" right before exchanged words."""

    def right(found: re.Match[str]) -> str:
        following = re.match(r"[\w’'-]+", text[found.end() :])
        word = following[0] if following else ""
        return f"{found[1]}{article(word)[1:]} " if word.lower() in new else found[0]

    return _ARTICLE.sub(right, text)


def _maker(word: str) -> Callable[[Random], str] | None:
    """Return what makes a word to stand for another; None for a word that has to stay."""
    if word in _kept():
        return None
    if word in section("things, one"):
        return lambda rng: noun(rng, "s", invented=0.5)
    if word in _plurals():
        return lambda rng: noun(rng, "p", invented=0.5)
    if word in section("things, mass"):
        return lambda rng: noun(rng, "m", invented=0.5)
    if word in section("adjectives"):
        return lambda rng: rng.choice(adjectives()) if rng.random() < 0.5 else pseudo_word(rng)
    return None


@cache
def _kept() -> frozenset[str]:
    return frozenset(section("words never replaced"))


@cache
def _plurals() -> frozenset[str]:
    return frozenset(plural(word) for word in section("things, one"))
