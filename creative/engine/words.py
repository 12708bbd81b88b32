"""What counts as a word, and which words a line may use; knows no tokens and no model.

A word is a run of letters, digits, underscores and combining marks.  `-`, `–`, `&`, `/` and `+`
between two runs join them into a compound, which is known when it is listed itself or when all
its parts are ("24-hour", "AT&T").  An apostrophe, a full stop, an at sign, and a comma or colon
between digits join them into one word that has to be listed itself: "don't", "fenn.com", "19.99"
are no sum of their parts.  Anything else, such as the "&" of "Fenn & Fig", is punctuation and free.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

SOFT_JOINTS = "-‐‑–&/+"  #: join words that may also stand alone
HARD_JOINTS = "'’.@"  #: join letters into a new word
_DIGIT_JOINTS = ",:"  #: join digits into a number
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
    """The words a line may use, with every beginning of them.

    Case is free at the start of a word and of a part of a compound.  A capital further in has to
    be listed so: "McDonald's" must come from an entry that spells it with its D.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        """Take words or phrases; phrases are split into words."""
        spelled = {word for entry in entries for word in _spelled(entry)}
        self._words = {word.lower() for word in spelled}
        self._beginnings = {start for word in self._words for start in _starts(word)}
        self._before_foreign = {
            word[:at] for word in self._words for at, letter in enumerate(word) if letter > "~"
        }
        odd = {part for word in spelled for part in _parts(word) if _has_inner_capital(part)}
        self._odd_beginnings = {start for part in odd for start in _starts(part)}

    def allows(self, text: str) -> bool:
        """Tell whether every finished word is known and the last one may become so.

        >>> Lexicon(["fresh", "coffee"]).allows("Fresh cof")
        True
        """
        start = growing_word(text)
        last = _plain(text[start:])
        return self.allows_whole(text[:start]) and (
            not last or (self._may_become_known(last.lower()) and self._is_well_spelled(last))
        )

    def allows_whole(self, text: str) -> bool:
        """Tell whether every word is known, the last one too.

        >>> Lexicon(["fresh", "coffee"]).allows_whole("Fresh cof")
        False
        """
        return all(
            self._knows(word.lower()) and self._is_well_spelled(word) for word in _spelled(text)
        )

    def allows_foreign(self, text: str) -> bool:
        """Tell whether a text may go on with a character outside ASCII, not known yet.

        >>> Lexicon(["fresh", "café"]).allows_foreign("fresh caf")
        True
        >>> Lexicon(["fresh", "café"]).allows_foreign("fre")
        False
        """
        word = _plain(text[growing_word(text) :])
        return not word or word.lower() in self._before_foreign or self.allows_whole(word)

    def allows_capital(self, text: str) -> bool:
        """Tell whether a text may go on with a capital letter and no space before it.

        >>> Lexicon(["McDonald's"]).allows_capital("Mc")
        True
        >>> Lexicon(["McDonald's"]).allows_capital("McDon")
        False
        """
        part = _parts(_plain(text[growing_word(text) :]))[-1]
        return not part or any(f"{part}{letter}" in self._odd_beginnings for letter in _CAPITALS)

    def _knows(self, word: str) -> bool:
        """Tell whether a word, or each part of a compound, is listed."""
        return word in self._words or all(part in self._words for part in _parts(word))

    def _may_become_known(self, word: str) -> bool:
        """Tell whether a word could grow into a known one."""
        if word in self._beginnings or (word[-1] in _JOINTS and self._knows(word[:-1])):
            return True
        *done, last = _parts(word)
        return last in self._beginnings and all(part in self._words for part in done)

    def _is_well_spelled(self, word: str) -> bool:
        parts = (part.rstrip("".join(_JOINTS)) for part in _parts(word))
        return all(part in self._odd_beginnings for part in parts if _has_inner_capital(part))


_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_AT_SOFT_JOINTS = re.compile(f"[{re.escape(SOFT_JOINTS)}]")


def _starts(word: str) -> Iterator[str]:
    return (word[:end] for end in range(1, len(word) + 1))


def _parts(word: str) -> list[str]:
    return _AT_SOFT_JOINTS.split(word)


def _has_inner_capital(part: str) -> bool:
    return part[1:] != part[1:].lower()
