"""The words and phrases the corpus is made of, read from data/.

words.txt has sections of loose words, industries.txt a paragraph for each trade.  A phrase may end
in "|s" (one), "|p" (plural), "|m" (mass noun) or "|x" (leave out).
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from creative.inflection import lexicon
from creative.sections import sections_of
from models.training.splits import Split, split_of

#: Sections of creative/lexicon.txt.
_KNOWN = {"things, one": "nouns of one", "things, mass": "nouns of a mass"}
DATA = files(__package__).joinpath("data")


@dataclass(frozen=True, kw_only=True)
class Industry:
    """The vocabulary of one trade."""

    name: str
    sells: str  #: goods, food, service, saas, edu, travel, fin, auto, app or nonprofit
    products: tuple[tuple[str, str], ...]  #: name and number: "s", "p" or "m"
    reader_acts: tuple[str, ...]
    product_acts: tuple[str, ...]
    nouns: tuple[str, ...]
    adjectives: tuple[str, ...]
    participles: tuple[str, ...]
    audiences: tuple[str, ...]


def numbered(phrase: str) -> tuple[str, str]:
    """Split "coffee beans|p" into the phrase and its number."""
    text, _, number = phrase.partition("|")
    return text.strip(), number.strip()


def _phrases(line: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in line.split(";") if phrase.strip())


@cache
def industries(split: Split = Split.TRAIN) -> tuple[Industry, ...]:
    """Return the trades of a split, in the order of industries.txt."""
    text = DATA.joinpath("industries.txt").read_text("utf-8")
    blocks = re.split(r"^# ", text, flags=re.MULTILINE)
    found = tuple(_industry(block) for block in blocks if block.strip())
    return tuple(trade for trade in found if split_of(trade.name) is split)


def _industry(block: str) -> Industry:
    head, *lines = block.strip().splitlines()
    name, sells = head.split()
    of = {line[0]: _phrases(line[3:]) for line in lines if line[1:3] == ": "}
    nouns = [numbered(noun) for noun in of["N"]]
    return Industry(
        name=name,
        sells=sells,
        products=tuple(numbered(product) for product in of["P"]),
        reader_acts=of["U"],
        product_acts=of["V"],
        nouns=tuple(text for text, number in nouns if number != "x"),
        adjectives=of["J"],
        participles=of["X"],
        audiences=of["A"],
    )


@cache
def sections() -> dict[str, tuple[str, ...]]:
    """Return the entries of words.txt by section title."""
    text = DATA.joinpath("words.txt").read_text("utf-8")
    return {title: _entries(lines) for title, lines in sections_of(text).items()}


def _entries(lines: list[str]) -> tuple[str, ...]:
    text = " ".join(lines)
    return _phrases(text) if ";" in text else tuple(text.split())


def section(title: str) -> tuple[str, ...]:
    """Return the entries of one section of words.txt, or of nouns that the studio knows, too."""
    known = _KNOWN.get(title)
    return tuple(sorted(lexicon()[known])) if known else sections()[title]


@cache
def table(name: str) -> dict[str, Any]:
    """Return a TOML file of data/ by its name without suffix."""
    return tomllib.loads(DATA.joinpath(f"{name}.toml").read_text("utf-8"))


@cache
def loose_products() -> tuple[tuple[str, str], ...]:
    """Return products of no trade in particular, with their number."""
    return tuple(numbered(product) for product in section("products"))


@cache
def adjectives() -> tuple[str, ...]:
    """Return all adjectives, those of the trades included."""
    return tuple(sorted({*section("adjectives"), *(j for i in industries() for j in i.adjectives)}))


@cache
def all_words() -> tuple[str, ...]:
    """Return each longer word that stands in a phrase of some trade."""
    phrases = [p for p, _ in loose_products()]
    for trade in industries():
        phrases += [p for p, _ in trade.products]
        phrases += trade.reader_acts + trade.product_acts + trade.nouns
        phrases += trade.adjectives + trade.participles + trade.audiences
    words = {word for phrase in phrases for word in re.findall("[a-z]{4,}", phrase.lower())}
    return tuple(sorted(words))
