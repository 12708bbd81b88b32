"""What those who buy go through and do, by what a product is called.

A bank written by hand (trades.txt): a window cleaner may ask any reader "windows overdue a clean?"
and bid him "book a window clean", and promises nothing by it.  English only.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import combinations
from typing import NamedTuple

from creative.domain import Brief
from creative.inflection import is_plural, third_person, verb_forms
from creative.sections import sections_of

_Name = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
#: Words before which stands all that says what is sold.
_TOLD_APART = re.compile(
    r" (?:after|at|before|by|during|every|for|from|in|inside|of|on|that|to|when|which|while|who|"
    r"with|without) |[:;(–—]",
    re.IGNORECASE,
)
_JOINS = re.compile(r",| and | & | or |/| plus ")
#: Words at the end of a name that say how something is sold, and not what.
_SOLD_AS = frozenset(
    "accessory business company expert firm gear kit near online pack package plan program "
    "programme provider range selection service session set shop site specialist store supplier "
    "supply team uk usa".split()
)


class Trade(NamedTuple):
    """What is known of those who buy one kind of product.

    Attributes:
        asks: What they go through, as they may be asked, without the mark: "tap dripping".
        deeds: What they do, as orders: "book a plumber".
    """

    asks: tuple[str, ...] = ()
    deeds: tuple[str, ...] = ()


@lru_cache(maxsize=64)
def trade_of(brief: Brief) -> Trade:
    """Return what is known of those who buy a product; empty where its name says nothing to us.

    What people search for is looked at where the bank has no such name: as far as it is of the same
    thing.
    """
    own = set(_words(_what(brief.product.name)))
    sought = (name for each in brief.keywords for name in _within(each) if name[-1] in own)
    names = (*_ends(brief.product.name), *sought)
    return next((_bank()[name] for name in names if name in _bank()), Trade())


@cache
def _bank() -> Mapping[_Name, Trade]:
    found: dict[_Name, Trade] = {}
    text = files(__package__).joinpath("trades.txt").read_text("utf-8")
    for title, own in sections_of(text).items():
        asks = tuple(line.removesuffix("?") for line in own if line.endswith("?"))
        trade = Trade(asks, tuple(line for line in own if not line.endswith("?")))
        found |= {_words(name): trade for name in title.split(", ")}
    return found


def _ends(name: str) -> Iterator[_Name]:
    """Yield the ends of what a name calls a product, the longest first, then those of its parts."""
    told = _what(name)
    for part in dict.fromkeys((told, *reversed(_JOINS.split(told)))):
        words = _words(part)
        while words:
            yield from (words[start:] for start in range(len(words)))
            if words[-1] not in _SOLD_AS and words[-1] not in verb_forms().participles:
                break
            words = words[:-1]


def _what(name: str) -> str:
    """Return what a name says is sold, without for whom, with what or where."""
    return _TOLD_APART.split(f"{name} ")[0]


def _within(text: str) -> list[_Name]:
    """Return all runs of two words or more, the longest first."""
    words = _words(text)
    spans = combinations(range(len(words) + 1), 2)
    runs = [words[start:end] for start, end in spans if end - start > 1]
    return sorted(runs, key=len, reverse=True)


def _words(name: str) -> _Name:
    """Return the words of a name in small letters, those of many as one."""
    return tuple(map(_of_one, _WORD.findall(name.lower().replace("’", "'"))))


@lru_cache(maxsize=8192)
def _of_one(word: str) -> str:
    bare = word.removesuffix("'s").removesuffix("'")
    if not is_plural(bare):
        return bare
    ones = (bare[:-3] + "y", bare[:-2], bare[:-1])
    return next((one for one in ones if one and third_person(one) == bare), bare)
