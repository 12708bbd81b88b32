"""What makes the last word of a text whole: known words, figures, and what is banned, together.

Each of them alone would let a line go on that the others then keep from ever ending.  Answers are
remembered by the last few words, which is all that they depend on.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import regex

from creative.engine.banned import Banned
from creative.engine.characters import Characters
from creative.engine.figures import Figures
from creative.engine.protocol import Constraint
from creative.engine.room import Room
from creative.engine.words import Lexicon

_DANGLES = regex.compile(r"[-‐‑–—&/@#(\[{“„«「『,;:、，；：]\s*\Z")  # what wants a word behind it

LETTERS = ("s", "e", "a")  #: how a word goes on where every word is known


class Endings:
    """The ends of words under one constraint.

    Attributes:
        lexicon: The words that may occur; None for all of them.
        reach: How many words before a piece have a say in whether it is allowed.
    """

    def __init__(self, constraint: Constraint, required: tuple[str, ...]) -> None:
        self.lexicon = _lexicon_of(constraint, required)
        self._banned = _banned_of(constraint.banned)
        self._figures = None if constraint.figures is None else _figures_of(constraint.figures)
        self._spell = Characters(constraint.forbidden, allows_emoji=True).spell
        self._found: dict[tuple[str, bool], str | None] = {}
        self.reach = max(1, 2 * self._banned.most_words)  # a hyphen may stand between any two

    def shortest(self, tail: str, *, says: bool = True) -> str | None:
        """Return the shortest end of the last word; empty when it is whole, None if there is none.

        Args:
            tail: The end of a text, from where it was not judged before.
            says: Whether the text says anything yet.
        """
        key = (tail, says)
        if key not in self._found:
            ends = filter(self._spell, self._candidates(tail, says))
            self._found[key] = next((end for end in ends if self._is_whole(tail + end)), None)
        return self._found[key]

    def _candidates(self, tail: str, says: bool) -> Iterator[str]:
        if says:
            yield ""
            yield from self._figure_rests(tail)
        if self.lexicon is None:
            yield from LETTERS
            return
        for rest in self.lexicon.rests(tail):
            yield rest
            yield from (rest + more for more in self._figure_rests(tail + rest))

    def _figure_rests(self, tail: str) -> list[str]:
        return [] if self._figures is None else self._figures.rests(tail)

    def _is_whole(self, tail: str) -> bool:
        """Tell whether a text may end, as far as its last words are concerned."""
        return (
            (self.lexicon is None or self.lexicon.allows_whole(tail))
            and (self._figures is None or self._figures.allow(tail))
            and not self._banned.occurs(tail)
            and not _DANGLES.search(tail)
        )


def _lexicon_of(constraint: Constraint, required: tuple[str, ...]) -> Lexicon | None:
    if constraint.vocabulary is None:
        return None
    return _lexicon(
        constraint.vocabulary,
        required,
        constraint.banned,
        constraint.figures,
        constraint.forbidden,
        constraint.counting,
    )


@lru_cache(maxsize=16)
def _lexicon(
    words: frozenset[str],
    required: tuple[str, ...],
    banned: tuple[str, ...],
    figures: frozenset[str] | None,
    forbidden: str,
    unit: str,
) -> Lexicon:
    """Return the words that a line can hold; those of a phrase that is required are known."""

    def unusable(spelt: Iterable[str]) -> set[str]:
        characters = Characters(forbidden, allows_emoji=True)
        usable = {word for word in spelt if characters.spell(word)}
        if figures is not None:
            written = _figures_of(figures)
            usable = {word for word in usable if written.allow(word) or written.rests(word)}
        return set(spelt) - _banned_of(banned).without(usable)

    return Lexicon([*words, *required], Room(None, unit).of, unusable=unusable)


@lru_cache(maxsize=16)
def _banned_of(phrases: tuple[str, ...]) -> Banned:
    return Banned(phrases)


@lru_cache(maxsize=16)
def _figures_of(figures: frozenset[str]) -> Figures:
    return Figures(figures)
