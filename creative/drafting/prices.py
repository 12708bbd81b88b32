"""How a price may be said in a line: by itself, after "for" or "only", without what it includes.

English only.  Knows words, no brief and no model.
"""

import re

_MONEY = r"(?:[A-Z]{1,3} ?)?[$£€₹¥]?"
#: A price that may follow "for": a sum, and what it is for, but no "3 for 2" or "50% off".
_SUM = re.compile(rf"(?!.*(?:%| off\b| free\b|\d for \d)){_MONEY}\d")
_ALONE = re.compile(r"\d(?:$|/| (?:an?|each|per|for|fully|all)\b)")
#: A price, and what is said beside it that makes it no larger.
_WITHOUT_EXTRAS = re.compile(
    rf"((?:from )?{_MONEY}\d[\d,]*(?:\.\d\d)?"
    r"(?: (?:all in|fixed|flat|(?:an?|each|per) [\w ]+))?), "
    r"(?:cancel (?:any ?time|whenever)|packs? of \d+ (?:for|from) .+|pay over \d+ months|"
    r"no (?:\w+ )?(?:commitment|contract|deposit|fees?|minimum|subscription|VAT)|"
    r"(?!.*\b(?:no|not|nothing)\b)(?:incl\w*\.? [\w ]+|[\w ]+ included))"
)


def said_alone(price: str) -> list[str]:
    """Return a price, and what is left of it where the rest may go unsaid.

    >>> said_alone("£28 a month, postage included")
    ['£28 a month, postage included', '£28 a month']
    """
    found = _WITHOUT_EXTRAS.fullmatch(price)
    return [price, found[1]] if found else [price]


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
