"""What counts as a word, and which words a line may use; knows no tokens and no model.

A word is a run of letters, digits, underscores and combining marks.  `-`, `–`, `&`, `/` and `+`
between two runs join them into a compound, which is known when it is listed itself or when all
its parts are ("24-hour", "AT&T").  An apostrophe, a full stop, an at sign, and a comma or colon
between digits join them into one word that has to be listed itself: "don't", "fenn.com", "19.99"
are no sum of their parts.  Anything else, such as the "&" of "Fenn & Fig", is punctuation and free.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from heapq import nsmallest
from itertools import groupby, islice

SOFT_JOINTS = "-‐‑–&/+"  #: join words that may also stand alone
HARD_JOINTS = "'’.@"  #: join letters into a new word
_DIGIT_JOINTS = ",:"  #: join digits into a number
_MOST_RESTS = 32  #: words looked at where a word may become several
_LAST = "\U0010ffff"  #: sorts behind every letter
_JOINTS = frozenset(SOFT_JOINTS + HARD_JOINTS + _DIGIT_JOINTS)


@lru_cache(maxsize=1)
def _word_pattern() -> re.Pattern[str]:
    letter = rf"[\w{_combining_marks()}]"
    joint = rf"(?:[{re.escape(SOFT_JOINTS + HARD_JOINTS)}]|(?<=\d)[{_DIGIT_JOINTS}](?=\d))"
    return re.compile(rf"{letter}+(?:{joint}{letter}+)*")


def _combining_marks() -> str:
    """Return the ranges of a character class that holds every combining mark."""
    points = [p for p in range(0x300, 0x1F000) if unicodedata.category(chr(p))[0] == "M"]
    runs = groupby(enumerate(points), key=lambda pair: pair[1] - pair[0])
    ends = [[point for _, point in run] for _, run in runs]
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in ends)


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, as they are looked up.

    >>> words_of("Fenn & Fig's 24-hour offer: $19.99 at fenn.com.")
    ['fenn', "fig's", '24-hour', 'offer', '19.99', 'at', 'fenn.com']
    """
    return [word.lower() for word in _spelled(text)]


def _spelled(text: str) -> list[str]:
    """Return the words of a text as they are spelled, with one kind of apostrophe."""
    return [_plain(found.group()) for found in _word_pattern().finditer(text)]


def _plain(word: str) -> str:
    return unicodedata.normalize("NFC", word).replace("’", "'")


def growing_word(text: str) -> int:
    """Return where the last word starts that more text could still change.

    >>> growing_word("Shop the 24-"), growing_word("Shop now!")
    (9, 9)
    """
    found = list(_word_pattern().finditer(text, text.rfind(" ") + 1))
    if not found:
        return len(text)
    last = found[-1]
    rest = text[last.end() :]
    is_joint = rest in _JOINTS and (rest not in _DIGIT_JOINTS or last.group()[-1].isdigit())
    return last.start() if not rest or is_joint else len(text)


