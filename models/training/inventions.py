"""Made-up words, brands and phrases, so that the model copies instead of remembering.

More than half of the slots of the corpus hold a word that no list knows.  Every function draws
from the random.Random it is given and from nothing else.
"""

import re
from collections.abc import Callable
from functools import cache
from random import Random

from creative.inflection import capitalized
from creative.ranking.kinds import Kind
from models.training.english import plural, third, with_article
from models.training.words import (
    adjectives,
    all_words,
    industries,
    loose_products,
    section,
)

ONSETS = (
    "b br c ch cl cr d dr f fl fr g gl gr h j k kl kr l m n p pl pr qu r s sc sh sk sl sm sn sp st"
    " str t th tr tw v w wh y z zh"
).split()
NUCLEI = "a e i o u a e i o ai ea ee oo ou ie y au io".split()
CODAS = "n r l s t m x k nd rt sh ck st ng lm rn th x v".split()
NO_ONSET, NO_CODA = [""] * 2, [""] * 8  #: how often a syllable goes without
ACCENTS = {"a": "áàâä", "e": "éèêë", "i": "íï", "o": "óôöø", "u": "úü", "n": "ñ", "c": "ç"}
Maker = Callable[[Random], str]


def pseudo_word(rng: Random, fewest: int = 1, most: int = 3) -> str:
    """Return a pronounceable word of some syllables that means nothing."""
    while True:
        word = "".join(_syllable(rng) for _ in range(rng.randint(fewest, most)))
        if 3 <= len(word) <= 11:
            return word


def _syllable(rng: Random) -> str:
    onset, coda = rng.choice(ONSETS + NO_ONSET), rng.choice(CODAS + NO_CODA)
    return onset + rng.choice(NUCLEI) + coda


def _accented(rng: Random, word: str) -> str:
    places = [at for at, char in enumerate(word) if char in ACCENTS]
    if not places:
        return word
    at = rng.choice(places)
    return word[:at] + rng.choice(ACCENTS[word[at]]) + word[at + 1 :]


def _name(rng: Random, fewest: int = 1, most: int = 2) -> str:
    return capitalized(pseudo_word(rng, fewest, most))


def _word(rng: Random) -> str:
    return capitalized(rng.choice(all_words()))


def _letters(rng: Random) -> str:
    return "".join(rng.choice("ABCDEFGHIKLMNOPRSTVXZ") for _ in range(rng.randint(2, 4)))


BRAND_SHAPES: tuple[tuple[int, Maker], ...] = (
    (30, lambda r: _name(r, 2, 3)),
    (8, lambda r: f"{_word(r)} {_word(r)}"),
    (6, lambda r: f"{_word(r)} {r.choice(section('company words'))}"),
    (12, lambda r: f"{_name(r, 1, 3)} {r.choice(section('company words'))}"),
    (5, lambda r: f"{_name(r)} {_word(r)}"),
    (
        7,
        lambda r: (
            _word(r) + capitalized(r.choice([pseudo_word(r, 1, 1), r.choice(all_words())[:6]]))
        ),
    ),
    (6, lambda r: _word(r) + r.choice(section("brand endings"))),
    (6, lambda r: f"{_name(r)} & {_name(r)}"),
    (4, lambda r: f"{_name(r)}'s"),
    (4, _word),
    (3, lambda r: pseudo_word(r, 1, 2).upper()),
    (2, _letters),
    (3, lambda r: _name(r) + str(r.choice([1, 2, 3, 7, 9, 21, 24, 42, 66, 99, 365]))),
    (3, lambda r: f"{r.choice(section('titles'))} {_name(r, 2, 3)}"),
    (2, lambda r: f"The {_word(r)} {_word(r)}"),
    (3, lambda r: capitalized(_accented(r, pseudo_word(r, 2, 3)))),
    (2, lambda r: f"{_name(r)}-{_name(r)}"),
    (2, lambda r: r.choice("eimy") + _name(r)),
    (1, lambda r: f"{_name(r)} and {_name(r)}"),
    (1, lambda r: _name(r, 2, 3) + r.choice([".io", ".co", ".ai"])),
)


def brand(rng: Random) -> str:
    """Return a made-up brand of one of many shapes."""
    weights = [weight for weight, _ in BRAND_SHAPES]
    make = rng.choices([make for _, make in BRAND_SHAPES], weights)[0]
    return make(rng)


@cache
def nouns(number: str) -> tuple[str, ...]:
    """Return nouns of one number: "s" (one), "p" (plural) or "m" (mass)."""
    title = {"s": "things, one", "p": "things, many", "m": "things, mass"}[number]
    found = set(section(title))
    if number == "p":
        found |= {plural(noun) for noun in section("things, one")}
    for trade in industries():
        found |= {noun.split()[-1] for noun in trade.nouns if _number_of(noun) == number}
    return tuple(sorted(found))


