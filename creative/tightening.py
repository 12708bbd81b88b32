"""The same in fewer characters, as copywriters write where room is short: "400+", "&", "3 hours".

Nothing is left out but words that say nothing, so what comes out promises what went in.

English only.  Knows words, no brief and no model.
"""

import re
from collections.abc import Callable

_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve".split(), start=2
    )
}
_CONTRACTED = {
    "are not": "aren't",
    "can not": "can't",
    "cannot": "can't",
    "did not": "didn't",
    "do not": "don't",
    "does not": "doesn't",
    "is not": "isn't",
    "it is": "it's",
    "they are": "they're",
    "they will": "they'll",
    "we are": "we're",
    "we have": "we've",
    "we will": "we'll",
    "will not": "won't",
    "you are": "you're",
    "you will": "you'll",
    "you have": "you've",
}

_Swap = str | Callable[[re.Match[str]], str]


def _either(words: dict[str, str]) -> str:
    return rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])"


#: What is written shorter, first what nobody would notice.  "Over" only at the beginning, lest "no
#: more than 8 dogs" become "no 8+ dogs".
_SHORTER: tuple[tuple[re.Pattern[str], _Swap], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), swap)
    for pattern, swap in (
        (_either(_CONTRACTED), lambda found: _CONTRACTED[found[0].lower()]),
        (r"(?<=\d) out of (?=\d+ (?:on|from|for)\b)", "/"),
        (r"(?<=\d) out of (?=\d)", " in "),
        (r"(?<=\d) (?:per ?cent)\b", "%"),
        (r"^(?:over|more than) ([\d.,]*\d)(?= )(?! %)", r"\1+"),
        (_either(_NUMBERS), lambda found: _NUMBERS[found[0].lower()]),
        (r"\b(saves?) you\b", r"\1"),
        (r"^(?:really|truly|very|simply) ", ""),
        (r",? and ", " & "),
        (r"\bminutes\b", "mins"),
        (r"^(?:an|a(?! level)|our|the) ", ""),
    )
)


def tightened(text: str, most: int) -> str:
    """Return a text that says the same in `most` characters, if it can; as short as it gets else.

    >>> tightened("over 400 English and Italian cloths", 30)
    '400+ English & Italian cloths'
    """
    for pattern, swap in _SHORTER:
        if len(text) <= most:
            break
        text = pattern.sub(swap, text)
    return text
