"""Whether a line may go on with a piece of text, so that it can still be finished; per request.

Works on decoded text only, so any tokenizer will do; knows no tokens, no model and no ads.  A
piece is refused when it breaks the constraint, and also when no end would keep it any more: when
the growing word can become no known one, or what is still missing does not fit.  So whoever takes
only what is not refused never has to go back.  A line ends at a newline.

Half a character may be written but not finished on.  Which one it will be cannot be known: there
has to be room for a wide one.
"""

from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import islice
from typing import NamedTuple

import regex

from creative.counting import is_wide
from creative.engine.characters import (
    CAPITAL_AFTER_SPACE,
    CAPITAL_INSIDE,
    Characters,
    pending_in,
)
from creative.engine.demands import Demands
from creative.engine.endings import LETTERS, Endings
from creative.engine.protocol import Constraint
from creative.engine.room import Room
from creative.engine.tidying import tidy
from creative.tags import expand, may_hold, rest_of_tag

_MOST_HIDDEN = 48  #: code points that tags add to what they show, as no width bounds them
PENDING_TOKENS = 3  #: a character of four bytes is pending for three tokens, never longer

_LETTER = regex.compile(r"\p{L}")
_SAYS = regex.compile(r"[\p{L}\p{N}]")
_CLOSED = regex.compile(r"[.!?…。！？)\]}”»」』％%]\s*\Z")  # what no word goes on after
_WIDEST = "字"
_HALVES = ("é", _WIDEST, "–")  #: what half a character is tried as where all words are known
_MARKS = ("…", "–")  #: and where it begins no word
_CLOSINGS = (".", "!", "?", "…")
_WIDE_CLOSINGS = ("。", "！", "？")
_MOST_WORDS = 24  #: words offered as a way on


class Verdict(Enum):
    """What a line becomes with one more piece."""

    REFUSED = auto()  #: breaks the constraint, or leaves no way to keep it
    GOES_ON = auto()  #: allowed so far
    PENDING = auto()  #: allowed, but ends inside a character
    ENDED = auto()  #: the piece holds the newline that ends the line


class View(NamedTuple):
    """A text as readers see it.

    Attributes:
        text: With its dynamic tags replaced by what they show.
        rest_of_tag: What would close the tag that it breaks off in.
        is_bare: Whether it holds no tags, so that what is put around lines can be taken off it.
        start: Where the part begins that was not judged before.
    """

    text: str
    rest_of_tag: str = ""
    is_bare: bool = True
    start: int = 0

    @property
    def tail(self) -> str:
        return self.text[self.start :]


class Acceptor:
    """The constraint of a row, ready to judge texts.

    A text is judged from a place on: what comes before it, and depends on nothing that follows,
    was judged with a shorter text.

    Attributes:
        reach: How many words before a piece have a say in whether it is allowed.
    """

    def __init__(self, constraint: Constraint, required: tuple[str, ...] = ()) -> None:
        self.characters = Characters(constraint.forbidden, allows_emoji=constraint.allows_emoji)
        self._platform = constraint.tags
        self._endings = Endings(constraint, required)
        self._lexicon = self._endings.lexicon
        self._demands = Demands(required)
        self._room = Room(constraint.max_width, constraint.counting)
        self.reach = self._endings.reach

    def view(self, text: str) -> View | None:
        """Return what a text shows; None where a brace belongs to no tag, or tags hide too much."""
        if not may_hold(text, self._platform):
            return View(text)
        rest = rest_of_tag(text, self._platform)
        if rest is None:
            return None
        shown = expand(text + rest, self._platform)
        is_endless = len(text) + len(rest) - len(shown) > _MOST_HIDDEN
        return None if is_endless else View(shown, rest, False)

    def may_begin(self) -> bool:
        """Tell whether any line keeps the constraint."""
        return self.may_go_on(View(""))

    def may_go_on(self, view: View) -> bool:
        """Tell whether a text is the beginning of a line that keeps the constraint."""
        return next(self._ways_to_finish(view), None) is not None

    def may_end(self, view: View) -> bool:
        """Tell whether a text is a line that keeps the constraint."""
        return (
            not view.rest_of_tag
            and self._endings.shortest(view.tail, says=_says_something(view.text)) == ""
            and self._holds(view)
            and not self._demands.missing(tidy(view.text))
        )

    def is_whole(self, text: str) -> bool:
        """Tell whether the last word of a text that may end is surely no part of another."""
        if self._lexicon is not None:
            return True
        return bool(_CLOSED.search(text)) or self._demands.ends(text.rstrip())

    def leads(self, text: str, mark: str) -> Sequence[str] | None:
        """Return what a text may go on with where that is little; None where it is not.

        Args:
            mark: Half a character that stands behind the text; empty for none.
        """
        return None

    def may_be_pending(self, view: View, mark: str) -> bool:
        """Tell whether some character that a pending mark stands for may follow a text."""
        ways = self._ways_on_from(view, mark)
        return any(self.may_go_on(view._replace(text=view.text + way)) for way in ways)

    def ways_on(self, view: View) -> Iterator[str]:
        """Yield what may follow a text: its end first, then known words, then a closing mark."""
        if view.rest_of_tag:
            yield view.rest_of_tag
            return
        yield from filter(None, self._ways_to_finish(view, invents=False))
        if self._lexicon is not None:
            yield from self._lexicon.rests(view.tail)
            space = "" if not view.text or view.text[-1].isspace() else " "
            yield from (space + word for word in islice(self._lexicon.rests(""), _MOST_WORDS))
        yield from _WIDE_CLOSINGS if view.text and is_wide(view.text[-1]) else _CLOSINGS

    def _ways_to_finish(self, view: View, *, invents: bool = True) -> Iterator[str]:
        """Yield what makes a text a line that keeps the constraint.

        Args:
            invents: Whether a letter will do where any word may follow and one has to.
        """
        text, tail = view.text, view.tail
        ending = self._endings.shortest(tail, says=_says_something(text))
        if ending in LETTERS and self._lexicon is None and not invents:
            ending = None
        if not self._demands:
            if ending is not None and self._holds(view, ending):
                yield ending
            return
        for way in self._demands.ways_to_keep(text, ending):
            if (
                self.characters.allow(text + way, len(text))
                and self._holds(view, way)
                and self._endings.shortest(tail + way) == ""
            ):
                yield way

    def _holds(self, view: View, more: str = "") -> bool:
        return self._room.holds(view.text + more, is_tidied=view.is_bare)

    def _ways_on_from(self, view: View, mark: str) -> Iterator[str]:
        """Yield what a pending mark may become, as far as the words are concerned."""
        lexicon, text = self._lexicon, view.text
        if mark == CAPITAL_AFTER_SPACE:
            space = "" if not text or text[-1].isspace() else " "
            words = ["A"] if lexicon is None else lexicon.rests("")
            yield from (space + word for word in words if word[0].isalpha())
        elif mark == CAPITAL_INSIDE:
            yield from ["A"] if lexicon is None else lexicon.capital_rests(text)
        elif lexicon is not None:
            yield from (*lexicon.foreign_rests(text), *_MARKS)
        elif self._holds(view, _WIDEST):
            yield from _HALVES