def _number_of(noun: str) -> str:
    if noun.split()[0] in {"a", "an"}:
        return "s"
    return "p" if noun.endswith("s") and not noun.endswith("ss") else "m"


def noun(rng: Random, number: str, invented: float = 0.15) -> str:
    """Return a noun of one number, sometimes an invented one."""
    if rng.random() < invented:
        return pseudo_word(rng, 1, 2) + ("s" if number == "p" else "")
    return rng.choice(nouns(number))


def with_new_word(rng: Random, phrase: str, start: int = 0) -> str:
    """Put a made-up or foreign word in place of one content word of a phrase."""
    words = phrase.split(" ")
    at = [i for i in range(start, len(words)) if len(words[i]) > 3 and words[i].isalpha()]
    at = [i for i in at if words[i] not in section("words never replaced")]
    if not at:
        return phrase
    here = rng.choice(at)
    many = words[here].endswith("s") and not words[here].endswith("ss")
    words[here] = noun(rng, "p" if many else rng.choice("sm"), invented=0.5)
    return " ".join(words)


def noun_phrase(rng: Random) -> str:
    """Return a composed noun phrase, with its article if it takes one."""
    number = rng.choice("spm")
    head = noun(rng, number)
    chance = rng.random()
    if chance < 0.5:
        head = f"{rng.choice(adjectives())} {head}"
    elif chance < 0.65:
        head = f"{rng.choice(nouns('m'))} {head}"
    elif chance < 0.75:
        count = rng.choice([2, 3, 5, 7, 10, 12, 14, 24, 30, 48, 60, 90, 100])
        head = f"{count}-{rng.choice('day year hour minute step week piece way'.split())} {head}"
    elif chance < 0.8:
        head = f"{rng.choice(adjectives())} {rng.choice(nouns('m'))} {head}"
    if rng.random() < 0.12:
        head = f"{head} {rng.choice(section('places'))}"
    return with_article(head) if number == "s" else head


def _object(rng: Random) -> str:
    chance = rng.random()
    if chance < 0.3:
        products = [name for name, number in loose_products() if number == "p"]
        return "your " + (rng.choice(nouns("p")) if rng.random() < 0.6 else rng.choice(products))
    if chance < 0.5:
        return f"{rng.choice(adjectives())} {rng.choice(nouns('p'))}"
    if chance < 0.7:
        return f"{rng.choice(['every', 'any', 'the'])} {rng.choice(nouns('s'))}"
    if chance < 0.8:
        return rng.choice(nouns("m"))
    return rng.choice(nouns("p")) if chance < 0.9 else pseudo_word(rng, 1, 2) + "s"


def _tail(rng: Random, share: float) -> str:
    if rng.random() > share:
        return ""
    return " " + rng.choice(section("short tails" if rng.random() < 0.4 else "tails"))


def reader_act(rng: Random) -> str:
    """Return something the reader may do, composed."""
    return f"{rng.choice(section('verbs of readers'))} {_object(rng)}{_tail(rng, 0.5)}"


def product_act(rng: Random) -> str:
    """Return something a product may do, composed, with a base verb."""
    return f"{rng.choice(section('verbs of products'))} {_object(rng)}{_tail(rng, 0.4)}"


HAND_MADE = "woven cut sewn built baked brewed grown picked printed packed".split()
BATCH_MADE = "woven built baked grown raised mixed roasted brewed".split()
PARTICIPLES: tuple[Maker, ...] = (
    lambda r: f"made from {noun(r, 'm')}",
    lambda r: f"made with {r.choice(adjectives())} {noun(r, 'm')}",
    lambda r: f"built for {noun(r, 'p')}",
    lambda r: f"designed for {audience(r)}",
    lambda r: f"with {r.choice(adjectives())} {noun(r, 'p')}",
    lambda r: f"made by {audience(r)}",
    lambda r: f"for every {noun(r, 's')}",
    lambda r: f"crafted in {r.choice(section('cities'))}",
    lambda r: f"made in {r.choice(section('cities'))}",
    lambda r: f"designed in {capitalized(pseudo_word(r, 2, 3))}",
    lambda r: f"with {with_article(noun(r, 's'))} included",
    lambda r: f"tested on {noun(r, 'p')}",
    lambda r: f"filled with {noun(r, 'm')}",
    lambda r: f"inspired by {noun(r, 'p')}",
    lambda r: f"delivered in {r.choice([2, 3, 5, 7, 10])} days",
    lambda r: f"from {with_article(noun(r, 's'))} in {capitalized(pseudo_word(r, 2, 3))}",
    lambda r: f"{r.choice(HAND_MADE)} by hand",
    lambda r: f"{r.choice(BATCH_MADE)} in small batches",
)


def participle(rng: Random) -> str:
    """Return how or of what a product is made, composed."""
    return rng.choice(PARTICIPLES)(rng)