class Lexicon:
    """The words a line may use, and how a word that has begun may become one of them.

    Case is free at the start of a word and of a part of a compound.  A capital further in has to
    be listed so: "McDonald's" must come from an entry that spells it with its D.
    """

    def __init__(
        self,
        entries: Iterable[str],
        measure: Callable[[str], int] = len,
        *,
        unusable: Callable[[Iterable[str]], set[str]] | None = None,
    ) -> None:
        """Take words or phrases; phrases are split into words.

        Args:
            measure: How wide a word is; narrow words come first where several may follow.
            unusable: Picks from words in lower case those that no line can hold for other reasons.
        """
        spelled = {word for entry in entries for word in _spelled(entry)}
        if unusable is not None:
            left_out = unusable({word.lower() for word in spelled})
            spelled = {word for word in spelled if word.lower() not in left_out}
        self._measure = measure
        self._words = {word.lower() for word in spelled}
        self._sorted = sorted(self._words)
        self._narrowest: dict[str, tuple[str, ...]] = {}
        self._foreign: dict[str, str] = {}
        for word in sorted(self._words, key=self._width, reverse=True):
            self._foreign |= {word[:at]: word[at:] for at, c in enumerate(word) if c > "~"}
        odd = {part for word in spelled for part in _parts(word) if _has_inner_capital(part)}
        self._odd = sorted(odd | {word for word in spelled if not odd.isdisjoint(_parts(word))})
        self._odd_beginnings = {start for part in odd for start in _starts(part)}

    def allows(self, text: str) -> bool:
        """Tell whether every finished word is known and the last one may become so.

        >>> Lexicon(["fresh", "coffee"]).allows("Fresh cof")
        True
        """
        start = growing_word(text)
        whole = not text[start:] or self.allows_whole(text[start:])
        return self.allows_whole(text[:start]) and (whole or any(self.rests(text)))

    def rests(self, text: str) -> Iterator[str]:
        """Yield what makes the word that a text ends in a known one, narrow ones first.

        Where no word has begun, or a compound wants another part, that is a whole word.

        >>> list(Lexicon(["fresh", "frank", "coffee"]).rests("Coffee: fr"))
        ['ank', 'esh']
        """
        word = _plain(text[growing_word(text) :])
        *done, part = _parts(word)
        found = self._starting(word.lower())
        rests = [listed[len(word) :] for listed in found if len(listed) > len(word)]
        if done and all(self._is_listed(each) for each in done):
            rests += [listed[len(part) :] for listed in self._starting(part.lower())]
        if any(map(_has_inner_capital, (*done, part))):
            rests = [*self._odd_rests(word), *self._odd_rests(part), *rests]
        known = (rest for rest in dict.fromkeys(rests) if rest)
        return (rest for rest in known if self.allows_whole(word + rest))

    def _starting(self, beginning: str) -> tuple[str, ...]:
        """Return the narrowest listed words with a beginning."""
        found = self._narrowest.get(beginning)
        if found is None:
            first = bisect_left(self._sorted, beginning)
            alike = islice(self._sorted, first, bisect_right(self._sorted, beginning + _LAST))
            found = tuple(
                nsmallest(_MOST_RESTS, alike, key=lambda word: (self._measure(word), word))
            )
            self._narrowest[beginning] = found
        return found

    def _width(self, word: str) -> tuple[int, str]:
        return self._measure(word), word

    def _odd_rests(self, begun: str) -> list[str]:
        low = begun.lower()
        return [odd[len(begun) :] for odd in self._odd if odd.lower().startswith(low)]

    def _is_listed(self, part: str) -> bool:
        return part.lower() in self._words

    def allows_whole(self, text: str) -> bool:
        """Tell whether every word is known, the last one too.

        >>> Lexicon(["fresh", "coffee"]).allows_whole("Fresh cof")
        False
        """
        return all(
            self._knows(word.lower()) and self._is_well_spelled(word) for word in _spelled(text)
        )

    def foreign_rests(self, text: str) -> list[str]:
        """Return what completes a word and begins with a character outside ASCII.

        >>> Lexicon(["fresh", "café"]).foreign_rests("fresh caf")
        ['é']
        """
        *done, part = _parts(word := _plain(text[growing_word(text) :]).lower())
        is_compound = done and all(map(self._is_listed, done))
        beginnings = (word, part) if is_compound else (word,)
        return [self._foreign[begun] for begun in beginnings if begun in self._foreign]

    def capital_rests(self, text: str) -> list[str]:
        """Return what completes a word and begins with a letter that may be a capital.

        >>> Lexicon(["McDonald's"]).capital_rests("Mc")
        ["Donald's"]
        >>> Lexicon(["McDonald's"]).capital_rests("McDon")
        []
        """
        part = _parts(_plain(text[growing_word(text) :]))[-1]
        if not part:
            return [rest for rest in self.rests(text) if rest[0].isalpha()]
        odd = [word[len(part) :] for word in self._odd if word.startswith(part)]
        return [rest for rest in odd if rest[:1].isupper()]

    def _knows(self, word: str) -> bool:
        """Tell whether a word, or each part of a compound, is listed."""
        return word in self._words or all(part in self._words for part in _parts(word))

    def _is_well_spelled(self, word: str) -> bool:
        parts = (part.rstrip("".join(_JOINTS)) for part in _parts(word))
        return all(part in self._odd_beginnings for part in parts if _has_inner_capital(part))


_AT_SOFT_JOINTS = re.compile(f"[{re.escape(SOFT_JOINTS)}]")


def _starts(word: str) -> Iterator[str]:
    return (word[:end] for end in range(1, len(word) + 1))


def _parts(word: str) -> list[str]:
    return _AT_SOFT_JOINTS.split(word)


def _has_inner_capital(part: str) -> bool:
    return part[1:] != part[1:].lower()