class Line:
    """One line while it is written."""

    def __init__(self, acceptor: Acceptor) -> None:
        self.text = ""
        self._acceptor = acceptor
        self._good = ""  #: the text without half a character at its end
        self._view = View("")  #: of that; starts where the last words begin that others depend on
        self._pending_tokens = 0

    @property
    def shown(self) -> str:
        """The text without half a character at its end."""
        return self._good

    @property
    def is_pending(self) -> bool:
        """Whether the text ends inside a character."""
        return self._pending_tokens > 0

    @property
    def is_whole(self) -> bool:
        """Whether the line may end here, and its last word is surely no part of another."""
        return self.may_end() and self._acceptor.is_whole(self._view.text)

    def judge(self, after: str) -> Verdict:
        """Judge the whole text with one more token."""
        line, newline, _ = after.partition("\n")
        mark = "" if newline else pending_in(line)
        good = line[: -len(mark)] if mark else line
        known = len(self._good) if good.startswith(self._good) else 0
        view = self._acceptor.view(good)
        if view is None or not self._acceptor.characters.allow(good, known):
            return Verdict.REFUSED
        if view.text.startswith(self._view.text[: self._view.start]):
            view = view._replace(start=self._view.start)
        if newline:
            return Verdict.ENDED if self._acceptor.may_end(view) else Verdict.REFUSED
        if mark:
            return self._judged_pending(view, mark)
        return Verdict.GOES_ON if self._acceptor.may_go_on(view) else Verdict.REFUSED

    def write(self, after: str, verdict: Verdict) -> None:
        """Take a text that was judged well."""
        self._pending_tokens = self._pending_tokens + 1 if verdict is Verdict.PENDING else 0
        self.text = after.partition("\n")[0] if verdict is Verdict.ENDED else after
        mark = pending_in(self.text)
        self._good = self.text[: -len(mark)] if mark else self.text
        view = self._acceptor.view(self._good) or View(self._good)
        self._view = view._replace(start=_last_words(view.text, self._acceptor.reach))

    @property
    def leads(self) -> Sequence[str] | None:
        """What the text may go on with where that is little; None where it is not."""
        return self._acceptor.leads(self._good, pending_in(self.text))

    def may_end(self) -> bool:
        """Tell whether the model may close the line here."""
        return not self.is_pending and self._acceptor.may_end(self._view)

    def ways_on(self) -> Iterator[str]:
        """Yield texts that may be appended so that the line can still be finished, best first."""
        ways = () if self.is_pending else dict.fromkeys(self._acceptor.ways_on(self._view))
        for way in ways:
            if self.judge(self.text + way) is not Verdict.REFUSED:
                yield way

    def _judged_pending(self, view: View, mark: str) -> Verdict:
        if self._pending_tokens >= PENDING_TOKENS:
            return Verdict.REFUSED
        may_be = self._acceptor.may_be_pending(view, mark[:1])
        return Verdict.PENDING if may_be else Verdict.REFUSED


def _says_something(text: str) -> bool:
    """Tell whether a line holds a word or a number; bullets and quotes around it are none."""
    return bool(_LETTER.search(text)) or bool(_SAYS.search(tidy(text)))


def _last_words(text: str, count: int) -> int:
    """Return where the last words begin, and never inside a figure or behind a lone sign."""
    at = len(text)
    for _ in range(count):
        at = text.rfind(" ", 0, max(0, at))
    while at > 0 and not text[at - 1].isalpha():
        at = text.rfind(" ", 0, at)
    return at + 1
