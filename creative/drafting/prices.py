"""How a price may be said in a line: by itself, after "for" or "only", without what it includes.

English only.  Knows words, no brief and no model.
"""

import re

_MONEY = r"(?:[A-Z]{1,3} ?)?[$£€₹¥]?"
#: A price that may follow "for": a sum, and what it is for, but no "3 for 2" or "50% off".
_SUM = re.compile(rf"(?!.*(?:%| off\b| free\b|\d for \d)){_MONEY}\d")
_ALONE = re.compile(r"\d(?:$|/| (?:an?|each|per|for|fully|all)\b)")
_FIGURE = rf"{_MONEY}\d(?:[\d,]*\d)?(?:\.\d\d)?"
_UNIT = (
    r"(?:/\w+| (?:all in|fixed|flat|(?:an?|each|per) [\w ]+?|"
    r"for (?:\d+|one|two|three|four|five|six|seven|eight|nine|ten) \w+))"
)
_BOUND = r"(?!.*\b(?:except|no|not|nothing|only|plus|up to)\b)"
#: What is said beside a price that makes it no larger.
_BESIDE = (
    rf",? {_BOUND}(?:incl?(?:\.|uding)? .+|[\w ]+ included)",  # "inc. lunch", "postage included"
    rf",? or (?:(?:\d+ x|[\w ]+ of) {_FIGURE}|{_FIGURE} (?:a|per) (?:month|week))",  # instalments
    rf", {_FIGURE} if .+",  # "£10 if you're on a low income"
    r", cancel (?:any ?time|whenever)(?: you (?:like|want))?",
    r", packs? of \d+ (?:for|from) .+",
    r", pay over \d+ months",
    r", no (?:\w+ )?(?:commitment|contract|deposit|extras|fees?|minimum|subscription|VAT)",
)
_STANDS_ALONE = re.compile(
    rf"((?:from )?{_FIGURE}{_UNIT}*)(?:{'|'.join(_BESIDE)})|([\w ]+ {_FIGURE}), waived .+",
    re.IGNORECASE,
)


def said_alone(price: str) -> list[str]:
    """Return a price, and what is left of it where the rest may go unsaid.

    >>> said_alone("£28 a month, postage included")
    ['£28 a month, postage included', '£28 a month']
    """
    found = _STANDS_ALONE.fullmatch(price)
    return [price, found[1] or found[2]] if found else [price]


def rates(price: str) -> list[str]:
    """Return prices that stand alone: "from £60 a session", not "£60"."""
    return [
        said
        for said in said_alone(price)
        if re.search(r"[^\W\d_]{2}", said) and re.search(r"\d", said)
    ]


def sums_from(price: str, opening: str = "") -> list[str]:
    """Return prices that are a sum after an opening, and what it is for: "from $9"."""
    return [
        said
        for said in said_alone(price)
        if said.startswith(opening) and _SUM.match(said[len(opening) :])
    ]


def sums(price: str) -> list[str]:
    """Return prices that "only" may stand before: "£949 fully fitted", not "$28 haircut"."""
    return [said for said in sums_from(price) if _ALONE.search(said)]
