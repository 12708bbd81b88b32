"""What a reader does who buys a product: "piano lessons" are "learn piano".

People look for what they want done, and a trade names what it sells with a noun.

English only.  Knows words, no brief and no model.
"""

import re
from collections.abc import Iterable, Iterator

from creative.drafting.nouns import with_article
from creative.inflection import is_plural, lexicon

#: Services by what is done in them; to things that a reader owns, and to others.
_OWN = dict(
    pair.split(":")
    for pair in (
        "cleaning:cleaned clearing:cleared emptying:emptied grooming:groomed inspection:inspected "
        "inspections:inspected maintenance:maintained pumping:pumped reglazing:reglazed "
        "repair:repaired repairs:repaired replacement:replaced restoration:restored "
        "reupholstery:reupholstered resurfacing:resurfaced servicing:serviced "
        "sharpening:sharpened sweeping:swept tuning:tuned unblocking:unblocked"
    ).split()
)
_OTHERS = dict(
    pair.split(":")
    for pair in (
        "collection:collected fitting:fitted installation:installed removal:removed"
    ).split()
)
_SEVERAL = {
    "gutter": "gutters",
    "shoe": "shoes",
    "window": "windows",
}  #: of which one is never alone
_LONGEST = 2  #: words of what a reader owns, as more tell how it is done
_BORROWED = {"hire": "hire", "rental": "rent"}
_TAUGHT = frozenset("classes course courses lessons tuition workshops".split())
#: Words before a thing that tell how or for whom it is done.
_HOW = frozenset(
    "adult adults after-school annual automatic beginner beginners bespoke children's commercial "
    "custom day deep dental domestic drone dry emergency evening industrial intensive kids laser "
    "long-term luxury mobile monthly on-site one-day online part-time postal pressure private "
    "professional residential same-day short-term specialist spring steam weekend weekly".split()
)
#: Words that no such name has.
_UNSAID = frozenset("a an free holiday home house party staff student the tooth".split())
_AND = re.compile(r",? (?:and|&) ")
_LEVEL = re.compile(r"(?:A[- ]level|GCSE) ")
_VERBS = {
    "coding": "code",
    "cookery": "cook",
    "driving": "drive",
    "sailing": "sail",
    "sewing": "sew",
    "skiing": "ski",
    "swimming": "swim",
    "welding": "weld",
}
_SKILLS = frozenset(
    "cello chess drums flute French German guitar Italian Japanese Latin Mandarin maths piano "
    "pottery Python Spanish violin Welsh".split()
)


def deeds(names: Iterable[str]) -> list[str]:
    """Return what a reader does who buys what has these names.

    >>> deeds(["beginner piano lessons"]), deeds(["mobile dog grooming"])
    (['learn piano'], ['get your dog groomed'])
    >>> deeds(["horsebox bar hire"]), deeds(["dog food"])
    (['hire a horsebox bar'], [])
    """
    found = (deed for name in names for deed in _deed(_AND.split(name)[0].split()))
    return list(dict.fromkeys(found))


def _deed(words: list[str]) -> Iterator[str]:
    *told, head = words or [""]
    while told and told[0].lower() in _HOW:
        told = told[1:]
    while told and told[-1].lower() in _HOW:
        told = told[:-1]
    thing = " ".join(told)
    is_phrase = not lexicon()["prepositions"].union(_UNSAID).isdisjoint(words)
    if not told or is_phrase:
        return
    if head in _TAUGHT:
        if verb := _VERBS.get(thing):
            yield f"learn to {verb}"
        elif _LEVEL.sub("", thing) in _SKILLS:
            yield f"learn {thing}"
    elif head in _OWN and len(told) <= _LONGEST and not thing.endswith("welding"):
        yield f"get your {_SEVERAL.get(thing, thing)} {_OWN[head]}"
    elif head in _OTHERS:
        yield from (f"get {said} {_OTHERS[head]}" for said in _said(thing))
    elif head in _BORROWED:
        yield from (f"{_BORROWED[head]} {said}" for said in _said(thing))


def _said(thing: str) -> list[str]:
    """Return a thing as one speaks of it, with the article it takes if that is known."""
    return [thing] if is_plural(thing) else with_article(thing)