def clause(rng: Random) -> str:
    """Return a whole sentence, from the list or composed."""
    chance = rng.random()
    if chance < 0.5:
        return rng.choice(section("clauses"))
    if chance < 0.65:
        adverb = rng.choice(["never ", "always ", "only ", ""])
        return f"we {adverb}{rng.choice(section('verbs of readers'))} {_object(rng)}"
    if chance < 0.8:
        subject = f"{rng.choice(['every', 'each', 'one', 'your'])} {noun(rng, 's')}"
        return f"{subject} {third(product_act(rng))}"
    if chance < 0.9:
        subject = f"{rng.choice(['every', 'each', 'your', 'the'])} {noun(rng, 's')}"
        return (
            f"{subject} {rng.choice(['is', 'feels', 'looks', 'stays'])} {rng.choice(adjectives())}"
        )
    subject = f"{rng.choice(['the', 'all', 'our', 'your'])} {noun(rng, 'p')}"
    return f"{subject} {rng.choice(['are', 'feel', 'look', 'stay'])} {rng.choice(adjectives())}"


def absence(rng: Random) -> str:
    """Return what is not there: "no blisters"."""
    word = rng.choice(["no", "no", "no", "zero"])
    if rng.random() < 0.5:
        return f"{word} {rng.choice(section('absences'))}"
    adjective = f"{rng.choice(adjectives())} " if rng.random() < 0.3 else ""
    return f"{word} {adjective}{noun(rng, rng.choice('pm'), invented=0.25)}"


def quality(rng: Random) -> str:
    """Return an adjective phrase: "soft on skin"."""
    if rng.random() < 0.5:
        return rng.choice(section("qualities"))
    on = rng.choice(
        [noun(rng, "m"), noun(rng, "p"), f"any {noun(rng, 's')}", f"the {noun(rng, 's')}"]
    )
    return f"{rng.choice(adjectives())} {rng.choice(['on', 'for', 'in', 'at', 'with'])} {on}"


FOLLOWERS = "fans owners lovers players beginners teams".split()


def audience(rng: Random) -> str:
    """Return a group of people, plural."""
    known = rng.choice(rng.choice(industries()).audiences)
    chance = rng.random()
    if chance < 0.5:
        return known
    if chance < 0.6:
        return f"{rng.choice(adjectives())} {rng.choice(section('kinds of people'))}"
    if chance < 0.67:
        return f"{known} in {rng.choice(section('cities'))}"
    if chance < 0.72:
        age = f"aged {rng.choice([18, 20, 25, 30, 35])}-{rng.choice([40, 45, 50, 55, 65])}"
        return f"{rng.choice(['women', 'men', 'adults', 'parents', 'people', 'couples'])} {age}"
    if chance < 0.76:
        return f"{known} {rng.choice(section('audience moments'))}"
    if chance < 0.83:
        who = rng.choice(["people", "adults", "parents", "families", "couples", "students"])
        return f"{who} who {rng.choice(section('audience habits'))}"
    if chance < 0.9:
        return (
            f"people who {rng.choice(['love', 'need', 'want', 'collect', 'make'])} {noun(rng, 'p')}"
        )
    return f"{pseudo_word(rng, 1, 2)} {rng.choice(FOLLOWERS)}"


def pain(rng: Random) -> tuple[str, str]:
    """Return a pain and its form: "many", "doing", "one" or "saying"."""
    chance = rng.random()
    if chance < 0.16:
        return rng.choice(section("pains, many")), "many"
    if chance < 0.48:
        head = (
            rng.choice(section("pain nouns"))
            if rng.random() < 0.6
            else noun(rng, rng.choice("pm"), 0.3)
        )
        return f"{rng.choice(section('pain qualities'))} {head}", "many"
    if chance < 0.6:
        return rng.choice(section("pains, doing")), "doing"
    if chance < 0.8:
        own = rng.choice(["", "", "your ", "the "])
        return f"{rng.choice(section('pain verbs'))} {own}{noun(rng, 'p', 0.3)}", "doing"
    if chance < 0.88:
        return with_article(f"{rng.choice(section('pain qualities'))} {noun(rng, 's', 0.3)}"), "one"
    if chance < 0.94:
        return rng.choice(section("pains, saying")), "saying"
    subject = f"your {noun(rng, 's', 0.3)}"
    state = (
        f"{rng.choice(['is', 'feels', 'looks', 'gets'])} {rng.choice(section('pain qualities'))}"
    )
    return f"{subject} {state}", "saying"


MAKERS: dict[Kind, Maker] = {
    Kind.DO: reader_act,
    Kind.DOES: product_act,
    Kind.THING: noun_phrase,
    Kind.QUALITY: quality,
    Kind.MADE: participle,
    Kind.SAYS: clause,
    Kind.WITHOUT: absence,
}
HAS_A_TAIL = re.compile(
    r" (in|for|with|at|on|without|every|while|all|before|after|from|like|tonight|today|again|by"
    r"|faster)\b"
)
