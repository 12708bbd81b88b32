"""Lines that have to be one of several: the model chooses, and is never led where none goes on."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from creative.engine.characters import CAPITAL_AFTER_SPACE, CAPITAL_INSIDE
from creative.engine.constraints import Acceptor, View
from creative.engine.protocol import Constraint

#: What a mark that is pending may become; any other is half a character.
_MAY_FOLLOW = {
    CAPITAL_AFTER_SPACE: re.compile(r" ?[^\W\d_]"),
    CAPITAL_INSIDE: re.compile(r"[^\W\d_]"),
}
_LEAD = 24  #: characters that are looked ahead, more than a token has
_HALVED = re.compile(r"[^ -~]")


class OneOf(Acceptor):
    """Accepts the lines it was given; whoever gives them has seen to the rest of the constraint."""

    def __init__(self, constraint: Constraint, lines: Iterable[str]) -> None:
        super().__init__(constraint)
        self._lines = sorted(set(lines))
        self._known = frozenset(self._lines)
        self._leads: dict[tuple[str, str], Sequence[str] | None] = {}

    def may_go_on(self, view: View) -> bool:
        return self.may_end(view) or any(self.ways_on(view))

    def may_end(self, view: View) -> bool:
        return _bare(view.text) in self._known

    def is_whole(self, text: str) -> bool:
        return not any(self.ways_on(View(text)))

    def may_be_pending(self, view: View, mark: str) -> bool:
        follows = _MAY_FOLLOW.get(mark, _HALVED)
        return any(follows.match(way) for way in self.ways_on(view))

    def leads(self, text: str, mark: str) -> Sequence[str] | None:
        key = (text, mark)
        if key not in self._leads:
            self._leads[key] = self._led(text, mark)
        return self._leads[key]

    def _led(self, text: str, mark: str) -> Sequence[str] | None:
        """Return beginnings of what may follow; after a mark, of the word that it makes large.

        Most tokenizers write a space before the first word of an answer, and after a mark.
        """
        ways = dict.fromkeys(way[:_LEAD] for way in self.ways_on(View(text)))
        if mark:
            follows = _MAY_FOLLOW.get(mark)
            if follows is None:
                return None
            words = (way.lstrip(" ") for way in ways if follows.match(way))
            ways = dict.fromkeys(word[:1].lower() + word[1:] for word in words)
        spaced = (f" {way}" for way in ways) if mark or not text else ()
        return [*ways, *spaced]

    def ways_on(self, view: View) -> Iterator[str]:
        """Yield what makes a text a longer one of the lines, in alphabetical order."""
        text = _bare(view.text)
        found = self._lines[bisect_left(self._lines, text) :]
        begun = takewhile(lambda line: line.startswith(text), found)
        return (line[len(text) :] for line in begun if line != text)


def _bare(text: str) -> str:
    """Return a text without the space that a tokenizer writes before it."""
    return text.lstrip(" ")


def acceptor_for(
    constraint: Constraint, required: tuple[str, ...], choices: tuple[str, ...]
) -> Acceptor:
    """Return what judges a row's text."""
    return OneOf(constraint, choices) if choices else Acceptor(constraint, required)
