"""Whether a line may go on with a piece of text: characters, words and length, per request.

Works on decoded text only, so any tokenizer will do; knows no tokens, no model and no ads.
A line ends at a newline.  What a tokenizer shows for half a character, U+FFFD or a private-use
mark at the end of the text, is pending: it may be written but not finished on.  Lengths are in
code points of the line as a reader sees it, without outer spaces, bullets or quotes.
"""

import re
from enum import Enum, auto
from functools import lru_cache

from creative.engine.protocol import Constraint
from creative.engine.tidying import tidy
from creative.engine.words import Lexicon, growing_word

CAPITAL_AFTER_SPACE = "\ue000"  #: what the starter's tokenizer writes before " Word"
CAPITAL_INSIDE = "\ue001"  #: and before a capital without a space
PENDING_TOKENS = 3  #: a character of four bytes is pending for three tokens, never longer

_PENDING = re.compile("(?:\ufffd+|[\ue000-\uf8ff])\\Z")
_NEVER = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f"  # control characters, apart from the newline
    "\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # unseen
    "\ufffd\ue000-\uf8ff\ud800-\udfff]"  # broken
)
_THINKING = re.compile(r"\s*<think", re.IGNORECASE)


class Verdict(Enum):
    """What a line becomes with one more piece."""

    REFUSED = auto()  #: breaks the constraint
    GOES_ON = auto()  #: allowed so far
    PENDING = auto()  #: allowed, but ends inside a character
    ENDED = auto()  #: the piece holds the newline that ends the line
    TOO_LONG = auto()  #: allowed but for its length


class Acceptor:
    """The constraint of a request, ready to judge; remembers its verdicts on words."""

    def __init__(self, constraint: Constraint) -> None:
        self._max_chars = constraint.max_chars
        self._forbidden = frozenset(constraint.forbidden) - {"\n"}
        words = constraint.vocabulary
        self._lexicon = None if words is None else _lexicon_of(words)
        self._known: dict[tuple[str, str], bool] = {}

    def judge(self, before: str, word_at: int, after: str) -> Verdict:
        """Judge a text that continues one already judged well.

        Args:
            before: The text so far.
            word_at: Where the last word of `before` starts, from `growing_word`.
            after: The whole text with the new piece.
        """
        checked = word_at if after.startswith(before[:word_at]) else 0
        line, newline, _ = after.partition("\n")
        pending = None if newline else _PENDING.search(line)
        stable = line[: pending.start()] if pending else line
        if not self._is_clean(stable[checked:]) or _THINKING.match(stable):
            return Verdict.REFUSED
        if not self._words_pass(stable[checked:], pending.group() if pending else ""):
            return Verdict.REFUSED
        if self._is_too_long(stable):
            return Verdict.TOO_LONG
        if newline:
            return Verdict.ENDED if self.may_end(stable) else Verdict.REFUSED
        return Verdict.PENDING if pending else Verdict.GOES_ON

    def may_end(self, text: str) -> bool:
        """Tell whether a text is a finished line: it says something, in whole words."""
        if not tidy(text) or _PENDING.search(text):
            return False
        return self._lexicon is None or self._lexicon.allows_whole(text[growing_word(text) :])

    def _is_clean(self, piece: str) -> bool:
        return not _NEVER.search(piece) and self._forbidden.isdisjoint(piece)

    def _words_pass(self, tail: str, pending: str) -> bool:
        if self._lexicon is None:
            return True
        mark = pending[:1]
        if (known := self._known.get((tail, mark))) is None:
            known = self._lexicon.allows(tail) and self._may_follow(self._lexicon, tail, mark)
            self._known[tail, mark] = known
        return known

    def _may_follow(self, lexicon: Lexicon, tail: str, mark: str) -> bool:
        """Tell whether some character that a pending mark stands for may follow a text."""
        if mark == CAPITAL_AFTER_SPACE:
            return lexicon.allows_whole(tail)
        if mark == CAPITAL_INSIDE:
            return lexicon.allows_capital(tail)
        return not mark or lexicon.allows_foreign(tail)

    def _is_too_long(self, text: str) -> bool:
        limit = self._max_chars
        return limit is not None and len(text) > limit and len(tidy(text)) > limit


@lru_cache(maxsize=8)
def _lexicon_of(words: frozenset[str]) -> Lexicon:
    return Lexicon(words)


class Line:
    """One line while it is written."""

    def __init__(self, acceptor: Acceptor) -> None:
        self.text = ""
        self._acceptor = acceptor
        self._word_at = 0
        self._pending_tokens = 0

    @property
    def shown(self) -> str:
        """The text without half a character at its end."""
        return _PENDING.sub("", self.text)

    @property
    def is_pending(self) -> bool:
        """Whether the text ends inside a character."""
        return self._pending_tokens > 0

    def judge(self, after: str) -> Verdict:
        """Judge the whole text with one more token."""
        verdict = self._acceptor.judge(self.text, self._word_at, after)
        if verdict is Verdict.PENDING and self._pending_tokens >= PENDING_TOKENS:
            return Verdict.REFUSED
        return verdict

    def write(self, after: str, verdict: Verdict) -> None:
        """Take a text that was judged well."""
        self._pending_tokens = self._pending_tokens + 1 if verdict is Verdict.PENDING else 0
        self.text = after.partition("\n")[0] if verdict is Verdict.ENDED else after
        self._word_at = growing_word(self.shown)

    def may_end(self) -> bool:
        """Tell whether the model may close the line here."""
        return not self.is_pending and self._acceptor.may_end(self.text)
