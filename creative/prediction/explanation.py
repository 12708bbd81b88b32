"""Why a line scores as it does, in words of the line and traits that people know.

The lexical part is a sum, so its parts add up exactly: runs of characters, runs of words and tokens
fold onto the words that they touch, traits stay what they are, measured from the usual line.  The
network's part is no sum: there, words and phrases are left out to see what changes.  A word that
says what the line is about is a topic: it tells of past readers and is never advice.  All of it
tells what went with clicks, not what caused them.

Source: Zeiler & Fergus 2014 (leaving parts out).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np

from creative.inflection import lexicon
from creative.prediction.grams import Block, Floats, Span, shown_words, spelt
from creative.prediction.predictor import Predictor
from creative.prediction.tokens import TokenVectors
from creative.prediction.traits import listed_words, trait_row, traits

PHRASE = 3  #: words that are left out together, at most
NOTABLE = 0.1  #: change of score, about 1 % of the click rate, from which a suggestion is worth it
_GLUE = "adverbs before a verb or participle|prepositions|words after a verb"


class Sort(StrEnum):
    """What a part of a line is."""

    WORDING = "wording"  #: how it is said: can be changed
    TOPIC = "topic"  #: what it is about: tells of past readers, never advice
    TRAIT = "trait"  #: a trait of the whole line


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A word or trait and what it adds to the score; `word` is its place in the line, or -1."""

    text: str
    adds: float
    sort: Sort
    word: int = -1


@dataclass(frozen=True, kw_only=True, slots=True)
class Deletion:
    """Words `first` to `last` and how the network's part falls when they are left out."""

    text: str
    first: int
    last: int
    adds: float
    sort: Sort


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """What a writer can do, and by what factor the click rate goes with it among past tests."""

    trait: str
    text: str
    factor: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """Why a line has its score: `lexical` is exactly the sum of what `parts` add."""

    score: float
    lexical: float
    sentence: float
    parts: tuple[Part, ...]
    deletions: tuple[Deletion, ...]
    suggestions: tuple[Suggestion, ...]


def explain(predictor: Predictor, line: str) -> Explanation:
    """Return why a line has its score; without a network there are no deletions."""
    parts = lexical_parts(predictor, line)
    lexical = float(sum(part.adds for part in parts))
    sentence = float(predictor.sentence_scores([line])[0])
    return Explanation(
        score=lexical + sentence,
        lexical=lexical,
        sentence=sentence,
        parts=tuple(sorted(parts, key=lambda part: -abs(part.adds))),
        deletions=tuple(deletions(predictor, line)),
        suggestions=tuple(suggestions(predictor, line)),
    )


def lexical_parts(predictor: Predictor, line: str) -> list[Part]:
    """Return words in order, then traits, that add up to the lexical score."""
    shown = shown_words(line)
    added = np.zeros(max(len(shown), 1))
    known, weights = predictor.lexicon, predictor.weights
    _fold(known.characters, weights.characters, line, added)
    _fold(known.words, weights.words, line, added)
    _fold_tokens(known.tokens, weights.tokens, line, added)
    of_words = [
        Part(text=word, adds=float(added[at]), sort=sort_of(word), word=at)
        for at, word in enumerate(shown)
    ]
    amounts = weights.traits * known.traits(line)
    of_traits = [
        Part(text=trait.label, adds=float(amount), sort=Sort.TRAIT)
        for trait, amount in zip(traits(), amounts, strict=True)
    ]
    return [*of_words, *of_traits]


def deletions(predictor: Predictor, line: str) -> list[Deletion]:
    """Return words and phrases by how much leaving them out changes the network's part."""
    shown = shown_words(line)
    if predictor.sentences is None or len(shown) < 2:
        return []
    spans = _phrases(len(shown))
    without = [" ".join([*shown[:first], *shown[last + 1 :]]) for first, last in spans]
    scores = predictor.sentence_scores([line, *without])
    found = [
        Deletion(
            text=" ".join(shown[first : last + 1]),
            first=first,
            last=last,
            adds=float(scores[0] - score),
            sort=_sort_of_all(shown[first : last + 1]),
        )
        for (first, last), score in zip(spans, scores[1:], strict=True)
    ]
    return sorted(found, key=lambda each: -abs(each.adds))


def suggestions(predictor: Predictor, line: str) -> list[Suggestion]:
    """Return what a writer can do about traits, the most promising first; never about topics."""
    values = trait_row(line)
    found = []
    for at, trait in enumerate(traits()):
        for text, value in _changes(trait.advice, trait.avoid, values[at], predictor, at):
            gain = _gain(predictor, at, values[at], value)
            if text and gain > NOTABLE:
                factor = float(np.exp(predictor.calibration.slope * gain))
                found.append(Suggestion(trait=trait.name, text=text, factor=factor))
    return sorted(found, key=lambda each: -each.factor)


def sort_of(word: str) -> Sort:
    """Tell whether a word is how a line is said or what it is about."""
    bare = spelt(word).strip("\"'.,:;!?()-")
    is_topic = bare.replace("'", "").isalpha() and bare not in _how_words()
    return Sort.TOPIC if is_topic else Sort.WORDING


def _sort_of_all(words: Sequence[str]) -> Sort:
    is_topic = any(sort_of(word) is Sort.TOPIC for word in words)
    return Sort.TOPIC if is_topic else Sort.WORDING


@cache
def _how_words() -> frozenset[str]:
    """Return words that can be exchanged without changing what a line is about."""
    lists = lexicon()
    glue = [words for title, words in lists.items() if title in _GLUE.split("|")]
    return frozenset().union(listed_words(), *glue)


def _fold(block: Block, weights: Floats, line: str, added: Floats) -> None:
    """Add to each word its share of every known run: equal parts to all words that it touches."""
    runs = block.cut(line)
    places, values = block.row(line)
    each = dict(zip(places.tolist(), (values * weights[places]).tolist(), strict=True))
    counts: dict[int, int] = {}
    for run in runs:
        if run in block.places:
            counts[block.places[run]] = counts.get(block.places[run], 0) + 1
    for run, span in zip(runs, block.spans(line), strict=True):
        if run in block.places:
            place = block.places[run]
            _share(added, span, each[place] / counts[place])


def _fold_tokens(tokens: TokenVectors, weights: Floats, line: str, added: Floats) -> None:
    vectors, spans = tokens.parts(line)
    for span, amount in zip(spans, (vectors @ weights).tolist(), strict=True):
        _share(added, span, amount)


def _share(added: Floats, span: Span, amount: float) -> None:
    first, last = (min(at, len(added) - 1) for at in span)
    added[first : last + 1] += amount / (last + 1 - first)


def _phrases(words: int) -> list[Span]:
    """Return every word, pair and triple, but never the whole line."""
    return [
        (first, first + length - 1)
        for length in range(1, min(PHRASE, words - 1) + 1)
        for first in range(words - length + 1)
    ]


def _changes(
    advice: str, avoid: str, value: float, predictor: Predictor, at: int
) -> Iterable[tuple[str, float]]:
    """Yield what could be done to a trait and the value that it would then have."""
    usual = float(predictor.lexicon.usual[at])
    if advice and value == 0:
        yield advice, float(np.log(2))
    if avoid and value > usual:
        yield avoid, min(usual, 0.0 if usual < np.log(2) else usual)


def _gain(predictor: Predictor, at: int, value: float, changed: float) -> float:
    spread = float(predictor.lexicon.spread[at])
    return float(predictor.weights.traits[at]) * (changed - value) / spread
