"""Words and phrases that a line has to carry before it may end, in any case and as whole words."""

from collections.abc import Iterator, Sequence
from itertools import permutations

import regex

from creative.engine.tidying import tidy
from creative.phrases import any_of, is_spaced, mentions, with_plain_apostrophes

_LINKS = ("", " ", ", ", ". ")  #: what may stand before a phrase, the least that may do first
_MOST_SHUFFLED = 3  #: phrases of which every order is tried


class Demands:
    """The phrases that a line has to carry; one that is part of another goes without saying."""

    def __init__(self, phrases: Sequence[str]) -> None:
        plain = (" ".join(with_plain_apostrophes(phrase).split()) for phrase in phrases)
        wanted = dict.fromkeys(phrase for phrase in plain if phrase)
        self._patterns: dict[str, regex.Pattern[str]] = {}
        for phrase in wanted:
            is_part = any(other != phrase and mentions(other, phrase) for other in wanted)
            pattern = any_of((phrase,))
            if pattern is not None and not is_part:
                self._patterns[phrase] = pattern

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def missing(self, text: str) -> list[str]:
        """Return the phrases that a text lacks.

        >>> Demands(["Fenn & Fig", "figs"]).missing("Fresh from fenn & fig")
        ['figs']
        """
        text = with_plain_apostrophes(text)
        return [phrase for phrase, pattern in self._patterns.items() if not pattern.search(text)]

    def ends(self, text: str) -> bool:
        """Tell whether a text ends with one of them."""
        text = with_plain_apostrophes(text)
        patterns = self._patterns.values()
        return any(found.end() == len(text) for p in patterns for found in p.finditer(text))

    def ways_to_keep(self, text: str, ending: str | None) -> Iterator[str]:
        """Yield what may be appended so that nothing is missing, the shortest way first.

        Args:
            ending: What makes the last word whole, empty when it is; None when nothing does.
        """
        ways = self._ways(text, self.missing(text), ending)
        yield from (way for way in ways if not self.missing(tidy(text + way)))

    def _ways(self, text: str, missing: list[str], ending: str | None) -> Iterator[str]:
        """Yield what may be appended; what was there before may be spoilt by it."""
        for phrase in missing:
            if rest := _rest_of(phrase, text):
                others = [other for other in missing if other != phrase]
                yield from (rest + more for more in _appended(text + rest, others))
        if ending != "" and not is_spaced(text[-1:] or " "):
            yield from _appended(text, missing)
        if ending is not None:
            yield from (ending + more for more in _appended(text + ending, missing))


def _appended(text: str, phrases: Sequence[str]) -> Iterator[str]:
    """Yield phrases as they may follow a text."""
    orders = permutations(phrases) if len(phrases) <= _MOST_SHUFFLED else (tuple(phrases),)
    for order in orders:
        for link in _LINKS if order else ("",):
            more = ""
            for phrase in order:
                more += _link(text + more, phrase, link) + phrase
            yield more


def _link(text: str, phrase: str, link: str) -> str:
    """Return what has to stand between a text and a phrase."""
    if not text or text[-1].isspace():
        return f"{link.strip()} " if link.strip() and text.strip() else ""
    is_glued = text[-1].isascii() or (is_spaced(text[-1]) and is_spaced(phrase[0]))
    return link or (" " if is_glued else "")


def _rest_of(phrase: str, text: str) -> str:
    """Return the rest of a phrase in whose beginning a text ends; empty when it does not."""
    low = with_plain_apostrophes(text[-len(phrase) :]).lower()
    wanted = phrase.lower()
    if len(wanted) != len(phrase):
        return ""
    for size in range(len(wanted) - 1, 0, -1):
        if low.endswith(wanted[:size]):
            before = text[: len(text) - size][-1:]
            if not (before and is_spaced(before) and is_spaced(phrase[0])):
                return phrase[size:]
    return ""
