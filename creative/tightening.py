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

_PLAINER = {
    "additional": "extra",
    "approximately": "about",
    "bicycle": "bike",
    "complimentary": "free",
    "employees": "staff",
    "featured in": "seen in",
    "in order to": "to",
    "information": "info",
    "kilometers": "km",
    "kilometres": "km",
    "maximum": "max",
    "one to one": "1-to-1",
    "one-to-one": "1-to-1",
    "photographs": "photos",
    "television": "TV",
    "what is": "what's",
    "whenever you like": "any time",
    "whenever you want": "any time",
}
MONTHS = (
    "January February March April May June July August September October November December".split()
)
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTH = "|".join(month for month in MONTHS if len(month) > 4)  # "June" is as short as it gets
_SHARES = "level|tenth|fifth|third|quarter|fraction|few|little|lot|bit"  #: that need their "a"
#: What turns round the sense of "really", and what has to happen before a time is up.
_TURNED = r"\b(?:hardly|never|no|nobody|not|nothing|only)\b|n['’]t\b"
_TAKEN_BACK = r"\b(?:cancel|claim|refund|return)"
_SPAN = r"(?:minute|hour|day|week|month)s?\b"
_COUNT = "|".join(("one", *_NUMBERS))
_DAY = "|".join(DAYS)

_Swap = str | Callable[[re.Match[str]], str]


def _like(said: str, word: str) -> str:
    return word[0].upper() + word[1:] if said[0].isupper() else word


def _three_letters(found: re.Match[str]) -> str:
    return found[1][:3]


def _from_to(found: re.Match[str]) -> str:
    return f"{found[1][:3]}–{found[2][:3]}"


def _either(words: dict[str, str]) -> str:
    return rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])"


#: What is written shorter, first what nobody would notice.  "Over" only at the beginning, lest "no
#: more than 8 dogs" become "no 8+ dogs".
_SHORTER: tuple[tuple[re.Pattern[str], _Swap], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), swap)
    for pattern, swap in (
        (rf"^(?!.*(?:{_TURNED}))(.*?) (?:actually|really|truly)(?= \w)", r"\1"),
        (
            rf"^((?:\d+|{_COUNT}) \w+) for the price of ((?:\d+|{_COUNT})(?= (?:in|on|this)\b|$))",
            r"\1 for \2",
        ),
        (_either(_CONTRACTED), lambda found: _CONTRACTED[found[0].lower()]),
        (r"(?<=\d) out of (?=\d+ (?:on|from|for)\b)", "/"),
        (r"(?<=\d) out of (?=\d)", " in "),
        (r"(?<=\d) (?:per ?cent)\b", "%"),
        (r"^(?:over|more than) ([\d.,]*\d)(?= )(?! %)", r"\1+"),
        (_either(_NUMBERS), lambda found: _NUMBERS[found[0].lower()]),
        (_either(_PLAINER), lambda found: _like(found[0], _PLAINER[found[0].lower()])),
        (r"\bno (?:credit )?card(?: (?:needed|required|necessary))?$", "no card"),
        (r"\b(\d+) (\w+) or more\b", r"\1+ \2"),
        (r"\b(saves?) you\b", r"\1"),
        (r"^(?:really|truly|very|simply) ", ""),
        (r",? and ", " & "),
        (
            rf"^(?!.*{_TAKEN_BACK})(.*?)(?<!\bin )\bwithin (?=\d+ (?:\w+ )?{_SPAN}(?! of\b))",
            r"\1in ",
        ),
        (r"\b(on|in|with) your (?=first )", r"\1 "),
        (r"\bminutes\b", "mins"),
        (rf"\b(?:from )?({_DAY}) (?:to|-) ({_DAY})\b", _from_to),
        (rf"(?<!black )(?<!cyber )(?<!good )\b({_DAY})(?=,|$)", _three_letters),
        (rf"(?<=\d )(?-i:({_MONTH}))\b", _three_letters),
        (rf"\b(?-i:({_MONTH}))(?= \d)", _three_letters),
        (rf"(?<=\bsince )(?-i:({_MONTH}))$", _three_letters),
        (r"^(\d[\d,]{2,})\+(?= )", r"\1"),
        (r"\bevery (?!(?:bit|few|inch|last|now|other|single|three|two)\b|\d)", "each "),
        (r"(?<!from )\b(\d+) to (?=\d+\b)", r"\1–"),
        (r" plus (?!VAT\b)", " + "),
        (r"\b(your|our|their) own\b(?= \w)", r"\1"),
        (r"\bfirst (?=(?:class|hour|lesson|month|session|week|year)\b)", "1st "),
        (rf"^(?:an|a(?! (?:{_SHARES}))|our|the) ", ""),
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
